// What we add to LayIM: message states, numbers, history from the server, order.

import { allPanes, closeChat, frontPane, paneOf } from './chat/window';
import { lineOf } from './chat/bubble';
import type { ChatData, Plus } from './contract';
import { dressAll } from './dialogs/skin';
import { keyOf } from './dom';
import { draftOf, forgetDrafts, keepDraft } from './drafts';
import { drawMine } from './panel/head';
import { drawLists, drawUnread, panelRoot } from './panel/panel';
import { drawDraft, dropRecent, setRecent } from './panel/recent';
import { inTreeOrder, openGroups } from './panel/tree';
import { keepHistory } from './log';
import { chooseSkin } from './skins';
import { cache, friendsOf, plusOptions, same, setMine, unread } from './state';
import { toast } from './toast';

export const plus: Plus = {
  bubble(cid, change) {
    return allPanes().some((pane) => pane.lines.change(cid, change));
  },
  change(data, seq, change) {
    return paneOf(data)?.lines.changeAt(seq, change) ?? false;
  },
  remove(cid) {
    for (const pane of allPanes()) pane.lines.remove(cid);
  },
  around(data, { messages, older, newer, seq }) {
    const { lines } = paneOf(data) ?? {};
    lines?.around(messages.map(lineOf), { older, newer });
    lines?.reveal(seq);
  },
  newer(data, messages, more) {
    paneOf(data)?.lines.newer(messages.map(lineOf), more);
  },
  reveal(data, seq) {
    return paneOf(data)?.lines.reveal(seq) ?? false;
  },
  readUpTo(data, seq) {
    paneOf(data)?.lines.readUpTo(seq);
  },
  older(data, messages, more) {
    paneOf(data)?.lines.older(messages.map(lineOf), more);
  },
  olderFailed(data) {
    paneOf(data)?.lines.olderFailed();
  },
  renew(data) {
    paneOf(data)?.lines.renew();
  },
  unread(data, count) {
    const key = keyOf(data);
    if ((unread.get(key) ?? 0) === count) return;
    if (count > 0) unread.set(key, count);
    else unread.delete(key);
    if (panelRoot()) drawUnread(key);
    paneOf(data)?.drawUnread();
  },
  recent(data, line) {
    if (panelRoot()) setRecent(data, line);
  },
  forget(data) {
    plus.unread(data, 0);
    if (panelRoot()) dropRecent(keyOf(data));
    plus.close(data);
  },
  contacts({ mine, friend = [], group = [] }) {
    const open = openGroups();
    setMine(mine);
    cache.friend = inTreeOrder(friend.map((one) => ({ ...one, spread: open.has(String(one.id)) })));
    cache.group = group;
    drawMine();
    drawLists();
  },
  status(data, text) {
    paneOf(data)?.status(text);
  },
  closed(data, why) {
    paneOf(data)?.close(why);
  },
  open: () => allPanes().map(({ data }): ChatData => data),
  current: () => frontPane()?.data,
  close(data) {
    const pane = paneOf(data);
    if (pane) closeChat(pane);
  },
  rename(data, name) {
    const key = keyOf(data);
    paneOf(data)?.rename(name);
    for (const { friend } of data.type === 'friend' ? friendsOf(data.id) : []) friend.username = name;
    for (const group of data.type === 'group' ? cache.group : []) if (same(group.id, data.id)) group.groupname = name;
    const recent = cache.history[key];
    if (recent) recent.name = name;
    if (recent && !plusOptions().hostHistory) keepHistory(recent);
    for (const item of panelRoot()?.querySelectorAll<HTMLElement>(`li[data-key="${CSS.escape(key)}"]`) ?? []) {
      item.title = name;
      const label = item.querySelector('span');
      if (label) label.textContent = name;
    }
  },
  atBottom: () => frontPane()?.lines.atBottom ?? false,
  draft(data, text) {
    const key = keyOf(data);
    const pane = paneOf(data);
    if (draftOf(key) !== '' || pane?.compose.textarea.value) return;
    keepDraft(key, text);
    if (pane) pane.compose.textarea.value = text;
    if (panelRoot()) drawDraft(key);
  },
  forgetDrafts,
  skin(skin) {
    chooseSkin(skin);
    dressAll();
  },
  toast,
};
