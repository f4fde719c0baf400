// Pictures of people on the pages of customer service. Those that the server draws need a cookie, which customers do not
// have, and it draws none of customers: both are drawn here, in the same way.

import type { Face } from './shapes';

const DRAWN = '/avatars/';
const cache = new Map<string, string>();

/** The last two characters of a Chinese name, or the first letters of the first and the last word. */
export function letters(name: string): string {
  const chinese = [...name].filter((char) => /\p{Script=Han}/u.test(char));
  if (chinese.length > 0) return chinese.slice(-2).join('');
  const initials = name.split(/\s+/).flatMap((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? []);
  const shown = initials.length > 1 ? [initials[0], initials.at(-1)] : initials;
  return shown.join('').toUpperCase();
}

function draw(id: string, name: string): string {
  // Between 30 % and 40 % of light, white text is readable on any hue.
  const hue = Math.floor((Number.parseInt(id.slice(-2), 16) || 0) * (360 / 256));
  const text = letters(name).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const size = [...letters(name)].length > 1 ? 24 : 30;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64"><rect width="64" height="64" fill="hsl(${hue},45%,38%)"/><text x="32" y="33" fill="#fff" font-family="sans-serif" font-size="${size}" text-anchor="middle" dominant-baseline="central">${text}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** The face with a picture that this page can show. */
export function shown<Shown extends Face>(face: Shown): Shown {
  if (face.avatar !== '' && !face.avatar.startsWith(DRAWN)) return face;
  const key = `${face.id} ${face.name}`;
  const picture = cache.get(key) ?? draw(face.id, face.name);
  cache.set(key, picture);
  return { ...face, avatar: picture };
}
