// What can be done with a message: buttons beside it, and a menu by the right button, a long press or the key for menus.

import type { MessageAction } from '../contract';
import { el, icon } from '../dom';
import { handle, onClickAnywhere, onEscape } from '../events';
import { faces } from '../faces';
import { cache, plusOptions } from '../state';
import { t } from '../texts';
import { toast } from '../toast';
import type { Line } from './bubble';
import { facesView } from './faces';
import type { Pane } from './pane';

const GLYPHS: Record<MessageAction, string> = {
  react: 'face-smile', reply: 'reply-fill', forward: 'share', copy: 'file-b', edit: 'edit', recall: 'return', readers: 'eye',
};
/** In the order of the menu; reactions have a row of their own above. */
const ORDER: MessageAction[] = ['reply', 'forward', 'copy', 'edit', 'recall', 'readers'];
/** What is a way of writing. */
const WRITES: readonly MessageAction[] = ['reply', 'react', 'edit', 'recall'];
const QUICK = ['👍', '❤️', '😄', '🎉', '😢', '👀'];
/** Milliseconds that a finger rests on a message. */
const LONG_PRESS = 500;

/** Whether the host has more than the three buttons. */
const hasMenu = () => plusOptions().actions?.includes('react') === true;

/** The buttons beside a message. */
export function acts(mine: boolean): HTMLElement {
  const button = (name: string, label: string, glyph: string) =>
    el('button', { type: 'button', 'layim-event': 'act', 'data-act': name, 'aria-label': label, title: label, tabindex: hasMenu() ? -1 : undefined }, icon(glyph));
  const shown = (plusOptions().actions ?? []).filter((name) => (hasMenu() ? name === 'reply' || name === 'react' : name === 'reply' || mine));
  const more = hasMenu() && button('more', t('actions'), 'more');
  return el('div.layim-chat-acts', { role: 'group', 'aria-label': t('actions') }, ...shown.map((name) => button(name, t(name), GLYPHS[name])), more);
}

/** What may be done with this message now. */
function allowed(line: Line, pane: Pane): MessageAction[] {
  const { actions = [], may } = plusOptions();
  const { cid, seq, mine, time, recalled, part } = line;
  if (recalled) return [];
  return actions.filter((name) => {
    if (name !== 'copy' && seq === undefined) return false;
    if (pane.isClosed && WRITES.includes(name)) return false;
    if (name === 'copy' && part && part.kind !== 'card') return false;
    if ((name === 'edit' || name === 'recall') && !mine) return false;
    if (name === 'edit' && part) return false;
    if (name === 'readers' && (!mine || pane.data.type !== 'group')) return false;
    return may?.(name, { cid, mine, time, data: pane.data }) ?? true;
  });
}

let menu: HTMLElement | undefined;
let owner: HTMLElement | undefined;

function close(): boolean {
  if (!menu) return false;
  const hadFocus = menu.contains(document.activeElement);
  menu.remove();
  menu = undefined;
  owner?.classList.remove('layim-chosen');
  if (hadFocus) owner?.focus({ preventScroll: true });
  return true;
}

interface Place {
  x: number;
  y: number;
}

function open(pane: Pane, item: HTMLElement, place: Place): void {
  close();
  const line = pane.lines.find(item.dataset['cid'] ?? '');
  const names = line && allowed(line, pane);
  if (!line || !names || names.length === 0) return;
  owner = item;
  item.tabIndex = -1;
  item.classList.add('layim-chosen');
  const run = (name: MessageAction) => {
    close();
    if (name === 'copy') void copy(line);
    else pane.purpose.act(name, line);
  };
  const entry = (name: MessageAction) => {
    const made = el('button', { type: 'button', role: 'menuitem', 'data-act': name, tabindex: -1 }, icon(GLYPHS[name]), t(name));
    made.addEventListener('click', () => run(name));
    return made;
  };
  const shown = ORDER.filter((name) => names.includes(name)).map(entry);
  menu = el('div.layim-menu', { role: 'menu', 'aria-label': t('actions') }, names.includes('react') && emojiRow(pane, line), ...shown);
  document.body.append(menu);
  menu.addEventListener('keydown', walk);
  put(menu, place);
  menu.querySelector<HTMLElement>('[role=menuitem]')?.focus({ preventScroll: true });
}

function put(made: HTMLElement, { x, y }: Place): void {
  made.style.left = `${Math.max(8, Math.min(x, innerWidth - made.offsetWidth - 8))}px`;
  made.style.top = `${Math.max(8, Math.min(y, innerHeight - made.offsetHeight - 8))}px`;
}

function emojiRow(pane: Pane, line: Line): HTMLElement {
  const choose = (emoji: string) => {
    close();
    pane.purpose.react(line, emoji);
  };
  const quick = QUICK.map((emoji) => {
    const mine = line.reactions.some((one) => one.emoji === emoji && one.people.some(({ id }) => String(id) === String(cache.mine.id)));
    const made = el('button', { type: 'button', role: 'menuitem', 'data-emoji': emoji, 'aria-label': t('reactWith', { emoji }), tabindex: -1, class: mine ? 'layim-this' : undefined }, emoji);
    made.addEventListener('click', () => choose(emoji));
    return made;
  });
  const more = el('button', { type: 'button', role: 'menuitem', 'aria-label': t('moreFaces'), title: t('moreFaces'), tabindex: -1 }, icon('add-1'));
  const row = el('div.layim-menu-emojis', { role: 'group', 'aria-label': t('react') }, ...quick, more);
  more.addEventListener('click', (event) => {
    event.stopPropagation();
    const all = facesView((name) => choose(faces.get(name) ?? ''));
    all.hidden = false;
    menu?.replaceChildren(all);
    menu?.classList.add('layim-menu-faces');
    if (menu) put(menu, { x: menu.offsetLeft, y: menu.offsetTop });
    all.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  });
  return row;
}

function walk(event: KeyboardEvent): void {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Tab: event.shiftKey ? -1 : 1 };
  const items = [...(menu?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  const step = steps[event.key];
  if (step === undefined || items.length === 0) return;
  event.preventDefault();
  event.stopPropagation();
  const at = items.indexOf(document.activeElement as HTMLElement);
  // Below the row of emoji the next entry is the list's first.
  const isEmoji = items[at]?.closest('.layim-menu-emojis') !== null;
  const first = items.findIndex((item) => !item.closest('.layim-menu-emojis'));
  const next = isEmoji && event.key === 'ArrowDown' && first > 0 ? first : (at + step + items.length) % items.length;
  items[next]?.focus();
}

async function copy({ content, part }: Line): Promise<void> {
  const text = part?.kind === 'card' ? [part.title, part.text, part.link].filter(Boolean).join('\n') : content;
  try {
    await navigator.clipboard.writeText(text);
    toast(t('copied'));
  } catch {
    toast(t('copyFailed'));
  }
}

function itemOf(target: EventTarget | null): HTMLElement | undefined {
  const item = target instanceof Element ? target.closest<HTMLElement>('.layim-chat-main li[data-cid]:not(.layim-chat-system)') : null;
  return item ?? undefined;
}

/** Binds the menu; `paneOf` finds the chat that an element lies in. */
export function bindActions(paneOf: (element: Element) => Pane | undefined): void {
  const openAt = (item: HTMLElement, place: Place) => {
    const pane = paneOf(item);
    if (pane) open(pane, item, place);
  };
  const below = (item: HTMLElement): Place => {
    const { left, bottom } = (item.querySelector('.layim-chat-text') ?? item).getBoundingClientRect();
    return { x: left, y: bottom + 4 };
  };
  document.body.addEventListener('contextmenu', (event) => {
    const item = hasMenu() ? itemOf(event.target) : undefined;
    // What somebody has marked they want to copy, in the browser's own way.
    if (!item || getSelection()?.toString()) return;
    event.preventDefault();
    if (menu && owner === item) return;
    openAt(item, event.clientX === 0 && event.clientY === 0 ? below(item) : { x: event.clientX, y: event.clientY });
  });
  document.body.addEventListener('keydown', (event) => {
    if (!hasMenu() || event.defaultPrevented) return;
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey) || event.key === 'Enter') {
      const item = event.target instanceof HTMLElement && event.target.matches('li[data-cid]') ? itemOf(event.target) : undefined;
      if (!item) return;
      event.preventDefault();
      openAt(item, below(item));
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      stroll(event);
    }
  });
  handle('act', (element) => {
    const pane = paneOf(element);
    const item = itemOf(element);
    const line = pane && item && pane.lines.find(item.dataset['cid'] ?? '');
    if (!pane || !item || !line) return;
    const name = element.dataset['act'];
    if (pane.isClosed && WRITES.includes(name as MessageAction)) return;
    const { left, bottom } = element.getBoundingClientRect();
    if (name === 'more' || name === 'react') open(pane, item, { x: left - 60, y: bottom + 4 });
    else pane.purpose.act(name as MessageAction, line);
  });
  handle('reaction', (element) => {
    const pane = paneOf(element);
    const line = pane?.lines.find(itemOf(element)?.dataset['cid'] ?? '');
    if (pane && line && !pane.isClosed) pane.purpose.react(line, element.dataset['emoji'] ?? '');
  });
  onEscape(close);
  onClickAnywhere((target) => {
    if (!target.closest('.layim-menu, [layim-event=act]')) close();
  });
  longPress(openAt);
}

/** The arrow keys walk from message to message. */
function stroll(event: KeyboardEvent): void {
  const { target } = event;
  if (!(target instanceof HTMLElement) || !(target.matches('.layim-chat-main') || target.matches('.layim-chat-main li[data-cid]'))) return;
  const items = [...(target.closest('.layim-chat-main')?.querySelectorAll<HTMLElement>('li[data-cid]:not(.layim-chat-system)') ?? [])];
  const at = items.indexOf(target);
  const next = items[at < 0 ? items.length - 1 : at + (event.key === 'ArrowUp' ? -1 : 1)];
  if (!next) return;
  event.preventDefault();
  next.tabIndex = -1;
  next.focus();
}

function longPress(openAt: (item: HTMLElement, place: Place) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => clearTimeout(timer);
  document.body.addEventListener('pointerdown', (event) => {
    stop();
    const item = hasMenu() && event.pointerType === 'touch' ? itemOf(event.target) : undefined;
    if (!item || (event.target as Element).closest('button, a, audio, video')) return;
    timer = setTimeout(() => openAt(item, { x: event.clientX, y: event.clientY }), LONG_PRESS);
  }, { passive: true });
  for (const name of ['pointerup', 'pointercancel', 'pointermove', 'scroll']) {
    document.body.addEventListener(name, stop, { passive: true, capture: true });
  }
}
