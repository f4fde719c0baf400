// Pictures, sounds and films of messages, large; and the question for the address of one.

import { layer, openDialog } from '../dialog';
import { el } from '../dom';
import { handle } from '../events';
import { safeAddress } from '../markup/address';
import { t } from '../texts';
import { toast } from '../toast';
import { viewFrom } from './viewer';

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
  // Ours are large already: one click is enough.
  document.body.addEventListener('click', (event) => void (event.target instanceof Element && event.target.matches('[data-full]') && viewFrom(event.target)));
  document.body.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && viewFrom(event.target)) event.preventDefault();
  });
  handle('playAudio', (element) => play('audio', element.dataset['src'] ?? ''));
  handle('playVideo', (element) => play('video', element.dataset['src'] ?? ''));
}
