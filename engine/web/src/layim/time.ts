// Times as people read them.

import { getLanguage, t } from './texts';

const two = (n: number) => String(n).padStart(2, '0');

/** `YYYY-MM-DD HH:mm:ss`, LayIM's own format. */
export function fullTime(ms: number): string {
  const d = new Date(ms);
  const day = [d.getFullYear(), two(d.getMonth() + 1), two(d.getDate())].join('-');
  return `${day} ${[d.getHours(), d.getMinutes(), d.getSeconds()].map(two).join(':')}`;
}

export function clockTime(ms: number): string {
  const d = new Date(ms);
  return `${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** A number for each local day. */
export function dayOf(ms: number): number {
  const d = new Date(ms);
  return Date.UTC(d.getFullYear(), d.getMonth(), d.getDate()) / 86_400_000;
}

/** The heading of a day in a conversation. */
export function dayName(ms: number, now: number): string {
  const ago = dayOf(now) - dayOf(ms);
  if (ago === 0) return t('today');
  if (ago === 1) return t('yesterday');
  const year = new Date(ms).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  return new Date(ms).toLocaleDateString(getLanguage(), { year, month: 'long', day: 'numeric', weekday: 'short' });
}

/** The short time beside a recent chat. */
export function shortTime(ms: number, now: number): string {
  const ago = dayOf(now) - dayOf(ms);
  if (ago === 0) return clockTime(ms);
  if (ago === 1) return t('yesterday');
  return new Date(ms).toLocaleDateString(getLanguage(), { month: 'numeric', day: 'numeric' });
}
