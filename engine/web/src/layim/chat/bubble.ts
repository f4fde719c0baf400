// One message as a list entry: who, when, what, and for one's own how far it has come.

import type { BubbleChange, BubbleState, ChatData, Incoming, Part, Quote, Reaction } from '../contract';
import { action, avatar, el, icon, set } from '../dom';
import { pictureAddress } from '../markup/address';
import { lineOf as formatted } from '../markup/lines';
import { summary } from '../markup/parse';
import { render } from '../markup/render';
import { cache, plusOptions, same } from '../state';
import { t } from '../texts';
import { clockTime, fullTime } from '../time';
import { acts } from './actions';
import { recalledText } from './days';
import { partView, progressView } from './parts';
import { drawReactions, reacted } from './reactions';

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
  part: Part | undefined;
  reactions: Reaction[];
  called: boolean;
  forwarded: string | undefined;
  progress: number | undefined;
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
    part: message.part,
    reactions: message.reactions ?? [],
    called: message.called === true,
    forwarded: message.forwarded,
    progress: message.progress,
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
  drawReactions(item, line.recalled ? [] : line.reactions);
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
    const canSayAgain = line.mine && !line.part && line.content.trim() !== '' && plusOptions().actions?.includes('edit');
    if (canSayAgain) place.append(el('button.layim-sayagain', { type: 'button', 'layim-event': 'sayAgain' }, t('sayAgain')));
    return;
  }
  const { part, reply, forwarded, progress } = line;
  item.classList.toggle('layim-chat-called', line.called);
  item.classList.toggle('layim-chat-part', part !== undefined && part.kind !== 'card' && !reply);
  set(item, { 'data-part': part?.kind });
  const before = [forwarded !== undefined && el('small.layim-chat-forwarded', { dir: 'auto' }, icon('share'), t('forwardedFrom', { name: forwarded })), reply && quote(reply)];
  place.replaceChildren(...before.filter((one): one is HTMLElement => Boolean(one)), part ? partView(part) : render(line.content));
  if (progress !== undefined) place.append(progressView(line));
  if (line.edited) place.append(el('small.layim-chat-edited', {}, t('edited')));
}

function quote({ cid, seq, username, content }: Quote): HTMLElement {
  const text = summary(String(content), { image: t('imageWord'), file: t('fileWord') });
  return el('div.layim-chat-quote', { 'data-quoted': cid === undefined ? undefined : String(cid), 'data-seq': seq, ...action('quoted') }, el('b', { dir: 'auto' }, String(username)), el('span', { dir: 'auto' }, text));
}

/** Changes a message and, where it is drawn, its bubble. */
export function changeBubble(line: Line, item: HTMLElement | undefined, change: BubbleChange): void {
  if (change.cid !== undefined) line.isNamed = true;
  if (change.timestamp !== undefined) line.time = change.timestamp;
  if (change.content !== undefined) Object.assign(line, { content: change.content, edited: true });
  if (change.recalled !== undefined) line.recalled = change.recalled;
  if (change.part !== undefined) line.part = change.part;
  if (change.called !== undefined) line.called = change.called;
  if (change.reactions !== undefined) line.reactions = change.reactions;
  if (change.reaction) line.reactions = reacted(line.reactions, change.reaction.emoji, change.reaction.person, change.reaction.on);
  const wasUnderWay = line.progress !== undefined;
  if ('progress' in change) line.progress = change.progress;
  if (change.state && line.state !== 'read') Object.assign(line, { state: change.state, reason: change.reason });
  if (!item) return;
  if (change.cid !== undefined) set(item, { 'data-cid': change.cid });
  if (change.timestamp !== undefined) {
    set(item, { 'data-time': change.timestamp });
    if (plusOptions().hostHistory) set(item.querySelector('.layim-chat-text') ?? item, { title: fullTime(change.timestamp) });
  }
  if (wasUnderWay && line.progress !== undefined) item.querySelector('.layim-progress')?.replaceWith(progressView(line));
  else if (isRedrawn(change)) showText(item, line);
  if (change.reactions ?? change.reaction ?? change.recalled) drawReactions(item, line.recalled ? [] : line.reactions);
  if (change.state) showState(item, change.state, change.reason);
}

function isRedrawn(change: BubbleChange): boolean {
  return ['content', 'recalled', 'part', 'called', 'progress'].some((name) => name in change);
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
