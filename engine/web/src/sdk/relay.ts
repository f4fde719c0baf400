// What the tabs of one person tell each other.

import type { StatusName, Welcome } from '../generated/types';
import type { Outgoing, Unsent } from './lanes';
import type { LinkEvents, LinkState } from './link';

/** How things stand, for a tab that asks. */
export interface Here {
  op: 'here';
  state: LinkState;
  welcome: Welcome | undefined;
  status: StatusName;
  queue: Outgoing[];
  heads: Record<string, number>;
  /** Whether the leader knows whose presence the asking tab looks at. */
  isWatching: boolean;
}

/** From the one that leads. */
export type FromLeader =
  | Here
  | { op: 'state'; state: LinkState }
  | { op: 'welcome'; welcome: Welcome; resumed: boolean }
  | { op: 'stranger'; welcome: Welcome }
  | { op: 'frame'; frame: LinkEvents['frame'] }
  | { op: 'outgoing'; outgoing: Outgoing };

/** From any; what asks for an act is done by the one that leads. */
export type FromAny =
  /** A message was said, or shall be tried again; `asked` if it may be stored already. */
  | { op: 'said'; unsent: Unsent; asked: boolean }
  | { op: 'discard'; clientId: string }
  | { op: 'read'; conversation: string; seq: number }
  | { op: 'status'; status: StatusName }
  | { op: 'watch'; people: string[] }
  | { op: 'typing'; conversation: string }
  | { op: 'start' }
  | { op: 'nudge' }
  | { op: 'leave' };

export type TabMessage = FromLeader | FromAny;

/** Most people that one connection may watch. */
const WATCHED = 1_000;
/** Tabs whose lists are kept; one that went without a word is forgotten in time. */
const TABS = 30;

/** Whose presence the tabs look at, together. */
export class Watchers {
  private readonly tabs = new Map<string, string[]>();

  has(tab: string): boolean {
    return this.tabs.has(tab);
  }

  /** `tab` looks at `people` now; returns all that are looked at, those of the latest tabs first. */
  set(tab: string, people: string[] | undefined): string[] {
    this.tabs.delete(tab);
    if (people) this.tabs.set(tab, people);
    const [oldest] = this.tabs.keys();
    if (oldest !== undefined && this.tabs.size > TABS) this.tabs.delete(oldest);
    return [...new Set([...this.tabs.values()].reverse().flat())].slice(0, WATCHED);
  }
}
