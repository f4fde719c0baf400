// Backgrounds: five of our own, drawn here, and whatever the host adds.

import { pictureAddress } from './markup/address';
import { cache } from './state';
import { remember, remembered } from './store';

export interface Skin {
  /** What LayIM calls it: the name of a file. Empty for no background. */
  name: string;
  src: string;
}

/** Two colours of the sky, and three of what is in it. */
const DRAWN = [
  ['#cfe9ff', '#f4f7ff', '#ffffff', '#b9d9f5', '#e3efff'],
  ['#ffe3d3', '#fff6ea', '#ffd2b8', '#fffaf2', '#f7c1a6'],
  ['#d4f1e4', '#f3fbf2', '#b6e3cf', '#ffffff', '#e0f3d2'],
  ['#e4dcfb', '#faf5ff', '#cdbff2', '#ffffff', '#f3dff6'],
  ['#d8dee6', '#f2f4f6', '#bfc9d6', '#ffffff', '#e6ebf1'],
] as const;

function drawing([top, bottom, a, b, c]: (typeof DRAWN)[number]): string {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" preserveAspectRatio="xMidYMid slice">' +
    `<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient></defs>` +
    '<rect width="600" height="600" fill="url(#g)"/>' +
    `<circle cx="500" cy="90" r="150" fill="${b}" opacity=".7"/><circle cx="60" cy="250" r="190" fill="${c}" opacity=".6"/>` +
    `<path d="M0 470c90-70 170-60 260-10s190 40 340-60v200H0Z" fill="${a}" opacity=".7"/>` +
    `<path d="M0 540c120-60 230-30 330 0s180 10 270-30v90H0Z" fill="${b}" opacity=".55"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

let drawn: Skin[] | undefined;

function ours(): Skin[] {
  drawn ??= DRAWN.map((colours, index) => ({ name: `${index + 1}.jpg`, src: drawing(colours) }));
  return drawn;
}

/** The host's backgrounds, and after them our five. */
export function skins(): Skin[] {
  const { skin } = cache.base;
  const extra = (Array.isArray(skin) ? skin : []).flatMap((address) => {
    const src = pictureAddress(address);
    return src === undefined ? [] : [{ name: baseName(src), src }];
  });
  return [...extra, ...ours()];
}

function baseName(address: string): string {
  return address.startsWith('data:') ? '' : (address.split(/[?#]/)[0]?.split('/').at(-1) ?? '');
}

/** Puts the background on a window, or takes it away. */
export function dress(root: HTMLElement): void {
  const src = currentSkin()?.src;
  root.style.backgroundImage = src ? `url(${JSON.stringify(src)})` : '';
  root.classList.toggle('layim-skinned', Boolean(src));
}

/** The background chosen; before anything was, the host's first one. */
export function currentSkin(): Skin | undefined {
  const { skin } = remembered();
  const chosen = typeof skin === 'string' ? skin : cache.base.initSkin;
  if (!chosen) return undefined;
  return (
    skins().find(({ name, src }) => src === chosen || name === chosen) ??
    // One that was kept by its address, as LayIM keeps its own.
    ours().find(({ name }) => name === baseName(chosen)) ??
    stranger(chosen)
  );
}

function stranger(chosen: string): Skin | undefined {
  const src = /[/:]/.test(chosen) ? pictureAddress(chosen) : undefined;
  return src === undefined ? undefined : { name: baseName(src), src };
}

export function chooseSkin({ name, src }: Skin): void {
  remember('skin', name !== '' && (src === '' || src.startsWith('data:')) ? name : src);
}
