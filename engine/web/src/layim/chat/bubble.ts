// One message as a list entry: who, when, what, and for one's own how far it has come.

import type { BubbleState, ChatData, Id, Incoming } from '../contract';
import { action, avatar, el, icon, set } from '../dom';
import { render } from '../markup/render';
import { cache, same } from '../state';
import { t } from '../texts';
import { clockTime, fullTime } from '../time';

/** A message with everything decided. */
export interface Line {
  cid: string;
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
}

let made = 0;

export function lineOf(message: Incoming): Line {
  const mine = message.mine === true || same(message.fromid, cache.mine.id);
  made += 1;
  return {
    cid: message.cid === undefined ? `local-${made}` : String(message.cid),
    seq: message.seq,
    mine,
    system: message.system === true,
    name: (mine ? cache.mine.username : message.username) ?? '',
    avatar: (mine ? cache.mine.avatar : message.avatar) ?? '',
    from: mine ? String(cache.mine.id) : String(message.fromid ?? message.username ?? message.id),
    time: message.timestamp ?? Date.now(),
    content: String(message.content),
    state: message.state,
    reason: message.reason,
  };
}

export function bubble(line: Line): HTMLLIElement {
  const { cid, seq, mine, system, name, time } = line;
  const data = { 'data-cid': cid, 'data-seq': seq, 'data-from': line.from, 'data-time': time };
  if (system) return el('li.layim-chat-system', data, el('span', { dir: 'auto' }, render(line.content)));
  const when = el('i', { title: fullTime(time) }, clockTime(time));
  const who = el('span', { dir: 'auto' }, name);
  const item = el(
    'li',
    { class: mine ? 'layim-chat-mine' : undefined, ...data },
    el('div.layim-chat-user', {}, avatar(line.avatar), el('cite', {}, ...(mine ? [when, who] : [who, when]))),
    el('div.layim-chat-text', { dir: 'auto', title: fullTime(time) }, render(line.content)),
  );
  if (mine) {
    item.append(el('div.layim-chat-state', { 'aria-live': 'polite' }));
    // A host that knows of no states has none shown.
    if (line.state) showState(item, line.state, line.reason);
  }
  return item;
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

export function isSameId(item: HTMLElement, cid: Id): boolean {
  return item.dataset['cid'] === String(cid);
}
