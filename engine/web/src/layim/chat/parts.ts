// Messages that are more than text: pictures, files, voices, films and cards, as elements of their own.

import type { Line } from './bubble';
import type { Part } from '../contract';
import { action, el, icon } from '../dom';
import { pictureAddress, safeAddress } from '../markup/address';
import { t } from '../texts';
import { voiceView } from './player';

/** Pixels that a picture in a bubble may take. */
const SIDE = 240;

/** The part as elements; nothing in it can run. */
export function partView(part: Part): HTMLElement {
  switch (part.kind) {
    case 'picture':
      return picture(part);
    case 'file':
      return file(part);
    case 'voice':
      return voiceView(part);
    case 'video':
      return video(part);
    case 'card':
      return card(part);
  }
}

function picture({ src, small, width, height, name }: Extract<Part, { kind: 'picture' }>): HTMLElement {
  const image = el('img.layui-layim-photos', { src: pictureAddress(small ?? src), alt: name ?? t('picture'), loading: 'lazy', tabindex: 0, 'data-full': pictureAddress(src) });
  if (width && height) {
    // Its place is there before it is, so that nothing jumps.
    const scale = Math.min(1, SIDE / width, SIDE / height);
    image.style.width = `${Math.max(24, Math.round(width * scale))}px`;
    image.style.aspectRatio = `${width} / ${height}`;
  }
  return image;
}

function file({ src, name, bytes }: Extract<Part, { kind: 'file' }>): HTMLElement {
  const inside = [
    el('span.layim-file-icon', { 'aria-hidden': 'true' }, endingOf(name)),
    el('cite', { dir: 'auto' }, name),
    bytes !== undefined && el('small', {}, sizeText(bytes)),
  ];
  if (safeAddress(src) === undefined) return el('span.layui-layim-file.layim-file-card', {}, ...inside);
  return el('a.layui-layim-file.layim-file-card', { href: src, target: '_blank', rel: 'noopener noreferrer', download: name }, ...inside);
}

function endingOf(name: string): string {
  return /\.([a-z\d]{1,5})$/i.exec(name)?.[1]?.toUpperCase() ?? '…';
}

export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB'];
  let size = bytes / 1_024;
  let at = 0;
  while (size >= 1_000 && at < units.length - 1) [size, at] = [size / 1_024, at + 1];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[at]}`;
}

function video({ src, name }: Extract<Part, { kind: 'video' }>): HTMLElement {
  const player = el('video.layim-video', { src: safeAddress(src, ['http:', 'https:', 'blob:']) === undefined ? undefined : src, controls: true, preload: 'metadata', 'aria-label': name || t('video') });
  player.setAttribute('playsinline', '');
  return player;
}

function card({ title, text, link, picture: src }: Extract<Part, { kind: 'card' }>): HTMLElement {
  const address = link && safeAddress(link) !== undefined ? link : undefined;
  const shown = src && pictureAddress(src);
  return el(
    address ? 'a.layim-card' : 'div.layim-card',
    address ? { href: address, target: '_blank', rel: 'noopener noreferrer' } : {},
    shown ? el('img', { src: shown, alt: '', loading: 'lazy' }) : undefined,
    el('b', { dir: 'auto' }, title),
    text ? el('span', { dir: 'auto' }, text) : undefined,
    address ? el('small', {}, icon('link'), hostOf(address)) : undefined,
  );
}

function hostOf(address: string): string {
  const url = new URL(address, document.baseURI);
  return url.host === location.host ? url.pathname : url.host || url.href;
}

/** How far the sending of a file has come, with a way to stop it. */
export function progressView({ progress = 0 }: Pick<Line, 'progress'>): HTMLElement {
  const percent = Math.round(progress * 100);
  const bar = el('div.layim-progress-bar', { role: 'progressbar', 'aria-label': t('uploading'), 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': percent }, el('i'));
  (bar.firstElementChild as HTMLElement).style.width = `${percent}%`;
  return el(
    'div.layim-progress',
    {},
    bar,
    el('span', {}, `${percent}%`),
    el('button', { type: 'button', ...action('cancelUpload', t('cancelUpload')) }, icon('close')),
  );
}
