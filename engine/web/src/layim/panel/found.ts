// What a host's search found beside names: entries under headings, with what fits marked.

import type { FoundMore } from '../contract';
import { avatar, el } from '../dom';
import { pictureAddress } from '../markup/address';
import { t } from '../texts';
import { shortTime } from '../time';

type Item = FoundMore['items'][number];

const opens = new WeakMap<Element, () => void>();

/** The entries; `grown` hears that further ones have come. */
export function sections(found: FoundMore[], grown: () => void): HTMLElement[] {
  return found.flatMap((section) => [el('li.layim-found-title', { role: 'heading', 'aria-level': 3 }, section.title), ...section.items.map(entry), ...moreOf(section, grown)]);
}

function entry({ avatar: src, name, line, time, open }: Item): HTMLElement {
  const words = line.map((part) => (typeof part === 'string' ? part : el('mark', {}, part.mark)));
  const item = el(
    'li.layim-found',
    { 'layim-event': 'found', role: 'button', tabindex: -1, title: name },
    avatar(pictureAddress(src)),
    el('span', { dir: 'auto' }, name),
    el('p', { dir: 'auto' }, ...words),
    time !== undefined && el('time', { datetime: new Date(time).toISOString() }, shortTime(time, Date.now())),
  );
  opens.set(item, open);
  return item;
}

function moreOf(section: FoundMore, grown: () => void): HTMLElement[] {
  const { more } = section;
  if (!more) return [];
  const item = el('li.layim-found.layim-found-more', { 'layim-event': 'found', role: 'button', tabindex: -1 }, el('span', {}, t('foundMore')));
  const open = async () => {
    opens.delete(item);
    const next = await more().catch(() => undefined);
    if (!next) {
      opens.set(item, () => void open());
      return;
    }
    item.replaceWith(...next.items.map(entry), ...moreOf(next, grown));
    grown();
  };
  opens.set(item, () => void open());
  return [item];
}

export function openFound(item: Element): void {
  opens.get(item)?.();
}
