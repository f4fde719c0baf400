// Where one writes: tools, text, send.

import type { ChatData, Friend, Mention } from '../contract';
import { action, el, icon, set } from '../dom';
import { cache, plusOptions } from '../state';
import { remember, remembered } from '../store';
import { t } from '../texts';
import { facesView } from './faces';
import { MentionView } from './mention';
import { type Tools, toolsView } from './tools';

/** LayIM's own limit, where the host gives none. */
const LONGEST = 3_000;
const KEYS = ['Enter', 'Ctrl+Enter'] as const;

export interface Compose {
  footer: HTMLElement;
  textarea: HTMLTextAreaElement;
  tools: Tools;
  /** Says what the text is for, such as that it answers a message; nothing takes that away. */
  about(text: string | undefined): void;
  /** Whom the text calls; from then on nobody. */
  mention(text: string): Mention | undefined;
  insert(text: string): void;
  /** Opens or closes the faces; true if they were open. */
  faces(open: boolean | undefined): boolean;
  /** Opens or closes the choice of keys; true if it was open. */
  keys(open: boolean | undefined): boolean;
  /** Shows which key sends. */
  drawKeys(): void;
  /** Shows how many characters are left, when few are. */
  drawLength(): void;
}

export function sendKey(): string {
  return remembered()['sendHotKey'] === 'Ctrl+Enter' ? 'Ctrl+Enter' : 'Enter';
}

export function longest(): number {
  return cache.base.maxLength ?? LONGEST;
}

/** Characters as the server counts them. */
export function lengthOf(text: string): number {
  return text.length > longest() ? [...text].length : text.length;
}

export interface ComposeOptions {
  data: ChatData;
  send(): void;
  typed(): void;
  /** Whom `@` offers; without it nobody. */
  members?: (() => Promise<Friend[]>) | undefined;
}

export function composeView({ data, send, typed, members }: ComposeOptions): Compose {
  const textarea = el('textarea', { rows: 1, 'aria-label': t('input', { name: data.name }), dir: 'auto', enterkeyhint: 'send' });
  const mentions = members && new MentionView(textarea, members, plusOptions().hostHistory === true);
  const faceWindow = facesView((name) => {
    insert(`face[${name}] `);
    faces(false);
    textarea.focus();
  });
  const tools = toolsView({ data, insert, send });
  const faceTool = tools.face;
  const about = el('div.layim-chat-about', { hidden: true }, el('span', { dir: 'auto' }), el('button', { type: 'button', 'layim-event': 'aboutNothing', 'aria-label': t('cancel'), title: t('cancel') }, icon('close')));
  const menu = el(
    'ul.layui-anim.layim-menu-box',
    { role: 'menu' },
    ...KEYS.map((key) => el('li', { 'layim-event': 'setSend', 'lay-type': key, role: 'menuitemradio', tabindex: 0 }, el('i.layui-icon.layui-icon-ok', { 'aria-hidden': 'true' }), t('sendBy', { key }))),
  );
  const setter = el('span.layim-send-set', { ...action('setSend', t('sendSettings')), 'aria-haspopup': 'menu' }, el('em.layui-edge.layui-edge-top'));
  const length = el('span.layim-chat-length', { 'aria-live': 'polite' });
  const bottom = el(
    'div.layim-chat-bottom',
    {},
    length,
    el(
      'div.layim-chat-send',
      {},
      !cache.base.brief && el('span.layim-send-close', action('closeThisChat', t('close')), t('close')),
      el('span.layim-send-btn', action('send', t('send')), t('send')),
      setter,
      menu,
    ),
  );
  const footer = el('div.layim-chat-footer', {}, faceWindow, mentions?.root, tools.root, about, el('div.layim-chat-textarea', {}, textarea, tools.recorder?.bar), bottom);

  function insert(text: string): void {
    const { selectionStart, selectionEnd } = textarea;
    textarea.setRangeText(String(text), selectionStart, selectionEnd, 'end');
    textarea.dispatchEvent(new Event('input'));
  }
  function faces(open: boolean = faceWindow.hasAttribute('hidden')): boolean {
    const was = !faceWindow.hasAttribute('hidden');
    if (was && !open && faceWindow.contains(document.activeElement)) faceTool.focus();
    faceWindow.hidden = !open;
    set(faceTool, { 'aria-expanded': String(open) });
    if (open) faceWindow.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    return was;
  }
  function keys(open: boolean = !menu.classList.contains('layui-show')): boolean {
    const was = menu.classList.contains('layui-show');
    menu.classList.toggle('layui-show', open);
    return was;
  }
  function drawKeys(): void {
    for (const item of menu.children) item.classList.toggle('layim-this', item.getAttribute('lay-type') === sendKey());
    // With a finger there is a button, and little room.
    textarea.placeholder = matchMedia('(pointer: coarse), (max-width: 700px)').matches ? t('inputShort') : t('inputHint', { key: sendKey() });
  }
  function drawLength(): void {
    const count = lengthOf(textarea.value);
    length.textContent = count > longest() * 0.9 ? `${count} / ${longest()}` : '';
    length.classList.toggle('layim-too-long', count > longest());
  }
  function says(text: string | undefined): void {
    about.hidden = text === undefined;
    if (about.firstElementChild) about.firstElementChild.textContent = text ?? '';
  }
  const files = (list: FileList | undefined) => list !== undefined && list.length > 0 && tools.take([...list]);
  textarea.addEventListener('paste', (event) => {
    // Text that came with a picture of it is pasted as text.
    if (!event.clipboardData?.types.includes('text/plain') && files(event.clipboardData?.files)) event.preventDefault();
  });
  textarea.addEventListener('drop', (event) => {
    if (files(event.dataTransfer?.files)) event.preventDefault();
  });
  textarea.addEventListener('keydown', (event) => void (mentions?.key(event) || keydown(event, textarea, send)));
  textarea.addEventListener('input', () => {
    drawLength();
    if (textarea.value.trim() !== '') typed();
  });
  drawKeys();
  return { footer, textarea, tools, about: says, mention: (text) => mentions?.take(text), insert, faces, keys, drawKeys, drawLength };
}

export function chooseSendKey(key: string): void {
  remember('sendHotKey', key);
}

function keydown(event: KeyboardEvent, textarea: HTMLTextAreaElement, send: () => void): void {
  // Enter that ends a Chinese word in the making belongs to the input method (229 is how older ones say so).
  if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229 || event.shiftKey) return;
  const wantsCtrl = sendKey() === 'Ctrl+Enter';
  const hasCtrl = event.ctrlKey || event.metaKey;
  if (wantsCtrl === hasCtrl) {
    event.preventDefault();
    send();
  } else if (hasCtrl) {
    event.preventDefault();
    textarea.setRangeText('\n', textarea.selectionStart, textarea.selectionEnd, 'end');
    textarea.dispatchEvent(new Event('input'));
  }
}
