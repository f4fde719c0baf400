// What is written and not sent, kept with the server for one's other devices.

import type { Draft } from '../generated/types';
import type { ChatData, Layim } from '../layim/contract';
import type { Client } from '../sdk';
import { type Book, key, target } from './book';

/** Milliseconds after the last key. */
const PAUSE = 1_500;

export class Drafts {
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private isRead = false;

  constructor(private readonly client: Client, private readonly layim: Layim, private readonly book: Book) {
    layim.on('draft', ({ data, text }: { data: ChatData; text: string }) => this.later(data, text));
    client.on('list', () => void this.read());
    if (client.loaded) void this.read();
  }

  private later(data: ChatData, text: string): void {
    clearTimeout(this.timers.get(key(data)));
    const save = () => {
      this.timers.delete(key(data));
      // Kept on this device in any case; a server without a place for it, or none at all, costs only the other ones.
      this.client.draft(target(data), text.trim() === '' ? '' : text).catch(() => undefined);
    };
    this.timers.set(key(data), setTimeout(save, PAUSE));
  }

  /** Once a page: later ones are this page's own. */
  private async read(): Promise<void> {
    if (this.isRead) return;
    this.isRead = true;
    try {
      const { items } = await this.client.drafts();
      for (const draft of items) this.show(draft);
    } catch {
      // As above.
    }
  }

  private show({ to, text }: Draft): void {
    const chat = this.chatOf(to);
    if (chat && !this.timers.has(key(chat))) this.layim.plus?.draft(chat, text);
  }

  private chatOf(to: Draft['to']): ChatData | undefined {
    const { friend, group } = this.layim.cache();
    if ('person' in to) {
      const found = friend.flatMap(({ list }) => list).find(({ id }) => id === to.person);
      return found && { type: 'friend', id: found.id, name: found.username, avatar: found.avatar };
    }
    if ('unit' in to) {
      const found = group.find(({ id }) => id === to.unit);
      return found && { type: 'group', id: found.id, name: found.groupname, avatar: found.avatar };
    }
    const thread = this.client.thread(to.conversation);
    return thread && this.book.chat(thread);
  }
}
