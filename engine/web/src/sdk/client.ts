// The client: one person's chat on one device, as a program sees it. Tabs of the same person share one connection: one
// of them leads and speaks with the server, and tells the others what it hears.

import type { Conversation, PersonCard, StatusName, Stored, Target, Welcome } from '../generated/types';
import { type Clock, realClock, type Timer } from './clock';
import { Commands } from './commands';
import { messageOf, type More } from './deed';
import { Feed } from './feed';
import { Keep } from './keep';
import type { Failure, Outgoing } from './lanes';
import type { LinkEvents, LinkState } from './link';
import { Mates } from './mates';
import type { ClientOptions } from './options';
import { Outbox } from './outbox';
import { Positions } from './positions';
import { Rest, RestError } from './rest';
import { isTold, Service } from './service';
import { serverSocket } from './socket';
import { Speaker } from './speaker';
import { Station } from './station';
import { browserTabs } from './tabs';
import type { Thread } from './thread';
import { UnsentBook } from './unsent';

/** Milliseconds without a connection after which messages go by requests. */
const DETOUR_AFTER = 4_000;
/** Milliseconds between two looks for what other tabs left. */
const ADOPT_EVERY = 60_000;

export class Client extends Speaker {
  readonly rest: Rest;
  /** Customer service. Where tabs share a connection, only the one that leads can make moves. */
  readonly service: Service;
  me: PersonCard | undefined;
  status: StatusName = 'online';
  /** Longest text in characters. */
  textChars = 5_000;
  /** Seconds for which one's own words may be changed and taken back; 0: not at all. */
  editSeconds = 0;
  recallSeconds = 0;
  private readonly clock: Clock;
  private readonly keep: Keep;
  private readonly unsent: UnsentBook;
  private readonly station: Station;
  private readonly outbox: Outbox;
  private readonly feed: Feed;
  private readonly commands: Commands;
  private readonly mates: Mates;
  private readonly positions: Positions | undefined;
  private lastWelcome: Welcome | undefined;
  private detour: Timer | undefined;
  private lostAt = 0;
  private adopting: Timer | undefined;
  private directory: number | undefined;

  constructor(options: ClientOptions = {}) {
    super();
    this.clock = options.clock ?? realClock;
    this.rest = options.rest ?? new Rest();
    this.keep = options.keep ?? Keep.browser();
    const { clock, rest } = this;
    const device = this.keep.device(() => `browser-${clock.uuid()}`);
    this.feed = new Feed({ clock, rest, me: () => this.me?.id ?? this.station.person });
    this.station = new Station({
      clock,
      tabs: options.tabs === undefined ? (browserTabs() ?? null) : options.tabs,
      open: options.open ?? serverSocket(rest),
      base: rest.base,
      person: options.person ?? options.keepPositionsOf,
      identify: async () => (await rest.session()).person.id,
      hello: () => {
        const resume = this.feed.resume();
        return resume ? { device, resume } : { device };
      },
      complete: (welcome) => this.feed.complete(welcome),
    });
    this.outbox = new Outbox({
      clock,
      put: (frame) => this.station.send(frame),
      post: (outgoing) => this.post(outgoing),
      suspect: (time) => this.station.suspect(time),
      hopeless: (outgoing) => this.hopeless(outgoing),
      said: (outgoing) => this.unsent.put(outgoing),
      changed: (outgoing, foreign) => this.changed(outgoing, foreign),
    });
    this.outbox.follow();
    this.commands = new Commands({ clock, put: (frame) => this.station.send(frame) });
    this.service = new Service({ clock, put: (frame) => this.station.send(frame) });
    const { station } = this;
    const tab = this.keep.tab(() => clock.uuid());
    this.unsent = new UnsentBook({ keep: this.keep, clock, tab, isShared: () => station.isShared, person: () => station.person });
    this.mates = this.meet();
    this.wire();
    const person = options.keepPositionsOf;
    if (person !== undefined) this.positions = new Positions({ clock, keep: this.keep, feed: this.feed, person });
  }

  get state(): LinkState {
    return this.station.state;
  }

  /** Whether this tab has the connection: what should happen once for all tabs of a person, such as a sound, it does. */
  get leads(): boolean {
    return this.station.speaks;
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
    // Before anything is said: what an earlier life of this page left comes first.
    this.outbox.behind(this.unsent.latest());
    this.restore();
    this.station.start();
  }

  stop(): void {
    this.station.stop();
  }

  /** Try now rather than later. */
  nudge(): void {
    this.station.nudge();
  }

  protected submit(to: Target, text: string, clientId: string | undefined, more?: More): Outgoing {
    if (!more || more.deed?.op === 'send') this.commands.spoke();
    const outgoing = this.outbox.submit(to, text, clientId, more);
    this.mates.ask(outgoing, false);
    return outgoing;
  }

  /** Sends a failed message again. */
  again(clientId: string): Outgoing | undefined {
    const outgoing = this.outbox.again(clientId);
    if (outgoing) this.mates.ask(outgoing, true);
    return outgoing;
  }

  /** Forgets a failed message. */
  discard(clientId: string): void {
    this.outbox.discard(clientId);
    this.unsent.drop(clientId);
    this.station.tell({ op: 'discard', clientId });
  }

  /** What was said and is not stored, in order; changes of what was said before are not among it. */
  pending(to?: Target): Outgoing[] {
    return this.outbox.pending(to).filter(({ deed }) => !deed || deed.op === 'send' || deed.op === 'forward');
  }

  /** Removes what this device keeps of the person, as when they sign out of a computer that others use too. */
  forget(): void {
    if (this.station.person) this.keep.forget(this.station.person);
  }

  /** The conversation with its name; undefined if it is not the caller's. */
  look(conversation: string): Promise<Thread | undefined> {
    return this.feed.look(conversation);
  }

  /** Takes a conversation that an agent reads along (`service.watch`). */
  adopt(info: Conversation): void {
    this.feed.adopt(info);
  }

  /** The person has read `conversation` up to `seq`. */
  read(conversation: string, seq: number): void {
    if (this.marked(conversation, seq)) this.station.tell({ op: 'read', conversation, seq });
  }

  typing(conversation: string): void {
    if (this.station.speaks) this.commands.typing(conversation);
    else this.station.tell({ op: 'typing', conversation });
  }

  /** Whose presence this client looks at; replaces the earlier list. */
  watch(people: string[]): void {
    this.mates.watch(people);
  }

  setStatus(status: StatusName): void {
    this.shows(status);
    if (this.station.speaks) this.commands.setStatus(status);
    this.station.tell({ op: 'status', status });
  }

  private meet(): Mates {
    const { station, outbox, feed, commands } = this;
    return new Mates({
      station,
      outbox,
      feed,
      commands,
      status: () => this.status,
      setStatus: (status) => this.shows(status),
      marked: (conversation, seq) => void this.marked(conversation, seq),
      welcome: () => this.lastWelcome,
      joined: (welcome) => this.welcomed(welcome, true),
    });
  }

  private wire(): void {
    const { station, feed, outbox } = this;
    station.on('state', (state) => this.moved(state));
    station.on('welcome', ({ welcome, resumed }) => this.welcomed(welcome, resumed));
    station.on('stranger', (welcome) => this.emit('welcome', welcome));
    station.on('frame', (frame) => this.frame(frame));
    station.on('speak', () => this.speak());
    station.on('follow', () => this.follow());
    station.on('asked', (from) => station.tell(this.mates.here(from), from));
    station.on('told', (told) => this.mates.told(told));
    feed.on('message', ({ message, missed }) => {
      const own = message.sender === this.me?.id ? message.client_id : undefined;
      const settled = own ? outbox.ack({ ...message, client_id: own }) : undefined;
      if (!settled || settled.foreign) this.emit('message', { message, missed });
      this.positions?.changed();
    });
    feed.on('thread', (thread) => this.emit('thread', thread));
    feed.on('reset', (thread) => {
      this.commands.forget(thread.id);
      this.mates.unsettle(thread.id);
      this.emit('reset', thread);
    });
    feed.on('gone', (thread) => this.emit('gone', thread));
    feed.on('list', (threads) => this.emit('list', threads));
  }

  private moved(state: LinkState): void {
    const { phase } = state;
    if (phase !== 'online') {
      this.commands.offline();
      this.service.offline();
      this.feed.interrupt();
    }
    if (this.station.speaks) this.choose(phase);
    this.emit('state', state);
  }

  /** Messages go by the socket; where it does not open in time, by requests. */
  private choose(phase: LinkState['phase']): void {
    const isTrying = phase === 'connecting' || phase === 'waiting';
    const now = this.clock.now();
    const detour = () => this.station.person && this.outbox.detour();
    if (isTrying && this.detour) {
      // The timer may be late: see `station`.
      if (Math.abs(now - this.lostAt) >= DETOUR_AFTER) detour();
      return;
    }
    this.detour?.cancel();
    this.detour = undefined;
    if (phase === 'online') return;
    this.outbox.offline();
    this.lostAt = now;
    if (isTrying) this.detour = this.clock.after(DETOUR_AFTER, detour);
  }

  private speak(): void {
    this.outbox.lead();
    this.restore();
    this.mates.speak();
    this.adoptLater();
  }

  private follow(): void {
    this.outbox.follow();
    this.restore();
  }

  private restore(): void {
    this.outbox.restore(this.unsent.mine());
  }

  /** Where tabs cannot hear of each other's end, what one of them left is found in the store. */
  private adoptLater(): void {
    this.adopting?.cancel();
    this.adopting = this.clock.after(ADOPT_EVERY, () => {
      if (!this.station.speaks) return;
      if (!this.station.isShared) this.restore();
      this.adoptLater();
    });
  }

  private welcomed(welcome: Welcome, resumed: boolean): void {
    const { speaks } = this.station;
    this.me = welcome.me;
    this.shows(this.commands.unconfirmed ?? welcome.status);
    this.textChars = welcome.text_chars;
    this.editSeconds = welcome.edit_seconds;
    this.recallSeconds = welcome.recall_seconds;
    this.lastWelcome = welcome;
    this.feed.welcome(welcome, resumed);
    if (speaks) {
      this.restore();
      this.repeatMarks(welcome);
    }
    this.emit('welcome', welcome);
    if (speaks) {
      this.commands.online();
      this.service.online();
      this.outbox.online();
    }
    this.learnDirectory(welcome.directory);
  }

  private shows(status: StatusName): void {
    if (status === this.status) return;
    this.status = status;
    this.emit('status', status);
  }

  private learnDirectory(version: number): void {
    const isNews = this.directory !== undefined && this.directory !== version;
    this.directory = version;
    if (isNews) this.emit('directory', version);
  }

  /** A mark that was said to the server by a tab that is gone may not have arrived. */
  private repeatMarks({ recovered }: Welcome): void {
    for (const { conversation, read_seq } of recovered) {
      const readSeq = this.thread(conversation)?.readSeq ?? 0;
      if (readSeq > read_seq) this.commands.read(conversation, readSeq);
    }
  }

  private frame(frame: LinkEvents['frame']): void {
    switch (frame.op) {
      case 'message':
        return this.feed.message(frame);
      case 'ack':
        for (const one of [this.commands, this.service, this.outbox]) one.ack(frame);
        return undefined;
      case 'nack':
        for (const one of [this.commands, this.service, this.outbox]) one.nack(frame);
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
        return this.learnDirectory(frame.version);
      default:
        // A newer server may say more than this client knows.
        return isTold(frame) ? this.emit(frame.op, frame as never) : undefined;
    }
  }

  private changed(outgoing: Outgoing, foreign: boolean): void {
    const { state, stored, clientId } = outgoing;
    const { speaks, person } = this.station;
    if (state === 'sent') this.unsent.drop(clientId);
    else if (state === 'failed' && speaks) this.unsent.put(outgoing);
    if (speaks) this.station.tell({ op: 'outgoing', outgoing });
    if (stored && !this.mates.settle(outgoing)) return;
    this.emit('outgoing', outgoing);
    if (!stored || person === undefined) return;
    const message = messageOf(outgoing, stored, person);
    // What was said in another tab is news to the page of this one.
    if (foreign) this.feed.message(message);
    else this.feed.stored(stored, message);
    this.positions?.changed();
  }

  private marked(conversation: string, seq: number): boolean {
    const thread = this.thread(conversation);
    if (thread && !thread.read(seq)) return false;
    if (this.station.speaks) this.commands.read(conversation, seq);
    if (thread) this.emit('thread', thread);
    return thread !== undefined;
  }

  private hopeless({ text }: Outgoing): Failure | undefined {
    // Counted by the server's own measure, and only where it has named it: a frame that is too large ends the socket.
    const isLong = this.me !== undefined && text.length > this.textChars && [...text].length > this.textChars;
    return isLong ? { code: 'text_too_long', reason: 'The text is too long.' } : undefined;
  }

  /** The second way. */
  private async post(outgoing: Outgoing): Promise<Stored> {
    // The cookie is the browser's: in another tab somebody else may have signed in since.
    if (!this.rest.hasToken && (await this.rest.session()).person.id !== this.station.person) {
      throw new RestError('not_authenticated', 401, 'Somebody else is signed in.');
    }
    return this.rest.perform(outgoing.clientId, outgoing);
  }
}
