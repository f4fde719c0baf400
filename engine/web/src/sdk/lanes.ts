// What was said and is not stored, in order for each addressee.

import type { Stored, Target } from '../generated/types';
import type { More } from './deed';
import type { Timer } from './clock';

export type OutgoingState =
  /** Not on the way yet: there is no connection, or an earlier message to the same addressee is. */
  | 'waiting'
  | 'sending'
  | 'sent'
  | 'failed';

export interface Failure {
  code: string;
  reason: string;
}

export interface Outgoing extends More {
  readonly clientId: string;
  readonly to: Target;
  /** Its words; empty where it has none. */
  readonly text: string;
  /** When the person said it, by this device's clock: for showing only. */
  readonly at: number;
  /** Its place among all that this person said on this device; clocks may jump, this only grows. */
  order: number;
  state: OutgoingState;
  failure?: Failure;
  /** Once it is sent. */
  stored?: Stored;
}

/** What survives a reload of the page. */
export type Unsent = Pick<Outgoing, 'clientId' | 'to' | 'text' | 'at' | 'order' | 'failure' | 'deed' | 'looks'> & {
  /** The tab it was said in. */
  tab?: string;
};

export interface Entry {
  outgoing: Outgoing;
  lane: string;
  /** It was on its way before, so the server may hold it already. */
  asked: boolean;
  /** It was said in another tab, or in an earlier life of this one. */
  foreign: boolean;
  tries: number;
  refusals: number;
  /** A request over HTTP is under way. */
  posting: boolean;
  /** Until the next try, or the end of patience. */
  timer?: Timer | undefined;
}

/** Messages kept in memory after they failed. */
const KEEP_FAILED = 200;

/** One key for one addressee. */
export function laneOf(to: Target): string {
  const [kind, id] = Object.entries(to)[0] as [string, string];
  return `${kind}:${id}`;
}

export function unsentOf({ clientId, to, text, at, order, failure, deed, looks }: Outgoing): Unsent {
  return { clientId, to, text, at, order, ...(failure ? { failure } : {}), ...(deed ? { deed } : {}), ...(looks ? { looks } : {}) };
}

export function entryOf(unsent: Unsent, asked: boolean, foreign: boolean): Entry {
  const { clientId, to, text, at, order, failure, deed, looks } = unsent;
  const more = { ...(failure ? { failure } : {}), ...(deed ? { deed } : {}), ...(looks ? { looks } : {}) };
  const outgoing: Outgoing = { clientId, to, text, at, order, state: 'waiting', ...more };
  return { outgoing, lane: laneOf(to), asked, foreign, tries: 0, refusals: 0, posting: false };
}

export class Lanes {
  private readonly lanes = new Map<string, Entry[]>();
  private readonly failed = new Map<string, Entry>();
  private last = 0;

  /** A place behind everything seen so far; by the clock, so that tabs that know nothing of each other agree. */
  next(now: number): number {
    this.last = Math.max(this.last + 1, now);
    return this.last;
  }

  /** Something stands at `order`: what is said from now on comes behind it. */
  behind(order: number): void {
    this.last = Math.max(this.last, order);
  }

  names(): string[] {
    return [...this.lanes.keys()];
  }

  head(lane: string): Entry | undefined {
    return this.lanes.get(lane)?.[0];
  }

  /** Puts `entry` in its place, but never before one that is on its way. */
  add(entry: Entry): void {
    this.behind(entry.outgoing.order);
    const lane = this.lanes.get(entry.lane) ?? [];
    this.lanes.set(entry.lane, lane);
    let at = lane.length;
    while (at > 0 && isBefore(entry, lane[at - 1] as Entry) && !isUnderWay(lane[at - 1] as Entry)) at -= 1;
    lane.splice(at, 0, entry);
  }

  find(clientId: string): Entry | undefined {
    for (const lane of this.lanes.values()) {
      const entry = lane.find(({ outgoing }) => outgoing.clientId === clientId);
      if (entry) return entry;
    }
    return undefined;
  }

  /** Takes an entry out, if it is waiting or under way. */
  remove(clientId: string): Entry | undefined {
    const entry = this.find(clientId);
    if (!entry) return undefined;
    entry.timer?.cancel();
    entry.timer = undefined;
    const rest = (this.lanes.get(entry.lane) ?? []).filter((other) => other !== entry);
    if (rest.length > 0) this.lanes.set(entry.lane, rest);
    else this.lanes.delete(entry.lane);
    return entry;
  }

  fail(entry: Entry): void {
    this.behind(entry.outgoing.order);
    this.failed.set(entry.outgoing.clientId, entry);
    const [oldest] = this.failed.keys();
    if (oldest && this.failed.size > KEEP_FAILED) this.failed.delete(oldest);
  }

  takeFailed(clientId: string): Entry | undefined {
    const entry = this.failed.get(clientId);
    this.failed.delete(clientId);
    return entry;
  }

  has(clientId: string): boolean {
    return this.failed.has(clientId) || this.find(clientId) !== undefined;
  }

  /** Everything that is waiting or under way. */
  entries(): Entry[] {
    return [...this.lanes.values()].flat();
  }

  /** Everything unanswered or failed, in order. */
  all(): Outgoing[] {
    return [...this.failed.values(), ...this.entries()].map(({ outgoing }) => outgoing).sort((a, b) => a.order - b.order);
  }
}

function isUnderWay({ outgoing, posting, timer }: Entry): boolean {
  return outgoing.state === 'sending' || posting || timer !== undefined;
}

function isBefore({ outgoing: a }: Entry, { outgoing: b }: Entry): boolean {
  return a.order === b.order ? a.clientId < b.clientId : a.order < b.order;
}
