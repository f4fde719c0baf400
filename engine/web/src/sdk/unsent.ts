// What was said and is not stored, as it is kept over a reload.

import type { Clock } from './clock';
import type { Keep } from './keep';
import { type Outgoing, type Unsent, unsentOf } from './lanes';

/** Milliseconds after which a message of a tab that cannot be asked is taken for orphaned. */
const ORPHANED = 60_000;

export interface UnsentOptions {
  keep: Keep;
  clock: Clock;
  /** Names this tab over its reloads. */
  tab: string;
  /** The tabs know of each other, so that the one that speaks speaks for all. */
  isShared: () => boolean;
  person: () => string | undefined;
}

export class UnsentBook {
  /** Said before it was known who is signed in. */
  private readonly nobodys = new Map<string, Unsent>();

  constructor(private readonly options: UnsentOptions) {}

  put(outgoing: Outgoing): void {
    const { keep, tab, person } = this.options;
    const unsent = { ...unsentOf(outgoing), tab };
    const owner = person();
    if (owner === undefined) this.nobodys.set(unsent.clientId, unsent);
    else keep.setUnsent(owner, unsent);
  }

  drop(clientId: string): void {
    const owner = this.options.person();
    this.nobodys.delete(clientId);
    if (owner !== undefined) this.options.keep.dropUnsent(owner, clientId);
  }

  /** The place of the last that is kept, of whichever tab. */
  latest(): number {
    const { keep, person } = this.options;
    const owner = person();
    return owner === undefined ? 0 : (keep.unsent(owner).at(-1)?.order ?? 0);
  }

  /**
   * What this tab has to send. Tabs that do not know of each other leave fresh messages to the tab they were said in;
   * should both send one, its `client_id` makes it one.
   */
  mine(): Unsent[] {
    const { keep, clock, tab, isShared, person } = this.options;
    const owner = person();
    if (owner === undefined) return [];
    for (const unsent of this.nobodys.values()) keep.setUnsent(owner, unsent);
    this.nobodys.clear();
    const now = clock.now();
    return keep.unsent(owner).filter((one) => isShared() || one.tab === tab || Math.abs(now - one.at) > ORPHANED);
  }
}
