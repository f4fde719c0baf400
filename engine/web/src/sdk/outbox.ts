// What this person has said and not yet got an answer to: sent in order, one at a time for each addressee, and again
// until an answer comes; by the socket, or by a request where the socket does not answer or will not open. The
// `client_id` makes a repeat harmless.
//
// Where several tabs of one person share a connection, one tab's outbox works and the others' follow it.

import type { Ack, Nack, Stored, Target } from '../generated/types';
import { backoff } from './backoff';
import type { Clock } from './clock';
import { type DeedFrame, frameOf, type More } from './deed';
import { type Entry, entryOf, type Failure, Lanes, laneOf, type Outgoing, type OutgoingState, type Unsent } from './lanes';
import { RestError } from './rest';

export interface OutboxOptions {
  clock: Clock;
  /** Puts a frame on the socket; false if there is none. */
  put: (frame: DeedFrame) => boolean;
  /** The second way: the same message as a request; rejects with a `RestError`. */
  post?: (outgoing: Outgoing) => Promise<Stored>;
  /** The socket has not answered since `time`, where a request was. */
  suspect?: (time: number) => void;
  /** Why a message should not even be tried. */
  hopeless?: (outgoing: Outgoing) => Failure | undefined;
  /** A message was said: keep it before it goes anywhere. */
  said?: (outgoing: Outgoing) => void;
  /** A message changed its state; `foreign` if it was said in another tab. */
  changed: (outgoing: Outgoing, foreign: boolean) => void;
}

/** Milliseconds until the second way is tried, while the connection seems to live. */
const LATE = 6_000;
/** Milliseconds until a repeat, where there is no second way. */
const ANSWER_WITHIN = 10_000;
/** Repeats of one message before the person is asked. */
const TRIES = 4;
/** Repeats after "too fast", and in all while both ways are silent: waiting helps there. */
const MANY_TRIES = 20;
/** Messages that may wait. */
const LONGEST_QUEUE = 1_000;
/** Requests under way at the same time. */
const POSTS = 4;

export class Outbox {
  private readonly lanes = new Lanes();
  private isWorking = true;
  private way: 'none' | 'socket' | 'request' = 'none';
  private posts = 0;

  constructor(private readonly options: OutboxOptions) {}

  /** Queues a text, or more; it is on its way when this returns, if it can be. */
  submit(to: Target, text: string, clientId = this.options.clock.uuid(), more: More = {}): Outgoing {
    const at = this.options.clock.now();
    const unsent = { clientId, to, text, at, order: this.lanes.next(at), ...more };
    const entry = entryOf(unsent, false, false);
    if (this.lanes.entries().length >= LONGEST_QUEUE) {
      this.fail(entry, { code: 'queue_full', reason: 'Too many messages are waiting to be sent.' });
      return entry.outgoing;
    }
    this.options.said?.(entry.outgoing);
    this.push(entry);
    return entry.outgoing;
  }

  /** Queues what an earlier life of the page, or a tab that is gone, had not seen answered. */
  restore(unsent: Unsent[]): void {
    for (const one of unsent) {
      if (this.lanes.has(one.clientId)) continue;
      const entry = entryOf(one, true, true);
      if (one.failure) this.fail(entry, one.failure);
      else this.push(entry);
    }
  }

  /** What is said from now on comes behind `order`. */
  behind(order: number): void {
    this.lanes.behind(order);
  }

  /** Queues what was said in another tab, or shall be tried again there. */
  take(unsent: Unsent, asked: boolean): void {
    const known = this.lanes.find(unsent.clientId);
    if (known) this.move(known, known.outgoing.state, true);
    else if (!this.again(unsent.clientId)) this.push(entryOf(unsent, asked, true));
  }

  /** Tries a failed message again, behind what was said since. */
  again(clientId: string): Outgoing | undefined {
    const entry = this.lanes.takeFailed(clientId);
    if (!entry) return undefined;
    delete entry.outgoing.failure;
    entry.outgoing.order = this.lanes.next(this.options.clock.now());
    entry.tries = 0;
    this.options.said?.(entry.outgoing);
    this.push(entry);
    return entry.outgoing;
  }

  /** Forgets a failed message. */
  discard(clientId: string): void {
    this.lanes.takeFailed(clientId);
  }

  /** Everything unanswered or failed, to one addressee or to all, in order. */
  pending(to?: Target): Outgoing[] {
    const lane = to && laneOf(to);
    return this.lanes.all().filter((outgoing) => !lane || laneOf(outgoing.to) === lane);
  }

  /** The connection is there and what was missed has been looked through. */
  online(): void {
    this.rest();
    this.way = 'socket';
    this.pumpAll();
  }

  /** There is no connection, but perhaps there will be soon. */
  offline(): void {
    this.way = 'none';
    this.rest();
  }

  /** The socket will not open: requests may still get through. */
  detour(): void {
    if (this.way !== 'none' || !this.options.post) return;
    this.way = 'request';
    this.pumpAll();
  }

  /** Another tab's outbox works from now on. */
  follow(): void {
    this.offline();
    this.isWorking = false;
  }

  /** This tab's outbox works from now on; what the one before had on its way may be stored. */
  lead(): void {
    if (this.isWorking) return;
    this.isWorking = true;
    for (const entry of this.lanes.entries()) entry.asked = true;
    this.rest();
    this.pumpAll();
  }

  /** What the working outbox says of a message. */
  mirror(outgoing: Outgoing): void {
    const { clientId, state, failure, stored, order } = outgoing;
    if (stored) {
      if (!this.ack({ client_id: clientId, ...stored })) this.options.changed(outgoing, true);
      return;
    }
    const known = this.lanes.remove(clientId) ?? this.lanes.takeFailed(clientId);
    const entry = known ?? entryOf(outgoing, true, true);
    entry.outgoing.order = order;
    if (failure) {
      this.fail(entry, failure);
      return;
    }
    delete entry.outgoing.failure;
    this.lanes.add(entry);
    this.move(entry, state, !known);
  }

  /** The server's ack for `clientId`, or its own copy of the message seen in the stream. */
  ack({ client_id, conversation, message, seq, time }: Ack): Entry | undefined {
    if (!conversation || !message || seq === undefined || time === undefined) return undefined;
    const entry = this.lanes.remove(client_id) ?? this.lanes.takeFailed(client_id);
    if (!entry) return undefined;
    delete entry.outgoing.failure;
    entry.outgoing.stored = { conversation, message, seq, time };
    this.move(entry, 'sent');
    this.pump(entry.lane);
    return entry;
  }

  nack(nack: Nack): void {
    const entry = nack.client_id ? this.lanes.find(nack.client_id) : undefined;
    // Where the same was asked by a request too, the request's answer counts.
    if (entry && !entry.posting) this.refused(entry, nack);
  }

  private refused(entry: Entry, { code, reason, detail, retry, retry_after }: Omit<Nack, 'client_id'>): void {
    entry.timer?.cancel();
    entry.timer = undefined;
    entry.refusals += 1;
    if (!retry || entry.refusals >= (code === 'rate_limited' ? MANY_TRIES : TRIES)) {
      this.fail(entry, { code, reason: detail ?? reason });
      return;
    }
    this.later(entry, retry_after ?? 0);
  }

  /** Tries again after a while, before what follows to the same addressee. */
  private later(entry: Entry, atLeast = 0): void {
    const { clock } = this.options;
    const wait = Math.max(atLeast, backoff(Math.max(entry.tries, entry.refusals), () => clock.random()));
    entry.timer = clock.after(wait, () => {
      entry.timer = undefined;
      this.go(entry);
    });
  }

  private push(entry: Entry): void {
    this.lanes.add(entry);
    this.move(entry, 'waiting', true);
    this.pump(entry.lane);
  }

  private pumpAll(): void {
    for (const lane of this.lanes.names()) this.pump(lane);
  }

  private pump(lane: string): void {
    const head = this.lanes.head(lane);
    if (head?.outgoing.state === 'waiting' && !head.posting && !head.timer) this.go(head);
  }

  private go(entry: Entry): void {
    if (!this.isWorking || entry.posting || this.way === 'none') return;
    const failure = this.options.hopeless?.(entry.outgoing);
    if (failure) this.fail(entry, failure);
    else if (this.way === 'socket') this.put(entry);
    else this.post(entry);
  }

  private put(entry: Entry): void {
    const { clock, post } = this.options;
    if (!this.options.put(frameOf(entry.outgoing, entry.asked))) return;
    entry.asked = true;
    entry.tries += 1;
    entry.timer = clock.after(post ? LATE : ANSWER_WITHIN, () => {
      entry.timer = undefined;
      if (entry.tries >= (post ? MANY_TRIES : TRIES)) this.fail(entry, { code: 'no_answer', reason: 'The server did not answer.' });
      else if (post && this.posts < POSTS) this.post(entry);
      else this.go(entry);
    });
    this.move(entry, 'sending');
  }

  private post(entry: Entry): void {
    const { post, clock } = this.options;
    if (!post || this.posts >= POSTS) return;
    const since = clock.now();
    this.posts += 1;
    entry.posting = true;
    entry.asked = true;
    this.move(entry, 'sending');
    post(entry.outgoing).then(
      (stored) => {
        this.posted(entry);
        if (this.ack({ client_id: entry.outgoing.clientId, ...stored })) this.suspect(since);
        this.pumpAll();
      },
      (error: unknown) => {
        this.posted(entry);
        // It may have been answered by the socket meanwhile.
        if (this.isWorking && this.lanes.find(entry.outgoing.clientId) === entry) {
          this.postFailed(entry, error);
          this.suspect(since);
        }
        this.pumpAll();
      },
    );
  }

  /** A request was made because the socket was silent. */
  private suspect(since: number): void {
    if (this.way === 'socket') this.options.suspect?.(since - LATE);
  }

  private posted(entry: Entry): void {
    this.posts -= 1;
    entry.posting = false;
  }

  private postFailed(entry: Entry, error: unknown): void {
    const { status, code, message, retryAfter } = error instanceof RestError ? error : new RestError('offline', 0, String(error));
    // Nobody there, a proxy without a server behind it, or a session that is over: no fault of the message's.
    if ([0, 401, 502, 504].includes(status)) {
      if (this.way !== 'socket') {
        entry.tries += 1;
        this.move(entry, 'waiting');
      }
      this.later(entry);
      return;
    }
    this.refused(entry, { code, reason: message, retry: status === 429 || status >= 500, retry_after: retryAfter ?? null });
  }

  private fail(entry: Entry, failure: Failure): void {
    this.lanes.remove(entry.outgoing.clientId);
    this.lanes.fail(entry);
    entry.outgoing.failure = failure;
    this.move(entry, 'failed', true);
    this.pump(entry.lane);
  }

  /** What is on its way by socket waits again; what is asked by request stays so. */
  private rest(): void {
    for (const entry of this.lanes.entries()) {
      entry.timer?.cancel();
      entry.timer = undefined;
      // Silence is counted on one connection: a line that breaks twenty times is no server that does not answer.
      entry.tries = 0;
      if (!entry.posting) this.move(entry, 'waiting');
    }
  }

  private move(entry: Entry, state: OutgoingState, even = false): void {
    if (entry.outgoing.state === state && !even) return;
    entry.outgoing.state = state;
    this.options.changed(entry.outgoing, entry.foreign);
  }
}
