// The main panel: head, search, three lists, and a row of tools.

import { action, el, keyOf, set } from '../dom';
import { handle, onEscape, rove } from '../events';
import { frameButton, openFrame } from '../frame';
import { cache, contact, emit, front, on, plusOptions, unread } from '../state';
import { t } from '../texts';
import { openChat } from '../chat/window';
import type { ChatData } from '../contract';
import { bindHead, headView } from './head';
import { emptyItem, firstStop, listItem, showCurrent, showUnread } from './item';
import { drawRecent, recentView } from './recent';
import { type SearchView, searchView } from './search';
import { drawTree, spread, treeKey, treeView } from './tree';

const ICONS = { friend: 'user', group: 'group', history: 'dialogue' } as const;
type Tab = keyof typeof ICONS;

let main: HTMLElement;
let root: HTMLElement;
let tabs: HTMLElement[] = [];
let contents: HTMLElement[] = [];
let groupList: HTMLUListElement;
let search: SearchView;
let chosen: Tab = 'friend';

export function buildPanel(): void {
  const { dock } = plusOptions();
  const title = cache.base.title ?? t('title');
  const frame = openFrame({
    className: 'layui-layim', contentId: 'layui-layim', title, dock: dock?.panel,
    buttons: [frameButton('min', 'panelMin', t('min'))],
  });
  root = frame.root;
  if (cache.base.right) root.style.marginRight = cache.base.right;
  search = searchView(showSearch);
  groupList = el('ul.layui-layim-list.layim-list-group');
  const shown: Tab[] = ['friend', 'group', 'history'].filter(
    (tab): tab is Tab => (tab !== 'friend' || cache.base.isfriend !== false) && (tab !== 'group' || cache.base.isgroup !== false),
  );
  const groups = el('ul.layui-unselect.layim-tab-content', { role: 'tabpanel', 'aria-label': t('group') }, el('li', {}, groupList));
  const views: Record<Tab, HTMLElement> = { friend: treeView(), group: groups, history: recentView() };
  tabs = shown.map(tabItem);
  contents = shown.map((tab) => views[tab]);
  main = el(
    'div.layui-layim-main',
    {},
    headView(),
    search.box,
    el(`ul.layui-unselect.layui-layim-tab`, { role: 'tablist', class: `layui-unselect layui-layim-tab${shown.length === 2 ? ' layim-tab-two' : ''}` }, ...tabs),
    ...contents,
    search.results,
    toolRow(),
  );
  frame.content.append(main);
  main.addEventListener('keydown', listKey);
  drawLists();
  showTab(shown[0] ?? 'history');
  on('chatChange', ({ data }: { data: ChatData }) => drawFront(keyOf(data)));
  on('chatAway', () => drawFront(''));
}

function tabItem(tab: Tab): HTMLElement {
  return el(
    'li',
    { class: `layui-icon layui-icon-${ICONS[tab]}`, ...action('tab', t(tab)), role: 'tab', 'lay-type': tab },
    el('span.layim-tab-name', {}, t(tab)),
    el('em.layim-msg-status', { hidden: true }),
  );
}

function toolRow(): HTMLElement {
  const own = (plusOptions().menu ?? []).map(({ alias, title, icon, text }) =>
    el('li', { class: `layui-icon layui-icon-${icon} layim-tool-${alias}`, ...action('menu', title), 'data-alias': alias }, text && el('span', {}, text)),
  );
  return el('ul.layui-unselect.layui-layim-tool', {}, el('li.layui-icon.layui-icon-search.layim-tool-search', action('search', t('search'))), ...own);
}

/** Draws contacts, groups and recent chats from the cache. */
export function drawLists(): void {
  drawTree();
  const items = cache.group.map((group, index) =>
    listItem({ data: { ...group, name: group.groupname, type: 'group' }, from: 'group', index, line: '' }),
  );
  groupList.replaceChildren(...(items.length > 0 ? items : [emptyItem(t('noGroups'))]));
  firstStop(groupList);
  drawRecent();
}

export function showTab(tab: string): void {
  tabs.forEach((item, index) => {
    const isThis = item.getAttribute('lay-type') === tab;
    item.classList.toggle('layim-this', isThis);
    set(item, { 'aria-selected': String(isThis), tabindex: isThis ? 0 : -1 });
    contents[index]?.classList.toggle('layui-show', isThis);
    if (isThis) chosen = tab as Tab;
  });
  emit('tab', tab);
}

function showSearch(shown: boolean): void {
  main.classList.toggle('layim-searching', shown);
  search.results.classList.toggle('layui-show', shown);
  contents.forEach((content, index) => {
    content.classList.toggle('layui-show', !shown && tabs[index]?.getAttribute('lay-type') === chosen);
  });
}

function listKey(event: KeyboardEvent): void {
  if (!(event.target instanceof HTMLElement)) return;
  if (event.target.getAttribute('role') === 'tab') {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = tabs[tabs.indexOf(event.target) + by];
    if (by !== 0 && next) {
      showTab(next.getAttribute('lay-type') ?? '');
      next.focus();
      event.preventDefault();
    }
    return;
  }
  if (event.target === search.input) {
    const first = search.results.querySelector<HTMLElement>('[layim-event=chat]');
    if (search.input.value === '' || !first) return;
    if (event.key === 'ArrowDown') first.focus();
    if (event.key === 'Enter' && !event.isComposing) first.click();
    return;
  }
  if (treeKey(event)) return;
  const list = event.target.closest('.layim-tab-content');
  const items = list && [...list.querySelectorAll<HTMLElement>('h5, [layim-event=chat]')].filter((item) => item.offsetParent);
  if (items && (event.target.matches('h5') || event.target.matches('[layim-event=chat]'))) rove(event, items);
}

/** Shows the number of unread messages at every line of the conversation, and in all at the tab. */
export function drawUnread(key: string, count: number): void {
  for (const item of root.querySelectorAll(`li[data-key="${CSS.escape(key)}"]`)) showUnread(item, count);
  const all = [...unread.values()].reduce((sum, one) => sum + one, 0);
  const tab = tabs.find((item) => item.getAttribute('lay-type') === 'history');
  if (tab) showUnread(tab, all);
}

/** Marks the lines of the chat in front. */
function drawFront(key: string): void {
  front.key = key;
  for (const item of root.querySelectorAll<HTMLElement>('li[data-key]')) showCurrent(item);
}

export function panelRoot(): HTMLElement | undefined {
  return root as HTMLElement | undefined;
}

function chatFrom(item: HTMLElement): void {
  const { type = '', index = '', list } = item.dataset;
  const key = item.dataset['key'] ?? '';
  const id = type === 'history' ? '' : key.slice(type.length);
  const data = type === 'history' ? cache.history[index] : contact(type, id);
  if (data) openChat(data);
  if (list !== undefined) search.clear();
}

export function bindPanel(): void {
  bindHead();
  handle('tab', (element) => {
    search.clear();
    showTab(element.getAttribute('lay-type') ?? 'friend');
  });
  handle('spread', (element) => spread(element));
  handle('chat', chatFrom);
  handle('search', () => search.input.focus());
  handle('closeSearch', () => {
    search.clear();
    search.input.focus();
  });
  handle('menu', (element) => emit('menu', element.dataset['alias']));
  handle('panelMin', () => root.classList.toggle('layim-minimised'));
  onEscape(() => (root as HTMLElement | undefined) !== undefined && root.contains(document.activeElement) && search.clear());
}
