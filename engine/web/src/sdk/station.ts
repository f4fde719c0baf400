// This tab's way to the server: a connection of its own, or the one of the tab that leads.

import type { ClientFrame, Hello, Welcome } from '../generated/types';
import { backoff } from './backoff';
import type { Clock, Timer } from './clock';
import { Crew } from './crew';
import { Emitter } from './emitter';
import { Link, type LinkEvents, type LinkState } from './link';
import type { TabMessage } from './relay';
import { RestError } from './rest';
import type { OpenSocket } from './socket';
import type { TabsHost } from './tabs';
import { listenToPage } from './wake';

export type Told = Exclude<TabMessage, { op: 'state' | 'welcome' | 'stranger' | 'frame' | 'start' | 'nudge' }>;

export interface StationEvents {
  /** This tab has the connection from now on. */
  speak: undefined;
  /** Another tab has it, or is about to. */
  follow: undefined;
  state: LinkState;
  /** Without `resumed` it says nothing of what was missed. */
  welcome: { welcome: Welcome; resumed: boolean };
  /** The session is another person's by now: nothing of this client's may be said in it. */
  stranger: Welcome;
  frame: LinkEvents['frame'];
  told: { message: Told; from: string; isLeader: boolean };
  /** The tab `from` asks this one, which leads, how things stand. */
  asked: string;
}

export interface StationOptions {
  clock: Clock;
  open: OpenSocket;
  /** Null for a connection of its own. */
  tabs: TabsHost | null;
  /** Names the server among others that this page may speak to. */
  base: string;
  person: string | undefined;
  /** Asks who is signed in. */
  identify: () => Promise<string>;
  hello: () => Hello;
  /** What `welcome` means for this client's own positions. */
  complete: (welcome: Welcome) => Welcome;
}

/** Milliseconds since a word from the server for which a socket is taken to live. */
const FRESH = 3_000;
/** Milliseconds between two attempts at most. */
const LONGEST_WAIT = 10_000;
/** Milliseconds after which a leader is late. */
const LATE = 1_500;
/** Grows when tabs of different releases would not understand each other. */
const SPEECH = 1;

export class Station extends Emitter<StationEvents> {
  state: LinkState = { phase: 'idle' };
  person: string | undefined;
  private role: 'idle' | 'joining' | 'following' | 'speaking' = 'idle';
  private readonly link: Link;
  private crew: Crew<TabMessage> | undefined;
  private hasResumed = false;
  private timer: Timer | undefined;
  private unlisten = () => {};

  constructor(private readonly options: StationOptions) {
    super();
    const { clock, open, hello } = options;
    this.person = options.person;
    this.link = new Link({
      clock,
      open,
      hello: () => {
        const said = hello();
        this.hasResumed = said.resume !== undefined;
        return said;
      },
      stillSignedIn: () => this.stillSignedIn(),
    });
    this.link.on('state', (state) => {
      if (this.speaks) this.move(state);
    });
    this.link.on('welcome', (welcome) => this.welcomed(welcome));
    this.link.on('frame', (frame) => {
      // Answers are for the one that asked.
      if (frame.op !== 'ack' && frame.op !== 'nack') this.tell({ op: 'frame', frame });
      this.emit('frame', frame);
    });
  }

  /** Whether this tab has the connection. */
  get speaks(): boolean {
    return this.role === 'speaking';
  }

  start(): void {
    if (this.speaks) this.link.start();
    else if (this.role === 'following') this.tell({ op: 'start' });
    if (this.role !== 'idle') return;
    this.role = 'joining';
    this.unlisten = listenToPage({
      woke: () => this.nudge(),
      connected: () => this.renew(),
      leaving: () => this.tell({ op: 'leave' }),
    });
    this.move({ phase: 'connecting', attempt: 0 });
    this.join();
  }

  stop(): void {
    this.tell({ op: 'leave' });
    this.role = 'idle';
    this.unlisten();
    this.timer?.cancel();
    this.crew?.stop();
    this.crew = undefined;
    this.link.stop();
    this.move({ phase: 'idle' });
  }

  nudge(): void {
    if (this.speaks) this.link.nudge();
    if (this.role !== 'following') return;
    this.tell({ op: 'nudge' });
    this.crew?.ask();
  }

  /** The network is another: what was said on the old one may hang for a minute before anybody notices. */
  private renew(): void {
    this.suspect(this.options.clock.now() - FRESH);
    this.nudge();
  }

  suspect(time: number): void {
    if (this.speaks) this.link.suspect(time);
  }

  /** Hands a frame to the socket; `false` if there is none. */
  send(frame: ClientFrame): boolean {
    return this.speaks && this.link.send(frame);
  }

  /** Says something to the other tabs, or to one. */
  tell(message: TabMessage, to?: string): void {
    this.crew?.post(message, to);
    if (message.op === 'said') this.crew?.expect();
  }

  /** The connection as the leader described it when asked. */
  adopt(state: LinkState): void {
    if (JSON.stringify(state) !== JSON.stringify(this.state)) this.move(state);
  }

  /** Whether the tabs know of each other. */
  get isShared(): boolean {
    return this.crew !== undefined;
  }

  private move(state: LinkState): void {
    if (state.phase === 'connecting' && JSON.stringify(state) === JSON.stringify(this.state)) return;
    this.state = state;
    if (this.speaks) this.tell({ op: 'state', state });
    if (this.role === 'following') this.hurry(state);
    this.emit('state', state);
  }

  // Browsers hold back the timers of tabs in the background for up to a minute, but not messages: where the leader is
  // late with its next attempt, a tab that is looked at wakes it.
  private hurry(state: LinkState): void {
    const { clock } = this.options;
    this.timer?.cancel();
    if (state.phase !== 'waiting') return;
    const wait = Math.min(Math.max(state.retryAt - clock.now(), 0), LONGEST_WAIT) + LATE * (1 + clock.random());
    this.timer = clock.after(wait, () => {
      if (this.role === 'following' && this.state === state) this.tell({ op: 'nudge' });
    });
  }

  private join(attempt = 0): void {
    const { tabs, identify, clock, base } = this.options;
    if (!tabs) {
      this.speak();
    } else if (this.person !== undefined) {
      this.crew = new Crew<TabMessage>({
        clock,
        host: tabs,
        name: `webim.${SPEECH}.${base}.${this.person}`,
        lead: () => this.speak(),
        follow: () => this.follow(),
        alone: () => {
          this.crew = undefined;
          this.speak();
        },
        asked: (from) => this.emit('asked', from),
        hear: (message, from, isLeader) => this.heard(message, from, isLeader),
      });
      this.crew.start();
    } else {
      identify().then(
        (person) => {
          if (this.role !== 'joining') return;
          this.person = person;
          this.join();
        },
        (error: unknown) => this.notIdentified(error, attempt),
      );
    }
  }

  private notIdentified(error: unknown, attempt: number): void {
    if (this.role !== 'joining') return;
    if (error instanceof RestError && error.status === 401) {
      this.role = 'idle';
      this.unlisten();
      this.move({ phase: 'ended', word: 'session_ended', reason: '' });
      return;
    }
    const { clock } = this.options;
    const wait = backoff(attempt, () => clock.random());
    this.move({ phase: 'waiting', attempt: attempt + 1, retryAt: clock.now() + wait });
    this.timer = clock.after(wait, () => this.join(attempt + 1));
  }

  private speak(): void {
    this.role = 'speaking';
    this.emit('speak', undefined);
    this.link.start();
  }

  private follow(): void {
    const spoke = this.speaks;
    this.role = 'following';
    if (spoke) this.link.stop();
    this.emit('follow', undefined);
  }

  private welcomed(welcome: Welcome): void {
    if (this.person !== undefined && this.person !== welcome.me.id) {
      this.tell({ op: 'stranger', welcome });
      this.emit('stranger', welcome);
      this.link.end('person_changed');
      return;
    }
    this.person = welcome.me.id;
    const resumed = this.hasResumed;
    const completed = resumed ? this.options.complete(welcome) : welcome;
    this.state = { phase: 'online' };
    this.tell({ op: 'welcome', welcome: completed, resumed });
    this.emit('welcome', { welcome: completed, resumed });
  }

  private heard(message: TabMessage, from: string, isLeader: boolean): void {
    switch (message.op) {
      case 'state':
        return isLeader ? this.move(message.state) : undefined;
      case 'welcome':
        if (!isLeader) return;
        this.state = { phase: 'online' };
        this.emit('welcome', message);
        return;
      case 'stranger':
        return isLeader ? this.emit('stranger', message.welcome) : undefined;
      case 'frame':
        return isLeader ? this.emit('frame', message.frame) : undefined;
      case 'start':
        return this.speaks ? this.link.start() : undefined;
      case 'nudge':
        return this.speaks ? this.link.nudge() : undefined;
      default:
        this.emit('told', { message, from, isLeader });
    }
  }

  private async stillSignedIn(): Promise<boolean | undefined> {
    try {
      await this.options.identify();
      return true;
    } catch (error) {
      return error instanceof RestError && error.status === 401 ? false : undefined;
    }
  }
}
