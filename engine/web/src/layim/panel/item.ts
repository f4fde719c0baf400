// One line of a list: picture, name, a line below, the number of unread messages.

import type { ChatData } from '../contract';
import { avatar, el, keyOf, set } from '../dom';
import { pictureAddress } from '../markup/address';
import { front, shows, unread } from '../state';
import { t } from '../texts';

export interface ItemOptions {
  data: Pick<ChatData, 'type' | 'id' | 'name' | 'avatar'>;
  /** What `data-type` says, and the place `data-index` names in that list. */
  from: string;
  index: string | number;
  line: string | undefined;
  status?: string | undefined;
}

/** The list entry. Hosts read the id from its first class. */
export function listItem({ data, from, index, line, status }: ItemOptions): HTMLLIElement {
  const key = keyOf(data);
  const item = el(
    'li',
    {
      class: `layim-${key}`,
      'layim-event': 'chat',
      'data-type': from,
      'data-index': index,
      'data-key': key,
      role: 'button',
      tabindex: -1,
      title: data.name,
    },
    avatar(pictureAddress(data.avatar)),
    el('span', { dir: 'auto' }, String(data.name ?? '')),
    el('p', { dir: 'auto' }, String(line ?? '')),
    el('span.layim-msg-status', { hidden: true }),
  );
  if (data.type === 'friend') showStatus(item, shows.get(String(data.id)) ?? status ?? 'online');
  showUnread(item, unread.get(key) ?? 0);
  showCurrent(item);
  return item;
}

export function showStatus(item: Element, status: string): void {
  item.classList.toggle('layim-list-gray', status === 'offline');
  set(item, { 'data-shows': status });
}

export function showUnread(item: Element, count: number): void {
  const badge = item.querySelector<HTMLElement>('.layim-msg-status');
  if (!badge) return;
  badge.hidden = count === 0;
  badge.textContent = count > 99 ? '99+' : String(count);
  set(badge, { 'aria-label': t('unread', { n: count }) });
}

/** Whether it is the chat in front. */
export function showCurrent(item: HTMLElement): void {
  const isFront = item.dataset['key'] === front.key;
  item.classList.toggle('layim-current', isFront);
  set(item, { 'aria-current': isFront && 'true' });
}

/** What an empty list says. */
export function emptyItem(text: string): HTMLLIElement {
  return el('li.layim-null', {}, text);
}

/** A list one walks with the arrow keys: one stop for Tab. */
export function firstStop(list: Element): void {
  const items = list.querySelectorAll<HTMLElement>('[layim-event][role]:not([hidden])');
  if (![...items].some((item) => item.tabIndex === 0) && items[0]) items[0].tabIndex = 0;
}
