// Messages of the server as LayIM's, and pages of older ones as the window asks for them.

import type { Message } from '../wire';
import type { ChatData, Incoming, Layim } from '../layim/contract';
import { type Client, type Outgoing, RestError, textOf } from '../sdk';
import { type Book, type Chat, key, target } from './book';
import type { People } from './people';
import { whyNot } from './refusals';

/** Messages in one page. */
const PAGE = 50;

export class Pages {
  /** Chats that were opened before the list of conversations was read. */
  private readonly waiting = new Map<string, Chat>();

  constructor(
    private readonly client: Client,
    private readonly layim: Layim,
    private readonly book: Book,
    private readonly people: People,
    private readonly isChinese: boolean,
  ) {}

  /** The window of `chat` wants what is before `before`; without it, the newest. */
  async older(chat: Chat, before: number | undefined): Promise<void> {
    const { plus } = this.layim;
    const conversation = this.book.conversation(chat);
    if (conversation === undefined) {
      if (this.client.loaded) plus?.older(chat, this.unsent(chat), false);
      else this.waiting.set(key(chat), chat);
      return;
    }
    try {
      const range = before === undefined ? { limit: PAGE } : { before, limit: PAGE };
      const { items, more } = await this.client.history(conversation, range);
      const drawn = await Promise.all(items.filter((message) => !this.isDrawn(message)).map((message) => this.incoming(chat, message)));
      plus?.older(chat, before === undefined ? [...drawn, ...this.unsent(chat)] : drawn, more);
      plus?.readUpTo(chat, this.client.thread(conversation)?.peerReadSeq ?? 0);
    } catch (error) {
      if (error instanceof RestError && error.status === 404) plus?.older(chat, [], false);
      else {
        this.waiting.set(key(chat), chat);
        plus?.olderFailed(chat);
      }
    }
  }

  /** The connection or the list is there: what could not be had is asked for again. */
  again(): void {
    const chats = [...this.waiting.values()];
    this.waiting.clear();
    const open = new Set((this.layim.plus?.open() ?? []).map(key));
    for (const chat of chats) if (open.has(key(chat))) void this.older(chat, undefined);
  }

  /** A message as LayIM takes it. */
  async incoming(chat: Chat, message: Message): Promise<Incoming> {
    const { message: cid, sender, seq, time, body } = message;
    const common = { id: chat.id, type: chat.type, cid, seq, timestamp: time, content: textOf(body) };
    if (!sender) return { ...common, system: message.kind === 'system' };
    const { name, avatar } = this.people.known(sender) ?? (await this.people.find(sender));
    const isMine = sender === this.client.me?.id;
    return { ...common, username: name, avatar, fromid: sender, ...(isMine ? { mine: true, state: 'sent' } : {}) };
  }

  /** Whether one's own message has its bubble already: it then gets its place and name. */
  isDrawn({ client_id: clientId, sender, message, seq, time }: Message): boolean {
    if (!clientId || sender !== this.client.me?.id) return false;
    return this.layim.plus?.bubble(clientId, { state: 'sent', cid: message, seq, timestamp: time }) ?? false;
  }

  /** The bubble of one's own message follows what becomes of it. */
  outgoing({ clientId, state, stored, failure }: Outgoing): void {
    if (stored) {
      const { message, seq, time, conversation } = stored;
      this.layim.plus?.bubble(clientId, { state: 'sent', cid: message, seq, timestamp: time });
      const thread = this.client.thread(conversation);
      const chat = thread && this.book.chat(thread);
      if (chat && thread.peerReadSeq >= seq) this.layim.plus?.readUpTo(chat, thread.peerReadSeq);
    } else if (failure) {
      this.layim.plus?.bubble(clientId, { state: 'failed', reason: whyNot(failure, this.isChinese) });
    } else {
      this.layim.plus?.bubble(clientId, { state });
    }
  }

  /** What was said here and is not stored, as bubbles. */
  private unsent(chat: Chat | ChatData): Incoming[] {
    return this.client.pending(target(chat)).map(({ clientId, text, at, state, failure }) => ({
      id: chat.id,
      type: chat.type,
      cid: clientId,
      content: text,
      timestamp: at,
      mine: true,
      state,
      ...(failure ? { reason: whyNot(failure, this.isChinese) } : {}),
    }));
  }
}
