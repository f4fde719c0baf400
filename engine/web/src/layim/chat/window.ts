// The chat window: the open chats, one of them in front.

import type { ChatData } from '../contract';
import { el, keyOf } from '../dom';
import { handle, onClickAnywhere, onEscape } from '../events';
import { type Frame, frameButton, openFrame } from '../frame';
import { cache, contact, emit, emitOn, plusOptions, wrap } from '../state';
import { t } from '../texts';
import { toast } from '../toast';
import { chooseSendKey } from './compose';
import { Pane } from './pane';

const panes = new Map<string, Pane>();
/** What was written and not sent in chats that were closed. */
const drafts = new Map<string, string>();
let frame: Frame | undefined;
let list: HTMLUListElement;
let box: HTMLElement;
let front: Pane | undefined;

export function paneOf(data: Pick<ChatData, 'type' | 'id'>): Pane | undefined {
  return panes.get(keyOf(data));
}

export function allPanes(): Pane[] {
  return [...panes.values()];
}

export function frontPane(): Pane | undefined {
  return front;
}

/** Opens a chat, or brings it to the front. */
export function openChat(data: ChatData): void {
  if (data.id === undefined || data.id === null || data.id === '') {
    toast(t('noId'));
    return;
  }
  let pane = paneOf(data);
  if (!pane) {
    pane = new Pane({ ...data, name: data.name ?? data.username ?? data.groupname ?? '' });
    panes.set(pane.key, pane);
    pane.compose.textarea.value = drafts.get(pane.key) ?? '';
    const { root } = theFrame();
    list.append(pane.tab);
    box.append(pane.root);
    root.classList.toggle('layui-layim-chat-list', panes.size > 1);
  }
  bringToFront(pane, true);
}

function theFrame(): Frame {
  if (frame) return frame;
  list = el('ul.layui-unselect.layim-chat-list', { 'aria-label': t('openChats') });
  box = el('div.layim-chat-box');
  const buttons = [frameButton('min', 'chatMin', t('min'))];
  if (!cache.base.brief) buttons.push(frameButton('close', 'closeAll', t('close')));
  frame = openFrame({ className: 'layui-layim-chat', contentId: 'layui-layim-chat', title: '', dock: plusOptions().dock?.chat, buttons });
  frame.content.append(list, box);
  return frame;
}

function bringToFront(pane: Pane, focus: boolean): void {
  const changed = front !== pane;
  front = pane;
  document.body.classList.add('layim-chatting');
  frame?.root.classList.remove('layim-minimised');
  for (const other of panes.values()) other.show(other === pane);
  if (focus && matchMedia('(pointer: fine)').matches) pane.compose.textarea.focus();
  if (changed) emit('chatChange', described(pane));
  if (pane.lines.atBottom) emit('seen', pane.data);
}

/** The chat as LayIM's events describe one. */
export function described(pane: Pane): { elem: unknown; data: ChatData; textarea: unknown } {
  return { elem: wrap(pane.root), data: pane.data, textarea: wrap(pane.compose.textarea) };
}

export function closeChat(pane: Pane): void {
  const keys = [...panes.keys()];
  const at = keys.indexOf(pane.key);
  panes.delete(pane.key);
  drafts.set(pane.key, pane.compose.textarea.value);
  pane.root.remove();
  pane.tab.remove();
  frame?.root.classList.toggle('layui-layim-chat-list', panes.size > 1);
  emit('chatClose', pane.data);
  const wasFront = front === pane;
  if (wasFront) front = undefined;
  const next = panes.get(keys[at + 1] ?? keys[at - 1] ?? '');
  if (!next) closeWindow();
  else if (wasFront) bringToFront(next, true);
}

function closeWindow(): void {
  frame?.root.remove();
  frame = undefined;
  document.body.classList.remove('layim-chatting');
  emit('chatAway', undefined);
}

function closeAll(): void {
  // None comes to the front in place of another that closes.
  front = undefined;
  for (const pane of allPanes()) closeChat(pane);
}

/** Puts the window away without closing its chats. */
export function minimise(): void {
  frame?.root.classList.add('layim-minimised');
  document.body.classList.remove('layim-chatting');
  front = undefined;
  for (const pane of panes.values()) pane.show(false);
  emit('chatAway', undefined);
}

function ofEvent(element: Element): Pane | undefined {
  return panes.get(element.closest<HTMLElement>('[data-key]')?.dataset['key'] ?? '');
}

export function bindChats(): void {
  handle('tabChat', (element) => {
    const pane = ofEvent(element);
    if (pane) bringToFront(pane, true);
  });
  handle('closeChat', (element) => {
    const pane = ofEvent(element);
    if (pane) closeChat(pane);
  });
  handle('closeThisChat', () => front && closeChat(front));
  handle('closeAll', closeAll);
  handle('chatMin', minimise);
  handle('back', minimise);
  handle('send', () => front?.send());
  handle('face', () => front?.compose.faces(undefined));
  handle('toBottom', () => front?.lines.toBottom());
  handle('older', () => front?.lines.ask());
  handle('groupMembers', () => front?.members?.toggle());
  handle('membersAgain', () => void front?.members?.fill());
  handle('setSend', setSend);
  handle('extend', extend);
  handle('member', openMember);
  handle('again', (element) => {
    const pane = ofEvent(element);
    const cid = element.closest<HTMLElement>('[data-cid]')?.dataset['cid'];
    if (pane && cid) emit('again', { cid, data: pane.data });
  });
  bindClosing();
}

function setSend(element: HTMLElement): void {
  const key = element.getAttribute('lay-type');
  if (!key) {
    front?.compose.keys(undefined);
    return;
  }
  chooseSendKey(key);
  for (const pane of panes.values()) {
    pane.compose.drawKeys();
    pane.compose.keys(false);
  }
  front?.compose.textarea.focus();
}

function extend(element: HTMLElement): void {
  const pane = front;
  if (!pane) return;
  emitOn(element, `tool(${element.getAttribute('lay-filter') ?? ''})`, (text: string) => pane.compose.insert(text), () => pane.send(), described(pane));
}

function openMember(element: HTMLElement): void {
  const id = element.dataset['uid'] ?? '';
  if (id === String(cache.mine.id)) return;
  const name = element.querySelector('cite')?.textContent ?? '';
  const picture = element.querySelector('img')?.getAttribute('src') ?? '';
  front?.members?.toggle(false);
  openChat(contact('friend', id) ?? { id, type: 'friend', name, username: name, avatar: picture });
}

function bindClosing(): void {
  // Asked last: what lies above a chat closes first.
  onEscape(() => {
    if (!front || cache.base.brief) return false;
    if (document.activeElement?.closest('.layui-layim')) return false;
    closeChat(front);
    return true;
  });
  onEscape(() => {
    if (!front?.members?.isOpen) return false;
    front.members.toggle(false);
    return true;
  });
  onEscape(() => front?.compose.keys(false) ?? false);
  onEscape(() => front?.compose.faces(false) ?? false);
  onClickAnywhere((target) => {
    if (!target.closest('.layim-tool-face, .layui-layim-face')) front?.compose.faces(false);
    if (!target.closest('.layim-chat-send')) front?.compose.keys(false);
    if (!target.closest('.layui-layim-members, [layim-event=groupMembers]')) front?.members?.toggle(false);
  });
}
