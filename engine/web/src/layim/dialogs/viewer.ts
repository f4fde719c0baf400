// Pictures, large: the next and the one before, nearer and farther, by mouse, wheel and keyboard.

import { el, icon, set } from '../dom';
import { pictureAddress } from '../markup/address';
import { t } from '../texts';

/** How near one may come. */
const NEAREST = 8;

class Viewer {
  private readonly shown = el('img', { alt: t('picture'), draggable: 'false' });
  private readonly before = el('button.layim-viewer-side', { type: 'button', 'aria-label': t('previous'), title: t('previous') }, icon('left'));
  private readonly after = el('button.layim-viewer-side', { type: 'button', 'aria-label': t('next'), title: t('next') }, icon('right'));
  private readonly close = el('button.layim-viewer-close', { type: 'button', 'aria-label': t('close'), title: t('close') }, icon('close'));
  private readonly save = el('a', { download: true, 'aria-label': t('download'), title: t('download') }, icon('download-circle'));
  private readonly count = el('span.layim-viewer-count', { 'aria-live': 'polite' });
  private readonly root: HTMLElement;
  private readonly opener = document.activeElement;
  private scale = 1;
  private x = 0;
  private y = 0;

  constructor(private readonly pictures: HTMLImageElement[], private at: number) {
    const button = (label: string, glyph: string, run: () => void) => {
      const made = el('button', { type: 'button', 'aria-label': label, title: label }, icon(glyph));
      made.addEventListener('click', run);
      return made;
    };
    const tools = el('div.layim-viewer-tools', {}, this.count, button(t('zoomOut'), 'subtraction', () => this.zoom(1 / 1.5)), button(t('zoomIn'), 'addition', () => this.zoom(1.5)), this.save);
    this.root = el('div.layim-viewer', { role: 'dialog', 'aria-modal': 'true', 'aria-label': t('picture') }, this.before, this.shown, this.after, this.close, tools);
    this.before.addEventListener('click', () => this.go(-1));
    this.after.addEventListener('click', () => this.go(1));
    this.listen();
    document.body.append(this.root);
    this.draw();
    this.close.focus();
  }

  private listen(): void {
    const { root, shown } = this;
    root.addEventListener('click', ({ target }) => {
      if (target === root || (target instanceof Element && target.closest('.layim-viewer-close'))) this.leave();
    });
    root.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2);
    }, { passive: false });
    shown.addEventListener('dblclick', () => this.zoom(this.scale > 1 ? 0 : 2));
    let from: { x: number; y: number } | undefined;
    shown.addEventListener('pointerdown', (event) => {
      if (this.scale === 1) return;
      from = { x: event.clientX - this.x, y: event.clientY - this.y };
      shown.setPointerCapture(event.pointerId);
    });
    shown.addEventListener('pointermove', (event) => {
      if (!from) return;
      this.x = event.clientX - from.x;
      this.y = event.clientY - from.y;
      this.place();
    });
    for (const name of ['pointerup', 'pointercancel'] as const) shown.addEventListener(name, () => void (from = undefined));
    root.addEventListener('keydown', (event) => this.key(event));
  }

  private key(event: KeyboardEvent): void {
    event.stopPropagation();
    const runs: Record<string, () => void> = {
      Escape: () => this.leave(),
      ArrowLeft: () => this.go(-1),
      ArrowRight: () => this.go(1),
      '+': () => this.zoom(1.5),
      '=': () => this.zoom(1.5),
      '-': () => this.zoom(1 / 1.5),
      0: () => this.zoom(0),
      Tab: () => this.walk(event.shiftKey ? -1 : 1),
    };
    const run = runs[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  }

  private walk(by: number): void {
    const stops = [...this.root.querySelectorAll<HTMLElement>('button:not([disabled]), a')];
    stops.at((stops.indexOf(document.activeElement as HTMLElement) + by) % stops.length)?.focus();
  }

  private draw(): void {
    const picture = this.pictures[this.at];
    const src = pictureAddress(picture?.dataset['full'] ?? picture?.getAttribute('src') ?? '');
    set(this.shown, { src, alt: picture?.alt || t('picture') });
    set(this.save, { href: src });
    this.before.disabled = this.at === 0;
    this.after.disabled = this.at === this.pictures.length - 1;
    this.count.textContent = this.pictures.length > 1 ? `${this.at + 1} / ${this.pictures.length}` : '';
    this.zoom(0);
  }

  private go(by: number): void {
    const at = Math.min(Math.max(this.at + by, 0), this.pictures.length - 1);
    if (at === this.at) return;
    this.at = at;
    this.draw();
  }

  /** Nearer or farther; 0 is as large as there is room for. */
  private zoom(by: number): void {
    this.scale = by === 0 ? 1 : Math.min(NEAREST, Math.max(1, this.scale * by));
    if (this.scale === 1) [this.x, this.y] = [0, 0];
    this.place();
  }

  private place(): void {
    this.shown.style.transform = this.scale === 1 ? '' : `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    set(this.shown, { 'data-scale': this.scale.toFixed(2) });
  }

  private leave(): void {
    this.root.remove();
    if (this.opener instanceof HTMLElement && this.opener.isConnected) this.opener.focus();
  }
}

/** Shows the picture and, beside it, the others of its chat; false if `target` is none. */
export function viewFrom(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLImageElement) || !target.matches('.layui-layim-photos')) return false;
  const list = target.closest('.layim-chat-main') ?? document.body;
  const pictures = [...list.querySelectorAll<HTMLImageElement>('img.layui-layim-photos')];
  new Viewer(pictures, pictures.indexOf(target));
  return true;
}
