// The main panel: head, search, three lists, and a row of tools.

import { hidePanelBar, shift, showPanelBar } from '../bars';
import { action, el, keyOf, set } from '../dom';
import { handle, onEscape, rove } from '../events';
import { frameButton, openFrame } from '../frame';
import { beforePaint } from '../paint';
import { remember } from '../store';
import { cache, contact, emit, on, plusOptions, unread } from '../state';
import { t } from '../texts';
import { openChat } from '../chat/window';
import type { ChatData } from '../contract';
import { bindHead, headView } from './head';
import { emptyItem, firstStop, listItem, showCurrent, showUnread } from './item';
import { openFound } from './found';
import { drawDraft, drawRecent, recentView } from './recent';
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
let isHeard = false;
let shownFront = '';

export function buildPanel(): void {
  const { dock } = plusOptions();
  const title = cache.base.title ?? t('title');
  const frame = openFrame({
    className: 'layui-layim', contentId: 'layui-layim', title, dock: dock?.panel,
    buttons: [frameButton('close', 'panelMin', t('min'))],
  });
  (root as HTMLElement | undefined)?.remove();
  root = frame.root;
  if (!dock) shift(root, cache.base.right);
  search = searchView(showSearch);
  groupList = el('ul.layui-layim-list.layim-list-group');
  const shown: Tab[] = ['friend', 'group', 'history'].filter(
    (tab): tab is Tab => (tab !== 'friend' || cache.base.isfriend !== false) && (tab !== 'group' || cache.base.isgroup !== false),
  );
  const groups = el('ul.layui-unselect.layim-tab-content', { role: 'tabpanel', 'aria-label': t('group') }, el('li', {}, groupList));
  const views: Record<Tab, HTMLElement> = { friend: treeView(), group: groups, history: recentView() };
  tabs = shown.map(tabItem);
  contents = shown.map((tab) => views[tab]);
  // LayIM has the search last, where it is called up; in a page's own place it is always in sight.
  main = el(
    'div.layui-layim-main',
    {},
    headView(),
    dock && search.box,
    el(`ul.layui-unselect.layui-layim-tab`, { role: 'tablist', class: `layui-unselect layui-layim-tab${shown.length === 2 ? ' layim-tab-two' : ''}` }, ...tabs),
    ...contents,
    search.results,
    toolRow(),
    !dock && search.box,
  );
  frame.content.append(main);
  main.addEventListener('keydown', listKey);
  drawLists();
  showTab(shown[0] ?? 'history');
  if (isHeard) return;
  isHeard = true;
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
  const { base } = cache;
  const tool = (name: string, glyph: string, label: string, ...inside: HTMLElement[]) =>
    el('li', { class: `layui-icon layui-icon-${glyph} layim-tool-${name}`, ...action(name, label) }, ...inside);
  const { menu = [], skins: hasSkins, dock } = plusOptions();
  const own = menu.map(({ alias, title, icon, text }) =>
    el('li', { class: `layui-icon layui-icon-${icon} layim-tool-${alias}`, ...action('menu', title), 'data-alias': alias }, text && el('span', {}, text)),
  );
  return el(
    'ul.layui-unselect.layui-layim-tool',
    {},
    tool('search', 'search', t('search')),
    Boolean(base.msgbox) && tool('msgbox', plusOptions().ownPages ? 'email' : 'speaker', t('msgbox'), el('span.layui-anim')),
    Boolean(base.find) && tool('find', 'add-1', t('find')),
    (!dock || Boolean(hasSkins)) && tool('skin', 'theme', t('skin')),
    !base.copyright && !dock && tool('about', 'about', t('about')),
    ...own,
  );
}

/** The number at the message box; none for 0. */
export function drawBadge(count: number): void {
  const badge = (root as HTMLElement | undefined)?.querySelector('.layim-tool-msgbox > span');
  if (!badge) return;
  badge.textContent = count > 0 ? String(count) : '';
  badge.className = count > 0 ? 'layui-anim layui-anim-loop layer-anim-05' : 'layui-anim';
}

/** The panel becomes a bar. */
export function leavePanel(): void {
  root.classList.add('layim-minimised');
  showPanelBar(cache.base.title ?? t('title'), () => {
    root.classList.remove('layim-minimised');
    hidePanelBar();
    remember('close', false);
    tabs[0]?.focus();
  });
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
export function drawUnread(key: string): void {
  beforePaint(`unread${key}`, () => {
    for (const item of root.querySelectorAll(`li[data-key="${CSS.escape(key)}"]`)) showUnread(item, unread.get(key) ?? 0);
  });
  beforePaint('unread', () => {
    const all = [...unread.values()].reduce((sum, one) => sum + one, 0);
    const tab = tabs.find((item) => item.getAttribute('lay-type') === 'history');
    if (tab) showUnread(tab, all);
  });
}

/** Marks the lines of the chat in front. */
function drawFront(key: string): void {
  if (shownFront !== key) drawDraft(shownFront);
  drawDraft(key);
  shownFront = key;
  for (const item of root.querySelectorAll<HTMLElement>('li[data-key]')) showCurrent(item);
}

export function panelRoot(): HTMLElement | undefined {
  return root as HTMLElement | undefined;
}

function chatFrom(item: HTMLElement): void {
  const { type = '', index = '', list } = item.dataset;
  // An entry that a host made has no key; as LayIM's own it says in its first class whom it stands for.
  const key = item.dataset['key'] ?? item.classList[0]?.replace(/^layim-/, '') ?? '';
  const id = type === 'history' ? '' : key.slice(type.length);
  const data = type === 'history' ? cache.history[index] : contact(type, id);
  if (data) openChat(data);
  if (list !== undefined) {
    search.clear();
    search.box.classList.remove('layui-show');
  }
}

export function bindPanel(): void {
  bindHead();
  handle('tab', (element) => {
    search.clear();
    search.box.classList.remove('layui-show');
    showTab(element.getAttribute('lay-type') ?? 'friend');
  });
  handle('spread', (element) => spread(element));
  handle('found', (element) => openFound(element));
  handle('chat', chatFrom);
  handle('search', () => {
    search.box.classList.add('layui-show');
    search.input.focus();
  });
  handle('closeSearch', () => {
    search.clear();
    search.box.classList.remove('layui-show');
    if (plusOptions().dock) search.input.focus();
    else main.querySelector<HTMLElement>('.layim-tool-search')?.focus();
  });
  handle('menu', (element) => emit('menu', element.dataset['alias']));
  handle('panelMin', () => {
    leavePanel();
    remember('close', true);
  });
  onEscape(() => {
    if ((root as HTMLElement | undefined) === undefined || !root.contains(document.activeElement)) return false;
    const wasShown = search.box.classList.contains('layui-show');
    search.box.classList.remove('layui-show');
    return search.clear() || wasShown;
  });
}
