// What LayIM keeps on this device for hosts without a history of their own: the recent chats and the last messages.

import type { ChatData, Incoming } from './contract';
import { keyOf } from './dom';
import { cache, plusOptions } from './state';
import { isObject, type Local, update } from './store';

/** Messages kept of each conversation. */
export const KEPT = 20;

/** The last messages of a conversation, oldest first. */
export function logOf(key: string, local: Local = cache.local): Incoming[] {
  const { chatlog } = local;
  const list = isObject(chatlog) ? chatlog[key] : undefined;
  return Array.isArray(list) ? list.filter((one): one is Incoming => isObject(one) && typeof one['content'] === 'string') : [];
}

/** Keeps a message, unless it is kept already; an echo of one's own only where nothing is kept yet. */
export function keep(message: Incoming, isEcho: boolean): void {
  if (plusOptions().hostHistory) return;
  const key = keyOf(message);
  const { state: _, reason: __, ...kept } = message;
  update((local) => {
    const list = logOf(key, local);
    if (isEcho && list.length > 0) return;
    if (list.some((other) => isSame(other, message))) return;
    table(local, 'chatlog')[key] = [...list, kept].slice(-KEPT);
  });
}

function isSame(a: Incoming, b: Incoming): boolean {
  return a.timestamp === b.timestamp && a.type === b.type && String(a.id) === String(b.id) && a.content === b.content;
}

/** Puts a conversation into the recent ones. */
export function keepHistory(data: ChatData): void {
  const key = keyOf(data);
  cache.history[key] = { ...cache.history[key], ...data };
  if (plusOptions().hostHistory) return;
  update((local) => void (table(local, 'history')[key] = { ...data }));
}

/** Takes conversations out of the recent ones; their logs go with them. */
export function dropHistory(keys: string[]): void {
  for (const key of keys) delete cache.history[key];
  if (plusOptions().hostHistory) return;
  update((local) => {
    for (const key of keys) {
      delete table(local, 'history')[key];
      delete table(local, 'chatlog')[key];
    }
  });
}

/** The recent chats that are stored. */
export function storedHistory(): Record<string, ChatData> {
  const { history } = cache.local;
  if (!isObject(history)) return {};
  return Object.fromEntries(
    Object.entries(history).filter((entry): entry is [string, ChatData & Record<string, unknown>] => {
      const data = entry[1];
      return isObject(data) && data['id'] !== undefined && typeof data['type'] === 'string';
    }),
  );
}

function table(local: Local, name: string): Record<string, unknown> {
  const made = isObject(local[name]) ? (local[name] as Record<string, unknown>) : {};
  local[name] = made;
  return made;
}
