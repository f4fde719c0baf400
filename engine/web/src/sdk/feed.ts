// What arrives: put in order, once, without a gap, across lost connections and restored databases.

import type { Conversation, Message, ReadMark, Recovered, Resume, Stored, Unread, Welcome } from '../generated/types';
import { backoff } from './backoff';
import type { Clock, Timer } from './clock';
import { Emitter } from './emitter';
import { type Rest, RestError } from './rest';
import { Thread } from './thread';

export interface FeedEvents {
  /** A message in its order; `missed` if it was said while this client was away. */
  message: { message: Message; missed: boolean };
  /** Numbers or name of a conversation changed. */
  thread: Thread;
  /** What is held of this conversation can no longer be continued: read its newest page anew. */
  reset: Thread;
  /** The conversation is no longer the caller's. */
  gone: Thread;
  /** The list of conversations was read. */
  list: Thread[];
}

export interface FeedOptions {
  clock: Clock;
  rest: Pick<Rest, 'conversations' | 'conversation' | 'history'>;
  me: () => string | undefined;
}

/** Milliseconds a gap may stand before it is read from history: an ack overtakes the fan-out of what precedes it. */
const GAP_PATIENCE = 700;
/** Messages read to catch up; a longer way is left to the pages of history. */
const CATCH_UP = 500;
const PAGE = 100;
/** Conversations one list may bring. */
const LIST_LIMIT = 5_000;
/** Positions in one `hello`: a frame may have 64 KiB. */
const POSITIONS = 600;

export class Feed extends Emitter<FeedEvents> {
  readonly threads = new Map<string, Thread>();
  private epoch: string | undefined;
  private isLoaded = false;
  private isLoading = false;
  /** Grows with each connection; what was begun under an older one stops. */
  private turn = 0;
  private held: (() => void)[] = [];
  private readonly gaps = new Map<string, Timer>();
  private readonly asked = new Map<string, Promise<Thread | undefined>>();
  private retry: Timer | undefined;
  /** What the last `hello` named. */
  private named = new Set<string>();

  constructor(private readonly options: FeedOptions) {
    super();
  }

  get loaded(): boolean {
    return this.isLoaded;
  }

  /** Whether nothing is held of another database, and the list has been read or is being read. */
  isCurrent(epoch: string): boolean {
    return this.epoch === epoch && (this.isLoaded || this.isLoading);
  }

  /** Where this client stands, for `hello`: in the conversations of late, as many as fit into a frame. */
  resume(): Resume | undefined {
    if (!this.epoch || !this.isLoaded) return undefined;
    const positions: Resume['positions'] = {};
    for (const { id, sequence } of this.latest((thread) => (thread.sequence.at?.message ?? '') !== '')) {
      if (sequence.at) positions[id] = [sequence.at.seq, sequence.at.message];
    }
    this.named = new Set(Object.keys(positions));
    return { epoch: this.epoch, positions };
  }

  /** `welcome` as if `hello` had named every conversation: numbers alone say what is missing in the others. */
  complete(welcome: Welcome): Welcome {
    if (welcome.epoch !== this.epoch || !this.isLoaded) return welcome;
    const recovered = welcome.recovered.map((one) => {
      const at = this.threads.get(one.conversation)?.sequence.at;
      if (one.recovered || this.named.has(one.conversation) || !at || at.seq > one.last_seq) return one;
      return { ...one, recovered: true, more: at.seq < one.last_seq };
    });
    return { ...welcome, recovered };
  }

  /** The last numbers of this client's conversations, for another tab to compare. */
  heads(): Record<string, number> {
    return Object.fromEntries(this.latest(() => true).map(({ id, sequence }) => [id, sequence.at?.seq ?? 0]));
  }

  /** The conversations of late. */
  private latest(fits: (thread: Thread) => boolean): Thread[] {
    const threads = [...this.threads.values()].filter(fits);
    return threads.sort((a, b) => (b.last?.time ?? 0) - (a.last?.time ?? 0)).slice(0, POSITIONS);
  }

  /** Another tab has come as far as `heads`: reads what is missing here. */
  compare(heads: Record<string, number>): void {
    if (!this.isLoaded) return;
    for (const [id, seq] of Object.entries(heads)) {
      const at = this.threads.get(id)?.sequence.at;
      if (at && at.seq < seq) void this.catchUp(this.thread(id), seq);
      else if (!at) this.insist(id);
    }
  }

  /** Starts from positions kept earlier, for a client that also kept the messages. */
  restore({ epoch, positions }: Resume): void {
    this.epoch = epoch;
    this.isLoaded = true;
    for (const [id, [seq, message]] of Object.entries(positions)) this.thread(id).sequence.restart({ seq, message });
  }

  /** A connection is there; without `resumed` the welcome says nothing of what was missed. */
  welcome(welcome: Welcome, resumed = true): void {
    this.interrupt();
    if (this.epoch !== undefined && this.epoch !== welcome.epoch) this.forget();
    this.epoch = welcome.epoch;
    if (!this.isLoaded || !resumed) {
      void this.load();
      return;
    }
    const missed = new Map<string, Message[]>();
    for (const message of welcome.missed) {
      missed.set(message.conversation, [...(missed.get(message.conversation) ?? []), message]);
    }
    for (const one of welcome.recovered) this.recover(one, missed.get(one.conversation) ?? []);
  }

  /** The connection is lost: what is under way stops, and what is held will be told again. */
  interrupt(): void {
    this.turn += 1;
    this.isLoading = false;
    this.held = [];
    this.retry?.cancel();
    for (const timer of this.gaps.values()) timer.cancel();
    this.gaps.clear();
  }

  message(message: Message): void {
    this.whenLoaded(() => this.deliver(this.thread(message.conversation), [message], false));
  }

  /** One's own message was stored; its sender shows it already. */
  stored(stored: Stored, message: Message): void {
    this.whenLoaded(() => {
      const thread = this.thread(stored.conversation);
      const ready = thread.sequence.stored({ seq: stored.seq, message: stored.message });
      thread.shown(message, true, this.options.me());
      this.show(thread, ready, false);
      this.emit('thread', thread);
      this.watchGap(thread);
    });
  }

  unread(unread: Unread): void {
    this.whenLoaded(() => {
      const thread = this.thread(unread.conversation);
      if (unread.read_seq < thread.readSeq) return;
      thread.count({ last_seq: thread.lastSeq, read_seq: unread.read_seq, unread: unread.unread });
      thread.heeded(unread.read_seq);
      this.emit('thread', thread);
    });
  }

  peerRead(mark: ReadMark): void {
    this.whenLoaded(() => {
      const thread = this.thread(mark.conversation);
      if (mark.seq <= thread.peerReadSeq) return;
      thread.peerReadSeq = mark.seq;
      this.emit('thread', thread);
    });
  }

  /** The conversation with its name, asked for once; undefined if it is not the caller's. Rejects when offline. */
  async look(id: string): Promise<Thread | undefined> {
    const thread = this.thread(id);
    if (thread.info) return thread;
    const asking = this.asked.get(id) ?? this.ask(thread);
    this.asked.set(id, asking);
    try {
      return await asking;
    } finally {
      this.asked.delete(id);
    }
  }

  /** Takes a conversation that is not the caller's own, and that they read along. */
  adopt(info: Conversation): void {
    const thread = this.thread(info.id);
    if (thread.info) return;
    thread.inform(info);
    this.emit('thread', thread);
  }

  private async ask(thread: Thread): Promise<Thread | undefined> {
    try {
      thread.inform(await this.options.rest.conversation(thread.id));
      this.emit('thread', thread);
      return thread;
    } catch (error) {
      if (error instanceof RestError && error.code === 'conversation_unknown') {
        this.remove(thread);
        return undefined;
      }
      throw error;
    }
  }

  private thread(id: string): Thread {
    const thread = this.threads.get(id) ?? new Thread(id);
    this.threads.set(id, thread);
    return thread;
  }

  private remove(thread: Thread): void {
    this.threads.delete(thread.id);
    this.emit('gone', thread);
  }

  private whenLoaded(run: () => void): void {
    if (this.isLoading) this.held.push(run);
    else run();
  }

  private forget(): void {
    this.isLoaded = false;
    const threads = [...this.threads.values()];
    this.threads.clear();
    for (const thread of threads) this.emit('reset', thread);
  }

  // The list is read after the socket is welcome, and what the socket says meanwhile waits: between the two nothing
  // can fall through, and what both bring is taken once.
  private async load(attempt = 0): Promise<void> {
    const { turn } = this;
    this.isLoading = true;
    try {
      let after: string | null | undefined;
      let count = 0;
      do {
        const page = await this.options.rest.conversations(after ?? undefined);
        if (turn !== this.turn) return;
        for (const info of page.items) this.listed(info);
        count += page.items.length;
        after = page.next;
      } while (after && count < LIST_LIMIT);
    } catch {
      if (turn !== this.turn) return;
      const { clock } = this.options;
      this.retry = clock.after(backoff(attempt, () => clock.random()), () => void this.load(attempt + 1));
      return;
    }
    this.isLoaded = true;
    this.isLoading = false;
    this.emit('list', [...this.threads.values()]);
    const { held } = this;
    this.held = [];
    for (const run of held) run();
    for (const thread of this.threads.values()) {
      if ((thread.sequence.at?.seq ?? thread.lastSeq) < thread.lastSeq) void this.catchUp(thread, thread.lastSeq);
    }
  }

  private listed(info: Conversation): void {
    const thread = this.thread(info.id);
    thread.inform(info);
    // Further than the server itself: an older database was restored.
    if ((thread.sequence.at?.seq ?? 0) > info.last_seq) this.reset(thread, info);
  }

  private recover(one: Recovered, missed: Message[]): void {
    const thread = this.thread(one.conversation);
    const { at } = thread.sequence;
    const tooFar = one.last_seq - (missed.at(-1)?.seq ?? at?.seq ?? 0) > CATCH_UP;
    if (!one.recovered || tooFar || !at || at.seq > one.last_seq) {
      this.reset(thread, one);
      return;
    }
    thread.count(one);
    this.deliver(thread, missed, true);
    this.emit('thread', thread);
    // Also where this tab stood behind the one that spoke for it.
    if (one.last_seq > (thread.sequence.at?.seq ?? 0)) void this.catchUp(thread, one.last_seq);
  }

  private reset(thread: Thread, numbers?: Pick<Recovered, 'last_seq' | 'read_seq' | 'unread'>): void {
    const fresh = new Thread(thread.id);
    if (numbers) fresh.count(numbers);
    this.threads.set(thread.id, fresh);
    this.emit('reset', fresh);
    this.insist(thread.id);
  }

  /** Looks until there is an answer, or another connection, which begins anew. */
  private insist(id: string, attempt = 0): void {
    const { turn } = this;
    const { clock } = this.options;
    this.look(id).catch(() => {
      clock.after(backoff(attempt, () => clock.random()), () => {
        if (turn === this.turn) this.insist(id, attempt + 1);
      });
    });
  }

  private deliver(thread: Thread, messages: Message[], missed: boolean): void {
    for (const message of messages) this.show(thread, thread.sequence.message(message), missed);
    this.watchGap(thread);
  }

  private show(thread: Thread, messages: Message[], missed: boolean): void {
    for (const message of messages) {
      thread.shown(message, message.sender === this.options.me(), this.options.me());
      this.emit('message', { message, missed });
      this.emit('thread', thread);
    }
  }

  private watchGap(thread: Thread): void {
    if (thread.sequence.hole() === undefined || this.gaps.has(thread.id)) return;
    if (thread.sequence.overfull) {
      this.reset(thread);
      return;
    }
    const timer = this.options.clock.after(GAP_PATIENCE, () => {
      this.gaps.delete(thread.id);
      if (thread.sequence.hole() !== undefined) void this.catchUp(thread, thread.lastSeq);
    });
    this.gaps.set(thread.id, timer);
  }

  private async catchUp(thread: Thread, goal: number, attempt = 0): Promise<void> {
    const { turn } = this;
    const { clock, rest } = this.options;
    try {
      for (let page = 0; page < CATCH_UP / PAGE; page += 1) {
        const { items, more } = await rest.history(thread.id, { after: thread.sequence.at?.seq ?? 0, limit: PAGE });
        if (turn !== this.turn) return;
        for (const message of items) this.show(thread, thread.sequence.message(message), true);
        const here = thread.sequence.at?.seq ?? 0;
        if (!more || (here >= goal && thread.sequence.hole() === undefined)) return;
      }
      this.reset(thread);
    } catch (error) {
      if (turn !== this.turn) return;
      if (error instanceof RestError && error.status === 404) {
        this.remove(thread);
        return;
      }
      const wait = backoff(attempt, () => clock.random());
      this.gaps.set(thread.id, clock.after(wait, () => void this.catchUp(thread, goal, attempt + 1)));
    }
  }
}
