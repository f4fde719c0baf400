// The two windows, in the shape `layer` gives them: floating, moved by the title and grown by a corner, or docked into
// the page.

import type { ChatData } from './contract';
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
  /** Smallest width and height, where it can be grown. */
  smallest?: [number, number];
}

/** `layer`'s own windows start one higher. */
const BASE = 19_891_013;
const frames = new Set<HTMLElement>();

/** Builds a window and puts it on the page. */
export function openFrame({ className, contentId, title, dock, buttons, smallest }: FrameOptions): Frame {
  const bar = el('div.layui-layer-title', {}, title);
  const content = el('div', { id: contentId, class: 'layui-layer-content' });
  const root = el(
    'div',
    { class: `layui-layer layui-box ${className}` },
    bar,
    content,
    el('div.layui-layer-setwin', {}, ...buttons),
  );
  if (dock) {
    root.classList.add('layim-docked');
  } else {
    drag(root, bar);
    if (smallest) grow(root, smallest);
    root.addEventListener('pointerdown', () => raise(root), true);
    raise(root);
  }
  (dock ?? document.body).append(root);
  return { root, content, title: bar };
}

/** The window that was touched last lies above the other; both stay below what `layer` opens. */
export function raise(root: HTMLElement): void {
  frames.add(root);
  for (const other of frames) {
    if (!other.isConnected && other !== root) frames.delete(other);
    other.style.zIndex = String(other === root ? BASE + 1 : BASE);
  }
}

const GLYPHS = { min: 'subtraction', max: 'screen-full', close: 'close' } as const;

/** The small buttons `layer` has; hosts find them by class. */
export function frameButton(kind: keyof typeof GLYPHS, event: string, label: string): HTMLElement {
  const className = kind === 'close' ? 'layui-layer-close layui-layer-close1' : `layui-layer-${kind}`;
  return el('span', { class: className, ...action(event, label) }, icon(GLYPHS[kind]));
}

function drag(root: HTMLElement, bar: HTMLElement): void {
  follow(bar, (down) => {
    const { left, top } = root.getBoundingClientRect();
    const [dx, dy] = [down.clientX - left, down.clientY - top];
    return (event) => {
      const x = Math.min(Math.max(event.clientX - dx, 60 - root.offsetWidth), innerWidth - 60);
      const y = Math.min(Math.max(event.clientY - dy, 0), innerHeight - 40);
      Object.assign(root.style, { left: `${x}px`, top: `${y}px`, right: 'auto', bottom: 'auto', margin: '0' });
    };
  });
}

function grow(root: HTMLElement, [width, height]: [number, number]): void {
  const corner = el('span.layui-layer-resize', { 'aria-hidden': 'true' });
  root.append(corner);
  follow(corner, (down) => {
    const { left, top, right, bottom } = root.getBoundingClientRect();
    const [dx, dy] = [right - down.clientX, bottom - down.clientY];
    // From here on its upper left corner stays.
    Object.assign(root.style, { left: `${left}px`, top: `${top}px`, right: 'auto', bottom: 'auto', margin: '0' });
    return (event) => {
      root.style.width = `${Math.max(width, event.clientX + dx - left)}px`;
      root.style.height = `${Math.max(height, event.clientY + dy - top)}px`;
    };
  });
}

/** Calls what `begin` gives for each move until the pointer is let go. */
function follow(handle: HTMLElement, begin: (down: PointerEvent) => (event: PointerEvent) => void): void {
  handle.addEventListener('pointerdown', (down) => {
    if (down.button !== 0) return;
    handle.setPointerCapture(down.pointerId);
    const move = begin(down);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), { once: true });
  });
}

const CORNERS: Record<string, Partial<Record<'top' | 'left' | 'right' | 'bottom', string>>> = {
  t: { top: '0', bottom: 'auto' },
  b: { top: 'auto', bottom: '0' },
  l: { left: '0', right: 'auto' },
  r: { left: 'auto', right: '0' },
  lt: { left: '0', top: '0', right: 'auto', bottom: 'auto' },
  lb: { left: '0', bottom: '0', right: 'auto', top: 'auto' },
  rt: { right: '0', top: '0', left: 'auto', bottom: 'auto' },
  rb: { right: '0', bottom: '0', left: 'auto', top: 'auto' },
};

/** Puts a floating window where the host wants it, and lets it come as the host wants. */
export function placed(root: HTMLElement, { offset, anim }: Pick<ChatData, 'offset' | 'anim'>): void {
  if (root.classList.contains('layim-docked')) return;
  if (Array.isArray(offset)) {
    const [top, left] = offset.map(String);
    Object.assign(root.style, { top, left, right: 'auto', bottom: 'auto' });
  } else if (typeof offset === 'string' && CORNERS[offset]) {
    Object.assign(root.style, CORNERS[offset]);
  } else if (typeof offset === 'string' && /^\d+(px|%)?$/.test(offset)) {
    Object.assign(root.style, { top: offset, bottom: 'auto' });
  }
  if (anim === undefined || !(Number(anim) >= 0 && Number(anim) <= 6)) return;
  const names = ['layer-anim', `layer-anim-0${Number(anim)}`];
  root.classList.add(...names);
  root.addEventListener('animationend', () => root.classList.remove(...names), { once: true });
}
