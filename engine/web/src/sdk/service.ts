// Customer service: the moves of customers, agents and supervisors, each answered once. What they are told comes as
// events of the client: `holder`, `queue`, `offer`, `visit`, `side` and others.

import type { Ack, ClientFrame, Nack } from '../generated/types';
import type { Clock, Timer } from './clock';
import { RestError } from './rest';

type Without<T> = T extends unknown ? Omit<T, 'op' | 'client_id'> : never;
type Op = Extract<ClientFrame['op'], `service.${string}`>;
type Fields<Name extends Op> = Without<Extract<ClientFrame, { op: Name }>>;

/** Milliseconds until a move that has no answer is given up; the server may have made it all the same. */
const PATIENCE = 15_000;

/** What people of customer service are told, each an event of the client's. */
const TOLD = ['holder', 'queue', 'offer', 'offer_ended', 'work', 'visit', 'side', 'waited', 'ahead', 'board'] as const;

export function isTold<Frame extends { op: string }>(frame: Frame): frame is Extract<Frame, { op: (typeof TOLD)[number] }> {
  return (TOLD as readonly string[]).includes(frame.op);
}

interface Asked {
  done(ack: Ack): void;
  failed(error: RestError): void;
  timer: Timer;
}

export interface ServiceOptions {
  clock: Clock;
  put: (frame: ClientFrame) => boolean;
}

/** Refusals come as `RestError` with the server's code; `offline` where there is no connection, `no_answer` where it died. */
export class Service {
  private readonly asked = new Map<string, Asked>();
  private watched: Fields<'service.watch'> | undefined;

  constructor(private readonly options: ServiceOptions) {}

  /** Comes to a channel: opens a visit, or goes on with the open one. The answer names the conversation. */
  open(fields: Fields<'service.open'>): Promise<Ack> {
    return this.ask('service.open', fields);
  }

  close(conversation: string): Promise<Ack> {
    return this.ask('service.close', { conversation });
  }

  leaveQueue(conversation: string): Promise<Ack> {
    return this.ask('service.leave_queue', { conversation });
  }

  keepPlace(conversation: string): Promise<Ack> {
    return this.ask('service.keep_place', { conversation });
  }

  /** A person instead of the robot. */
  person(conversation: string): Promise<Ack> {
    return this.ask('service.person', { conversation });
  }

  take(conversation: string): Promise<Ack> {
    return this.ask('service.take', { conversation });
  }

  answer(fields: Fields<'service.answer'>): Promise<Ack> {
    return this.ask('service.answer', fields);
  }

  transfer(fields: Fields<'service.transfer'>): Promise<Ack> {
    return this.ask('service.transfer', fields);
  }

  /** Takes back a transfer that nobody has answered. */
  cancel(conversation: string): Promise<Ack> {
    return this.ask('service.cancel', { conversation });
  }

  state(fields: Fields<'service.state'>): Promise<Ack> {
    return this.ask('service.state', fields);
  }

  note(conversation: string, text: string): Promise<Ack> {
    return this.ask('service.note', { conversation, text });
  }

  whisper(conversation: string, text: string): Promise<Ack> {
    return this.ask('service.whisper', { conversation, text });
  }

  join(conversation: string, on: boolean): Promise<Ack> {
    return this.ask('service.join', { conversation, on });
  }

  /** What this connection reads along; replaces the earlier list, and is said again after a reconnect. */
  watch(fields: Fields<'service.watch'>): Promise<Ack> {
    this.watched = fields;
    return this.ask('service.watch', fields);
  }

  /** What is typed and not sent; nobody waits for the answer. */
  draft(conversation: string, text: string): void {
    this.ask('service.draft', { conversation, text }).catch(() => undefined);
  }

  /** A connection is there. */
  online(): void {
    if (this.watched) this.watch(this.watched).catch(() => undefined);
  }

  /** What was asked on a connection that is gone gets no answer any more. */
  offline(): void {
    for (const [clientId, { failed }] of [...this.asked]) {
      this.forget(clientId);
      failed(new RestError('no_answer', 0, 'The connection was lost before there was an answer.'));
    }
  }

  ack(ack: Ack): void {
    const asked = this.forget(ack.client_id);
    asked?.done(ack);
  }

  nack({ client_id: clientId, code, reason, detail, retry_after: after }: Nack): void {
    const asked = clientId ? this.forget(clientId) : undefined;
    asked?.failed(new RestError(code, 0, detail ?? reason, after ?? undefined));
  }

  private forget(clientId: string): Asked | undefined {
    const asked = this.asked.get(clientId);
    this.asked.delete(clientId);
    asked?.timer.cancel();
    return asked;
  }

  private ask<Name extends Op>(op: Name, fields: Fields<Name>): Promise<Ack> {
    const { clock, put } = this.options;
    const clientId = clock.uuid();
    if (!put({ op, client_id: clientId, ...fields } as unknown as ClientFrame)) {
      return Promise.reject(new RestError('offline', 0, 'There is no connection.'));
    }
    return new Promise((done, failed) => {
      const timer = clock.after(PATIENCE, () => {
        this.forget(clientId);
        failed(new RestError('no_answer', 0, 'The server has not answered.'));
      });
      this.asked.set(clientId, { done, failed, timer });
    });
  }
}
