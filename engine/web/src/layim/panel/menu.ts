// The menu of the recent chats, by the right button or the key for menus: one goes, or all.

import { closeChat, paneOf } from '../chat/window';
import { el, icon } from '../dom';
import { handle, onClickAnywhere, onEscape, rove } from '../events';
import { dropHistory } from '../log';
import { cache, plusOptions } from '../state';
import { t } from '../texts';
import { drawRecent, dropRecent } from './recent';

let menu: HTMLElement | undefined;
let owner: HTMLElement | undefined;

function close(): boolean {
  if (!menu) return false;
  const hadFocus = menu.contains(document.activeElement);
  menu.remove();
  menu = undefined;
  if (hadFocus) owner?.focus();
  return true;
}

function open(item: HTMLElement, x: number, y: number): void {
  close();
  owner = item;
  const entry = (type: 'one' | 'all') =>
    el('li', { 'layim-event': 'menuHistory', 'data-type': type, role: 'menuitem', tabindex: -1 }, icon(type === 'one' ? 'close' : 'delete'), t(type === 'one' ? 'dropOne' : 'dropAll'));
  const list = el('ul', { 'data-id': item.dataset['index'], 'data-index': [...(item.parentElement?.children ?? [])].indexOf(item), role: 'menu' }, entry('one'), entry('all'));
  list.addEventListener('keydown', (event) => rove(event, [...list.children] as HTMLElement[]));
  menu = el('div.layui-layer.layui-box.layui-layim-contextmenu', {}, list);
  document.body.append(menu);
  menu.style.left = `${Math.min(x, innerWidth - menu.offsetWidth - 4)}px`;
  menu.style.top = `${Math.min(y, innerHeight - menu.offsetHeight - 4)}px`;
  list.querySelector('li')?.focus();
}

export function bindRecentMenu(): void {
  document.body.addEventListener('contextmenu', (event) => {
    const item = event.target instanceof Element ? event.target.closest<HTMLElement>('.layim-list-history > li[data-index]') : null;
    // Where the server keeps the list there is nothing to take out of it.
    if (!item || plusOptions().hostHistory) return;
    event.preventDefault();
    const box = item.getBoundingClientRect();
    const isKey = event.clientX === 0 && event.clientY === 0;
    open(item, isKey ? box.left + 40 : event.clientX, isKey ? box.top + 30 : event.clientY);
  });
  handle('menuHistory', (element) => {
    const key = element.parentElement?.dataset['id'] ?? '';
    const keys = element.dataset['type'] === 'all' ? Object.keys(cache.history) : [key];
    close();
    for (const one of keys) {
      const data = cache.history[one];
      const pane = data && paneOf(data);
      if (pane && element.dataset['type'] === 'one') closeChat(pane);
      dropRecent(one);
    }
    dropHistory(keys);
    drawRecent();
  });
  onEscape(close);
  onClickAnywhere((target) => {
    if (!target.closest('.layui-layim-contextmenu')) close();
  });
}
