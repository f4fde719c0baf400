// The little that outlives a page: the device's name, what was not sent yet, and positions for clients that keep
// messages of their own. Storage that is full or forbidden only costs the comfort, never the chat.

import type { Resume, Target } from '../generated/types';
import type { Unsent } from './lanes';

/** A string store, as `localStorage` is one. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  keys(): string[];
}

/** A store that forgets with the page. */
export function memoryShelf(): Shelf {
  const map = new Map<string, string>();
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
    keys: () => [...map.keys()],
  };
}

/** A store of the browser's. */
export function storageShelf(storage: Storage): Shelf {
  return {
    getItem: (key) => storage.getItem(key),
    setItem: (key, value) => storage.setItem(key, value),
    removeItem: (key) => storage.removeItem(key),
    keys: () => Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? ''),
  };
}

/** Conversations whose positions are kept. */
const POSITIONS = 500;
/** Unsent messages of one person that are kept; further ones live in memory only. */
const UNSENT = 500;

export class Keep {
  constructor(
    /** Lives as long as the browser profile. */
    private readonly lasting: Shelf,
    /** Lives as long as this tab, over its reloads. */
    private readonly passing: Shelf,
  ) {}

  /** Over what the browser offers; memory where it refuses. */
  static browser(): Keep {
    return new Keep(shelf('localStorage'), shelf('sessionStorage'));
  }

  /** A name this device keeps over restarts. */
  device(make: () => string): string {
    return this.name(this.lasting, 'webim.device', make);
  }

  /** A name this tab keeps over reloads; the copy of a tab has the same. */
  tab(make: () => string): string {
    return this.name(this.passing, 'webim.tab', make);
  }

  /** What `person` said in any tab and is not known to be stored, in order. */
  unsent(person: string): Unsent[] {
    const kept = this.unsentKeys(person).map((key) => this.read<unknown>(this.lasting, key));
    return kept.filter(isUnsent).sort((a, b) => a.order - b.order || (a.clientId < b.clientId ? -1 : 1));
  }

  // One key for each message: tabs write at the same time, and none may overwrite what another has just added.
  setUnsent(person: string, unsent: Unsent): void {
    const key = unsentKey(person, unsent.clientId);
    const keys = this.unsentKeys(person);
    if (keys.length < UNSENT || keys.includes(key)) this.write(this.lasting, key, unsent);
  }

  dropUnsent(person: string, clientId: string): void {
    this.remove(this.lasting, unsentKey(person, clientId));
  }

  resume(person: string): Resume | undefined {
    const kept = this.read<Resume>(this.lasting, `webim.positions.${person}`);
    return kept?.epoch && kept.positions ? kept : undefined;
  }

  setResume(person: string, { epoch, positions }: Resume): void {
    const kept = Object.fromEntries(Object.entries(positions).slice(-POSITIONS));
    this.write(this.lasting, `webim.positions.${person}`, { epoch, positions: kept });
  }

  /** Removes everything of `person`, as for a computer that others use too. */
  forget(person: string): void {
    for (const key of this.unsentKeys(person)) this.remove(this.lasting, key);
    this.remove(this.lasting, `webim.positions.${person}`);
  }

  private name(from: Shelf, key: string, make: () => string): string {
    const kept = this.read<string>(from, key);
    if (typeof kept === 'string' && kept.length > 0 && kept.length <= 64) return kept;
    const made = make();
    this.write(from, key, made);
    return made;
  }

  private unsentKeys(person: string): string[] {
    try {
      return this.lasting.keys().filter((key) => key.startsWith(unsentKey(person, '')));
    } catch {
      return [];
    }
  }

  private read<T>(from: Shelf, key: string): T | undefined {
    try {
      const text = from.getItem(key);
      return text === null ? undefined : (JSON.parse(text) as T);
    } catch {
      return undefined;
    }
  }

  private write(to: Shelf, key: string, value: unknown): void {
    try {
      to.setItem(key, JSON.stringify(value));
    } catch {
      // Full or forbidden: see the head of this file.
    }
  }

  private remove(from: Shelf, key: string): void {
    try {
      from.removeItem(key);
    } catch {
      // Likewise.
    }
  }
}

function unsentKey(person: string, clientId: string): string {
  return `webim.unsent.${person}.${clientId}`;
}

/** What lies in the store may be of another version, or anybody's. */
function isUnsent(value: unknown): value is Unsent {
  const one = value as Partial<Unsent> | undefined | null;
  return (
    typeof one?.clientId === 'string' && typeof one.text === 'string' && typeof one.at === 'number' &&
    typeof one.order === 'number' && isTarget(one.to) && (one.deed === undefined || typeof one.deed?.op === 'string')
  );
}

function isTarget(to: unknown): to is Target {
  const ids = typeof to === 'object' && to !== null ? Object.values(to) : [];
  return ids.length === 1 && typeof ids[0] === 'string';
}

function shelf(name: 'localStorage' | 'sessionStorage'): Shelf {
  try {
    return storageShelf(window[name]);
  } catch {
    return memoryShelf();
  }
}
