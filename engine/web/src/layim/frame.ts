// The two windows, in the shape `layer` gives them: floating and dragged by the title, or docked into the page.

import { action, el, icon } from './dom';

export interface Frame {
  root: HTMLElement;
  content: HTMLElement;
  title: HTMLElement;
}

export interface FrameOptions {
  className: string;
  contentId: string;
  title: string;
  dock: HTMLElement | undefined;
  /** Buttons at the right of the title. */
  buttons: HTMLElement[];
}

/** Builds a window and puts it on the page. */
export function openFrame({ className, contentId, title, dock, buttons }: FrameOptions): Frame {
  const bar = el('div.layui-layer-title', {}, title);
  const content = el('div', { id: contentId, class: 'layui-layer-content' });
  const root = el(
    'div',
    { class: `layui-layer layui-box ${className}` },
    bar,
    content,
    el('span.layui-layer-setwin', {}, ...buttons),
  );
  if (dock) root.classList.add('layim-docked');
  else drag(root, bar);
  (dock ?? document.body).append(root);
  return { root, content, title: bar };
}

/** The small buttons `layer` has; hosts find them by class. */
export function frameButton(kind: 'min' | 'close', event: string, label: string): HTMLElement {
  const className = kind === 'close' ? 'layui-layer-close layui-layer-close1' : 'layui-layer-min';
  return el('a', { class: className, ...action(event, label) }, icon(kind === 'close' ? 'close' : 'subtraction'));
}

function drag(root: HTMLElement, bar: HTMLElement): void {
  bar.addEventListener('pointerdown', (down) => {
    if (down.button !== 0) return;
    const { left, top } = root.getBoundingClientRect();
    const [dx, dy] = [down.clientX - left, down.clientY - top];
    bar.setPointerCapture(down.pointerId);
    const move = (event: PointerEvent) => {
      const x = Math.min(Math.max(event.clientX - dx, 60 - root.offsetWidth), innerWidth - 60);
      const y = Math.min(Math.max(event.clientY - dy, 0), innerHeight - 40);
      Object.assign(root.style, { left: `${x}px`, top: `${y}px`, right: 'auto', bottom: 'auto' });
    };
    bar.addEventListener('pointermove', move);
    bar.addEventListener('lostpointercapture', () => bar.removeEventListener('pointermove', move), { once: true });
  });
}
