// The contacts: LayIM's groups of friends, which here form a tree. The list stays flat, as hosts expect it; a group
// knows its level, and is hidden while one above it is closed.

import type { FriendGroup } from '../contract';
import { el, set } from '../dom';
import { cache, emit, same } from '../state';
import { remember, remembered } from '../store';
import { t } from '../texts';
import { beforePaint } from '../paint';
import { emptyItem, firstStop, listItem } from './item';
import { Slice } from './slice';

/** Up to this many contacts all entries are made at once, so that hosts find them; beyond, when a group opens. */
const EAGER = 600;
/** In such an organisation a group with more people than this is drawn as far as it is in sight. */
const SLICED = 60;

let root: HTMLUListElement;
let isEager = true;
const slices = new Map<Element, Slice>();

export function treeView(): HTMLUListElement {
  root = el('ul.layui-unselect.layim-tab-content.layim-list-friend', { role: 'tabpanel', 'aria-label': t('friend'), tabindex: -1 });
  root.addEventListener('scroll', drawSlices, { passive: true });
  new ResizeObserver(drawSlices).observe(root);
  return root;
}

/** Draws what has come into sight. */
function drawSlices(): void {
  if (slices.size > 0) beforePaint('slices', () => slices.forEach((slice) => slice.draw()));
}

/** Parents before children and children beside their parents, whatever order they came in. */
export function inTreeOrder(groups: FriendGroup[]): FriendGroup[] {
  const ids = new Set(groups.map(({ id }) => String(id)));
  const children = new Map<string, FriendGroup[]>();
  const tops: FriendGroup[] = [];
  for (const group of groups) {
    const parent = group.parent === undefined || group.parent === null ? undefined : String(group.parent);
    if (parent === undefined || !ids.has(parent) || parent === String(group.id)) tops.push(group);
    else children.set(parent, [...(children.get(parent) ?? []), group]);
  }
  const ordered = new Set<FriendGroup>();
  const put = (group: FriendGroup, level: number) => {
    if (ordered.has(group)) return;
    ordered.add(Object.assign(group, { level }));
    for (const child of children.get(String(group.id)) ?? []) put(child, level + 1);
  };
  for (const group of tops) put(group, 0);
  // What is left hangs in a circle; its people must not be lost for that.
  for (const group of groups) put(group, 0);
  return [...ordered];
}

export function drawTree(): void {
  const people = cache.friend.reduce((sum, { list }) => sum + list.length, 0);
  isEager = people <= EAGER;
  slices.clear();
  const counts = subtreeCounts();
  root.replaceChildren(...cache.friend.map((group, index) => groupItem(group, index, counts[index] ?? 0)));
  if (cache.friend.length === 0) root.append(emptyItem(t('noFriends')));
  hideBelowClosed();
  firstStop(root);
}

/** Draws one group's people again, after one came or went. */
export function redrawGroup(index: number): void {
  const list = root.children[index]?.querySelector('.layui-layim-list');
  const group = cache.friend[index];
  if (!list || !group) return;
  list.replaceChildren();
  if (isEager || isOpen(index)) fill(list, group, index);
  subtreeCounts().forEach((count, at) => {
    const shown = root.children[at]?.querySelector('.layim-count');
    if (shown) shown.textContent = String(count);
  });
}

function groupItem(group: FriendGroup, index: number, count: number): HTMLLIElement {
  const kept = remembered()[`spread${index}`];
  const open = kept === undefined ? group.spread === true : kept === 'true';
  const list = el('ul.layui-layim-list', { role: 'group' });
  const heading = el(
    'h5',
    { 'layim-event': 'spread', 'lay-type': String(open), 'aria-expanded': String(open), role: 'button', tabindex: -1, title: group.groupname },
    el('i.layui-icon.layui-icon-triangle-r', { 'aria-hidden': 'true' }),
    el('span', { dir: 'auto' }, group.groupname),
    el('em', {}, '(', el('cite.layim-count', {}, String(count)), ')'),
  );
  const item = el('li', { 'data-level': group.level ?? 0 }, heading, list);
  item.style.setProperty('--level', String(Math.min(group.level ?? 0, 8)));
  list.classList.toggle('layui-show', open);
  if (isEager || open) fill(list, group, index);
  return item;
}

function fill(list: Element, group: FriendGroup, index: number): void {
  const item = (friend: FriendGroup['list'][number]) =>
    listItem({
      data: { ...friend, name: friend.username, type: 'friend' },
      from: 'friend',
      index,
      line: friend.sign ?? friend.remark,
      status: friend.status,
    });
  const isSliced = !isEager && group.list.length > SLICED && list instanceof HTMLElement;
  list.classList.toggle('layim-sliced', isSliced);
  if (isSliced) {
    const people = group.list;
    list.replaceChildren();
    slices.set(list, new Slice(list, root, people.length, (at) => item(people[at] as (typeof people)[number])));
    drawSlices();
    return;
  }
  slices.delete(list);
  const hasChildren = (cache.friend[index + 1]?.level ?? 0) > (group.level ?? 0);
  const isEmpty = group.list.length === 0 && !hasChildren;
  list.replaceChildren(...(isEmpty ? [emptyItem(t('noFriends'))] : group.list.map(item)));
}

function subtreeCounts(): number[] {
  return cache.friend.map(({ level = 0 }, index) => {
    const people = new Set<string>();
    for (let at = index; at < cache.friend.length; at += 1) {
      const group = cache.friend[at];
      if (!group || (at > index && (group.level ?? 0) <= level)) break;
      for (const { id } of group.list) people.add(String(id));
    }
    return people.size;
  });
}

function isOpen(index: number): boolean {
  return root.children[index]?.querySelector('h5')?.getAttribute('lay-type') === 'true';
}

/** Opens or closes the group of `heading`. */
export function spread(heading: HTMLElement, open = heading.getAttribute('lay-type') !== 'true'): void {
  const item = heading.parentElement;
  const index = item ? [...root.children].indexOf(item) : -1;
  const group = cache.friend[index];
  const list = item?.querySelector('.layui-layim-list');
  if (!group || !list) return;
  if (open && list.childElementCount === 0 && !slices.has(list)) fill(list, group, index);
  set(heading, { 'lay-type': String(open), 'aria-expanded': String(open) });
  list.classList.toggle('layui-show', open);
  hideBelowClosed();
  drawSlices();
  remember(`spread${index}`, String(open));
  emit('spread', { group, open });
}

function hideBelowClosed(): void {
  let closed = Infinity;
  cache.friend.forEach(({ level = 0 }, index) => {
    const hidden = level > closed;
    root.children[index]?.classList.toggle('layim-hide', hidden);
    if (!hidden) closed = isOpen(index) ? Infinity : level;
  });
}

/** The names from the top down to the group at `index`. */
export function pathOf(index: number): string {
  const names: string[] = [];
  let level = Infinity;
  for (let at = index; at >= 0; at -= 1) {
    const group = cache.friend[at];
    if (!group || (group.level ?? 0) >= level) continue;
    names.unshift(group.groupname);
    level = group.level ?? 0;
    if (level === 0) break;
  }
  return names.join(' / ');
}

/** Arrow keys of a tree: right opens, left closes. True if the key was used. */
export function treeKey(event: KeyboardEvent): boolean {
  const heading = event.target instanceof Element ? event.target.closest<HTMLElement>('h5') : null;
  if (!heading || (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft')) return false;
  spread(heading, event.key === 'ArrowRight');
  event.preventDefault();
  return true;
}

/** Whether `id` is among the groups drawn: used to keep what is open when the contacts are read anew. */
export function openGroups(): Set<string> {
  return new Set(cache.friend.filter((_, index) => isOpen(index)).map(({ id }) => String(id)));
}

export function groupIndex(id: string | number): number {
  return cache.friend.findIndex((group) => same(group.id, id));
}
