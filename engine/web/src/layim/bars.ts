// The two small bars that stand for windows that are put away: the panel's, and the chats' (which also says that
// something new has come).

import { el, set } from './dom';
import { pictureAddress } from './markup/address';
import { cache } from './state';

interface Bar {
  root: HTMLElement;
  content: HTMLElement;
}

interface BarOptions {
  className: string;
  contentId: string;
  avatar: string | undefined;
  text: string;
  clicked(): void;
}

let panel: Bar | undefined;
let chat: Bar | undefined;

function make({ className, contentId, avatar, text, clicked }: BarOptions): Bar {
  const picture = el('img', { src: pictureAddress(avatar), alt: '' });
  const content = el('div', { id: contentId, class: 'layui-layer-content' }, picture, el('span', { dir: 'auto' }, text));
  const root = el('div', { class: `layui-layer layui-box ${className}`, role: 'button', tabindex: 0, 'aria-label': text, title: text }, content);
  root.addEventListener('click', clicked);
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    clicked();
  });
  document.body.append(root);
  return { root, content };
}

/** The panel's bar, at the panel's place. */
export function showPanelBar(text: string, clicked: () => void): void {
  panel?.root.remove();
  panel = make({ className: 'layui-layim-min layui-layim-close', contentId: 'layui-layim-close', avatar: cache.mine.avatar, text, clicked });
  shift(panel.root, cache.base.right);
}

export function hidePanelBar(): void {
  panel?.root.remove();
  panel = undefined;
}

/** The chats' bar; shown again it says something else. */
export function showChatBar(options: { avatar: string | undefined; text: string; isNew: boolean; clicked: () => void }): void {
  chat?.root.remove();
  chat = make({ className: 'layui-layim-min', contentId: 'layui-layim-min', ...options });
  chat.root.classList.toggle('layim-news', options.isNew);
  set(chat.content, { 'aria-live': 'polite' });
  const { minRight } = cache.base;
  if (minRight !== undefined) Object.assign(chat.root.style, { left: 'auto', right: length(minRight), transform: 'none' });
}

export function hideChatBar(): void {
  chat?.root.remove();
  chat = undefined;
}

export function hasChatBar(): boolean {
  return chat !== undefined;
}

/** Moves what stands at the right edge to the left, as LayIM does it: by a negative margin. */
export function shift(root: HTMLElement, by: string | undefined): void {
  if (by !== undefined) root.style.marginLeft = `calc(-1 * ${length(by)})`;
}

function length(value: string | number): string {
  return typeof value === 'number' ? `${value}px` : String(value);
}
