// Everything said to the server beside messages: reading marks, whom to watch, what to show, typing. What is a state
// rather than an act (marks, watching, status) is said again after a reconnect; typing is not worth it.

import type { Ack, ClientFrame, Nack, StatusName } from '../generated/types';
import type { Clock, Timer } from './clock';

type Command = Extract<ClientFrame, { client_id: string }>;
type Without<T> = T extends unknown ? Omit<T, 'client_id'> : never;

export interface CommandsOptions {
  clock: Clock;
  put: (frame: ClientFrame) => boolean;
}

/** Milliseconds over which reading marks and watch lists are gathered. */
const GATHER = 200;
/** Milliseconds between two `typing` for one conversation. */
const TYPING_EVERY = 3_000;
/** Milliseconds until a refused state is said again. */
const AGAIN_AFTER = 1_000;

export class Commands {
  private readonly open = new Map<string, (nack: Nack | undefined) => void>();
  private readonly marks = new Map<string, number>();
  private people: string[] | undefined;
  private status: StatusName | undefined;
  private readonly typed = new Map<string, number>();
  private timer: Timer | undefined;
  private unsaid = new Set<'marks' | 'people' | 'status'>();

  constructor(private readonly options: CommandsOptions) {}

  /** Marks `conversation` as read up to `seq`; marks only grow. */
  read(conversation: string, seq: number): void {
    if (seq <= (this.marks.get(conversation) ?? 0)) return;
    this.marks.set(conversation, seq);
    this.later('marks');
  }

  /** Whose presence this client looks at; replaces the earlier list. `anew` asks for the present state in any case. */
  watch(people: string[], anew = false): void {
    const isSame = this.people?.length === people.length && people.every((id, index) => this.people?.[index] === id);
    if (isSame && !anew) return;
    this.people = people;
    this.later('people');
  }

  setStatus(status: StatusName): void {
    this.status = status;
    this.later('status', 0);
  }

  /** The status that the server has not confirmed. */
  get unconfirmed(): StatusName | undefined {
    return this.status;
  }

  /** `conversation` begins anew: a mark in what it was before means nothing. */
  forget(conversation: string): void {
    this.marks.delete(conversation);
  }

  typing(conversation: string): void {
    const now = this.options.clock.now();
    if (Math.abs(now - (this.typed.get(conversation) ?? 0)) < TYPING_EVERY) return;
    this.typed.set(conversation, now);
    this.say({ op: 'typing', conversation }, () => undefined);
  }

  /** Something was said: whoever types on after that is typing anew. */
  spoke(): void {
    this.typed.clear();
  }

  /** A connection is there; what was asked on the old one gets no answer any more. */
  online(): void {
    this.open.clear();
    if (this.people) this.unsaid.add('people');
    if (this.marks.size > 0) this.unsaid.add('marks');
    if (this.status) this.unsaid.add('status');
    this.flush();
  }

  offline(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  ack(ack: Ack): void {
    this.settle(ack.client_id, undefined);
  }

  nack(nack: Nack): void {
    if (nack.client_id) this.settle(nack.client_id, nack);
  }

  private settle(clientId: string, nack: Nack | undefined): void {
    const done = this.open.get(clientId);
    this.open.delete(clientId);
    done?.(nack);
  }

  private later(what: 'marks' | 'people' | 'status', wait = GATHER): void {
    this.unsaid.add(what);
    this.timer ??= this.options.clock.after(wait, () => this.flush());
  }

  private flush(): void {
    this.timer?.cancel();
    this.timer = undefined;
    const { unsaid } = this;
    this.unsaid = new Set();
    if (unsaid.has('people') && this.people) {
      this.say({ op: 'watch', people: this.people }, (nack) => this.repeat(nack, 'people'));
    }
    if (unsaid.has('status') && this.status) {
      const { status } = this;
      this.say({ op: 'status', status }, (nack) => {
        if (!nack?.retry && this.status === status) this.status = undefined;
        this.repeat(nack, 'status');
      });
    }
    if (unsaid.has('marks')) this.flushMarks();
  }

  private flushMarks(): void {
    for (const [conversation, seq] of [...this.marks]) {
      this.say({ op: 'read', conversation, seq }, (nack) => {
        if (!nack?.retry && this.marks.get(conversation) === seq) this.marks.delete(conversation);
        this.repeat(nack, 'marks');
      });
    }
  }

  private repeat(nack: Nack | undefined, what: 'marks' | 'people' | 'status'): void {
    if (nack?.retry) this.later(what, Math.max(nack.retry_after ?? 0, AGAIN_AFTER));
  }

  private say(command: Without<Command>, done: (nack: Nack | undefined) => void): void {
    const clientId = this.options.clock.uuid();
    if (this.options.put({ ...command, client_id: clientId } as Command)) this.open.set(clientId, done);
  }
}
