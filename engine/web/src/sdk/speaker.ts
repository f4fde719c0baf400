// All that a person can say and change, as acts of the client.

import type { Drafts, History, Mention, Message, Readers, Target } from '../generated/types';
import { type Deed, type Looks, type More, type Saying, sayingOf, textOf } from './deed';
import { Emitter } from './emitter';
import type { Outgoing } from './lanes';
import type { ClientEvents } from './options';
import type { Rest } from './rest';

export abstract class Speaker extends Emitter<ClientEvents> {
  abstract readonly rest: Rest;

  /** Puts it into the outbox, and asks the tab that leads. */
  protected abstract submit(to: Target, text: string, clientId: string | undefined, more?: More): Outgoing;

  /** Says a text, or more; what becomes of it comes as `outgoing` events. */
  send(to: Target, what: string | Saying, clientId?: string): Outgoing {
    if (typeof what === 'string') return this.submit(to, what, clientId);
    return this.submit(to, textOf(what.body), clientId, sayingOf(to, what));
  }

  /** Gives a message of one's own other words. */
  edit(conversation: string, seq: number, text: string, mention?: Mention): Outgoing {
    return this.change({ op: 'edit', conversation, seq, text, ...(mention ? { mention } : {}) }, text);
  }

  /** Takes a message of one's own back. */
  recall(conversation: string, seq: number): Outgoing {
    return this.change({ op: 'recall', conversation, seq });
  }

  /** Puts an emoji under a message, or takes it away. */
  react(conversation: string, seq: number, emoji: string, on: boolean): Outgoing {
    return this.change({ op: 'react', conversation, seq, emoji, on });
  }

  /** Says what `message` says to somebody else. */
  forward(to: Target, message: Message, clientId?: string): Outgoing {
    const { conversation, seq, kind, body, sender, time, forwarded } = message;
    const looks: Looks = { kind, body, forwarded: forwarded ?? { sender: sender ?? null, time } };
    return this.submit(to, textOf(body), clientId, { deed: { op: 'forward', to, conversation, seq }, looks });
  }

  history(conversation: string, range: { before?: number; after?: number; limit?: number }): Promise<History> {
    return this.rest.history(conversation, range);
  }

  /** Who of a unit has read a message, and who has not. */
  readers(conversation: string, seq: number): Promise<Readers> {
    return this.rest.readers(conversation, seq);
  }

  /** What was written on any device and not sent. */
  drafts(): Promise<Drafts> {
    return this.rest.drafts();
  }

  /** Keeps what was written and not sent for one's other devices; an empty draft goes. */
  draft(to: Target, text: string): Promise<void> {
    return this.rest.draft(to, text);
  }

  private change(deed: Exclude<Deed, { op: 'send' | 'forward' }>, text = ''): Outgoing {
    return this.submit({ conversation: deed.conversation }, text, undefined, { deed });
  }
}
