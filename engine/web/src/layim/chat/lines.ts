// The messages of one chat: in order of their numbers, what is on its way last. All are held, a window of them is drawn,
// and the window moves as one scrolls; so a chat of ten thousand costs no more than one of a hundred.

import type { BubbleChange, Id } from '../contract';
import { el, set } from '../dom';
import { beforePaint } from '../paint';
import { plusOptions } from '../state';
import { t } from '../texts';
import { bubble, changeBubble, type Line, showState } from './bubble';
import { dress, undress } from './days';
import { Scroll } from './scroll';

/** Entries drawn at most, and how many more come or go at a time. */
const DRAWN = 120;
const STEP = 40;
/** Entries held at most; beyond, the oldest are forgotten and can be asked for again. */
const HELD = 12_000;

export interface Entry {
  line: Line;
  item?: HTMLLIElement | undefined;
  heading?: HTMLLIElement | undefined;
}

export interface LinesEvents {
  /** One has scrolled to the oldest that is held. */
  top(before: number | undefined): void;
  /** The newest came into sight. */
  bottom(): void;
}

export class Lines {
  readonly main: HTMLElement;
  readonly list: HTMLUListElement;
  /** The button that leads back to the newest message. */
  readonly jumpButton: HTMLButtonElement;
  private readonly top: HTMLElement;
  private readonly scroll: Scroll;
  private entries: Entry[] = [];
  private readonly byCid = new Map<string, Entry>();
  /** What is drawn: entries from `from` up to, not including, `to`. */
  private from = 0;
  private to = 0;
  private more: boolean;
  private isAsking = false;
  private fresh = 0;

  constructor(name: string, private readonly hostHistory: boolean, private readonly events: LinesEvents) {
    this.more = hostHistory;
    this.list = el('ul', { role: 'log', 'aria-label': t('messages', { name }), 'aria-live': 'polite' });
    this.top = el('div.layim-chat-top', {}, el('span'));
    this.main = el('div.layim-chat-main', { tabindex: 0, 'aria-label': t('messages', { name }) }, hostHistory && this.top, this.list);
    this.jumpButton = el('button.layim-chat-jump', { type: 'button', hidden: true, 'layim-event': 'toBottom' });
    this.scroll = new Scroll(this.main, this.list, {
      isNewest: () => this.to === this.entries.length,
      moved: (arrived) => this.moved(arrived),
      grown: () => this.askIfShort(),
    });
    // Hosts take messages out of the page; what stood around them goes at once.
    new MutationObserver((records) => void (records.some(({ removedNodes }) => removedNodes.length > 0) && this.sync())).observe(this.list, { childList: true });
    this.drawTop();
  }

  get size(): number {
    return this.entries.length;
  }

  get atBottom(): boolean {
    return this.scroll.isStuck;
  }

  has(cid: Id): boolean {
    return this.byCid.has(String(cid));
  }

  find(cid: Id): Line | undefined {
    return this.byCid.get(String(cid))?.line;
  }

  /** Takes a message where its number belongs; false if it is held already. */
  add(line: Line): boolean {
    if (this.byCid.has(line.cid)) return false;
    this.sync();
    const wasNewest = this.to === this.entries.length;
    const { isStuck } = this.scroll;
    const drawn = this.to - this.from;
    this.insert({ line }, { atEnd: wasNewest && (isStuck || drawn < DRAWN + STEP), atTop: isStuck && this.from === 0 && drawn < DRAWN });
    if (line.mine && !line.system) this.toBottom();
    else if (this.scroll.isStuck) this.scroll.keep();
    else if (!line.system) this.count(this.fresh + 1);
    if (this.scroll.isStuck) this.trimTop();
    this.drawTop();
    this.forgetOldest();
    return true;
  }

  /** Takes older messages, oldest first, and keeps what is being read where it is. */
  older(lines: Line[], more: boolean): void {
    this.sync();
    for (const line of lines) if (!this.byCid.has(line.cid)) this.insert({ line }, { atEnd: this.entries.length === this.to, atTop: false });
    this.more = more;
    this.isAsking = false;
    this.drawTop();
    if (this.scroll.isStuck) {
      this.drawEnd();
      this.scroll.keep();
    } else if (this.scroll.isNearTop) {
      this.drawUp();
    }
    this.askIfShort();
  }

  olderFailed(): void {
    this.isAsking = false;
    const again = el('button', { type: 'button', 'layim-event': 'older' }, t('olderFailed'));
    this.top.firstElementChild?.replaceChildren(again);
  }

  /** Asks for what is before the first message held. */
  ask(): void {
    if (!this.more || this.isAsking) return;
    this.isAsking = true;
    this.top.firstElementChild?.replaceChildren(el('i.layim-spin', { 'aria-hidden': 'true' }), t('loading'));
    this.events.top(this.entries.find(({ line }) => line.seq !== undefined)?.line.seq);
  }

  /** Forgets all that has a number; what is on its way or failed stays. */
  renew(): void {
    this.sync();
    this.undraw(this.from, this.to);
    for (const { line } of this.entries) if (line.seq !== undefined) this.byCid.delete(line.cid);
    this.entries = this.entries.filter(({ line }) => line.seq === undefined);
    this.from = 0;
    this.to = 0;
    this.drawEnd();
    this.more = this.hostHistory;
    this.isAsking = false;
    this.scroll.keep(true);
    this.ask();
  }

  change(cid: Id, change: BubbleChange): boolean {
    const entry = this.byCid.get(String(cid));
    if (!entry) return false;
    const { line } = entry;
    if (change.cid !== undefined) {
      this.byCid.delete(line.cid);
      line.cid = String(change.cid);
      this.byCid.set(line.cid, entry);
    }
    changeBubble(line, entry.item, change);
    if (change.seq !== undefined && line.seq === undefined) {
      line.seq = change.seq;
      if (entry.item) set(entry.item, { 'data-seq': change.seq });
      const at = this.entries.indexOf(entry);
      const before = this.entries[at - 1]?.line.seq ?? (at === 0 ? -Infinity : Infinity);
      const after = this.entries[at + 1]?.line.seq ?? Infinity;
      if (before > change.seq || after < change.seq) this.move(entry, at);
    }
    return true;
  }

  readUpTo(seq: number): void {
    for (let at = this.entries.length - 1; at >= 0; at -= 1) {
      const { line, item } = this.entries[at] as Entry;
      if ((line.seq ?? Infinity) > seq) continue;
      if (line.state === 'read') return;
      if (line.state !== 'sent') continue;
      line.state = 'read';
      if (item) showState(item, 'read');
    }
  }

  toBottom(): void {
    this.drawEnd();
    this.scroll.keep(true);
    this.count(0);
  }

  /** The chat came to the front: what was hidden could not scroll. */
  shown(): void {
    if (this.scroll.isStuck) this.scroll.keep(true);
    this.askIfShort();
  }

  /** Puts a node above the messages, such as the line that leads to the host's log. */
  head(node: HTMLElement | undefined): void {
    this.main.querySelector(':scope > .layim-chat-system')?.remove();
    if (node) this.list.before(node);
  }

  // What a host has taken out of the page by itself is not held any more.
  private sync(): void {
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
  private insert(entry: Entry, { atEnd, atTop }: { atEnd: boolean; atTop: boolean }): void {
    const { seq } = entry.line;
    let at = this.entries.length;
    if (seq !== undefined) while (at > 0 && (this.entries[at - 1]?.line.seq ?? Infinity) > seq) at -= 1;
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

  private move(entry: Entry, at: number): void {
    if (entry.item) this.undraw(at, at + 1);
    this.entries.splice(at, 1);
    if (at < this.from) this.from -= 1;
    if (at < this.to) this.to -= 1;
    this.byCid.delete(entry.line.cid);
    this.insert(entry, { atEnd: true, atTop: this.from === 0 });
    this.redress(at);
  }

  /** Makes the item of the entry at `at`, whose neighbours may be drawn already. */
  private draw(at: number): void {
    const entry = this.entries[at] as Entry;
    entry.item = bubble(entry.line);
    let next: Entry | undefined;
    for (let after = at + 1; after < this.to && !next; after += 1) if (this.entries[after]?.item) next = this.entries[after];
    this.list.insertBefore(entry.item, next ? (next.heading ?? next.item ?? null) : null);
    this.redress(at);
    this.redress(at + 1);
  }

  private redress(at: number): void {
    const entry = this.entries[at];
    if (entry?.item) dress(entry, this.entries[at - 1], this.hostHistory);
  }

  private undraw(from: number, to: number): void {
    for (const entry of this.entries.slice(from, to)) undress(entry);
  }

  /** Draws the newest, wherever one was. */
  private drawEnd(): void {
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

  private trimTop(): void {
    if (this.to - this.from <= DRAWN + STEP) return;
    const from = this.to - DRAWN;
    this.undraw(this.from, from);
    this.from = from;
  }

  private drawUp(): void {
    if (this.from === 0) return;
    // What is old is not read aloud as if it were new.
    this.list.setAttribute('aria-busy', 'true');
    beforePaint(`busy${this.list.getAttribute('aria-label')}`, () => this.list.removeAttribute('aria-busy'));
    this.scroll.hold(() => {
      for (let n = 0; n < STEP && this.from > 0; n += 1) {
        this.from -= 1;
        this.draw(this.from);
      }
    });
    if (this.to - this.from <= DRAWN + STEP) return;
    const to = this.from + DRAWN;
    this.undraw(to, this.to);
    this.to = to;
  }

  private drawDown(): void {
    for (let n = 0; n < STEP && this.to < this.entries.length; n += 1) {
      this.to += 1;
      this.draw(this.to - 1);
    }
    if (this.to - this.from > DRAWN + STEP) this.scroll.hold(() => this.trimTop());
  }

  private moved(arrived: boolean): void {
    this.sync();
    this.count(this.scroll.isStuck ? 0 : this.fresh);
    if (this.scroll.isStuck) this.trimTop();
    if (arrived) this.events.bottom();
    if (this.scroll.isNearBottom && this.to < this.entries.length) this.drawDown();
    if (!this.scroll.isNearTop || this.scroll.isStuck) return;
    if (this.from > 0) this.drawUp();
    else this.ask();
  }

  private askIfShort(): void {
    if (!this.scroll.isShort) return;
    if (this.from > 0) this.drawUp();
    else this.ask();
  }

  private count(fresh: number): void {
    this.fresh = fresh;
    this.jumpButton.hidden = this.scroll.isStuck;
    const text = fresh > 0 ? t('newMessages', { n: fresh }) : t('toBottom');
    if (this.jumpButton.textContent !== text) this.jumpButton.textContent = text;
  }

  private drawTop(): void {
    if (this.isAsking || !this.hostHistory) return;
    const isEmpty = this.entries.length === 0;
    const text = this.more ? '' : isEmpty ? t('empty') : t('noOlder');
    const place = this.top.firstElementChild;
    if (place && place.textContent !== text) place.replaceChildren(text);
    this.top.classList.toggle('layim-chat-empty', isEmpty && !this.more);
  }

  private forgetOldest(): void {
    if (this.entries.length <= HELD || this.from < STEP) return;
    for (const { line } of this.entries.splice(0, STEP)) this.byCid.delete(line.cid);
    this.from -= STEP;
    this.to -= STEP;
    this.more = plusOptions().hostHistory === true;
  }
}
