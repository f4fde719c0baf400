// The list of recent chats, newest first.

import type { ChatData } from '../contract';
import { el, keyOf, set } from '../dom';
import { draftOf } from '../drafts';
import { beforePaint } from '../paint';
import { cache, friendsOf, front, plusOptions } from '../state';
import { t } from '../texts';
import { shortTime } from '../time';
import { emptyItem, firstStop, listItem } from './item';

let list: HTMLUListElement;
/** The last line of each conversation, and when it was said. */
const lines = new Map<string, { text: string; time: number; called?: boolean }>();

export function recentView(): HTMLElement {
  list = el('ul.layui-layim-list.layim-list-history');
  drawRecent();
  return el('ul.layui-unselect.layim-tab-content', { role: 'tabpanel', 'aria-label': t('history') }, el('li', {}, list));
}

export function drawRecent(): void {
  const entries = Object.values(cache.history).sort((a, b) => (b.historyTime ?? 0) - (a.historyTime ?? 0));
  list.replaceChildren(...entries.map(item));
  if (entries.length === 0) list.append(emptyItem(t('noHistory')));
  firstStop(list);
}

/** Puts the conversation where its newest line belongs; without a line, where its last opening belongs. */
export function setRecent(data: ChatData, line: { text: string; time: number; called?: boolean } | undefined): void {
  const key = keyOf(data);
  cache.history[key] = { ...cache.history[key], ...data, ...(line ? { historyTime: line.time } : {}) };
  if (line) lines.set(key, line);
  // Of many lines at once only the last is drawn.
  beforePaint(`recent${key}`, () => drawOne(key));
}

function drawOne(key: string): void {
  const data = cache.history[key];
  if (!data) return;
  list.querySelector('.layim-null')?.remove();
  const old = find(key);
  const isFocused = old !== null && old === document.activeElement;
  const made = item(data);
  const time = Number(made.dataset['time']);
  const after = [...list.children].find((other) => other !== old && Number((other as HTMLElement).dataset['time']) <= time);
  old?.remove();
  list.insertBefore(made, after ?? null);
  if (isFocused) made.focus();
  firstStop(list);
}

/** The chat in front changed: what was left unfinished in the one before is shown, and no more in the one after. */
export function drawDraft(key: string): void {
  if (cache.history[key] && find(key)) beforePaint(`recent${key}`, () => drawOne(key));
}

export function dropRecent(key: string): void {
  delete cache.history[key];
  lines.delete(key);
  find(key)?.remove();
  if (list.childElementCount === 0) list.append(emptyItem(t('noHistory')));
  firstStop(list);
}

function find(key: string): HTMLElement | null {
  return list.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
}

function item(data: ChatData): HTMLLIElement {
  const key = keyOf(data);
  const line = lines.get(key);
  const status = data.type === 'friend' ? friendsOf(data.id)[0]?.friend.status : undefined;
  const name = String(data.name ?? data.username ?? data.groupname ?? '');
  const draft = key === front.key ? '' : draftOf(key).replace(/\s+/g, ' ').trim().slice(0, 80);
  const below = draft === '' ? (line?.text ?? data.sign) : `${t('draft')} ${draft}`;
  const made = listItem({ data: { ...data, name }, from: 'history', index: key, line: below, status });
  if (draft === '' && line?.called) made.querySelector('p')?.prepend(el('b.layim-called', {}, t('called')), ' ');
  const time = line?.time ?? data.historyTime ?? 0;
  set(made, { 'data-time': time });
  if (time > 0 && plusOptions().hostHistory) made.append(el('time', { datetime: new Date(time).toISOString() }, shortTime(time, Date.now())));
  return made;
}
