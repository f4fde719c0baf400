// The messages of one chat: in order of their numbers, what is on its way last. All are held, a window of them is drawn,
// and the window moves as one scrolls; so a chat of ten thousand costs no more than one of a hundred.

import type { BubbleChange, Id } from '../contract';
import { el, set } from '../dom';
import { beforePaint } from '../paint';
import { plusOptions } from '../state';
import { t } from '../texts';
import { changeBubble, type Line, showState } from './bubble';
import { DRAWN, Entries, type Entry, STEP } from './entries';
import { Scroll } from './scroll';
import { mark, Top } from './top';

/** Entries held at most; beyond, the oldest are forgotten and can be asked for again. */
const HELD = 12_000;

export interface LinesEvents {
  /** One has scrolled to the oldest that is held. */
  top(before: number | undefined): void;
  /** One has come to the newest that is held, and there are newer ones. */
  newer(after: number): void;
  /** The newest came into sight. */
  bottom(): void;
}

export class Lines extends Entries {
  readonly main: HTMLElement;
  readonly list: HTMLUListElement;
  /** The button that leads back to the newest message. */
  readonly jumpButton: HTMLButtonElement;
  private readonly top = new Top();
  private readonly scroll: Scroll;
  private more: boolean;
  private isAsking = false;
  /** What is held ends before the newest message: one looks at a place far back. */
  private isFarBack = false;
  private isAskingNewer = false;
  /** The newest that came meanwhile. */
  private passedBy = 0;
  private fresh = 0;

  constructor(name: string, hostHistory: boolean, private readonly events: LinesEvents) {
    super(hostHistory);
    this.more = hostHistory;
    this.list = el('ul', { role: 'log', 'aria-label': t('messages', { name }), 'aria-live': 'polite' });
    this.main = el('div.layim-chat-main', { tabindex: 0, 'aria-label': t('messages', { name }) }, hostHistory && this.top.root, this.list);
    this.jumpButton = el('button.layim-chat-jump', { type: 'button', hidden: true, 'layim-event': 'toBottom' });
    this.scroll = new Scroll(this.main, this.list, {
      isNewest: () => this.to === this.entries.length && !this.isFarBack,
      moved: (arrived) => this.moved(arrived),
      grown: () => this.askIfShort(),
    });
    // Hosts take messages out of the page; what stood around them goes at once.
    new MutationObserver((records) => void (records.some(({ removedNodes }) => removedNodes.length > 0) && this.sync())).observe(this.list, { childList: true });
    this.drawTop();
  }

  get atBottom(): boolean {
    return this.scroll.isStuck;
  }

  /** Takes a message where its number belongs; false if it is held already. */
  add(line: Line): boolean {
    if (this.byCid.has(line.cid)) return false;
    this.sync();
    if (this.isFarBack && line.seq !== undefined) {
      this.passedBy = Math.max(this.passedBy, line.seq);
      if (!line.mine) this.count(this.fresh + 1);
      return true;
    }
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
    // An answer to what was asked before one went far back would leave a hole.
    const end = this.isFarBack ? (this.lastSeq() ?? Infinity) : Infinity;
    const fresh = lines.filter(({ cid, seq }) => !this.byCid.has(cid) && !((seq ?? 0) > end)).map((line) => ({ line }));
    if (!this.prepend(fresh)) for (const entry of fresh) if (!this.byCid.has(entry.line.cid)) this.insert(entry, { atEnd: this.entries.length === this.to, atTop: false });
    if (!this.isFarBack || lines.some(({ seq }) => (seq ?? Infinity) <= end)) this.more = more;
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
    this.isAskingNewer = false;
    this.top.failed();
  }

  /** Asks for what is before the first message held. */
  ask(): void {
    if (!this.more || this.isAsking) return;
    this.isAsking = true;
    this.top.loading();
    this.events.top(this.entries.find(({ line }) => line.seq !== undefined)?.line.seq);
  }

  /** Forgets all that has a number; what is on its way or failed stays. */
  renew(): void {
    this.empty();
    this.drawEnd();
    this.more = this.hostHistory;
    this.scroll.keep(true);
    this.ask();
  }

  private empty(): void {
    this.sync();
    this.undraw(this.from, this.to);
    for (const { line } of this.entries) if (line.seq !== undefined) this.byCid.delete(line.cid);
    this.entries = this.entries.filter(({ line }) => line.seq === undefined);
    this.from = 0;
    this.to = 0;
    this.isFarBack = false;
    this.isAsking = false;
    this.isAskingNewer = false;
  }

  /** Holds what is around a place far back; `newer` if there is more after it. */
  around(lines: Line[], more: { older: boolean; newer: boolean }): void {
    this.empty();
    this.scroll.free();
    for (const line of lines) if (!this.byCid.has(line.cid)) this.insert({ line }, { atEnd: false, atTop: false });
    this.more = more.older;
    this.isFarBack = more.newer;
    this.passedBy = 0;
    this.drawTop();
  }

  /** Takes newer messages, oldest first. */
  newer(lines: Line[], more: boolean): void {
    if (!this.isFarBack) return;
    this.sync();
    for (const line of lines) if (!this.byCid.has(line.cid)) this.insert({ line }, { atEnd: false, atTop: false });
    this.isAskingNewer = false;
    // What came while these were read may not be among them.
    this.isFarBack = more || this.passedBy > (this.lastSeq() ?? Infinity);
    this.moved(false);
  }

  private askNewer(): void {
    const after = this.lastSeq();
    if (!this.isFarBack || this.isAskingNewer || after === undefined) return;
    this.isAskingNewer = true;
    this.events.newer(after);
  }

  /** Brings a message into sight; false if it is not held. */
  reveal(seq: number): boolean {
    const at = this.entries.findIndex(({ line }) => line.seq === seq);
    const entry = this.entries[at];
    if (!entry) return false;
    this.scroll.free();
    if (!entry.item) this.drawAround(at);
    if (entry.item) mark(entry.item);
    this.scroll.settle();
    this.count(this.scroll.isStuck ? 0 : this.fresh);
    return true;
  }

  /** A bubble goes. */
  remove(cid: Id): void {
    const entry = this.byCid.get(String(cid));
    if (!entry) return;
    this.sync();
    const at = this.entries.indexOf(entry);
    this.undraw(at, at + 1);
    this.byCid.delete(entry.line.cid);
    this.entries.splice(at, 1);
    if (at < this.from) this.from -= 1;
    if (at < this.to) this.to -= 1;
    this.redress(at);
    this.drawTop();
  }

  changeAt(seq: number, change: BubbleChange): boolean {
    const entry = this.last((line) => line.seq === seq);
    if (entry) changeBubble(entry.line, entry.item, change);
    return entry !== undefined;
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
    if (this.isFarBack) {
      this.renew();
      this.count(0);
      return;
    }
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
    else if (this.scroll.isNearBottom) this.askNewer();
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
    if (!this.isAsking && this.hostHistory) this.top.draw(this.entries.length === 0, this.more);
  }

  private forgetOldest(): void {
    if (this.entries.length <= HELD || this.from < STEP) return;
    for (const { line } of this.entries.splice(0, STEP)) this.byCid.delete(line.cid);
    this.from -= STEP;
    this.to -= STEP;
    this.more = plusOptions().hostHistory === true;
  }
}
