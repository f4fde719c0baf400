// What was written and not sent, kept on this device, also over a reload.

import { cache } from './state';
import { isObject, read, write } from './store';

const TABLE = 'layim-plus';
/** Drafts kept, and characters of each. */
const KEPT = 100;
const LONGEST = 20_000;
/** Milliseconds after the last key. */
const PAUSE = 400;

const drafts = new Map<string, string>();
let owner: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

function load(): void {
  const me = String(cache.mine.id);
  if (owner === me) return;
  owner = me;
  drafts.clear();
  const mine = read(TABLE)[me];
  const stored = isObject(mine) && isObject(mine['drafts']) ? mine['drafts'] : {};
  for (const [key, text] of Object.entries(stored)) if (typeof text === 'string') drafts.set(key, text);
}

export function draftOf(key: string): string {
  load();
  return drafts.get(key) ?? '';
}

/** Keeps what is written; true if that is news. */
export function keepDraft(key: string, text: string): boolean {
  load();
  if (draftOf(key) === text) return false;
  drafts.delete(key);
  if (text.trim() !== '') drafts.set(key, text.slice(0, LONGEST));
  const [oldest] = drafts.keys();
  if (drafts.size > KEPT && oldest !== undefined) drafts.delete(oldest);
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
  return true;
}

/** Nothing of the person at the panel stays on this device. */
export function forgetDrafts(): void {
  load();
  drafts.clear();
  save();
}

function save(): void {
  clearTimeout(timer);
  timer = undefined;
  if (owner === undefined) return;
  const table = read(TABLE);
  const mine = table[owner];
  table[owner] = { ...(isObject(mine) ? mine : {}), drafts: Object.fromEntries(drafts) };
  write(TABLE, table);
}

if (typeof addEventListener === 'function') addEventListener('pagehide', () => void (timer !== undefined && save()));
