// The little that outlives a page: the device's name, what was not sent yet, and positions for clients that keep
// messages of their own. Storage that is full or forbidden only costs the comfort, never the chat.

import type { Resume } from '../generated/types';
import type { Unsent } from './outbox';

/** A string store, as `localStorage` is one. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** A store that forgets with the page. */
export function memoryShelf(): Shelf {
  const map = new Map<string, string>();
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  };
}

/** Conversations whose positions are kept. */
const POSITIONS = 500;

export class Keep {
  constructor(
    /** Lives as long as the browser profile. */
    private readonly lasting: Shelf,
    /** Lives as long as this tab: two tabs must not send each other's messages. */
    private readonly tab: Shelf,
  ) {}

  /** Over what the browser offers; memory where it refuses. */
  static browser(): Keep {
    return new Keep(shelf('localStorage'), shelf('sessionStorage'));
  }

  /** A name this device keeps over restarts. */
  device(make: () => string): string {
    const kept = this.read<string>(this.lasting, 'webim.device');
    if (typeof kept === 'string' && kept.length > 0) return kept;
    const made = make();
    this.write(this.lasting, 'webim.device', made);
    return made;
  }

  unsent(person: string): Unsent[] {
    const kept = this.read<Unsent[]>(this.tab, `webim.unsent.${person}`);
    return Array.isArray(kept) ? kept : [];
  }

  setUnsent(person: string, unsent: Unsent[]): void {
    if (unsent.length > 0) this.write(this.tab, `webim.unsent.${person}`, unsent);
    else this.remove(this.tab, `webim.unsent.${person}`);
  }

  resume(person: string): Resume | undefined {
    const kept = this.read<Resume>(this.lasting, `webim.positions.${person}`);
    return kept?.epoch && kept.positions ? kept : undefined;
  }

  setResume(person: string, { epoch, positions }: Resume): void {
    const kept = Object.fromEntries(Object.entries(positions).slice(-POSITIONS));
    this.write(this.lasting, `webim.positions.${person}`, { epoch, positions: kept });
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

function shelf(name: 'localStorage' | 'sessionStorage'): Shelf {
  try {
    return window[name];
  } catch {
    return memoryShelf();
  }
}
