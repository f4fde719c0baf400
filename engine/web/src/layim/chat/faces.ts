// The little window with the faces.

import { el } from '../dom';
import { rove } from '../events';
import { faceSource, faces } from '../faces';
import { t } from '../texts';

/** Faces in a row, for the arrow keys. */
const COLUMNS = 9;

/** A window whose faces call `choose` with their token. */
export function facesView(choose: (name: string) => void): HTMLElement {
  const items = [...faces].map(([name, emoji], index) =>
    el('li', { title: `[${name}]`, role: 'button', tabindex: index === 0 ? 0 : -1, 'aria-label': name }, el('img', { src: faceSource(emoji), alt: '', draggable: 'false' })),
  );
  const list = el('ul.layui-clear.layim-face-list', {}, ...items);
  const pick = (event: Event) => {
    const item = event.target instanceof Element ? event.target.closest('li') : null;
    if (item) choose((item.getAttribute('title') ?? '').slice(1, -1));
  };
  list.addEventListener('click', pick);
  list.addEventListener('keydown', (event) => {
    if (rove(event, items, COLUMNS)) return;
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    pick(event);
  });
  return el('div.layui-layim-face', { role: 'dialog', 'aria-label': t('face'), hidden: true }, list);
}
