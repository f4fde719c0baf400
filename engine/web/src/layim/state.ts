// The one panel of a page: LayIM is a singleton, and pages reach into `cache()`.

import type { Cache, ChatData, Id, Layim, Mine, Options } from './contract';
import { keyOf } from './dom';

/** Our version of LayIM 3's interface. */
export const VERSION = '3.9.9-webim';

export const cache: Cache = {
  base: {},
  local: {},
  mine: { username: '', id: '', status: 'online', sign: '', avatar: '' },
  friend: [],
  group: [],
  history: {},
  message: {},
  chat: [],
};

/** Unread messages by conversation. */
export const unread = new Map<string, number>();
/** The chat in front. */
export const front = { key: '' };

export function setFront(key: string): void {
  front.key = key;
}

/** What people show, where it is known. */
export const shows = new Map<string, string>();

const callbacks = new Map<string, ((...payload: never[]) => unknown)[]>();

export function on(name: string, callback: (...payload: never[]) => unknown): void {
  callbacks.set(name, [...(callbacks.get(name) ?? []), callback]);
}

/** Calls every callback of `name`; one that throws is reported and hurts no other. */
export function emit(name: string, ...payload: unknown[]): void {
  emitOn(undefined, name, ...payload);
}

/** The same with `this` for the callbacks, as `tool` events have it. */
export function emitOn(self: unknown, name: string, ...payload: unknown[]): void {
  for (const callback of callbacks.get(name) ?? []) {
    try {
      (callback as (...payload: unknown[]) => unknown).apply(self, payload);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

export function same(a: Id | undefined, b: Id | undefined): boolean {
  return a !== undefined && b !== undefined && String(a) === String(b);
}

export function plusOptions(): NonNullable<Options['plus']> {
  return cache.base.plus ?? {};
}

/** Everything that is `id` among the contacts: a person may be in several groups. */
export function friendsOf(id: Id): { friend: Cache['friend'][number]['list'][number]; index: number }[] {
  return cache.friend.flatMap(({ list }, index) =>
    list.filter((friend) => same(friend.id, id)).map((friend) => ({ friend, index })),
  );
}

/** The data a chat is opened with, from the lists. */
export function contact(type: string, id: Id): ChatData | undefined {
  if (type === 'friend') {
    const found = friendsOf(id)[0]?.friend;
    return found && { ...found, name: found.username, type };
  }
  if (type === 'group') {
    const found = cache.group.find((group) => same(group.id, id));
    return found && { ...found, name: found.groupname, type };
  }
  return cache.history[keyOf({ type, id })];
}

/** jQuery, where layui brings it: hosts are given wrapped elements. */
export function wrap(element: Element): unknown {
  const { jquery } = (window as { layui?: { jquery?: (element: Element) => unknown } }).layui ?? {};
  return jquery ? jquery(element) : element;
}

export function setMine(mine: Partial<Mine>): void {
  Object.assign(cache.mine, mine);
}

export type { Layim };
