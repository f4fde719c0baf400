// A server with a database in memory, for the property tests: it keeps what the real one promises (once, one order,
// resume), and loses, cuts and delays whatever a test tells it to.

import type {
  ClientFrame, Conversation, Conversations, Hello, History, Message, Payload, Recovered, Send, ServerFrame, Stored, Target, Welcome,
} from '../../generated/types';
import { type Deed, textOf } from '../deed';
import type { Outgoing } from '../lanes';
import { type Rest, RestError } from '../rest';
import type { OpenSocket, SocketEvents } from '../socket';
import type { Chance } from './chance';
import type { FakeClock } from './fakes';

/** Shares of what goes wrong, from 0 to 1. */
export interface Faults {
  /** A socket that will not open. */
  noSocket: number;
  /** A request that never arrives. */
  requestLost: number;
  /** An answer to a request that never arrives. */
  answerLost: number;
  /** An ack that never arrives. */
  ackLost: number;
  /** A send that is refused for now. */
  busy: number;
}

export const CALM: Faults = { noSocket: 0, requestLost: 0, answerLost: 0, ackLost: 0, busy: 0 };

/** What is stored of a message. */
type Said = Payload & { refers?: number };

/** Seconds. */
const HEARTBEAT = 30;

/** One direction of a line: what sets out later arrives later. */
export interface Way {
  arrival: number;
}

export class Line {
  /** It neither says nor hears anything more, and nobody knows. */
  isMute = false;
  isOver = false;
  isWelcome = false;

  readonly up: Way = { arrival: 0 };
  private readonly down: Way = { arrival: 0 };

  constructor(readonly person: string, readonly owner: object, readonly events: SocketEvents, private readonly server: ChatServer) {}

  open(): void {
    this.server.travel(this.down, () => !this.isOver && this.events.open());
  }

  say(frame: ServerFrame): void {
    this.raw(JSON.stringify(frame));
  }

  raw(text: string): void {
    this.server.travel(this.down, () => !this.isOver && !this.isMute && this.events.text(text));
  }

  cut(code = 1006): void {
    this.server.travel(this.down, () => {
      if (this.isOver) return;
      this.isOver = true;
      if (!this.isMute) this.events.closed(code);
    });
  }
}

export class ChatServer {
  faults: Faults = CALM;
  epoch = 'e-1';
  readonly lines: Line[] = [];
  readonly conversations = new Map<string, Message[]>();
  /** What went against a promise. */
  readonly wrongs: string[] = [];
  private made = 0;
  private readonly byClient = new Map<string, { stored: Stored; text: string }>();

  constructor(readonly clock: FakeClock, readonly chance: Chance) {}

  get open(): Line[] {
    return this.lines.filter(({ isOver }) => !isOver);
  }

  /** Runs `run` after a way through the network, behind what set out before. */
  travel(way: Way, run: () => unknown): void {
    const now = this.clock.steady();
    way.arrival = Math.max(way.arrival, now + 1 + this.chance.below(40));
    this.clock.after(way.arrival - now, () => void run());
  }

  /** The way of one tab to this server. */
  socketFor(person: string, owner: object): OpenSocket {
    return async (events) => {
      if (this.chance.happens(this.faults.noSocket)) throw new Error('refused');
      const line = new Line(person, owner, events, this);
      this.lines.push(line);
      line.open();
      this.pulse(line);
      return {
        send: (text) => this.travel(line.up, () => !line.isOver && !line.isMute && this.hears(line, JSON.parse(text) as ClientFrame)),
        close: () => void (line.isOver = true),
      };
    };
  }

  /** The database goes back to what it held when each conversation had at most `count` messages; returns what is gone. */
  restore(count: number): Message[] {
    const gone: Message[] = [];
    for (const [id, list] of this.conversations) {
      gone.push(...list.slice(count));
      this.conversations.set(id, list.slice(0, count));
    }
    for (const message of gone) this.byClient.delete(message.client_id ?? '');
    for (const line of this.open) line.cut(4000);
    return gone;
  }

  /** Somebody else says something. */
  speak(conversation: string, text: string): void {
    this.store(conversation, 'p-other', { kind: 'text', body: { text } }, undefined, undefined);
  }

  private pulse(line: Line): void {
    this.clock.after(HEARTBEAT * 1000, () => {
      if (line.isOver) return;
      if (line.isWelcome) line.say({ op: 'ping' });
      this.pulse(line);
    });
  }

  /** What the server makes of a frame; a test may put something in between. */
  hears(line: Line, frame: ClientFrame): void {
    if (frame.op === 'hello') {
      line.isWelcome = true;
      line.say({ op: 'welcome', ...this.welcome(line.person, frame) });
    } else if (frame.op === 'send') {
      this.heardSend(line, frame);
    } else if (frame.op === 'edit' || frame.op === 'recall' || frame.op === 'react' || frame.op === 'forward') {
      const { client_id, ...deed } = frame;
      line.say({ op: 'ack', client_id, ...this.perform(client_id, deed, line.person, line) });
    } else if (frame.op !== 'pong') {
      line.say({ op: 'ack', client_id: frame.client_id });
    }
  }

  private heardSend(line: Line, { client_id, to, body }: Send): void {
    if (this.chance.happens(this.faults.busy)) {
      line.say({ op: 'nack', client_id, code: 'rate_limited', reason: 'Too fast.', retry: true, retry_after: 200 });
      return;
    }
    const stored = this.store(conversationOf(to), line.person, { kind: 'text', body: { text: textOf(body) } }, client_id, line);
    if (!this.chance.happens(this.faults.ackLost)) line.say({ op: 'ack', client_id, ...stored });
  }

  /** A change of what was said, or the same said elsewhere, stored as an entry of its own. */
  perform(clientId: string, deed: Exclude<Deed, { op: 'send' }>, person: string, except: Line | undefined): Stored {
    const { conversation, seq } = deed;
    if (deed.op === 'forward') {
      const { kind, body } = this.conversations.get(conversation)?.[seq - 1] as Message;
      return this.store(conversationOf(deed.to), person, { kind, body } as Said, clientId, except);
    }
    const said: Said =
      deed.op === 'edit' ? { kind: 'edit', body: { text: deed.text }, refers: seq }
      : deed.op === 'recall' ? { kind: 'recall', body: {}, refers: seq }
      : { kind: 'reaction', body: { emoji: deed.emoji, on: deed.on }, refers: seq };
    return this.store(conversation, person, said, clientId, except);
  }

  private store(conversation: string, sender: string, said: Said, clientId: string | undefined, except: Line | undefined): Stored {
    const before = clientId === undefined ? undefined : this.byClient.get(clientId);
    const text = JSON.stringify(said);
    if (before) {
      if (before.text !== text) this.wrongs.push(`${clientId} came with another text`);
      return before.stored;
    }
    const list = this.conversations.get(conversation) ?? [];
    this.conversations.set(conversation, list);
    const seq = list.length + 1;
    this.made += 1;
    const stored = { conversation, message: `m-${this.made}`, seq, time: this.clock.now() };
    const message = { ...stored, sender, client_id: clientId ?? null, ...said } as Message;
    list.push(message);
    if (clientId !== undefined) this.byClient.set(clientId, { stored, text });
    for (const line of this.open) if (line.isWelcome && line !== except) line.say({ op: 'message', ...message });
    return stored;
  }

  private welcome(person: string, { resume }: Hello): Welcome {
    const recovered: Recovered[] = [];
    const missed: Message[] = [];
    for (const [conversation, list] of resume ? this.conversations : []) {
      const [seq, id] = resume?.positions[conversation] ?? [-1, ''];
      const stands = resume?.epoch === this.epoch && seq <= list.length && list[seq - 1]?.message === id;
      recovered.push({ conversation, recovered: stands, more: false, last_seq: list.length, read_seq: 0, unread: 0 });
      if (stands) missed.push(...list.slice(seq));
    }
    const me = { id: person, kind: 'member' as const, name: person, avatar: '', sign: '' };
    return {
      me, status: 'online', epoch: this.epoch, heartbeat: HEARTBEAT, text_chars: 5_000, edit_seconds: 900, recall_seconds: 120, directory: 1, recovered, missed,
    };
  }

  /** The requests of one tab, whose cookie is `person`'s at that moment. */
  restFor(person: () => string): Rest {
    const list = (id: string) => this.conversations.get(id) ?? [];
    const info = (id: string): Conversation => ({
      id, kind: 'direct', title: id, last_seq: list(id).length, last: list(id).at(-1) ?? null, read_seq: 0, unread: 0,
    });
    const rest = {
      base: 'https://test',
      hasToken: false,
      session: () => this.answer(() => ({ person: { id: person() } })),
      conversations: () => this.answer((): Conversations => ({ items: [...this.conversations.keys()].map(info), next: null })),
      conversation: (id: string) => this.answer(() => info(id)),
      history: (id: string, { after = 0, limit = 100 }: { after?: number; limit?: number }) =>
        this.answer((): History => {
          const rest = list(id).filter(({ seq }) => seq > after);
          return { items: rest.slice(0, limit), more: rest.length > limit };
        }),
      perform: (clientId: string, { to, text, deed }: Outgoing) =>
        this.answer(() => {
          if (deed && deed.op !== 'send') return this.perform(clientId, deed, person(), undefined);
          return this.store(conversationOf(to), person(), { kind: 'text', body: { text } }, clientId, undefined);
        }),
    };
    return rest as unknown as Rest;
  }

  private answer<T>(make: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const lost = () => this.clock.after(2_000, () => reject(new RestError('offline', 0, 'lost')));
      const way = { arrival: 0 };
      this.travel(way, () => {
        if (this.chance.happens(this.faults.requestLost)) return lost();
        const answer = make();
        if (this.chance.happens(this.faults.answerLost)) return lost();
        return this.travel(way, () => resolve(answer));
      });
    });
  }
}

export function conversationOf(to: Target): string {
  return Object.values(to)[0] as string;
}
