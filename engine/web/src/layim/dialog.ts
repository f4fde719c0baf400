// Dialogs: `layer` of layui opens, moves and closes them, so that hosts can close them by their number as well.

import { el, set } from './dom';

export interface LayerElement {
  [index: number]: HTMLElement;
}

interface LayerOptions {
  type: number;
  title: string | false;
  content: string;
  [name: string]: unknown;
}

interface Layer {
  index: number;
  open(options: LayerOptions): number;
  close(index: number | string): void;
}

export interface DialogOptions {
  title: string;
  content: HTMLElement;
  width: number;
  height?: number;
  className?: string;
  /** The id of the content's place, which hosts know; while one is open no second is. */
  id?: string;
  /** At the right edge and as high as the page, instead of in the middle. */
  isAside?: boolean;
  /** Whether what is below is out of reach. */
  isModal?: boolean;
  /** The two buttons; without `yes` there are none. */
  yes?: { label: string; cancel: string; run(index: number): void };
  closeLabel: string;
  /** Called with the number before the content is put in. */
  opened?(index: number): void;
  closed?(): void;
}

/** Above the windows, which do not climb. */
const ABOVE = 19_891_100;

export function layer(): Layer {
  return (window as unknown as { layui: { layer: Layer } }).layui.layer;
}

/** What HTML reads as exactly this text. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Opens a dialog and gives back its number. */
export function openDialog(options: DialogOptions): number {
  const { title, width, height, className = '', id, isAside = false, isModal = false, yes } = options;
  const before = document.activeElement;
  const index = layer().open({
    type: 1,
    title: escaped(title),
    content: '',
    skin: `layim-dialog ${className}`,
    ...(id ? { id } : {}),
    area: [`min(${width}px, 100vw)`, isAside ? '100%' : height === undefined ? 'auto' : `min(${height}px, 100vh)`],
    offset: isAside ? 'rt' : 'auto',
    shade: isModal ? 0.3 : false,
    shadeClose: isModal,
    zIndex: ABOVE,
    resize: false,
    isOutAnim: false,
    removeFocus: false,
    ...(isAside ? { move: false, anim: 'slideLeft' } : {}),
    ...(yes ? { btn: [escaped(yes.label), escaped(yes.cancel)], yes: (at: number) => yes.run(at) } : {}),
    success: (layero: LayerElement, at: number) => {
      const root = layero[0];
      if (root) fill(root, at, options);
    },
    end: () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      options.closed?.();
    },
  });
  return index;
}

function fill(root: HTMLElement, index: number, { title, content, isAside, isModal, closeLabel, opened }: DialogOptions): void {
  opened?.(index);
  root.querySelector('.layui-layer-content')?.append(content);
  set(root, { role: 'dialog', 'aria-label': title, 'aria-modal': isModal ? 'true' : undefined });
  for (const button of root.querySelectorAll<HTMLElement>('.layui-layer-close, .layui-layer-btn > a')) {
    set(button, { role: 'button', tabindex: 0, 'aria-label': button.matches('.layui-layer-close') ? closeLabel : undefined });
  }
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      layer().close(index);
    } else if (event.key === 'Enter' || event.key === ' ') {
      const { target } = event;
      if (target instanceof HTMLElement && target.matches('.layui-layer-close, .layui-layer-btn > a')) {
        event.preventDefault();
        target.click();
      }
    } else if (event.key === 'Tab' && isModal) {
      keepFocus(root, event);
    }
  });
  if (!isAside) centre(root);
  const first = content.matches('iframe') ? content : content.querySelector<HTMLElement>('input, select, textarea, button, [tabindex="0"], audio, video');
  (first ?? root.querySelector<HTMLElement>('.layui-layer-close'))?.focus({ preventScroll: true });
}

function centre(root: HTMLElement): void {
  root.style.top = `${Math.max(0, (innerHeight - root.offsetHeight) / 2)}px`;
  root.style.left = `${Math.max(0, (innerWidth - root.offsetWidth) / 2)}px`;
}

/** Tab goes round inside. */
function keepFocus(root: HTMLElement, event: KeyboardEvent): void {
  const stops = [...root.querySelectorAll<HTMLElement>('input, select, textarea, button, a[href], [tabindex="0"]')].filter((stop) => stop.offsetParent);
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}

/** A page in a dialog, as `layer` names its own, so that the page inside can close it. */
export function openPage(options: Omit<DialogOptions, 'content'> & { address: string }): number {
  const frame = el('iframe', { title: options.title });
  return openDialog({
    ...options,
    content: frame,
    opened: (index) => {
      const name = `layui-layer-iframe${index}`;
      set(frame, { id: name, name, src: options.address });
      set(document.getElementById(`layui-layer${index}`) ?? frame, { type: 'iframe' });
      document.getElementById(`layui-layer${index}`)?.classList.add('layui-layer-iframe');
    },
  });
}
