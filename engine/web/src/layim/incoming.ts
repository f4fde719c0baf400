// A message has come: into its window, or, where there is none, into a queue with a bar that leads to it.

import { hideChatBar, showChatBar } from './bars';
import { isAway, nameOf, openChat, paneOf, restBar } from './chat/window';
import type { ChatData, Incoming } from './contract';
import { keyOf } from './dom';
import { keep } from './log';
import { shortOf } from './chat/short';
import { notify } from './notice';
import { cache, contact, front, on, plusOptions, same, unread } from './state';
import { t } from './texts';
import { ring } from './voice';

/** What is told of a conversation's number of unread messages; set by what draws it. */
let counted: (data: Pick<ChatData, 'type' | 'id'>, count: number) => void = () => undefined;

export function bindIncoming(count: typeof counted): void {
  counted = count;
  on('chatChange', ({ data }: { data: ChatData }) => {
    leaveQueue(data);
    drawBar();
    if (!plusOptions().hostHistory) counted(data, 0);
  });
  on('chatAway', drawBar);
  on('bar', (restore: () => void) => (cache.chat.length > 0 ? openQueued() : restore()));
}

export function receive(given: Incoming): void {
  const content = given.content === undefined || given.content === null ? '' : String(given.content);
  const isEcho = same(given.fromid, cache.mine.id) && cache.mine.id !== '';
  const message: Incoming = { ...given, content, timestamp: given.timestamp ?? Date.now(), ...(isEcho ? { mine: true } : {}) };
  const isMine = message.mine === true;
  const pane = paneOf(message);
  const isInFront = front.key === keyOf(message) && pane !== undefined;
  const isQuiet = plusOptions().isQuiet?.() === true;
  if (!isMine && !isQuiet && !(plusOptions().hostHistory && isInFront && !document.hidden)) ring();
  if (message.system) {
    pane?.receive(message);
    return;
  }
  if (content.trim() === '' && !message.recalled && !message.part) return;
  keep(message, isEcho);
  if (pane) {
    const isNew = pane.receive(message);
    if (isNew && !isMine && !isInFront) noteUnread(message);
    if (!isInFront) pane.shake();
    if (isAway()) restBar();
  } else if (!plusOptions().hostHistory) {
    queue(message);
  }
  if (cache.base.notice && !isMine && !isQuiet && (!pane || document.hidden)) announce(message);
}

// On a page with a history of its own its server counts.
function noteUnread(message: Incoming): void {
  if (!plusOptions().hostHistory) counted(message, (unread.get(keyOf(message)) ?? 0) + 1);
}

function announce(message: Incoming): void {
  const data = chatOf(message);
  const text = shortOf(message);
  const isGroup = message.type === 'group' && message.username !== undefined;
  const notice = { title: nameOf(data), content: isGroup ? `${message.username}: ${text}` : text, avatar: message.avatar ?? data.avatar };
  notify(notice, () => openChat(chatOf(message)));
}

/** The chat that a message belongs to: from the lists, else from what the message says. */
function chatOf(message: Incoming): ChatData {
  const known = contact(message.type, message.id);
  if (known) return known;
  const { content: _, cid: __, fromid: ___, timestamp: ____, mine: _____, ...rest } = message;
  const data = { ...rest, avatar: message.avatar ?? '' };
  if (message.type === 'friend') return { ...data, name: message.username ?? '', temporary: true };
  if (message.type === 'group') return { ...data, name: message.groupname ?? message.name ?? '' };
  return { ...data, name: message.name ?? message.username ?? message.groupname ?? '' };
}

function queue(message: Incoming): void {
  const key = keyOf(message);
  const waiting = cache.message[key] ?? [];
  cache.message[key] = [...waiting, message];
  if (waiting.length === 0) cache.chat.push(chatOf(message));
  if (message.mine) return;
  noteUnread(message);
  drawBar();
}

/** The bar says what there is: chats that were put away, or messages that wait for a window. */
function drawBar(): void {
  const [first] = cache.chat;
  if (isAway()) restBar();
  else if (first) showChatBar({ avatar: first.avatar, text: cache.chat.length > 1 ? t('news') : t('newsFrom', { name: nameOf(first) }), isNew: true, clicked: openQueued });
  else hideChatBar();
}

/** Opens every conversation that something waits in. */
function openQueued(): void {
  const all = [...cache.chat];
  hideChatBar();
  for (const data of all) openChat(data);
}

// The window draws what waited when it opens; it waits no longer.
function leaveQueue(data: ChatData): void {
  const key = keyOf(data);
  if (!cache.message[key]) return;
  delete cache.message[key];
  const at = cache.chat.findIndex((other) => keyOf(other) === key);
  if (at >= 0) cache.chat.splice(at, 1);
}
