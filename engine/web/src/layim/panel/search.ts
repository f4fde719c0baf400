// Search over people and groups by name, with the department below each result.

import type { ChatData } from '../contract';
import { el } from '../dom';
import { cache, plusOptions } from '../state';
import { t } from '../texts';
import { emptyItem, firstStop, listItem } from './item';
import { sections } from './found';
import { pathOf } from './tree';

/** Results shown; with more, one types on. */
const SHOWN = 60;
/** Milliseconds after the last key, and until the host is asked as well. */
const PAUSE = 80;
const PATIENCE = 220;

export interface SearchView {
  box: HTMLElement;
  input: HTMLInputElement;
  results: HTMLElement;
  /** Empties the search; true if there was one. */
  clear(): boolean;
}

/** `onChange` hears whether a search is shown. */
export function searchView(onChange: (shown: boolean) => void): SearchView {
  const input = el('input', { type: 'search', placeholder: t('searchHint'), 'aria-label': t('searchHint'), autocomplete: 'off', maxlength: 60, enterkeyhint: 'search' });
  const list = el('ul.layui-layim-list', { id: 'layui-layim-search' });
  const results = el('ul.layui-unselect.layim-tab-content', { 'aria-label': t('search'), 'aria-live': 'polite' }, el('li', {}, list));
  const box = el(
    'div.layui-layim-search',
    {},
    el('i.layui-icon.layui-icon-search', { 'aria-hidden': 'true' }),
    input,
    el('label.layui-icon.layui-icon-close', { 'layim-event': 'closeSearch', role: 'button', tabindex: 0, 'aria-label': t('closeSearch'), title: t('closeSearch') }),
  );
  let asked = 0;
  /** What the host finds beside names, behind those. */
  const findMore = async (text: string, question: number) => {
    const more = plusOptions().search;
    if (!more) return;
    await new Promise((done) => setTimeout(done, PATIENCE));
    if (question !== asked) return;
    const found = await more(text).catch(() => []);
    if (question !== asked || found.length === 0) return;
    list.querySelector('.layim-null')?.remove();
    list.append(...sections(found, () => firstStop(list)));
    firstStop(list);
  };
  const update = () => {
    const text = input.value.trim();
    box.classList.toggle('layim-filled', input.value !== '');
    onChange(text !== '');
    if (text !== '') list.replaceChildren(...found(text));
    firstStop(list);
    asked += 1;
    if (text !== '') void findMore(text, asked);
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(update, PAUSE);
  });
  const clear = () => {
    if (input.value === '') return false;
    input.value = '';
    update();
    return true;
  };
  return { box, input, results, clear };
}

function found(text: string): HTMLElement[] {
  const wanted = text.toLowerCase();
  const items: HTMLElement[] = [];
  const seen = new Set<string>();
  let count = 0;
  const put = (data: Pick<ChatData, 'type' | 'id' | 'name' | 'avatar'>, index: number, at: number, line: string, status?: string) => {
    count += 1;
    if (count > SHOWN) return;
    const item = listItem({ data, from: data.type, index, line, status });
    item.dataset['list'] = String(at);
    items.push(item);
  };
  cache.group.forEach((group, index) => {
    if (matches(group.groupname, wanted)) put({ ...group, type: 'group', name: group.groupname }, index, index, t('group'));
  });
  cache.friend.forEach((group, index) => {
    const path = pathOf(index);
    const whole = matches(group.groupname, wanted);
    group.list.forEach((friend, at) => {
      if ((!whole && !matches(friend.username, wanted)) || seen.has(String(friend.id))) return;
      seen.add(String(friend.id));
      put({ ...friend, type: 'friend', name: friend.username }, index, at, path, friend.status);
    });
  });
  if (count === 0) return [emptyItem(t('searchNone', { text }))];
  if (count > SHOWN) items.push(emptyItem(t('searchMore', { n: count - SHOWN })));
  return items;
}

function matches(name: string, wanted: string): boolean {
  return name.toLowerCase().includes(wanted);
}
