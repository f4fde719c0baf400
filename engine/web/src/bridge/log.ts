// The page of everything that was said in a chat: by day, by words, and from each line the way to its place.

import { openDialog } from '../layim/dialog';
import { el } from '../layim/dom';
import type { ChatData } from '../layim/contract';
import { fullTime } from '../layim/time';
import { type Client, isSaid, RestError } from '../sdk';
import type { Message } from '../generated/types';
import type { People } from './people';
import { whyNot } from './refusals';
import { shortText } from './said';
import { marked, search } from './search';

export interface LogOptions {
  client: Client;
  people: People;
  isChinese: boolean;
  chat: ChatData;
  conversation: string | undefined;
  /** Leads to a message in its chat. */
  show(seq: number): void;
}

const PAGE = 50;
const DAY = 86_400_000;

const zh = {
  title: '与 {name} 的聊天记录', search: '搜索聊天记录', day: '按日期查看', older: '更早的消息', newer: '更新的消息', none: '没有找到消息', loading: '加载中…', close: '关闭', all: '回到最新',
};
const en: typeof zh = {
  title: 'History with {name}', search: 'Search this history', day: 'Go to a day', older: 'Earlier messages', newer: 'Later messages', none: 'No message was found', loading: 'Loading…', close: 'Close', all: 'To the newest',
};

interface Row {
  seq: number;
  sender: string | null | undefined;
  time: number;
  line: (string | { mark: string })[];
}

export class LogPage {
  private readonly words: typeof zh;
  private readonly list = el('ul.layim-log-list', { 'aria-live': 'polite' });
  private readonly field: HTMLInputElement;
  private readonly day: HTMLInputElement;
  private readonly olderButton: HTMLButtonElement;
  private readonly newerButton: HTMLButtonElement;
  private from = 0;
  private to = 0;
  /** Counts what was asked, so that a late answer to an old question is dropped. */
  private asked = 0;

  constructor(private readonly options: LogOptions) {
    const words = options.isChinese ? zh : en;
    this.words = words;
    this.field = el('input.layui-input', { type: 'search', placeholder: words.search, 'aria-label': words.search, maxlength: 200 });
    this.day = el('input.layui-input', { type: 'date', 'aria-label': words.day, title: words.day, max: dayText(Date.now()) });
    const button = (label: string, run: () => void) => {
      const made = el('button.layim-log-more', { type: 'button', hidden: true }, label);
      made.addEventListener('click', run);
      return made;
    };
    this.olderButton = button(words.older, () => void this.more('older'));
    this.newerButton = button(words.newer, () => void this.more('newer'));
    const all = button(words.all, () => {
      this.field.value = '';
      this.day.value = '';
      void this.newest();
    });
    all.hidden = false;
    this.listen();
    const content = el('div.layim-log', {}, el('div.layim-log-head', {}, this.field, this.day, all), el('div.layim-log-body', { tabindex: -1 }, this.olderButton, this.list, this.newerButton));
    openDialog({ title: words.title.replace('{name}', options.chat.name), content, width: 480, isAside: true, id: 'layui-layim-chatlog', closeLabel: words.close });
    void this.newest();
  }

  private listen(): void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    this.field.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(() => void (this.field.value.trim() === '' ? this.newest() : this.find()), 250);
    });
    this.day.addEventListener('change', () => void (this.day.value === '' ? this.newest() : this.goTo(new Date(`${this.day.value}T00:00:00`).getTime())));
    this.list.addEventListener('click', (event) => {
      const item = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-seq]') : null;
      if (item) this.options.show(Number(item.dataset['seq']));
    });
  }

  private history(range: { before?: number; after?: number; limit?: number }): Promise<{ items: Message[]; more: boolean }> {
    const { client, conversation } = this.options;
    return conversation === undefined ? Promise.resolve({ items: [], more: false }) : client.history(conversation, range);
  }

  /** Runs what asks; an answer to an older question is dropped, and a refusal is said. */
  private async ask(run: (isStill: () => boolean) => Promise<void>): Promise<void> {
    this.asked += 1;
    const { asked } = this;
    try {
      await run(() => asked === this.asked);
    } catch (error) {
      if (asked !== this.asked) return;
      const { code, message } = error instanceof RestError ? error : new RestError('internal', 0, String(error));
      this.list.replaceChildren(el('li.layim-null', { role: 'alert' }, whyNot({ code, reason: message }, this.options.isChinese)));
    }
  }

  private newest(): Promise<void> {
    return this.ask(async (isStill) => {
      const { items, more } = await this.history({ limit: PAGE });
      if (!isStill()) return;
      await this.show(items, { older: more, newer: false });
      this.list.lastElementChild?.scrollIntoView({ block: 'end' });
    });
  }

  /** The day's first message, and what follows; times grow with the numbers, so it is found by halves. */
  private goTo(time: number): Promise<void> {
    return this.ask(async (isStill) => {
      const newest = await this.history({ limit: 1 });
      let low = 0;
      let high = newest.items.at(-1)?.seq ?? 0;
      while (low < high && isStill()) {
        const middle = Math.floor((low + high) / 2);
        const [next] = (await this.history({ after: middle, limit: 1 })).items;
        if (next && next.time < time) low = next.seq;
        else high = middle;
      }
      const { items, more } = await this.history({ after: low, limit: PAGE });
      if (!isStill()) return;
      const isThatDay = items.some((message) => message.time < time + DAY);
      await this.show(isThatDay ? items : [], { older: low > 0, newer: more });
      if (!isThatDay) [this.from, this.to] = [low + 1, low];
      this.list.firstElementChild?.scrollIntoView({ block: 'start' });
    });
  }

  private more(way: 'older' | 'newer'): Promise<void> {
    return this.ask(async (isStill) => {
      const { items, more } = await this.history(way === 'older' ? { before: this.from, limit: PAGE } : { after: this.to, limit: PAGE });
      if (!isStill()) return;
      const rows = await this.rows(items);
      this.list.querySelector('.layim-null')?.remove();
      if (way === 'older') this.list.prepend(...rows);
      else this.list.append(...rows);
      if (way === 'older') [this.from, this.olderButton.hidden] = [items[0]?.seq ?? this.from, !more];
      else [this.to, this.newerButton.hidden] = [items.at(-1)?.seq ?? this.to, !more];
    });
  }

  private async show(items: Message[], more: { older: boolean; newer: boolean }): Promise<void> {
    this.from = items[0]?.seq ?? 0;
    this.to = items.at(-1)?.seq ?? 0;
    this.put(await this.rows(items), more);
  }

  private put(rows: HTMLElement[], more: { older: boolean; newer: boolean }): void {
    this.olderButton.hidden = !more.older;
    this.newerButton.hidden = !more.newer;
    this.list.replaceChildren(...(rows.length > 0 ? rows : [el('li.layim-null', {}, this.words.none)]));
  }

  private find(): Promise<void> {
    return this.ask(async (isStill) => {
      const { client, conversation } = this.options;
      const found = conversation === undefined ? undefined : await search(client, { q: this.field.value.trim(), in: 'messages', conversation, limit: PAGE });
      const rows = await Promise.all((found?.messages ?? []).map(({ item, shown, spans }) => this.row({ seq: item.seq, sender: item.sender, time: item.time, line: marked(shown, spans) })));
      if (isStill()) this.put(rows, { older: false, newer: false });
    });
  }

  private rows(items: Message[]): Promise<HTMLElement[]> {
    const { isChinese } = this.options;
    const said = items.filter((message) => isSaid(message) && message.kind !== 'recalled');
    return Promise.all(said.map((message) => this.row({ seq: message.seq, sender: message.sender, time: message.time, line: [shortText(message, isChinese)] })));
  }

  private async row({ seq, sender, time, line }: Row): Promise<HTMLElement> {
    const { people } = this.options;
    const name = sender ? (people.known(sender) ?? (await people.find(sender))).name : '';
    const words = line.map((part) => (typeof part === 'string' ? part : el('mark', {}, part.mark)));
    return el('li', {}, el('button', { type: 'button', 'data-seq': seq }, el('b', { dir: 'auto' }, name), el('time', { datetime: new Date(time).toISOString() }, fullTime(time)), el('span', { dir: 'auto' }, ...words)));
  }
}

function dayText(time: number): string {
  return fullTime(time).slice(0, 10);
}
