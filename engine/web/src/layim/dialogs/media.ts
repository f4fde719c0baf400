// Pictures, sounds and films of messages, large; and the question for the address of one.

import { layer, openDialog } from '../dialog';
import { el, icon, set } from '../dom';
import { handle } from '../events';
import { pictureAddress, safeAddress } from '../markup/address';
import { t } from '../texts';
import { toast } from '../toast';

/** Shows one of `pictures`; the arrow keys go to its neighbours. */
function view(pictures: HTMLImageElement[], first: HTMLImageElement): void {
  let at = pictures.indexOf(first);
  const shown = el('img', { alt: t('picture') });
  const before = el('button.layim-viewer-side', { type: 'button', 'aria-label': t('previous') }, icon('left'));
  const after = el('button.layim-viewer-side', { type: 'button', 'aria-label': t('next') }, icon('right'));
  const close = el('button.layim-viewer-close', { type: 'button', 'aria-label': t('close') }, icon('close'));
  const viewer = el('div.layim-viewer', { role: 'dialog', 'aria-modal': 'true', 'aria-label': t('picture') }, before, shown, after, close);
  const opener = document.activeElement;
  const draw = () => {
    set(shown, { src: pictureAddress(pictures[at]?.getAttribute('src') ?? '') });
    before.disabled = at === 0;
    after.disabled = at === pictures.length - 1;
  };
  const go = (by: number) => {
    at = Math.min(Math.max(at + by, 0), pictures.length - 1);
    draw();
  };
  const leave = () => {
    viewer.remove();
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  };
  before.addEventListener('click', () => go(-1));
  after.addEventListener('click', () => go(1));
  viewer.addEventListener('click', ({ target }) => {
    if (target === viewer || (target instanceof Element && target.closest('.layim-viewer-close'))) leave();
  });
  viewer.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Escape') leave();
    if (event.key === 'ArrowLeft') go(-1);
    if (event.key === 'ArrowRight') go(1);
    if (event.key === 'Tab') {
      event.preventDefault();
      const stops = [before, after, close].filter((stop) => !stop.disabled);
      const next = stops.indexOf(document.activeElement as HTMLButtonElement) + (event.shiftKey ? -1 : 1);
      stops.at(next % stops.length)?.focus();
    }
  });
  document.body.append(viewer);
  draw();
  close.focus();
}

function viewFrom(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLImageElement) || !target.matches('.layui-layim-photos')) return false;
  const list = target.closest('.layim-chat-main') ?? document.body;
  view([...list.querySelectorAll<HTMLImageElement>('img.layui-layim-photos')], target);
  return true;
}

function play(kind: 'audio' | 'video', source: string): void {
  const address = safeAddress(source, ['http:', 'https:']);
  if (address === undefined) return;
  const player = el(kind, { src: address, controls: true, autoplay: true, preload: 'metadata' });
  player.addEventListener('error', () => toast(t('mediaFailed')));
  openDialog({ title: t(kind), content: el('div.layim-player', {}, player), width: kind === 'audio' ? 380 : 640, closeLabel: t('close') });
}

/** Asks for the address of a sound or film on the network. */
export function askMedia(kind: 'audio' | 'video', given: (address: string) => void): void {
  const field = el('input.layui-input', { type: 'url', placeholder: 'https://', 'aria-label': t('mediaAddress') });
  const run = (index: number) => {
    const address = field.value.trim();
    // Brackets and spaces would end the mark around it.
    if (address === '' || /[\s[\]]/.test(address) || safeAddress(address, ['http:', 'https:']) === undefined) {
      field.focus();
      toast(t('badAddress'));
      return;
    }
    layer().close(index);
    given(address);
  };
  const title = t(kind === 'audio' ? 'askAudio' : 'askVideo');
  const index = openDialog({
    title,
    content: el('div.layim-ask', {}, el('label', {}, t('mediaAddress'), field)),
    width: 400,
    isModal: true,
    closeLabel: t('close'),
    yes: { label: t('send'), cancel: t('cancel'), run },
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.isComposing) run(index);
  });
}

export function bindMedia(): void {
  document.body.addEventListener('dblclick', (event) => viewFrom(event.target));
  document.body.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && viewFrom(event.target)) event.preventDefault();
  });
  handle('playAudio', (element) => play('audio', element.dataset['src'] ?? ''));
  handle('playVideo', (element) => play('video', element.dataset['src'] ?? ''));
}
