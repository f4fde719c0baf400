// What this client has said and not yet got an answer to: sent in order, one at a time for each addressee, and again
// until an answer comes. The `client_id` makes a repeat harmless.

import type { Ack, Nack, Send, Stored, Target } from '../generated/types';
import { backoff } from './backoff';
import type { Clock, Timer } from './clock';

export type OutgoingState =
  /** Not on the way yet: there is no connection, or an earlier message to the same addressee is. */
  | 'waiting'
  | 'sending'
  | 'sent'
  | 'failed';

export interface Failure {
  code: string;
  reason: string;
}

export interface Outgoing {
  readonly clientId: string;
  readonly to: Target;
  readonly text: string;
  /** When the person said it. */
  readonly at: number;
  state: OutgoingState;
  failure?: Failure;
  /** Once it is sent. */
  stored?: Stored;
}

/** What survives a reload of the page. */
export type Unsent = Pick<Outgoing, 'clientId' | 'to' | 'text' | 'at' | 'failure'>;

interface Entry {
  outgoing: Outgoing;
  lane: string;
  /** It was on a socket before, so the server may hold it already. */
  asked: boolean;
  tries: number;
  timer?: Timer;
}

export interface OutboxOptions {
  clock: Clock;
  /** Puts a frame on the socket; false if there is none. */
  put: (frame: { op: 'send' } & Send) => boolean;
  /** A message changed its state. */
  changed: (outgoing: Outgoing) => void;
}

/** Milliseconds until a repeat while the connection seems to live. */
const ANSWER_WITHIN = 10_000;
/** Repeats of one message before the person is asked. */
const TRIES = 4;
/** Repeats after "too fast": waiting always helps there. */
const TRIES_WHEN_FAST = 20;
/** Messages kept in memory after they failed. */
const KEEP_FAILED = 200;

/** One key for one addressee. */
export function laneOf(to: Target): string {
  const [kind, id] = Object.entries(to)[0] as [string, string];
  return `${kind}:${id}`;
}

export class Outbox {
  private readonly lanes = new Map<string, Entry[]>();
  private readonly failed = new Map<string, Entry>();
  private isOnline = false;

  constructor(private readonly options: OutboxOptions) {}

  /** Queues a text; it is on its way when this returns, if it can be. */
  submit(to: Target, text: string, clientId = this.options.clock.uuid()): Outgoing {
    const entry = this.entry({ clientId, to, text, at: this.options.clock.now() }, false);
    this.push(entry);
    return entry.outgoing;
  }

  /** Queues what an earlier life of the page had not seen answered. */
  restore(unsent: Unsent[]): void {
    for (const { failure, ...one } of unsent) {
      if (failure) this.fail(this.entry(one, true), failure);
      else this.push(this.entry(one, true));
    }
  }

  /** Tries a failed message again, behind what was said since. */
  again(clientId: string): Outgoing | undefined {
    const entry = this.failed.get(clientId);
    if (!entry) return undefined;
    this.failed.delete(clientId);
    delete entry.outgoing.failure;
    entry.tries = 0;
    this.push(entry);
    return entry.outgoing;
  }

  /** Forgets a failed message. */
  discard(clientId: string): void {
    this.failed.delete(clientId);
  }

  /** Everything unanswered or failed, to one addressee or to all, in order. */
  pending(to?: Target): Outgoing[] {
    const lane = to && laneOf(to);
    return [...this.failed.values(), ...[...this.lanes.values()].flat()]
      .filter((entry) => !lane || entry.lane === lane)
      .map((entry) => entry.outgoing)
      .sort((a, b) => a.at - b.at);
  }

  /** What to keep over a reload. */
  unsent(): Unsent[] {
    return this.pending().map(({ clientId, to, text, at, failure }) => ({
      clientId, to, text, at, ...(failure ? { failure } : {}),
    }));
  }

  /** The connection is there and what was missed has been looked through. */
  online(): void {
    this.isOnline = true;
    for (const lane of [...this.lanes.keys()]) this.pump(lane);
  }

  offline(): void {
    this.isOnline = false;
    for (const [head] of this.lanes.values()) {
      head?.timer?.cancel();
      if (head) this.move(head, 'waiting');
    }
  }

  /** The server's ack for `clientId`, or its own copy of the message seen in the stream. */
  ack({ client_id, conversation, message, seq, time }: Ack): Outgoing | undefined {
    if (!conversation || !message || seq === undefined || time === undefined) return undefined;
    const entry = this.remove(client_id) ?? this.failed.get(client_id);
    if (!entry) return undefined;
    this.failed.delete(client_id);
    delete entry.outgoing.failure;
    entry.outgoing.stored = { conversation, message, seq, time };
    this.move(entry, 'sent');
    this.pump(entry.lane);
    return entry.outgoing;
  }

  nack(nack: Nack): void {
    const entry = nack.client_id ? this.find(nack.client_id) : undefined;
    if (!entry) return;
    entry.timer?.cancel();
    const tries = nack.code === 'rate_limited' ? TRIES_WHEN_FAST : TRIES;
    if (!nack.retry || entry.tries >= tries) {
      this.fail(entry, { code: nack.code, reason: nack.detail ?? nack.reason });
      return;
    }
    const { clock } = this.options;
    const wait = Math.max(nack.retry_after ?? 0, backoff(entry.tries, () => clock.random()));
    entry.timer = clock.after(wait, () => this.put(entry));
  }

  private entry(unsent: Unsent, asked: boolean): Entry {
    return { outgoing: { ...unsent, state: 'waiting' }, lane: laneOf(unsent.to), asked, tries: 0 };
  }

  private push(entry: Entry): void {
    const lane = this.lanes.get(entry.lane) ?? [];
    this.lanes.set(entry.lane, lane);
    lane.push(entry);
    this.move(entry, 'waiting', true);
    this.pump(entry.lane);
  }

  private pump(lane: string): void {
    const head = this.lanes.get(lane)?.[0];
    if (head && this.isOnline && head.outgoing.state === 'waiting') this.put(head);
  }

  private put(entry: Entry): void {
    const { clientId, to, text } = entry.outgoing;
    const frame = { op: 'send' as const, client_id: clientId, to, body: { text } };
    if (!this.isOnline || !this.options.put(entry.asked ? { ...frame, retry: true } : frame)) return;
    entry.asked = true;
    entry.tries += 1;
    this.move(entry, 'sending');
    entry.timer = this.options.clock.after(ANSWER_WITHIN, () => this.unanswered(entry));
  }

  private unanswered(entry: Entry): void {
    if (entry.tries < TRIES) this.put(entry);
    else this.fail(entry, { code: 'no_answer', reason: 'The server did not answer.' });
  }

  private fail(entry: Entry, failure: Failure): void {
    this.remove(entry.outgoing.clientId);
    this.failed.set(entry.outgoing.clientId, entry);
    const [oldest] = this.failed.keys();
    if (oldest && this.failed.size > KEEP_FAILED) this.failed.delete(oldest);
    entry.outgoing.failure = failure;
    this.move(entry, 'failed');
    this.pump(entry.lane);
  }

  private find(clientId: string): Entry | undefined {
    for (const lane of this.lanes.values()) {
      const entry = lane.find(({ outgoing }) => outgoing.clientId === clientId);
      if (entry) return entry;
    }
    return undefined;
  }

  private remove(clientId: string): Entry | undefined {
    const entry = this.find(clientId);
    if (!entry) return undefined;
    entry.timer?.cancel();
    const rest = (this.lanes.get(entry.lane) ?? []).filter((other) => other !== entry);
    if (rest.length > 0) this.lanes.set(entry.lane, rest);
    else this.lanes.delete(entry.lane);
    return entry;
  }

  private move(entry: Entry, state: OutgoingState, even = false): void {
    if (entry.outgoing.state === state && !even) return;
    entry.outgoing.state = state;
    this.options.changed(entry.outgoing);
  }
}
