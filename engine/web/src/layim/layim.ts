// LayIM's interface for the PC, as pages call it.

import { bindChats, closeChat, described, frontPane, minimise, openChat, paneOf } from './chat/window';
import type { ChatData, Friend, FriendGroup, Group, Id, Incoming, Init, Layim, Options } from './contract';
import { keyOf } from './dom';
import { bindEvents } from './events';
import { content } from './markup/render';
import { bindPanel, buildPanel, drawLists, panelRoot } from './panel/panel';
import { showStatus } from './panel/item';
import { dropRecent } from './panel/recent';
import { groupIndex, inTreeOrder, redrawGroup } from './panel/tree';
import { plus } from './plus';
import { cache, emit, friendsOf, on, plusOptions, same, setMine, shows, VERSION } from './state';
import { remembered } from './store';
import { setLanguage, t } from './texts';
import { toast } from './toast';

let isBound = false;

function bind(): void {
  if (isBound) return;
  isBound = true;
  bindEvents();
  bindChats();
  bindPanel();
  on('chatChange', ({ data }: { data: ChatData }) => drawQueued(data));
  // Pictures that do not load: `error` does not bubble, but it can be caught on the way down.
  document.addEventListener('error', brokenPicture, true);
}

function brokenPicture({ target }: Event): void {
  const { fallbackAvatar } = plusOptions();
  if (!(target instanceof HTMLImageElement) || !target.closest('.layui-layim, .layui-layim-chat')) return;
  const isBroken = target.dataset['broken'] !== undefined;
  target.dataset['broken'] = '';
  if (fallbackAvatar && !isBroken && !target.matches('.layui-layim-photos')) target.src = fallbackAvatar;
}

function begin(init: Init): void {
  setMine(init.mine);
  cache.local = remembered();
  cache.friend = inTreeOrder(init.friend ?? []);
  cache.group = init.group ?? [];
  if (!cache.base.brief) buildPanel();
  if (cache.base.min) panelRoot()?.classList.add('layim-minimised');
  const { base, local, mine, friend, group, history } = cache;
  // In the next turn, so that an `on('ready')` written after `config` is heard as well.
  setTimeout(() => emit('ready', base.brief ? { base, local, mine, history } : { base, local, mine, friend, group, history }), 0);
}

async function fetchInit(url: string, { type = 'get', data = {} }: { type?: string; data?: Record<string, string> }): Promise<void> {
  try {
    const isGet = type.toLowerCase() === 'get';
    const fields = new URLSearchParams({ ...data, ...(isGet ? { _: String(Date.now()) } : {}) });
    const address = isGet ? `${url}${url.includes('?') ? '&' : '?'}${fields.toString()}` : url;
    const response = await fetch(address, { method: type.toUpperCase(), credentials: 'same-origin', body: isGet ? null : fields });
    const answer = (await response.json()) as { code: number; msg?: string; data?: Init };
    if (Number(answer.code) === 0 && answer.data) begin(answer.data);
    else toast(answer.msg ?? String(answer.code));
  } catch (error) {
    toast(String(error));
  }
}

export const layim: Layim = {
  v: VERSION,
  plus,

  config(options: Options) {
    cache.base = { ...options };
    setLanguage(options.plus?.lang ?? 'zh-CN');
    bind();
    const { init } = options;
    if (init?.url && !options.brief) void fetchInit(init.url, init);
    else begin({ friend: init?.friend ?? [], group: init?.group ?? [], mine: init?.mine ?? cache.mine });
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

  setChatStatus(text) {
    frontPane()?.status(text);
    return layim;
  },

  getMessage(message) {
    const pane = paneOf(message);
    if (message.system) {
      pane?.receive(message);
      return;
    }
    if (String(message.content).trim() === '') return;
    if (pane) pane.receive(message);
    else if (!plusOptions().hostHistory) queue(message);
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
    dropRecent(keyOf({ type, id }));
    const pane = paneOf({ type, id });
    if (pane) closeChat(pane);
  },

  setFriendStatus(id, status) {
    shows.set(String(id), status);
    for (const { friend } of friendsOf(id)) friend.status = status;
    for (const item of document.querySelectorAll(`.layim-friend${CSS.escape(String(id))}`)) {
      if (item.matches('li')) showStatus(item, status);
    }
    paneOf({ type: 'friend', id })?.status(statusText(status));
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

function queue(message: Incoming): void {
  const key = keyOf(message);
  const waiting = cache.message[key] ?? [];
  cache.message[key] = [...waiting, message];
  const name = message.username ?? message.groupname ?? message.name ?? '';
  if (waiting.length === 0) cache.chat.push({ ...message, name, avatar: message.avatar ?? '', temporary: friendsOf(message.id).length === 0 });
  plus.unread(message, waiting.length + 1);
}

function drawQueued(data: ChatData): void {
  const key = keyOf(data);
  for (const message of cache.message[key] ?? []) paneOf(data)?.receive(message);
  delete cache.message[key];
  cache.chat = cache.chat.filter((other) => keyOf(other) !== key);
  if (!plusOptions().hostHistory) plus.unread(data, 0);
}

function addFriend(friend: Friend, groupid: Id): void {
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

function addGroup(group: Group): void {
  if (cache.group.some(({ id }) => same(id, group.id))) {
    toast(t('exists', { name: group.groupname }));
    return;
  }
  cache.group.push(group);
  drawLists();
}

