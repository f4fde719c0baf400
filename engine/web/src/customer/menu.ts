// What else a customer can do, behind the three dots; and a question before what cannot be undone.

import { openDialog, layer } from '../layim/dialog';
import { el, icon, set } from '../layim/dom';
import { c } from './texts';

export interface Entry {
  label: string;
  icon: string;
  run(): void;
}

/** A button and the list that it opens; `entries` is asked each time. */
export function menu(entries: () => Entry[]): HTMLElement {
  const list = el('div.webim-menu', { role: 'menu', hidden: true });
  const button = el('button.webim-icon', { type: 'button', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-label': c('menu'), title: c('menu') }, icon('more-vertical'));
  const show = (isOpen: boolean) => {
    list.hidden = !isOpen;
    set(button, { 'aria-expanded': String(isOpen) });
    if (!isOpen) return;
    list.replaceChildren(...entries().map(({ label, icon: glyph, run }) => {
      const item = el('button', { type: 'button', role: 'menuitem' }, icon(glyph), label);
      item.addEventListener('click', () => {
        show(false);
        run();
      });
      return item;
    }));
    list.querySelector('button')?.focus();
  };
  button.addEventListener('click', (event) => {
    event.stopPropagation();
    show(list.hidden === true);
  });
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof Node && list.contains(target))) show(false);
  });
  list.addEventListener('keydown', (event) => {
    const items = [...list.querySelectorAll('button')];
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Escape') {
      show(false);
      button.focus();
    } else if (step !== 0) {
      items[(items.indexOf(document.activeElement as HTMLButtonElement) + step + items.length) % items.length]?.focus();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  return el('div.webim-more', {}, button, list);
}

/** Asks before something is done for good. */
export function confirm(title: string, text: string, run: () => void): void {
  const no = el('button.webim-link', { type: 'button' }, c('cancel'));
  const yes = el('button.webim-primary.webim-danger', { type: 'button' }, title);
  const content = el('div.webim-confirm', {}, el('p', {}, text), el('div', {}, no, yes));
  const index = openDialog({ title, content, width: 320, isModal: true, closeLabel: c('close') });
  no.addEventListener('click', () => layer().close(index));
  yes.addEventListener('click', () => {
    layer().close(index);
    run();
  });
  yes.focus();
}
