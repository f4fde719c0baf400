// Messages of the server as LayIM's, and pages of older and newer ones as the window asks for them.

import type { Message } from '../generated/types';
import type { ChatData, Incoming, Layim, Quote, Reaction } from '../layim/contract';
import { type Client, isSaid, type Outgoing, RestError } from '../sdk';
import { type Book, type Chat, key, target } from './book';
import type { People } from './people';
import { whyNot } from './refusals';
import { contentOf, partOf, quoteText } from './said';

/** Messages in one page. */
const PAGE = 50;
/** Pages that hold nothing but changes of what was said elsewhere, before one is drawn all the same. */
const EMPTY_PAGES = 20;

export class Pages {
  /** Chats that were opened before the list of conversations was read. */
  private readonly waiting = new Map<string, Chat>();

  constructor(
    private readonly client: Client,
    private readonly layim: Layim,
    private readonly book: Book,
    private readonly people: People,
    private readonly isChinese: boolean,
    /** Bubbles of files that are not uploaded yet. */
    private readonly uploading: (chat: Chat) => Incoming[],
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
      const { items, more } = await this.page(conversation, before);
      const drawn = await this.drawn(chat, items.filter((message) => !this.isDrawn(message)));
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

  /** A page with at least one message to draw, if there is any. */
  private async page(conversation: string, before: number | undefined): Promise<{ items: Message[]; more: boolean }> {
    let end = before;
    const found: Message[] = [];
    for (let count = 0; ; count += 1) {
      const { items, more } = await this.client.history(conversation, end === undefined ? { limit: PAGE } : { before: end, limit: PAGE });
      found.unshift(...items.filter(isSaid));
      end = items[0]?.seq;
      if (found.length > 0 || !more || end === undefined || count === EMPTY_PAGES) return { items: found, more };
    }
  }

  /** The window of `chat` wants what is after `after`. */
  async newer(chat: Chat, after: number): Promise<void> {
    const conversation = this.book.conversation(chat);
    if (conversation === undefined) return;
    try {
      let from = after;
      const found: Message[] = [];
      for (;;) {
        const { items, more } = await this.client.history(conversation, { after: from, limit: PAGE });
        found.push(...items.filter(isSaid));
        from = items.at(-1)?.seq ?? from;
        if (found.length > 0 || !more) {
          this.layim.plus?.newer(chat, await this.drawn(chat, found), more);
          return;
        }
      }
    } catch {
      this.layim.plus?.olderFailed(chat);
    }
  }

  /** Shows the message `seq` with what is around it; false if there is no such message. */
  async around(chat: Chat, seq: number): Promise<boolean> {
    const { plus } = this.layim;
    const conversation = this.book.conversation(chat);
    if (conversation === undefined || !plus) return false;
    if (plus.reveal(chat, seq)) return true;
    const [before, after] = await Promise.all([
      this.client.history(conversation, { before: seq + 1, limit: PAGE }),
      this.client.history(conversation, { after: seq, limit: PAGE }),
    ]);
    const items = [...before.items, ...after.items].filter(isSaid);
    if (!items.some((message) => message.seq === seq)) return false;
    plus.around(chat, { messages: await this.drawn(chat, items), older: before.more, newer: after.more, seq });
    plus.readUpTo(chat, this.client.thread(conversation)?.peerReadSeq ?? 0);
    return true;
  }

  /** The connection or the list is there: what could not be had is asked for again. */
  again(): void {
    const chats = [...this.waiting.values()];
    this.waiting.clear();
    const open = new Set((this.layim.plus?.open() ?? []).map(key));
    for (const chat of chats) if (open.has(key(chat))) void this.older(chat, undefined);
  }

  private drawn(chat: Chat, messages: Message[]): Promise<Incoming[]> {
    return Promise.all(messages.map((message) => this.incoming(chat, message)));
  }

  /** A message as LayIM takes it. */
  async incoming(chat: Chat, message: Message): Promise<Incoming> {
    const { message: cid, sender, seq, time } = message;
    const common = { id: chat.id, type: chat.type, cid, seq, timestamp: time, content: contentOf(message) };
    if (message.kind === 'erased') return { ...common, system: true, content: this.isChinese ? '这条消息已被清除' : 'This message was erased' };
    if (!sender) return { ...common, system: message.kind === 'system' };
    const { name, avatar } = this.people.known(sender) ?? (await this.people.find(sender));
    const isMine = sender === this.client.me?.id;
    const more = await this.more(message, isMine);
    return { ...common, ...more, username: name, avatar, fromid: sender, ...(isMine ? { mine: true, state: 'sent' } : {}) };
  }

  /** What LayIM has no word for. */
  private async more(message: Message, isMine: boolean): Promise<Partial<Incoming>> {
    const { kind, edited, mention, quote, forwarded, reactions } = message;
    const part = partOf(message);
    const me = this.client.me?.id ?? '';
    const isCalled = !isMine && (mention?.everyone === true || mention?.people?.includes(me) === true);
    return {
      ...(part ? { part } : {}),
      ...(edited ? { edited: true } : {}),
      ...(kind === 'recalled' ? { recalled: true } : {}),
      ...(isCalled ? { called: true } : {}),
      ...(quote ? { reply: await this.quote(quote) } : {}),
      ...(forwarded ? { forwarded: forwarded.sender ? (await this.people.find(forwarded.sender)).name : '' } : {}),
      ...(reactions?.length ? { reactions: await this.reactions(reactions) } : {}),
    };
  }

  private async quote({ seq, sender, kind, text }: NonNullable<Message['quote']>): Promise<Quote> {
    const username = sender ? (await this.people.find(sender)).name : '';
    return { seq, username, content: quoteText({ kind, text }, this.isChinese) };
  }

  private reactions(reactions: NonNullable<Message['reactions']>): Promise<Reaction[]> {
    const named = async (id: string) => ({ id, name: (await this.people.find(id)).name });
    return Promise.all(reactions.map(async ({ emoji, people }) => ({ emoji, people: await Promise.all(people.map(named)) })));
  }

  /** Whether one's own message has its bubble already: it then gets its place and name. */
  isDrawn(message: Message): boolean {
    const { client_id: clientId, sender, message: cid, seq, time } = message;
    if (!clientId || sender !== this.client.me?.id) return false;
    return this.layim.plus?.bubble(clientId, { state: 'sent', cid, seq, timestamp: time }) ?? false;
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
    const said = this.client.pending(target(chat)).map((one) => ({
      ...this.unsentOf(chat, one),
      state: one.state,
      ...(one.failure ? { reason: whyNot(one.failure, this.isChinese) } : {}),
    }));
    return [...said, ...this.uploading(chat)];
  }

  /** An own message that has no number yet. */
  unsentOf(chat: Chat, { clientId, text, at, looks }: Outgoing): Incoming {
    const shown = looks?.kind ? ({ kind: looks.kind, body: looks.body } as Message) : ({ kind: 'text', body: { text } } as Message);
    const part = partOf(shown);
    const quote = looks?.quote;
    return {
      id: chat.id,
      type: chat.type,
      cid: clientId,
      content: contentOf(shown),
      timestamp: at,
      mine: true,
      ...(part ? { part } : {}),
      ...(quote ? { reply: { seq: quote.seq, username: this.people.known(quote.sender ?? '')?.name ?? '', content: quoteText(quote, this.isChinese) } } : {}),
      ...(looks?.forwarded ? { forwarded: this.people.known(looks.forwarded.sender ?? '')?.name ?? '' } : {}),
    };
  }
}
