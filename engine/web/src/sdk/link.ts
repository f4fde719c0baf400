// One lasting connection made of many sockets: opens, says hello, keeps an ear on the line, comes back.

import type { ByeFrame, ClientFrame, Hello, ServerFrame, Welcome } from '../generated/types';
import { backoff } from './backoff';
import type { Clock, Timer } from './clock';
import { Emitter } from './emitter';
import { RestError } from './rest';
import type { OpenSocket, Socket } from './socket';

export type LinkState =
  | { phase: 'idle' }
  /** A socket is being opened; `attempt` counts the failures before it. */
  | { phase: 'connecting'; attempt: number }
  | { phase: 'online' }
  /** Nothing works now; the next attempt is at `retryAt`. */
  | { phase: 'waiting'; attempt: number; retryAt: number }
  /** The server said not to come back, or the session is over. */
  | { phase: 'ended'; word: string; reason: string };

export interface LinkEvents {
  state: LinkState;
  welcome: Welcome;
  /** Every frame but `welcome`, `ping` and `bye`. */
  frame: Exclude<ServerFrame, { op: 'welcome' } | { op: 'ping' } | { op: 'bye' }>;
}

export interface LinkOptions {
  clock: Clock;
  open: OpenSocket;
  /** Asked anew for each socket, since positions move. */
  hello: () => Hello;
  /** Whether the session still stands, asked when sockets refuse to open: `false` ends the link. */
  stillSignedIn?: () => Promise<boolean | undefined>;
}

/** Milliseconds from the start of an attempt to `welcome`. */
const WELCOME_WITHIN = 15_000;
/** A connection that lasted this long (ms) was a good one: the next attempt starts the backoff from the beginning. */
const GOOD_AFTER = 5_000;
/** Share of the patience after which, in a moment like that, the server's `ping` is taken for overdue. */
const OVERDUE = 0.6;
/** Close codes after which one does not come back, for the case that the `bye` before them was lost. */
const FINAL_CODES: Record<number, string> = {
  4003: 'session_ended',
  4005: 'protocol_error',
  4007: 'too_many_connections',
  4008: 'deactivated',
};

export class Link extends Emitter<LinkEvents> {
  state: LinkState = { phase: 'idle' };
  private socket: Socket | undefined;
  private opened = false;
  /** Grows with each socket; what an older one still says is not heard. */
  private turn = 0;
  private attempt = 0;
  private timer: Timer | undefined;
  private lastHeard = 0;
  private onlineSince = 0;
  private patience = WELCOME_WITHIN;
  private bye: ByeFrame | undefined;

  constructor(private readonly options: LinkOptions) {
    super();
  }

  start(): void {
    if (this.state.phase === 'idle' || this.state.phase === 'ended') {
      this.attempt = 0;
      this.connect();
    }
  }

  /** Closes the socket and stays away until `start`. */
  stop(): void {
    this.drop();
    this.set({ phase: 'idle' });
  }

  /** Something suggests that now is a good moment: the network is back, the page was woken, the person asked. */
  nudge(): void {
    if (this.state.phase === 'waiting') {
      this.connect();
    } else if (this.state.phase === 'online' && this.silence() > this.patience * OVERDUE) {
      this.lost();
    }
  }

  /** The server should have said something since `time`: if it did not, the line is dead. */
  suspect(time: number): void {
    if (this.state.phase === 'online' && this.lastHeard < time) this.lost();
  }

  /** Closes the socket and does not come back. */
  end(word: string): void {
    this.drop();
    this.set({ phase: 'ended', word, reason: '' });
  }

  /** Hands a frame to the socket; `false` if there is none that is welcome. */
  send(frame: ClientFrame): boolean {
    if (this.state.phase !== 'online' || !this.socket) return false;
    return this.put(frame);
  }

  private put(frame: ClientFrame): boolean {
    try {
      this.socket?.send(JSON.stringify(frame));
      return true;
    } catch {
      // A socket that closes under our hands says so through `closed`.
      return false;
    }
  }

  private set(state: LinkState): void {
    this.state = state;
    this.emit('state', state);
  }

  private drop(): void {
    this.turn += 1;
    this.timer?.cancel();
    this.timer = undefined;
    const { socket } = this;
    this.socket = undefined;
    this.opened = false;
    socket?.close();
  }

  private connect(): void {
    this.drop();
    const { turn } = this;
    const mine = () => turn === this.turn;
    this.bye = undefined;
    this.patience = WELCOME_WITHIN;
    this.lastHeard = this.options.clock.now();
    this.set({ phase: 'connecting', attempt: this.attempt });
    this.listen();
    const opening = Promise.resolve().then(() =>
      this.options.open({
        open: () => {
          if (!mine()) return;
          this.opened = true;
          this.greet();
        },
        text: (data) => mine() && this.heard(data),
        closed: (code) => mine() && this.closed(code),
      }),
    );
    opening.then(
      (socket) => {
        if (!mine()) return socket.close();
        this.socket = socket;
        this.greet();
      },
      (error: unknown) => {
        if (!mine()) return;
        this.lost();
        if (isSignedOut(error)) this.end('session_ended');
      },
    );
  }

  // A socket may be handed over before it is open or in the same breath: whichever comes second says hello.
  private greet(): void {
    if (this.opened && this.socket) this.put({ op: 'hello', ...this.options.hello() });
  }

  private heard(data: string): void {
    this.lastHeard = this.options.clock.now();
    const frame = parse(data);
    // Half a frame, or another's: what else is missing cannot be known, so the next socket resumes.
    if (!frame) this.lost();
    else if (frame.op === 'ping') this.put({ op: 'pong' });
    else if (frame.op === 'bye') this.bye = frame;
    else if (frame.op === 'welcome') this.welcomed(frame);
    else this.emit('frame', frame);
  }

  private welcomed(welcome: Welcome): void {
    this.patience = welcome.heartbeat * 2_000;
    this.onlineSince = this.options.clock.now();
    this.listen();
    // The state first: what the listeners of `welcome` send must find the link online.
    this.state = { phase: 'online' };
    this.emit('welcome', welcome);
    if (this.state.phase === 'online') this.emit('state', this.state);
  }

  private silence(): number {
    const now = this.options.clock.now();
    // The clock was set back: count from here.
    if (now < this.lastHeard) this.lastHeard = now;
    return now - this.lastHeard;
  }

  /** Keeps one timer that looks whether the line has gone dead. */
  private listen(): void {
    this.timer?.cancel();
    const left = Math.max(this.patience - this.silence(), 0) + 1;
    this.timer = this.options.clock.after(left, () => {
      if (this.silence() > this.patience) this.lost();
      else this.listen();
    });
  }

  private closed(code: number): void {
    const final = FINAL_CODES[code];
    if (!this.bye && final) this.bye = { code, word: final, reconnect: false, reason: '' };
    this.lost();
  }

  private lost(): void {
    const { clock, stillSignedIn } = this.options;
    const wasOnline = this.state.phase === 'online';
    this.drop();
    if (this.bye && !this.bye.reconnect) {
      this.set({ phase: 'ended', word: this.bye.word, reason: this.bye.reason });
      return;
    }
    if (wasOnline && Math.abs(clock.now() - this.onlineSince) > GOOD_AFTER) this.attempt = 0;
    const wait = backoff(this.attempt, () => clock.random());
    this.attempt += 1;
    this.set({ phase: 'waiting', attempt: this.attempt, retryAt: clock.now() + wait });
    this.timer = clock.after(wait, () => this.connect());
    if (!wasOnline && stillSignedIn) this.askSession(stillSignedIn);
  }

  // A refused upgrade does not say why; a plain request does.
  private askSession(stillSignedIn: () => Promise<boolean | undefined>): void {
    const { turn } = this;
    stillSignedIn().then(
      (standing) => {
        if (standing !== false || turn !== this.turn) return;
        this.end('session_ended');
      },
      () => undefined,
    );
  }
}

function parse(data: string): ServerFrame | undefined {
  try {
    const frame = JSON.parse(data) as ServerFrame | null;
    return typeof frame === 'object' && frame !== null && typeof frame.op === 'string' ? frame : undefined;
  } catch {
    return undefined;
  }
}

/** A ticket was refused because nobody is signed in. */
function isSignedOut(error: unknown): boolean {
  return error instanceof RestError && error.status === 401;
}
