// LayIM's interface for the PC, as pages call it.

import { bindChats, closeChat, described, frontPane, minimise, openChat, paneOf } from './chat/window';
import type { ChatData, Friend, FriendGroup, Group, Id, Init, Layim, Options } from './contract';
import { addDialog, groupDialog } from './dialogs/add';
import { bindMedia } from './dialogs/media';
import { bindPages } from './dialogs/pages';
import { bindSkins, dressAll } from './dialogs/skin';
import { keyOf } from './dom';
import { bindEvents } from './events';
import { bindIncoming, receive } from './incoming';
import { dropHistory, storedHistory } from './log';
import { content } from './markup/render';
import { notify } from './notice';
import { bindRecentMenu } from './panel/menu';
import { bindPanel, buildPanel, drawBadge, drawLists, leavePanel, panelRoot } from './panel/panel';
import { showStatus } from './panel/item';
import { dropRecent, setRecent } from './panel/recent';
import { groupIndex, inTreeOrder, redrawGroup } from './panel/tree';
import { plus } from './plus';
import { ask, Refused } from './requests';
import { cache, emit, friendsOf, on, plusOptions, same, setMine, shows, VERSION } from './state';
import { load, remembered } from './store';
import { setLanguage, t } from './texts';
import { toast } from './toast';

let isBound = false;

function bind(): void {
  if (isBound) return;
  isBound = true;
  bindEvents();
  bindChats();
  bindPanel();
  bindRecentMenu();
  bindIncoming((data, count) => plus.unread(data, count));
  bindSkins();
  bindMedia();
  bindPages(() => frontPane()?.data, () => drawBadge(0));
  on('recent', (data: ChatData) => void (panelRoot() && setRecent(data, undefined)));
  // Pictures that do not load: `error` does not bubble, but it can be caught on the way down.
  document.addEventListener('error', brokenPicture, true);
}

function brokenPicture({ target }: Event): void {
  const { fallbackAvatar } = plusOptions();
  if (!(target instanceof HTMLImageElement) || !target.closest('.layui-layim, .layui-layim-chat, .layui-layim-min')) return;
  const isBroken = target.dataset['broken'] !== undefined;
  target.dataset['broken'] = '';
  if (fallbackAvatar && !isBroken && !target.matches('.layui-layim-photos')) target.src = fallbackAvatar;
}

function begin(init: Partial<Init>): void {
  const isBrief = cache.base.brief === true;
  setMine(init.mine ?? {});
  load();
  cache.history = plusOptions().hostHistory ? cache.history : storedHistory();
  cache.friend = isBrief ? [] : inTreeOrder(list(init.friend));
  cache.group = isBrief ? [] : list(init.group);
  if (!isBrief) {
    buildPanel();
    dressAll();
    if (cache.base.min || remembered()['close'] === true) leavePanel();
  }
  const { base, local, mine, friend, group, history } = cache;
  // In the next turn, so that an `on('ready')` written after `config` is heard as well.
  setTimeout(() => emit('ready', isBrief ? { base, local, mine, history } : { base, local, mine, friend, group, history }), 0);
}

function list<Item>(given: Item[] | undefined): Item[] {
  return Array.isArray(given) ? given : [];
}

async function fetchInit(request: Partial<Init> & { url: string }): Promise<void> {
  try {
    begin(await ask<Init>(request));
  } catch (error) {
    toast(error instanceof Refused ? error.message : String(error));
  }
}

export const layim: Layim = {
  v: VERSION,
  plus,

  config(options: Options) {
    cache.base = { ...options };
    setLanguage(options.plus?.lang ?? 'zh-CN');
    bind();
    const init = options.init ?? {};
    const mine = init.mine ?? options.mine;
    if (init.url && !options.brief) void fetchInit({ ...init, url: init.url });
    else begin({ ...init, ...(mine ? { mine } : {}) });
    return layim;
  },

  on(name, callback) {
    on(name, callback);
    return layim;
  },

  chat(data) {
    bind();
    openChat(data);
    return layim;
  },

  setChatMin() {
    minimise();
    return layim;
  },

  setChatStatus(html) {
    frontPane()?.statusHtml(String(html ?? ''));
    return layim;
  },

  getMessage(message) {
    receive(message);
  },

  notice(notice) {
    notify(notice ?? {});
  },

  add(options) {
    addDialog(options ?? {});
  },

  setFriendGroup(options) {
    groupDialog(options ?? {});
  },

  msgbox(count) {
    drawBadge(Number(count) || 0);
  },

  addList(entry) {
    if (entry.type === 'friend') addFriend(entry, entry.groupid);
    else addGroup(entry);
  },

  removeList({ type, id }) {
    if (type === 'friend') {
      cache.friend.forEach((group, index) => {
        const rest = group.list.filter((friend) => !same(friend.id, id));
        if (rest.length === group.list.length) return;
        group.list = rest;
        redrawGroup(index);
      });
    } else {
      cache.group = cache.group.filter((group) => !same(group.id, id));
      drawLists();
    }
    dropHistory([keyOf({ type, id })]);
    if (panelRoot()) dropRecent(keyOf({ type, id }));
    const pane = paneOf({ type, id });
    if (pane) closeChat(pane);
  },

  setFriendStatus(id, status) {
    shows.set(String(id), status);
    for (const { friend } of friendsOf(id)) friend.status = status;
    for (const item of document.querySelectorAll(`.layim-friend${CSS.escape(String(id))}`)) {
      if (item.matches('li')) showStatus(item, status);
    }
    if (plusOptions().hostHistory) paneOf({ type: 'friend', id })?.status(statusText(status));
  },

  content,
  cache: () => cache,
  thisChat: () => {
    const pane = frontPane();
    return pane && described(pane);
  },
};

/** What a status is called. */
export function statusText(status: string): string {
  return status === 'online' || status === 'busy' || status === 'away' || status === 'offline' ? t(status) : '';
}

function addFriend(entry: Friend & { type?: 'friend'; groupid?: Id }, groupid: Id): void {
  const { type: _, groupid: __, ...friend } = entry;
  const index = groupIndex(groupid);
  const group: FriendGroup | undefined = cache.friend[index];
  if (!group) return;
  if (group.list.some(({ id }) => same(id, friend.id))) {
    toast(t('exists', { name: friend.username }));
    return;
  }
  group.list.push(friend);
  redrawGroup(index);
}

function addGroup(entry: Group & { type?: 'group' }): void {
  const { type: _, ...group } = entry;
  if (cache.group.some(({ id }) => same(id, group.id))) {
    toast(t('exists', { name: group.groupname }));
    return;
  }
  cache.group.push(group);
  drawLists();
}
