// The left column: my customers and the queue, in the look of LayIM's lists.

import { shortText } from '../bridge/said';
import { avatar, el, set } from '../layim/dom';
import { shortTime } from '../layim/time';
import { lang } from '../page/texts';
import type { Served, Waiting } from '../service/shapes';
import type { Book } from './book';
import { d, type DeskText, lasting } from './texts';

export interface ListOptions {
  book: Book;
  open(one: Served): void;
  take(waiting: Waiting): void;
  current(): string | undefined;
}

/** Milliseconds after the last key of a search. */
const PAUSE = 250;

export class List {
  readonly root: HTMLElement;
  private readonly customers = el('ul.layui-layim-list.layim-list-history', { 'aria-label': d('mine') });
  private readonly queue = el('ul.layui-layim-list', { 'aria-label': d('queue'), hidden: true });
  private readonly tabs: HTMLButtonElement[];
  private tab: 'mine' | 'queue' = 'mine';
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ListOptions) {
    const { book } = options;
    const search = el('input', { type: 'search', placeholder: d('search'), 'aria-label': d('search') });
    search.addEventListener('input', () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        book.query = search.value.trim();
        this.show('mine');
        book.readList().catch(() => undefined);
      }, PAUSE);
    });
    const hidden = el('input', { type: 'checkbox' });
    hidden.addEventListener('change', () => {
      book.withHidden = hidden.checked;
      book.readList().catch(() => undefined);
    });
    this.tabs = (['mine', 'queue'] as const).map((name) => {
      const made = el('button', { type: 'button', 'data-tab': name, 'aria-pressed': 'false' }, d(name), el('em', { hidden: true }));
      made.addEventListener('click', () => this.show(name));
      return made;
    });
    this.root = el(
      'div.layui-layim.layim-docked.webim-list',
      {},
      el('div.webim-search', {}, search),
      el('nav.webim-tabs', {}, ...this.tabs),
      el('div.webim-scroll', {}, this.customers, this.queue),
      el('label.webim-hidden', {}, hidden, d('hidden')),
    );
    book.on('list', () => this.draw());
    book.on('one', () => this.draw());
    book.on('queue', () => this.drawQueue());
    // Waiting grows without a word of the server's.
    setInterval(() => this.draw(), 15_000);
    this.show('mine');
  }

  show(tab: 'mine' | 'queue'): void {
    this.tab = tab;
    this.customers.hidden = tab !== 'mine';
    this.queue.hidden = tab !== 'queue';
    for (const button of this.tabs) set(button, { 'aria-pressed': String(button.dataset['tab'] === tab) });
    this.draw();
    this.drawQueue();
  }

  draw(): void {
    const { book } = this.options;
    const all = book.sorted();
    const waiting = all.filter((one) => one.waiting_since && one.agent?.id === book.me).length;
    this.badge('mine', waiting);
    if (this.tab !== 'mine') return;
    const focused = (document.activeElement as HTMLElement | null)?.dataset['conversation'];
    this.customers.replaceChildren(...(all.length > 0 ? all.map((one) => this.item(one)) : [el('li.layim-null', {}, d('none'))]));
    if (book.next) {
      const more = el('li.webim-next', {}, el('button.webim-link', { type: 'button' }, '…'));
      more.addEventListener('click', () => void book.readList(true).catch(() => undefined));
      this.customers.append(more);
    }
    if (focused) this.customers.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(focused)}"]`)?.focus();
  }

  private drawQueue(): void {
    const { book, take } = this.options;
    this.badge('queue', book.waiting.length);
    if (this.tab !== 'queue') return;
    const items = book.waiting.map((waiting) => {
      const button = el('button.webim-small', { type: 'button' }, d('take'));
      button.addEventListener('click', () => take(waiting));
      return el(
        'li.webim-waiting', { 'data-conversation': waiting.conversation, 'layim-event': 'waiting' },
        avatar(waiting.customer.avatar), el('span', { dir: 'auto' }, waiting.customer.name),
        el('p', {}, `${waiting.channel} · ${d('waits', { time: lasting(Date.now() - waiting.since) })}`), button,
      );
    });
    this.queue.replaceChildren(...(items.length > 0 ? items : [el('li.layim-null', {}, d('noneQueue'))]));
  }

  private badge(name: 'mine' | 'queue', count: number): void {
    const badge = this.tabs.find((tab) => tab.dataset['tab'] === name)?.querySelector('em');
    if (!badge) return;
    badge.hidden = count === 0;
    badge.textContent = String(count);
  }

  private item(one: Served): HTMLElement {
    const { book, open, current } = this.options;
    const { conversation, customer, last, unread, waiting_since: since, owner, contact_at: at } = one;
    const ahead = book.ahead.get(conversation);
    const text = ahead ? d('ahead', { text: ahead }) : last ? shortText(last, lang().startsWith('zh')) : '';
    const item = el(
      'li',
      {
        class: `layim-kefu${conversation}${conversation === current() ? ' layim-current' : ''}${customer.online ? '' : ' layim-list-gray'}`,
        'data-conversation': conversation, 'data-shows': customer.online ? 'online' : 'offline', role: 'button', tabindex: 0, 'layim-event': 'customer',
      },
      avatar(customer.avatar),
      el('span', { dir: 'auto' }, customer.name),
      el('p', { dir: 'auto' }, el('b', { class: `webim-holder webim-holder-${one.holder}` }, holderText(one, book.me)), text),
      unread > 0 && el('span.layim-msg-status', {}, unread > 99 ? '99+' : String(unread)),
      el('time', { datetime: new Date(at).toISOString() }, shortTime(at, Date.now())),
      since ? el('i.webim-since', {}, lasting(Date.now() - since)) : owner && el('i.webim-own', {}, d('own')),
    );
    const go = () => open(one);
    item.addEventListener('click', go);
    item.addEventListener('keydown', ({ key }) => {
      if (key === 'Enter' || key === ' ') go();
    });
    return item;
  }
}

/** Who must answer, in a word. */
export function holderText({ holder, agent, visit }: Pick<Served, 'holder' | 'agent' | 'visit'>, me: string): string {
  const words: Record<Served['holder'], DeskText> = { robot: 'robot', queue: 'inQueue', nobody: 'nobody', agent: 'me' };
  if (!visit) return d('visitClosed');
  if (holder === 'agent' && agent && agent.id !== me) return agent.name;
  return d(words[holder]);
}
