// The chat window: the open chats, one of them in front.

import { showChatBar } from '../bars';
import type { ChatData } from '../contract';
import { dressAll } from '../dialogs/skin';
import { el, icon, keyOf, set } from '../dom';
import { handle, onClickAnywhere, onEscape } from '../events';
import { type Frame, frameButton, openFrame, placed, raise } from '../frame';
import { keepHistory } from '../log';
import { cache, contact, emit, emitOn, plusOptions, setFront, unread, wrap } from '../state';
import { refresh } from '../store';
import { t } from '../texts';
import { toast } from '../toast';
import { bindActions } from './actions';
import { chooseSendKey } from './compose';
import { Pane } from './pane';
import { bindRecorder } from './recorder';
import { sendMedia } from './tools';

const panes = new Map<string, Pane>();
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
    if (!plusOptions().hostHistory) refresh();
    pane = new Pane({ ...data, name: nameOf(data), historyTime: Date.now() });
    panes.set(pane.key, pane);
    const { root } = theFrame();
    list.append(pane.tab);
    box.append(pane.root);
    root.classList.toggle('layui-layim-chat-list', panes.size > 1);
    placed(root, data);
    remind(pane.data);
  } else if ('closed' in data) {
    pane.close(data.closed);
  }
  bringToFront(pane, true);
  if (typeof data.success === 'function' && frame) data.success(wrap(frame.root));
}

export function nameOf(data: Partial<ChatData>): string {
  return String(data.name ?? data.username ?? data.groupname ?? '');
}

// A chat that was opened is a recent one; on a page with a history of its own only what was said makes it one.
function remind(data: ChatData): void {
  if (plusOptions().hostHistory) return;
  const { success: _, offset: __, anim: ___, ...kept } = data;
  keepHistory(kept);
  emit('recent', kept);
}

function theFrame(): Frame {
  if (frame) return frame;
  list = el('ul.layui-unselect.layim-chat-list', { 'aria-label': t('openChats') });
  box = el('div.layim-chat-box');
  const buttons = [frameButton('min', 'chatMin', t('min')), frameButton('max', 'chatMax', t('max'))];
  if (!cache.base.brief) buttons.push(frameButton('close', 'closeAll', t('close')));
  frame = openFrame({
    className: 'layui-layim-chat', contentId: 'layui-layim-chat', title: '', dock: plusOptions().dock?.chat, buttons, smallest: [500, 420],
  });
  frame.content.append(list, box);
  dressAll();
  return frame;
}

function bringToFront(pane: Pane, focus: boolean): void {
  const changed = front !== pane;
  front = pane;
  setFront(pane.key);
  document.body.classList.add('layim-chatting');
  frame?.root.classList.remove('layim-minimised');
  if (frame && !plusOptions().dock) raise(frame.root);
  pane.tab.classList.remove('layer-anim-06');
  for (const other of panes.values()) other.show(other === pane);
  if (focus && !pane.isClosed && matchMedia('(pointer: fine)').matches) pane.compose.textarea.focus();
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
  pane.compose.tools.recorder?.stop(false);
  pane.keepDraft();
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
  setFront('');
  emit('chatAway', undefined);
}

function closeAll(): void {
  // None comes to the front in place of another that closes.
  front = undefined;
  for (const pane of allPanes()) closeChat(pane);
}

/** The chat that was in front when the window was put away. */
let resting: Pane | undefined;

/** Puts the window away without closing its chats. */
export function minimise(): void {
  if (!frame || frame.root.classList.contains('layim-minimised')) return;
  resting = front ?? resting;
  frame.root.classList.add('layim-minimised');
  document.body.classList.remove('layim-chatting');
  front = undefined;
  for (const pane of panes.values()) pane.show(false);
  setFront('');
  emit('chatAway', undefined);
  if (!plusOptions().dock) restBar();
}

/** The bar of the window that was put away, with the number of what came meanwhile. */
export function restBar(): void {
  if (!frame?.root.classList.contains('layim-minimised') || plusOptions().dock) return;
  const pane = resting && panes.has(resting.key) ? resting : panes.values().next().value;
  if (!pane) return;
  const news = allPanes().reduce((sum, { key }) => sum + (unread.get(key) ?? 0), 0);
  const name = nameOf(pane.data);
  showChatBar({
    avatar: pane.data.avatar,
    text: news > 0 ? `(${news}) ${name}` : name,
    isNew: news > 0,
    clicked: () => emit('bar', () => bringToFront(pane, true)),
  });
}

export function isAway(): boolean {
  return frame?.root.classList.contains('layim-minimised') === true;
}

function maximise(button: HTMLElement): void {
  const isMax = frame?.root.classList.toggle('layim-max') === true;
  const label = t(isMax ? 'restore' : 'max');
  button.classList.toggle('layui-layer-maxmin', isMax);
  button.replaceChildren(icon(isMax ? 'screen-restore' : 'screen-full'));
  set(button, { 'aria-label': label, title: label });
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
  handle('chatMax', maximise);
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
  handle('image', (element) => element.querySelector('input')?.click());
  handle('media', (element) => front && sendMedia(element, { insert: front.compose.insert, send: () => front?.send() }));
  handle('sayAgain', (element) => {
    const pane = ofEvent(element);
    const line = pane?.lines.find(element.closest<HTMLElement>('[data-cid]')?.dataset['cid'] ?? '');
    if (pane && line) pane.purpose.sayAgain(line);
  });
  handle('cancelUpload', (element) => {
    const pane = ofEvent(element);
    const cid = element.closest<HTMLElement>('[data-cid]')?.dataset['cid'];
    if (pane && cid) emit('cancelUpload', { cid, data: pane.data });
  });
  handle('quoted', quoted);
  handle('aboutNothing', () => {
    front?.purpose.clear();
    front?.compose.textarea.focus();
  });
  bindRecorder(() => front?.compose.tools.recorder);
  bindClosing();
}

/** Leads from an answer to what it answers. */
function quoted(element: HTMLElement): void {
  const pane = ofEvent(element);
  const { quoted: cid = '', seq } = element.dataset;
  const number = seq === undefined ? pane?.lines.find(cid)?.seq : Number(seq);
  if (!pane) return;
  if (number === undefined) pane.root.querySelector(`li[data-cid="${CSS.escape(cid)}"]`)?.scrollIntoView({ block: 'center' });
  else if (!pane.lines.reveal(number)) emit('jump', { data: pane.data, seq: number });
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
    if (!front || cache.base.brief || document.querySelector('.layim-dialog')) return false;
    if (document.activeElement?.closest('.layui-layim')) return false;
    // A page of somebody else's has its own uses for Escape.
    if (!plusOptions().dock && !document.activeElement?.closest('.layui-layim-chat')) return false;
    closeChat(front);
    return true;
  });
  onEscape(() => {
    if (!front?.members?.isOpen) return false;
    front.members.toggle(false);
    return true;
  });
  onEscape(() => front?.purpose.clear() ?? false);
  onEscape(() => front?.compose.keys(false) ?? false);
  onEscape(() => front?.compose.faces(false) ?? false);
  onEscape(() => front?.compose.tools.recorder?.stop(false) ?? false);
  bindActions(ofEvent);
  onClickAnywhere((target) => {
    if (!target.closest('.layim-tool-face, .layui-layim-face')) front?.compose.faces(false);
    if (!target.closest('.layim-chat-send')) front?.compose.keys(false);
    if (!target.closest('.layui-layim-members, [layim-event=groupMembers]')) front?.members?.toggle(false);
  });
}
