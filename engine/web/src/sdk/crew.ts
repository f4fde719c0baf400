// The tabs of one person: one of them leads and has the connection, the others follow it. A lock says who leads; when
// that tab closes, the browser hands the lock to the next. A leader that hangs is replaced.

import type { Clock, Timer } from './clock';
import type { Channel, TabsHost } from './tabs';

export interface Envelope<Message> {
  from: string;
  /** The latest reign that the sender knows of: what a leader says that was replaced counts no more. */
  term: number;
  /** One tab only; all, if it is not given. */
  to?: string | undefined;
  message: Message | { op: 'lead' } | { op: 'ask' };
}

export interface CrewOptions<Message> {
  clock: Clock;
  host: TabsHost;
  /** Which crew; tabs of different names never hear each other. */
  name: string;
  /** This tab took the lead. */
  lead(): void;
  /** Another tab leads; called for each new leader. */
  follow(): void;
  /** A tab asks the leader how things stand. */
  asked(from: string): void;
  hear(message: Message, from: string, isLeader: boolean): void;
  /** There are no locks here: this tab is on its own. */
  alone(): void;
}

/** Milliseconds without a word from the leader after which it is asked for one. */
const QUIET = 30_000;
/** Milliseconds that a leader has at least for an answer before it is replaced. */
const PATIENCE = 5_000;

export class Crew<Message extends { op: string }> {
  /** Names this tab among the others, for as long as the page lives. */
  readonly id: string;
  role: 'none' | 'leader' | 'follower' = 'none';
  private leader: string | undefined;
  private term = 0;
  private channel: Channel | undefined;
  private release: (() => void) | undefined;
  private timer: Timer | undefined;
  private isAsking = false;
  /** Grows with each lock that is asked for; what an older one says is not heard. */
  private turn = 0;

  constructor(private readonly options: CrewOptions<Message>) {
    this.id = options.clock.uuid();
  }

  start(): void {
    const { host, name } = this.options;
    try {
      this.channel = host.channel(name, (data) => this.heard(data));
    } catch {
      // A page that may talk to nobody, such as one in a sandbox.
      this.leave();
      return;
    }
    this.claim('wait');
    this.ask();
  }

  stop(): void {
    this.role = 'none';
    this.leader = undefined;
    this.turn += 1;
    this.timer?.cancel();
    this.release?.();
    this.channel?.close();
    this.channel = undefined;
  }

  post(message: Message, to?: string): void {
    this.send(message, to);
  }

  /** Asks the leader for a word; without one it is replaced. */
  ask(): void {
    if (this.role === 'leader' || this.isAsking) return;
    this.send({ op: 'ask' });
    this.expect();
  }

  /** The leader has been told something that it answers; if it does not, it is replaced. */
  expect(): void {
    if (this.role === 'leader' || this.isAsking) return;
    this.isAsking = true;
    const { clock } = this.options;
    const since = clock.now();
    // Not all followers at once.
    const patience = Math.round(PATIENCE * (1 + clock.random()));
    this.wait(patience, () => {
      this.isAsking = false;
      const late = clock.now() - since;
      // This machine slept, or its clock was set: the leader has not had its time.
      if (late < patience || late > patience * 3) this.ask();
      else this.claim('steal');
    });
  }

  private send(message: Envelope<Message>['message'], to?: string): void {
    try {
      this.channel?.post({ from: this.id, term: this.term, to, message } satisfies Envelope<Message>);
    } catch {
      // A channel that closes under our hands belongs to a page that is going.
    }
  }

  private claim(way: 'wait' | 'steal'): void {
    this.turn += 1;
    const { turn } = this;
    this.release?.();
    this.release = this.options.host.lock(this.options.name, way, {
      held: () => {
        if (turn === this.turn) this.takeLead();
      },
      lost: () => {
        if (turn === this.turn) this.lost();
      },
      refused: () => {
        if (turn === this.turn) this.leave();
      },
    });
  }

  private takeLead(): void {
    this.timer?.cancel();
    this.isAsking = false;
    this.role = 'leader';
    this.leader = this.id;
    this.announce();
    this.options.lead();
  }

  private announce(): void {
    this.term += 1;
    this.send({ op: 'lead' });
  }

  /** Without locks nobody can say who leads. */
  private leave(): void {
    this.stop();
    this.options.alone();
  }

  /** Another tab took the lead away. */
  private lost(): void {
    this.role = 'follower';
    this.leader = undefined;
    this.options.follow();
    this.claim('wait');
    this.ask();
  }

  private heard(data: unknown): void {
    const { from, term, to, message } = data as Envelope<Message>;
    const isOld = term < this.term;
    if (message.op === 'lead') {
      if (!isOld) this.led(from, term, to === this.id);
      return;
    }
    if (term > this.term) {
      this.term = term;
      // They followed another before: they would not hear us under a lower number.
      if (this.role === 'leader') this.announce();
    }
    if (to !== undefined && to !== this.id) return;
    if (message.op === 'ask') {
      if (this.role !== 'leader') return;
      this.send({ op: 'lead' }, from);
      this.options.asked(from);
    } else {
      if (from === this.leader) this.listen();
      this.options.hear(message as Message, from, from === this.leader);
    }
  }

  /** `from` leads, as it says itself. */
  private led(from: string, term: number, isAnswer: boolean): void {
    // Two cannot hold the lock: who took it knows, and the other is about to hear so.
    if (this.role === 'leader' && term === this.term) return;
    this.term = term;
    if (this.role === 'leader') this.lost();
    this.listen();
    if (this.leader === from) return;
    this.leader = from;
    this.role = 'follower';
    this.options.follow();
    // How things stand comes with the answer; who took the lead unasked is asked.
    if (!isAnswer) this.ask();
  }

  /** The leader has said something. */
  private listen(): void {
    this.isAsking = false;
    this.wait(QUIET, () => this.ask());
  }

  private wait(ms: number, run: () => void): void {
    this.timer?.cancel();
    this.timer = this.options.clock.after(ms, run);
  }
}
