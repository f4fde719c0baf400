// What people have put under a message: one chip for each emoji, with how many and who.

import type { Id, Reaction } from '../contract';
import { el, set } from '../dom';
import { cache, same } from '../state';
import { t } from '../texts';

/** Names that a chip's title says. */
const NAMED = 20;

export function isMine({ people }: Reaction): boolean {
  return people.some(({ id }) => same(id, cache.mine.id));
}

/** `list` after `person` has put `emoji` there, or taken it away. */
export function reacted(list: Reaction[], emoji: string, person: { id: Id; name: string }, on: boolean): Reaction[] {
  const known = list.some((one) => one.emoji === emoji) ? list : [...list, { emoji, people: [] }];
  return known
    .map((one) => {
      if (one.emoji !== emoji) return one;
      const others = one.people.filter(({ id }) => !same(id, person.id));
      const before = one.people.length !== others.length;
      if (on) return before ? one : { emoji, people: [...others, person] };
      return { emoji, people: others };
    })
    .filter(({ people }) => people.length > 0);
}

/** Draws the chips into `item`, or takes them away. */
export function drawReactions(item: HTMLElement, list: Reaction[]): void {
  let row = item.querySelector<HTMLElement>(':scope > .layim-chat-reactions');
  if (list.length === 0) {
    row?.remove();
    return;
  }
  if (!row) {
    row = el('div.layim-chat-reactions', { role: 'group', 'aria-label': t('reactions') });
    item.append(row);
  }
  const focused = row.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset['emoji'] : undefined;
  row.replaceChildren(...list.map(chip));
  if (focused !== undefined) row.querySelector<HTMLElement>(`[data-emoji="${CSS.escape(focused)}"]`)?.focus();
}

function chip(reaction: Reaction): HTMLElement {
  const { emoji, people } = reaction;
  const names = people.slice(0, NAMED).map(({ name }) => name).join(t('comma'));
  const title = people.length > NAMED ? t('andMore', { names, n: people.length }) : names;
  const made = el('button', { type: 'button', 'layim-event': 'reaction', 'data-emoji': emoji, 'aria-pressed': String(isMine(reaction)), title }, el('span', {}, emoji), String(people.length));
  set(made, { 'aria-label': `${emoji} ${people.length}: ${title}` });
  return made;
}
