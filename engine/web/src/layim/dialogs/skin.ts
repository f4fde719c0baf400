// Choosing a background; and who made this.

import { openDialog } from '../dialog';
import type { Request } from '../contract';
import { action, el, icon, set } from '../dom';
import { handle } from '../events';
import { pictureAddress } from '../markup/address';
import { Refused, upload } from '../requests';
import { chooseSkin, currentSkin, dress, type Skin, skins } from '../skins';
import { emit, plusOptions, VERSION } from '../state';
import { t } from '../texts';
import { toast } from '../toast';

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

/** A picture of one's own, which the host keeps. */
function ownEntry(request: Request): HTMLLIElement {
  const input = el('input', { type: 'file', accept: 'image/*', tabindex: -1, 'aria-hidden': 'true' });
  const made = el('li.layim-skin-own', { ...action('ownSkin', t('ownSkin')) }, icon('add-1'), el('cite', {}, t('ownSkin')), input);
  input.addEventListener('click', (event) => event.stopPropagation());
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    input.value = '';
    if (file) void takeOwn(request, file, made);
  });
  return made;
}

async function takeOwn(request: Request, file: File, made: HTMLElement): Promise<void> {
  set(made, { 'aria-busy': 'true' });
  try {
    const { src } = await upload<{ src?: unknown }>(request, file);
    const address = pictureAddress(String(src ?? ''));
    if (address === undefined) throw new Error(t('uploadBad'));
    const skin = { name: '', src: address };
    chooseSkin(skin);
    dressAll();
    const shown = entry(skin, skins().length);
    made.before(shown);
    mark(shown);
    emit('setSkin', skin.name, skin.src);
  } catch (error) {
    toast(error instanceof Refused ? error.message : t('uploadFailed', { reason: String((error as Error).message ?? error) }));
  }
  set(made, { 'aria-busy': undefined });
}

/** Shows which one is chosen. */
function mark(element: HTMLElement): void {
  for (const other of element.parentElement?.children ?? []) {
    other.classList.toggle('layim-this', other === element);
    set(other, { 'aria-pressed': String(other === element) });
  }
}

function openSkins(): void {
  const { skins: offered } = plusOptions();
  const now = currentSkin();
  // One's own that was chosen before is among them.
  const all = [...skins(), ...(now && skins().every(({ src }) => src !== now.src) ? [now] : []), { name: '', src: '' }];
  const list = el('ul.layui-layim-skin', {}, ...all.map(entry), typeof offered === 'object' && ownEntry(offered.upload));
  openDialog({ title: t('skin'), content: list, width: 330, id: 'layui-layim-skin', closeLabel: t('close') });
}

export function bindSkins(): void {
  handle('skin', openSkins);
  handle('ownSkin', (element) => element.querySelector('input')?.click());
  handle('setSkin', (element) => {
    const src = element.querySelector('img')?.getAttribute('src') ?? '';
    const skin = { name: element.dataset['name'] ?? '', src };
    chooseSkin(skin);
    dressAll();
    mark(element);
    emit('setSkin', skin.name, skin.src);
  });
  handle('about', () => {
    const words = el('div.layim-about', {}, el('p', {}, `webim · LayIM ${VERSION}`), el('p', {}, t('aboutText')));
    openDialog({ title: t('about'), content: words, width: 300, closeLabel: t('close') });
  });
}
