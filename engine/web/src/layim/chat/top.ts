// What stands above the first message that is drawn: that more is being read, that there is none, or that it failed.

import { el } from '../dom';
import { t } from '../texts';

export class Top {
  readonly root = el('div.layim-chat-top', {}, el('span'));

  loading(): void {
    this.root.firstElementChild?.replaceChildren(el('i.layim-spin', { 'aria-hidden': 'true' }), t('loading'));
  }

  failed(): void {
    this.root.firstElementChild?.replaceChildren(el('button', { type: 'button', 'layim-event': 'older' }, t('olderFailed')));
  }

  /** Nothing is under way. */
  draw(isEmpty: boolean, more: boolean): void {
    const text = more ? '' : isEmpty ? t('empty') : t('noOlder');
    const place = this.root.firstElementChild;
    if (place && place.textContent !== text) place.replaceChildren(text);
    this.root.classList.toggle('layim-chat-empty', isEmpty && !more);
  }
}

/** Milliseconds that a message stays marked. */
const MARKED = 2_500;

/** Brings a message into the middle, and says by its colour which it is. */
export function mark(item: HTMLElement): void {
  item.scrollIntoView({ block: 'center' });
  item.tabIndex = -1;
  item.focus({ preventScroll: true });
  item.classList.add('layim-marked');
  setTimeout(() => item.classList.remove('layim-marked'), MARKED);
}
