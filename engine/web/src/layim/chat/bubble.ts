// One message as a list entry: who, when, what, and for one's own how far it has come.

import type { BubbleChange, BubbleState, ChatData, Incoming, Quote } from '../contract';
import { action, avatar, el, icon, set } from '../dom';
import { pictureAddress } from '../markup/address';
import { lineOf as formatted } from '../markup/lines';
import { summary } from '../markup/parse';
import { render } from '../markup/render';
import { cache, plusOptions, same } from '../state';
import { t } from '../texts';
import { clockTime, fullTime } from '../time';
import { recalledText } from './days';

/** A message with everything decided. */
export interface Line {
  cid: string;
  /** False for a name that was made up here. */
  isNamed: boolean;
  seq: number | undefined;
  mine: boolean;
  system: boolean;
  name: string;
  avatar: string;
  /** Who said it, for putting neighbours together. */
  from: string;
  time: number;
  content: string;
  state: BubbleState | undefined;
  reason: string | undefined;
  reply: Quote | undefined;
  edited: boolean;
  recalled: boolean;
}

let made = 0;

export function lineOf(message: Incoming): Line {
  const mine = message.mine === true || same(message.fromid, cache.mine.id);
  made += 1;
  const isNamed = message.cid !== undefined && message.cid !== null;
  return {
    cid: isNamed ? String(message.cid) : `local-${made}`,
    isNamed,
    seq: message.seq,
    mine,
    system: message.system === true,
    name: String((mine ? cache.mine.username : message.username) ?? ''),
    avatar: String((mine ? cache.mine.avatar : message.avatar) ?? ''),
    from: mine ? String(cache.mine.id) : String(message.fromid ?? message.username ?? message.id),
    time: Number(message.timestamp ?? Date.now()),
    content: String(message.content ?? ''),
    state: message.state,
    reason: message.reason,
    reply: message.reply,
    edited: message.edited === true,
    recalled: message.recalled === true,
  };
}

export function bubble(line: Line): HTMLLIElement {
  const { cid, isNamed, seq, mine, system, name, time } = line;
  const data = { 'data-cid': isNamed || system ? cid : undefined, 'data-seq': seq, 'data-from': line.from, 'data-time': time };
  const { hostHistory, actions = [] } = plusOptions();
  if (system) {
    return el('li.layim-chat-system', data, el('span', { dir: 'auto' }, hostHistory ? render(line.content) : formatted(line.content)));
  }
  const when = el('i', { title: fullTime(time) }, hostHistory ? clockTime(time) : fullTime(time));
  const who = el('span', { dir: 'auto' }, name);
  const item = el(
    'li',
    { class: mine ? 'layim-chat-mine' : undefined, ...data },
    el('div.layim-chat-user', {}, avatar(pictureAddress(line.avatar)), el('cite', {}, ...(mine ? [when, who] : [who, when]))),
    el('div.layim-chat-text', { dir: 'auto', title: hostHistory ? fullTime(time) : undefined }),
  );
  if (mine) item.append(el('div.layim-chat-state', { 'aria-live': 'polite' }));
  if (actions.length > 0 && isNamed) item.append(acts(mine));
  showText(item, line);
  // A host that knows of no states has none shown.
  if (mine && line.state) showState(item, line.state, line.reason);
  return item;
}

function showText(item: HTMLElement, line: Line): void {
  const place = item.querySelector('.layim-chat-text');
  if (!place) return;
  item.classList.toggle('layim-chat-recalled', line.recalled);
  if (line.recalled) {
    place.replaceChildren(recalledText(line.name, line.mine));
    return;
  }
  place.replaceChildren(...(line.reply ? [quote(line.reply)] : []), render(line.content));
  if (line.edited) place.append(el('small.layim-chat-edited', {}, t('edited')));
}

function quote({ cid, username, content }: Quote): HTMLElement {
  const text = summary(String(content), { image: t('imageWord'), file: t('fileWord') });
  return el('div.layim-chat-quote', { 'data-quoted': String(cid), ...action('quoted') }, el('b', { dir: 'auto' }, String(username)), el('span', { dir: 'auto' }, text));
}

function acts(mine: boolean): HTMLElement {
  const glyphs = { reply: 'reply-fill', edit: 'edit', recall: 'return' } as const;
  const shown = (plusOptions().actions ?? []).filter((name) => name === 'reply' || mine);
  return el(
    'div.layim-chat-acts',
    { role: 'group', 'aria-label': t('actions') },
    ...shown.map((name) => el('button', { type: 'button', 'layim-event': 'act', 'data-act': name, 'aria-label': t(name), title: t(name) }, icon(glyphs[name]))),
  );
}

/** Changes a message and, where it is drawn, its bubble. */
export function changeBubble(line: Line, item: HTMLElement | undefined, change: BubbleChange): void {
  if (change.cid !== undefined) line.isNamed = true;
  if (change.timestamp !== undefined) line.time = change.timestamp;
  if (change.content !== undefined) Object.assign(line, { content: change.content, edited: true });
  if (change.recalled !== undefined) line.recalled = change.recalled;
  if (change.state && line.state !== 'read') Object.assign(line, { state: change.state, reason: change.reason });
  if (!item) return;
  if (change.cid !== undefined) set(item, { 'data-cid': change.cid });
  if (change.timestamp !== undefined) {
    set(item, { 'data-time': change.timestamp });
    if (plusOptions().hostHistory) set(item.querySelector('.layim-chat-text') ?? item, { title: fullTime(change.timestamp) });
  }
  if (change.content !== undefined || change.recalled !== undefined) showText(item, line);
  if (change.state) showState(item, change.state, change.reason);
}

/** Shows how far one's own message has come. */
export function showState(item: HTMLElement, state: BubbleState, reason?: string): void {
  const place = item.querySelector('.layim-chat-state');
  if (!place || item.dataset['state'] === 'read') return;
  set(item, { 'data-state': state });
  if (state === 'failed') {
    place.replaceChildren(
      el('span', { title: reason }, `${t('failed')}${reason ? ` · ${reason}` : ''}`),
      el('button.layim-again', { type: 'button', ...action('again', t('again')) }, icon('refresh-3'), t('again')),
    );
    return;
  }
  const glyphs = { waiting: 'time', sending: 'time', sent: 'ok', read: 'ok' } as const;
  place.replaceChildren(el('span', { role: 'img', 'aria-label': t(state), title: t(state) }, icon(glyphs[state])));
}

/** What a chat is called by, for lines without a sender. */
export function sender(data: ChatData): string {
  return data.username ?? data.groupname ?? data.name;
}
