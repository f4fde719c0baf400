// A short line for a few seconds, also for those who listen.

import { el } from './dom';

const SHOWN = 3_500;
let place: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows `text`; what it gives back takes the line away early, unless another has come. */
export function toast(text: string): () => void {
  place ??= document.body.appendChild(el('div.layim-toast', { role: 'status', 'aria-live': 'polite' }));
  place.textContent = text;
  place.classList.add('layui-show');
  clearTimeout(timer);
  timer = setTimeout(() => place?.classList.remove('layui-show'), SHOWN);
  return () => void (place?.textContent === text && place.classList.remove('layui-show'));
}
