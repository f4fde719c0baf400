// LayIM's localStorage format: the table `layim`, one object for each person. `cache.local` is that object, live; what
// is changed in it is written at once when there is little to write, and together when there is much.

import { cache } from './state';

const TABLE = 'layim';
/** Milliseconds between two writes: a table with long logs is not written for each of many messages. */
const PAUSE = 150;

export type Local = Record<string, unknown>;
type Change = (local: Local) => void;

let owner = '';
let pending: Change[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let written = 0;
/** False once the browser refused to write: then what is in memory is what counts. */
let isWritable = true;

/** Takes what is stored for the person at the panel, whatever else had been at hand. */
export function load(): void {
  flush();
  owner = String(cache.mine.id);
  cache.local = readTable()[owner] ?? {};
}

/** Takes over what another page may have written; the object stays the same, since hosts hold on to it. */
function adopt(mine: Local): void {
  for (const name of Object.keys(cache.local)) if (!(name in mine)) delete cache.local[name];
  Object.assign(cache.local, mine);
}

/** What is remembered for the person at the panel. */
export function remembered(): Local {
  return cache.local;
}

export function remember(name: string, value: unknown): void {
  update((local) => void (local[name] = value));
}

/** Changes what is remembered, here at once and in the storage soon. `change` may run twice, on two objects. */
export function update(change: Change): void {
  change(cache.local);
  pending.push(change);
  if (timer !== undefined) return;
  if (Date.now() - written >= PAUSE) flush();
  else timer = setTimeout(flush, PAUSE);
}

/** Writes what waits. */
export function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  if (pending.length === 0) return;
  const changes = pending;
  pending = [];
  written = Date.now();
  const table = readTable();
  // Another page of the same person may have written meanwhile: the changes go on top of that.
  const mine = isWritable ? (table[owner] ?? {}) : cache.local;
  if (isWritable) for (const change of changes) change(mine);
  table[owner] = mine;
  isWritable = write(TABLE, table);
  if (isWritable) adopt(mine);
}

/** Another page may have written: what is stored is read again. */
export function refresh(): void {
  flush();
  const stored = isWritable ? readTable()[owner] : undefined;
  if (stored) adopt(stored);
}

function readTable(): Record<string, Local> {
  const table = read(TABLE) as Record<string, Local>;
  const mine = table[owner] as unknown;
  if (mine !== undefined && !isObject(mine)) delete table[owner];
  return table;
}

/** An object of the storage; empty if there is none, or it is broken or forbidden. */
export function read(name: string): Record<string, unknown> {
  try {
    const table = JSON.parse(localStorage.getItem(name) ?? '{}') as unknown;
    return isObject(table) ? table : {};
  } catch {
    return {};
  }
}

/** Writes an object; false if the storage is full or forbidden. */
export function write(name: string, table: object): boolean {
  try {
    localStorage.setItem(name, JSON.stringify(table));
    return true;
  } catch {
    return false;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

if (typeof addEventListener === 'function') addEventListener('pagehide', flush);
