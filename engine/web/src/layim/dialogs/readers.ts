// Who of a group has read a message, and who has not yet.

import type { Readers } from '../contract';
import { openDialog } from '../dialog';
import { avatar, el } from '../dom';
import { pictureAddress } from '../markup/address';
import { t } from '../texts';

/** Opens the list; what it gives back fills it. */
export function readersDialog(): (readers: Readers) => void {
  const place = el('div.layim-readers', { 'aria-live': 'polite' }, el('p.layim-null', {}, t('loading')));
  openDialog({ title: t('readers'), content: place, width: 360, height: 440, isModal: true, id: 'layui-layim-readers', closeLabel: t('close') });
  return ({ read, unread }) => {
    place.replaceChildren(half(t('readBy', { n: read.length }), read), half(t('unreadBy', { n: unread.length }), unread));
  };
}

function half(title: string, people: Readers['read']): HTMLElement {
  const items = people.map(({ name, avatar: src }) => el('li', { title: name }, avatar(pictureAddress(src)), el('span', { dir: 'auto' }, name)));
  return el('section', {}, el('h3', {}, title), el('ul', {}, ...items));
}
