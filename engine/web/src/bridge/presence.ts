// Whose presence is looked at: everybody in a small organisation; in a large one who is on the screen or was lately.

import type { FriendGroup, Init } from '../generated/types';
import type { Layim } from '../layim/contract';
import type { Client } from '../sdk';

/** How many one connection may watch. */
const LIMIT = 1_000;

export class Watching {
  private everyone: string[] = [];
  /** Those of opened groups, the latest last. */
  private readonly opened = new Map<string, string[]>();

  constructor(private readonly client: Client, private readonly layim: Layim) {}

  learn({ friend }: Init, open: string[]): void {
    this.everyone = [...new Set(friend.flatMap(({ list }) => list.map(({ id }) => id)))];
    this.opened.clear();
    for (const group of friend) if (open.includes(group.id)) this.open(group);
    this.update();
  }

  /** A group was opened in the tree. */
  spread(group: FriendGroup): void {
    this.open(group);
    this.update();
  }

  /** Chats came or went. */
  update(): void {
    this.client.watch(this.everyone.length <= LIMIT ? this.everyone : this.wanted());
  }

  private open({ id, list }: FriendGroup): void {
    this.opened.delete(id);
    this.opened.set(id, list.map((friend) => friend.id));
  }

  private wanted(): string[] {
    const wanted = new Set<string>();
    const chats = [...(this.layim.plus?.open() ?? []), ...Object.values(this.layim.cache().history)];
    for (const { type, id } of chats.slice(0, LIMIT / 2)) if (type === 'friend') wanted.add(String(id));
    for (const people of [...this.opened.values()].reverse()) for (const id of people) wanted.add(id);
    return [...wanted].slice(0, LIMIT);
  }
}
