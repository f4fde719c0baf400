// The messages of one chat: in order of their numbers, what is on its way last, with a heading for each day.

import type { BubbleState, Id } from '../contract';
import { el, set } from '../dom';
import { t } from '../texts';
import { dayName, dayOf, fullTime } from '../time';
import { bubble, type Line, showState } from './bubble';

/** Entries drawn; beyond, the oldest go while one looks at the newest. */
const DRAWN = 300;
/** Messages of one sender within this time (ms) stand together. */
const TOGETHER = 5 * 60_000;
/** Pixels from an end that count as being there. */
const NEAR = 60;

export interface LinesEvents {
  /** One has scrolled to the oldest that is drawn. */
  top(before: number | undefined): void;
  /** The newest came into sight. */
  bottom(): void;
}

export class Lines {
  readonly main: HTMLElement;
  readonly list: HTMLUListElement;
  private readonly top: HTMLElement;
  private readonly jump: HTMLButtonElement;
  private readonly items = new Map<string, HTMLLIElement>();
  private more: boolean;
  private isAsking = false;
  private isStuck = true;
  private fresh = 0;

  constructor(name: string, hostHistory: boolean, private readonly events: LinesEvents) {
    this.more = hostHistory;
    this.list = el('ul', { role: 'log', 'aria-label': t('messages', { name }), 'aria-live': 'polite' });
    this.top = el('div.layim-chat-system.layim-chat-top', {}, el('span'));
    this.main = el('div.layim-chat-main', { tabindex: 0, 'aria-label': t('messages', { name }) }, this.top, this.list);
    this.jump = el('button.layim-chat-jump', { type: 'button', hidden: true, 'layim-event': 'toBottom' });
    this.main.addEventListener('scroll', () => this.scrolled(), { passive: true });
    const grown = new ResizeObserver(() => {
      if (this.isStuck) this.toBottom();
      this.askIfShort();
    });
    grown.observe(this.main);
    grown.observe(this.list);
    this.drawTop();
  }

  /** The button that leads back to the newest message. */
  get jumpButton(): HTMLElement {
    return this.jump;
  }

  has(cid: Id): boolean {
    return this.items.has(String(cid));
  }

  /** Draws a message where its number belongs; false if it is drawn already. */
  add(line: Line): boolean {
    if (this.items.has(line.cid)) return false;
    const item = bubble(line);
    this.items.set(line.cid, item);
    this.place(item);
    this.drawTop();
    if (this.isStuck || line.mine) this.toBottom();
    else if (!line.system) this.count(this.fresh + 1);
    this.trim();
    return true;
  }

  /** Draws older messages above, and keeps what is being read where it is. */
  older(lines: Line[], more: boolean): void {
    const { scrollHeight, scrollTop } = this.main;
    for (const line of lines) {
      if (this.items.has(line.cid)) continue;
      const item = bubble(line);
      this.items.set(line.cid, item);
      this.place(item);
    }
    this.more = more;
    this.isAsking = false;
    this.drawTop();
    if (this.isStuck) this.toBottom();
    else this.main.scrollTop = scrollTop + this.main.scrollHeight - scrollHeight;
    this.askIfShort();
  }

  olderFailed(): void {
    this.isAsking = false;
    const again = el('button', { type: 'button', 'layim-event': 'older' }, t('olderFailed'));
    this.top.firstElementChild?.replaceChildren(again);
  }

  /** Asks for what is before the first message drawn. */
  ask(): void {
    if (!this.more || this.isAsking) return;
    this.isAsking = true;
    this.top.firstElementChild?.replaceChildren(el('i.layim-spin', { 'aria-hidden': 'true' }), t('loading'));
    this.events.top(this.firstSeq());
  }

  /** Forgets all that has a number; what is on its way or failed stays. */
  renew(): void {
    for (const [cid, item] of [...this.items]) {
      if (seqOf(item) === undefined) continue;
      item.remove();
      this.items.delete(cid);
    }
    for (const day of this.list.querySelectorAll('.layim-chat-day')) day.remove();
    this.more = true;
    this.isAsking = false;
    this.isStuck = true;
    this.ask();
  }

  change(cid: Id, change: { state?: BubbleState; reason?: string; cid?: Id; seq?: number; timestamp?: number }): boolean {
    const item = this.items.get(String(cid));
    if (!item) return false;
    if (change.state) showState(item, change.state, change.reason);
    if (change.cid !== undefined) {
      this.items.delete(String(cid));
      this.items.set(String(change.cid), item);
      set(item, { 'data-cid': change.cid });
    }
    if (change.timestamp !== undefined) {
      set(item, { 'data-time': change.timestamp });
      set(item.querySelector('.layim-chat-text') ?? item, { title: fullTime(change.timestamp) });
    }
    if (change.seq !== undefined && seqOf(item) === undefined) {
      set(item, { 'data-seq': change.seq });
      const next = message(item.nextElementSibling, 'nextElementSibling');
      const previous = message(item.previousElementSibling, 'previousElementSibling');
      const isPlaced = (seqOf(next) ?? Infinity) > change.seq && (seqOf(previous) ?? Infinity) < change.seq;
      if (!isPlaced || !previous) this.place(item);
    }
    return true;
  }

  readUpTo(seq: number): void {
    for (const item of this.items.values()) {
      if (item.dataset['state'] === 'sent' && (seqOf(item) ?? Infinity) <= seq) showState(item, 'read');
    }
  }

  get atBottom(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.main;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  toBottom(): void {
    this.main.scrollTop = this.main.scrollHeight;
    this.isStuck = true;
    this.count(0);
  }

  /** The chat came to the front: what was hidden could not scroll. */
  shown(): void {
    if (this.isStuck) this.toBottom();
    this.askIfShort();
  }

  private firstSeq(): number | undefined {
    for (const item of this.list.children) {
      const seq = seqOf(item);
      if (seq !== undefined) return seq;
    }
    return undefined;
  }

  private askIfShort(): void {
    if (this.main.clientHeight > 0 && this.main.scrollHeight <= this.main.clientHeight + NEAR) this.ask();
  }

  private scrolled(): void {
    const was = this.isStuck;
    this.isStuck = this.atBottom;
    if (this.isStuck) this.count(0);
    if (this.isStuck && !was) this.events.bottom();
    if (this.main.scrollTop < NEAR && !this.isStuck) this.ask();
  }

  private count(fresh: number): void {
    this.fresh = fresh;
    this.jump.hidden = this.isStuck;
    this.jump.textContent = fresh > 0 ? t('newMessages', { n: fresh }) : t('toBottom');
  }

  private drawTop(): void {
    if (this.isAsking) return;
    const text = this.more ? '' : this.items.size === 0 ? t('empty') : t('noOlder');
    this.top.firstElementChild?.replaceChildren(text);
    this.top.classList.toggle('layim-chat-empty', this.items.size === 0 && !this.more);
  }

  /** Puts an entry where its number belongs; without one it goes last. */
  private place(item: HTMLLIElement): void {
    const left = item.isConnected ? message(item.nextElementSibling, 'nextElementSibling') : undefined;
    const seq = seqOf(item);
    let after = this.list.lastElementChild;
    if (seq !== undefined) {
      while (after && (after === item || isDay(after) || (seqOf(after) ?? Infinity) > seq)) after = after.previousElementSibling;
    }
    if (after) after.after(item);
    else this.list.prepend(item);
    this.dress(item);
    this.dress(message(item.nextElementSibling, 'nextElementSibling'));
    if (left && left !== item) this.dress(left);
  }

  /** Gives an entry its day's heading, and joins it to the one before if that is from the same sender. */
  private dress(item: HTMLElement | undefined): void {
    if (!item) return;
    while (item.previousElementSibling && isDay(item.previousElementSibling)) item.previousElementSibling.remove();
    const previous = message(item.previousElementSibling, 'previousElementSibling');
    const time = Number(item.dataset['time']);
    const before = Number(previous?.dataset['time']);
    const isNewDay = !previous || dayOf(before) !== dayOf(time);
    if (isNewDay) {
      item.before(el('li.layim-chat-system.layim-chat-day', {}, el('span', {}, dayName(time, Date.now()))));
    }
    const isSame = previous?.dataset['from'] === item.dataset['from'] && !previous?.classList.contains('layim-chat-system');
    item.classList.toggle('layim-chat-joined', !isNewDay && isSame && Math.abs(time - before) < TOGETHER);
  }

  private trim(): void {
    if (!this.isStuck || this.list.childElementCount <= DRAWN + 50) return;
    for (const item of [...this.list.children].slice(0, this.list.childElementCount - DRAWN)) {
      item.remove();
      const cid = (item as HTMLElement).dataset['cid'];
      if (cid !== undefined) this.items.delete(cid);
    }
    this.more = true;
    this.dress(message(this.list.firstElementChild, 'nextElementSibling'));
  }
}

function isDay(item: Element): boolean {
  return item.classList.contains('layim-chat-day');
}

function seqOf(item: Element | undefined): number | undefined {
  const seq = item instanceof HTMLElement ? item.dataset['seq'] : undefined;
  return seq === undefined ? undefined : Number(seq);
}

/** The first entry from `item` on, in a direction, that is a message. */
function message(item: Element | null, direction: 'nextElementSibling' | 'previousElementSibling'): HTMLElement | undefined {
  let at = item;
  while (at && isDay(at)) at = at[direction];
  return (at as HTMLElement | null) ?? undefined;
}
