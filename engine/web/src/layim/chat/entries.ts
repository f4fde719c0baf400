// The messages of one chat as they are held and as far as they are drawn: in order of their numbers, what has none yet
// last.

import type { Id } from '../contract';
import { bubble, type Line } from './bubble';
import { dress, undress } from './days';

/** Entries drawn at most, and how many more come or go at a time. */
export const DRAWN = 120;
export const STEP = 24;

export interface Entry {
  line: Line;
  item?: HTMLLIElement | undefined;
  heading?: HTMLLIElement | undefined;
}

export abstract class Entries {
  abstract readonly list: HTMLUListElement;
  protected entries: Entry[] = [];
  protected readonly byCid = new Map<string, Entry>();
  /** What is drawn: entries from `from` up to, not including, `to`. */
  protected from = 0;
  protected to = 0;

  constructor(protected readonly hostHistory: boolean) {}

  get size(): number {
    return this.entries.length;
  }

  has(cid: Id): boolean {
    return this.byCid.has(String(cid));
  }

  find(cid: Id): Line | undefined {
    return this.byCid.get(String(cid))?.line;
  }

  // What a host has taken out of the page by itself is not held any more.
  protected sync(): void {
    for (let at = this.to - 1; at >= this.from; at -= 1) {
      const entry = this.entries[at] as Entry;
      if (!entry.item || entry.item.parentNode === this.list) continue;
      entry.heading?.remove();
      this.byCid.delete(entry.line.cid);
      this.entries.splice(at, 1);
      this.to -= 1;
    }
  }

  /** Puts an entry among the others; drawn if it lies in what is drawn, or at an edge of that where the caller says so. */
  protected insert(entry: Entry, { atEnd, atTop }: { atEnd: boolean; atTop: boolean }): void {
    const { seq } = entry.line;
    const at = seq === undefined ? this.entries.length : this.placeOf(seq);
    this.entries.splice(at, 0, entry);
    this.byCid.set(entry.line.cid, entry);
    const isFirst = this.to === this.from;
    const isBelowTop = at > this.from || (at === this.from && (atTop || isFirst));
    const isDrawn = isBelowTop && (at < this.to || (at === this.to && (atEnd || isFirst)));
    if (isDrawn) {
      this.to += 1;
      this.draw(at);
    } else if (at <= this.from) {
      this.from += 1;
      this.to += 1;
    }
  }

  /** Puts entries before all others, undrawn, if that is where they belong; in one go, since each costs as much as all. */
  protected prepend(fresh: Entry[]): boolean {
    const first = this.entries[0]?.line.seq;
    const seqs = [...fresh.map(({ line }) => line.seq ?? Infinity), first ?? -Infinity];
    if (this.to === this.from || seqs.some((seq, at) => at > 0 && seq <= (seqs[at - 1] ?? 0))) return false;
    this.entries = [...fresh, ...this.entries];
    for (const entry of fresh) this.byCid.set(entry.line.cid, entry);
    this.from += fresh.length;
    this.to += fresh.length;
    return true;
  }

  /** The place after the last with this number or a lower one; what has no number stands behind them all. */
  private placeOf(seq: number): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.entries[middle]?.line.seq ?? Infinity) > seq) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  protected move(entry: Entry, at: number): void {
    if (entry.item) this.undraw(at, at + 1);
    this.entries.splice(at, 1);
    if (at < this.from) this.from -= 1;
    if (at < this.to) this.to -= 1;
    this.byCid.delete(entry.line.cid);
    this.insert(entry, { atEnd: true, atTop: this.from === 0 });
    this.redress(at);
  }

  /** Makes the item of the entry at `at`, whose neighbours may be drawn already. */
  protected draw(at: number): void {
    const entry = this.entries[at] as Entry;
    entry.item = bubble(entry.line);
    let next: Entry | undefined;
    for (let after = at + 1; after < this.to && !next; after += 1) if (this.entries[after]?.item) next = this.entries[after];
    this.list.insertBefore(entry.item, next ? (next.heading ?? next.item ?? null) : null);
    this.redress(at);
    this.redress(at + 1);
  }

  protected redress(at: number): void {
    const entry = this.entries[at];
    if (entry?.item) dress(entry, this.entries[at - 1], this.hostHistory);
  }

  protected undraw(from: number, to: number): void {
    for (const entry of this.entries.slice(from, to)) undress(entry);
  }

  /** Draws the newest, wherever one was. */
  protected drawEnd(): void {
    const from = Math.max(0, this.entries.length - DRAWN);
    if (this.to < from) {
      this.undraw(this.from, this.to);
      this.from = from;
      this.to = from;
    }
    while (this.to < this.entries.length) {
      this.to += 1;
      this.draw(this.to - 1);
    }
    while (this.from > 0 && this.to - this.from < STEP) {
      this.from -= 1;
      this.draw(this.from);
    }
    this.trimTop();
  }

  protected drawAround(at: number): void {
    this.undraw(this.from, this.to);
    this.from = Math.max(0, at - DRAWN / 2);
    this.to = this.from;
    const end = Math.min(this.entries.length, at + DRAWN / 2);
    while (this.to < end) {
      this.to += 1;
      this.draw(this.to - 1);
    }
  }

  protected trimTop(): void {
    if (this.to - this.from <= DRAWN + STEP) return;
    const from = this.to - DRAWN;
    this.undraw(this.from, from);
    this.from = from;
  }

  protected lastSeq(): number | undefined {
    return this.last(({ seq }) => seq !== undefined)?.line.seq;
  }

  /** The last entry whose line fits. */
  protected last(fits: (line: Line) => boolean): Entry | undefined {
    for (let at = this.entries.length - 1; at >= 0; at -= 1) {
      const entry = this.entries[at];
      if (entry && fits(entry.line)) return entry;
    }
    return undefined;
  }
}
