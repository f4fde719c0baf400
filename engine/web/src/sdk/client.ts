// The client: one person's chat on one device, as a program sees it.

import type { History, Message, Nack, PersonCard, Presence, StatusName, Target, TypingBy, Welcome } from '../generated/types';
import { type Clock, realClock } from './clock';
import { Commands } from './commands';
import { Emitter } from './emitter';
import { Feed, type FeedEvents } from './feed';
import { Keep } from './keep';
import { Link, type LinkEvents, type LinkState } from './link';
import { Outbox, type Outgoing } from './outbox';
import { Rest, RestError } from './rest';
import { type OpenSocket, webSocket } from './socket';
import type { Thread } from './thread';

export interface ClientEvents extends FeedEvents {
  state: LinkState;
  welcome: Welcome;
  /** One of this client's own messages changed its state. */
  outgoing: Outgoing;
  typing: TypingBy;
  presence: Presence;
  /** Units or people changed; the new version. */
  directory: number;
  /** The server refused something that has no state of its own. */
  refused: Nack;
}

export interface ClientOptions {
  rest?: Rest;
  clock?: Clock;
  keep?: Keep;
  open?: OpenSocket;
  /**
   * The id of the person, if known beforehand: positions are then kept over restarts, and the first `hello` resumes.
   * Only for a client that keeps the messages too; others read the list anew.
   */
  keepPositionsOf?: string;
}

/** Milliseconds between two writings of positions. */
const KEEP_EVERY = 2_000;

export class Client extends Emitter<ClientEvents> {
  readonly rest: Rest;
  me: PersonCard | undefined;
  status: StatusName = 'online';
  /** Longest text in characters. */
  textChars = 5_000;
  private readonly clock: Clock;
  private readonly keep: Keep;
  private readonly link: Link;
  private readonly outbox: Outbox;
  private readonly feed: Feed;
  private readonly commands: Commands;
  private isKeeping = false;
  private directory: number | undefined;

  constructor(private readonly options: ClientOptions = {}) {
    super();
    this.clock = options.clock ?? realClock;
    this.rest = options.rest ?? new Rest();
    this.keep = options.keep ?? Keep.browser();
    const { clock, rest } = this;
    const device = this.keep.device(() => `browser-${clock.uuid()}`);
    this.feed = new Feed({ clock, rest, me: () => this.me?.id });
    this.link = new Link({
      clock,
      open: options.open ?? webSocket(() => `${location.origin.replace(/^http/, 'ws')}/ws`),
      hello: () => {
        const resume = this.feed.resume();
        return resume ? { device, resume } : { device };
      },
      stillSignedIn: () => this.stillSignedIn(),
    });
    this.outbox = new Outbox({ clock, put: (frame) => this.link.send(frame), changed: (one) => this.changed(one) });
    this.commands = new Commands({ clock, put: (frame) => this.link.send(frame) });
    this.wire();
    const kept = options.keepPositionsOf && this.keep.resume(options.keepPositionsOf);
    if (kept) this.feed.restore(kept);
  }

  get state(): LinkState {
    return this.link.state;
  }

  /** Whether the list of conversations has been read. */
  get loaded(): boolean {
    return this.feed.loaded;
  }

  threads(): Thread[] {
    return [...this.feed.threads.values()];
  }

  thread(conversation: string): Thread | undefined {
    return this.feed.threads.get(conversation);
  }

  start(): void {
    this.link.start();
  }

  stop(): void {
    this.link.stop();
  }

  /** Try now rather than later. */
  nudge(): void {
    this.link.nudge();
  }

  /** Says `text`; what becomes of it comes as `outgoing` events. */
  send(to: Target, text: string, clientId?: string): Outgoing {
    this.commands.spoke();
    return this.outbox.submit(to, text, clientId);
  }

  /** Sends a failed message again. */
  again(clientId: string): Outgoing | undefined {
    return this.outbox.again(clientId);
  }

  /** Forgets a failed message. */
  discard(clientId: string): void {
    this.outbox.discard(clientId);
    this.keepUnsent();
  }

  /** What was said and is not stored, in order. */
  pending(to?: Target): Outgoing[] {
    return this.outbox.pending(to);
  }

  history(conversation: string, range: { before?: number; after?: number; limit?: number }): Promise<History> {
    return this.rest.history(conversation, range);
  }

  /** The conversation with its name; undefined if it is not the caller's. */
  look(conversation: string): Promise<Thread | undefined> {
    return this.feed.look(conversation);
  }

  /** The person has read `conversation` up to `seq`. */
  read(conversation: string, seq: number): void {
    const thread = this.thread(conversation);
    if (!thread?.read(seq)) return;
    this.commands.read(conversation, seq);
    this.emit('thread', thread);
  }

  typing(conversation: string): void {
    this.commands.typing(conversation);
  }

  watch(people: string[]): void {
    this.commands.watch(people);
  }

  setStatus(status: StatusName): void {
    this.status = status;
    this.commands.setStatus(status);
  }

  private wire(): void {
    const { link, feed, commands, outbox } = this;
    link.on('welcome', (welcome) => this.welcomed(welcome));
    link.on('state', (state) => {
      if (state.phase !== 'online') {
        outbox.offline();
        commands.offline();
        feed.interrupt();
      }
      this.emit('state', state);
    });
    link.on('frame', (frame) => this.frame(frame));
    feed.on('message', ({ message, missed }) => {
      const own = message.sender === this.me?.id ? message.client_id : undefined;
      const settled = own && outbox.ack({ ...message, client_id: own });
      if (!settled) this.emit('message', { message, missed });
      this.keepPositions();
    });
    feed.on('thread', (thread) => this.emit('thread', thread));
    feed.on('reset', (thread) => this.emit('reset', thread));
    feed.on('gone', (thread) => this.emit('gone', thread));
    feed.on('list', (threads) => this.emit('list', threads));
  }

  private welcomed(welcome: Welcome): void {
    const first = this.me === undefined;
    this.me = welcome.me;
    this.status = welcome.status;
    this.textChars = welcome.text_chars;
    this.feed.welcome(welcome);
    if (first) this.outbox.restore(this.keep.unsent(welcome.me.id));
    this.emit('welcome', welcome);
    this.commands.online();
    this.outbox.online();
    if (this.directory !== undefined && this.directory !== welcome.directory) this.emit('directory', welcome.directory);
    this.directory = welcome.directory;
  }

  private frame(frame: LinkEvents['frame']): void {
    switch (frame.op) {
      case 'message':
        return this.feed.message(frame);
      case 'ack':
        this.commands.ack(frame);
        return void this.outbox.ack(frame);
      case 'nack':
        this.commands.nack(frame);
        this.outbox.nack(frame);
        return this.emit('refused', frame);
      case 'read':
        return this.feed.peerRead(frame);
      case 'unread':
        return this.feed.unread(frame);
      case 'typing':
        return this.emit('typing', frame);
      case 'presence':
        return this.emit('presence', frame);
      case 'directory':
        this.directory = frame.version;
        return this.emit('directory', frame.version);
      default:
        // A newer server may say more than this client knows.
        return undefined;
    }
  }

  private changed(outgoing: Outgoing): void {
    const { me } = this;
    this.keepUnsent();
    this.emit('outgoing', outgoing);
    const { stored } = outgoing;
    if (outgoing.state !== 'sent' || !stored || !me) return;
    const message: Message = {
      ...stored,
      sender: me.id,
      client_id: outgoing.clientId,
      kind: 'text',
      body: { text: outgoing.text },
    };
    this.feed.stored(stored, message);
    this.keepPositions();
  }

  private keepUnsent(): void {
    if (this.me) this.keep.setUnsent(this.me.id, this.outbox.unsent());
  }

  private keepPositions(): void {
    const person = this.options.keepPositionsOf;
    if (!person || this.isKeeping) return;
    this.isKeeping = true;
    this.clock.after(KEEP_EVERY, () => {
      this.isKeeping = false;
      const resume = this.feed.resume();
      if (resume) this.keep.setResume(person, resume);
    });
  }

  private async stillSignedIn(): Promise<boolean | undefined> {
    try {
      await this.rest.session();
      return true;
    } catch (error) {
      return error instanceof RestError && error.status === 401 ? false : undefined;
    }
  }
}
