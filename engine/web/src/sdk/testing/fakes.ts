// A server and a clock for the unit tests: both do only what the test says.

import type { ClientFrame, Message, ServerFrame, Welcome } from '../../generated/types';
import type { Clock, Timer } from '../clock';
import type { OpenSocket, SocketEvents } from '../socket';

/** Lets everything that is already promised happen. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

export class FakeClock implements Clock {
  private time = 1_700_000_000_000;
  /** In the order in which they fall due. */
  private readonly timers: { at: number; run: () => void }[] = [];
  private ids = 0;
  private wrong = 0;

  now(): number {
    return this.time + this.wrong;
  }

  /** As `now`, but right. */
  steady(): number {
    return this.time;
  }

  after(ms: number, run: () => void): Timer {
    const timer = { at: this.time + ms, run };
    let place = this.timers.length;
    while (place > 0 && (this.timers[place - 1]?.at ?? 0) > timer.at) place -= 1;
    this.timers.splice(place, 0, timer);
    return {
      cancel: () => {
        const at = this.timers.indexOf(timer);
        if (at >= 0) this.timers.splice(at, 1);
      },
    };
  }

  random(): number {
    return 0.5;
  }

  /** Sets the clock on or back, without a moment passing. */
  skew(ms: number): void {
    this.wrong += ms;
  }

  uuid(): string {
    this.ids += 1;
    return `00000000-0000-4000-8000-${String(this.ids).padStart(12, '0')}`;
  }

  /** Moves time on and runs what falls due, in order. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (;;) {
      const [next] = this.timers;
      if (!next || next.at > end) break;
      this.timers.shift();
      this.time = Math.max(this.time, next.at);
      next.run();
      await settle();
    }
    this.time = end;
  }

  /** Moves time on without running anything, as a sleeping machine does. */
  sleep(ms: number): void {
    this.time += ms;
  }
}

/** One socket as the server sees it. */
export class FakeSocket {
  readonly received: ClientFrame[] = [];
  closedByClient = false;

  constructor(private readonly events: SocketEvents) {}

  open(): void {
    this.events.open();
  }

  say(frame: ServerFrame): void {
    this.events.text(JSON.stringify(frame));
  }

  raw(text: string): void {
    this.events.text(text);
  }

  cut(code = 1006): void {
    this.events.closed(code);
  }

  of<Op extends ClientFrame['op']>(op: Op): Extract<ClientFrame, { op: Op }>[] {
    return this.received.filter((frame): frame is Extract<ClientFrame, { op: Op }> => frame.op === op);
  }
}

export class FakeServer {
  readonly sockets: FakeSocket[] = [];

  readonly open: OpenSocket = (events) => {
    const socket = new FakeSocket(events);
    this.sockets.push(socket);
    return {
      send: (text) => void socket.received.push(JSON.parse(text) as ClientFrame),
      close: () => void (socket.closedByClient = true),
    };
  };

  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }
}

export const ME = 'p-me';
export const EPOCH = 'e-1';

export function welcome(fields: Partial<Welcome> = {}): { op: 'welcome' } & Welcome {
  return {
    op: 'welcome',
    me: { id: ME, kind: 'member', name: 'Me', avatar: '/me.svg', sign: '' },
    status: 'online',
    epoch: EPOCH,
    heartbeat: 30,
    text_chars: 5_000,
    edit_seconds: 900,
    recall_seconds: 120,
    directory: 1,
    recovered: [],
    missed: [],
    ...fields,
  };
}

export function said(conversation: string, seq: number, fields: Partial<Message> = {}): { op: 'message' } & Message {
  return {
    op: 'message',
    conversation,
    seq,
    message: `${conversation}-m${seq}`,
    sender: 'p-other',
    kind: 'text',
    body: { text: `text ${seq}` },
    time: 1_700_000_000_000 + seq,
    ...fields,
  } as { op: 'message' } & Message;
}
