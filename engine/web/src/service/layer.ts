// The little of layui's `layer` that our LayIM asks for, for pages that do without layui.js: dialogs that open and close.

import { el, set } from '../layim/dom';

interface Options {
  title: string | false;
  skin?: string;
  id?: string;
  area?: [string, string];
  offset?: string;
  shade?: number | false;
  shadeClose?: boolean;
  zIndex?: number;
  btn?: [string, string];
  yes?(index: number): void;
  success?(layero: { [index: number]: HTMLElement }, index: number): void;
  end?(): void;
}

const open = new Map<number, { root: HTMLElement; shade: HTMLElement | undefined; end: (() => void) | undefined }>();
let last = 0;

/** The text that an escaped title stands for. */
function text(html: string): string {
  return new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '';
}

const layer = {
  get index(): number {
    return last;
  },

  open(options: Options): number {
    const { title, skin = '', id, area, offset, shade, shadeClose, zIndex = 19_891_100, btn, yes, success, end } = options;
    last += 1;
    const index = last;
    // Hosts know a dialog by the id of its content; while it is open there is no second.
    const twin = id ? document.getElementById(id) : null;
    if (twin) return Number(twin.parentElement?.dataset['index'] ?? 0);
    const close = el('span.layui-layer-setwin', {}, el('span.layui-layer-close.layui-layer-close1', {}));
    close.addEventListener('click', () => layer.close(index));
    const content = el('div.layui-layer-content', id ? { id } : {});
    const buttons = (btn ?? []).map((label, at) => {
      const made = el('a', { class: `layui-layer-btn${at}` }, text(label));
      made.addEventListener('click', () => (at === 0 ? yes?.(index) : layer.close(index)));
      return made;
    });
    const root = el(
      'div',
      { class: `layui-layer layui-layer-page ${skin}`, id: `layui-layer${index}`, 'data-index': index },
      title !== false && el('div.layui-layer-title', {}, text(title)),
      content,
      close,
      buttons.length > 0 && el('div.layui-layer-btn', {}, ...buttons),
    );
    Object.assign(root.style, { position: 'fixed', zIndex: String(zIndex + index), width: area?.[0] ?? 'auto', height: area?.[1] ?? 'auto' });
    if (offset === 'rt') Object.assign(root.style, { top: '0', right: '0' });
    const dim = shade ? el('div.layui-layer-shade') : undefined;
    if (dim) {
      Object.assign(dim.style, { position: 'fixed', inset: '0', background: '#000', opacity: String(shade), zIndex: String(zIndex + index - 1) });
      if (shadeClose) dim.addEventListener('click', () => layer.close(index));
      document.body.append(dim);
    }
    document.body.append(root);
    open.set(index, { root, shade: dim, end });
    success?.({ 0: root }, index);
    return index;
  },

  close(index: number | string): void {
    const one = open.get(Number(index));
    if (!one) return;
    open.delete(Number(index));
    one.root.remove();
    one.shade?.remove();
    one.end?.();
  },
};

/** Puts it where our LayIM looks. */
export function withoutLayui(): void {
  const host = window as unknown as { layui?: { layer?: unknown } };
  host.layui = { ...host.layui, layer };
  set(document.documentElement, { 'data-layer': 'own' });
}
