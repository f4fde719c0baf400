// Choosing a background; and who made this.

import { openDialog } from '../dialog';
import { action, el } from '../dom';
import { handle } from '../events';
import { chooseSkin, currentSkin, dress, type Skin, skins } from '../skins';
import { emit, plusOptions, VERSION } from '../state';
import { t } from '../texts';

/** Puts the background on the windows; a page that holds them in places of its own gets it as `--im-skin`. */
export function dressAll(): void {
  const { dock } = plusOptions();
  if (dock) {
    const src = currentSkin()?.src;
    const { style, dataset } = document.documentElement;
    if (src) style.setProperty('--im-skin', `url(${JSON.stringify(src)})`);
    else style.removeProperty('--im-skin');
    if (src) dataset['imSkin'] = '';
    else delete dataset['imSkin'];
    return;
  }
  for (const root of document.querySelectorAll<HTMLElement>('.layui-layim, .layui-layim-chat')) dress(root);
}

function entry(skin: Skin, index: number): HTMLLIElement {
  const isThis = (currentSkin()?.src ?? '') === skin.src;
  const label = skin.src === '' ? t('plain') : t('skinNumber', { n: index + 1 });
  return el(
    'li',
    { ...action('setSkin', label), class: isThis ? 'layim-this' : undefined, 'aria-pressed': String(isThis), 'data-name': skin.name },
    skin.src === '' ? el('cite', {}, label) : el('img', { src: skin.src, alt: '', draggable: 'false' }),
  );
}

function openSkins(): void {
  const list = el('ul.layui-layim-skin', {}, ...[...skins(), { name: '', src: '' }].map(entry));
  openDialog({ title: t('skin'), content: list, width: 330, id: 'layui-layim-skin', closeLabel: t('close') });
}

export function bindSkins(): void {
  handle('skin', openSkins);
  handle('setSkin', (element) => {
    const src = element.querySelector('img')?.getAttribute('src') ?? '';
    const skin = { name: element.dataset['name'] ?? '', src };
    chooseSkin(skin);
    dressAll();
    for (const other of element.parentElement?.children ?? []) {
      other.classList.toggle('layim-this', other === element);
      other.setAttribute('aria-pressed', String(other === element));
    }
    emit('setSkin', skin.name, skin.src);
  });
  handle('about', () => {
    const words = el('div.layim-about', {}, el('p', {}, `webim · LayIM ${VERSION}`), el('p', {}, t('aboutText')));
    openDialog({ title: t('about'), content: words, width: 300, closeLabel: t('close') });
  });
}
