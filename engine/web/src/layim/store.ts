// LayIM's localStorage format: the table `layim`, one object for each person.

import { cache } from './state';

const TABLE = 'layim';

type Table = Record<string, Record<string, unknown>>;

/** What is remembered for the person at the panel. */
export function remembered(): Record<string, unknown> {
  return readTable()[String(cache.mine.id)] ?? {};
}

export function remember(name: string, value: unknown): void {
  const table = readTable();
  const mine = { ...table[String(cache.mine.id)], [name]: value };
  table[String(cache.mine.id)] = mine;
  cache.local = mine;
  try {
    localStorage.setItem(TABLE, JSON.stringify(table));
  } catch {
    // Full or forbidden: the choice lasts as long as the page.
  }
}

function readTable(): Table {
  try {
    const table = JSON.parse(localStorage.getItem(TABLE) ?? '{}') as unknown;
    return typeof table === 'object' && table !== null ? (table as Table) : {};
  } catch {
    return {};
  }
}
