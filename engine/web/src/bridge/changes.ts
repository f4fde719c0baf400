// Messages that are changed: other words, taking back, emoji, passing on, and who has read them; both ways.

import type { Message } from '../generated/types';
import type { BubbleChange, ChatData, Layim, Mention, PlusEvents } from '../layim/contract';
import { type Client, type Outgoing, RestError } from '../sdk';
import { type Book, type Chat, key, target } from './book';
import type { Pages } from './history';
import type { People } from './people';
import { whyNot } from './refusals';

export interface ChangesOptions {
  client: Client;
  layim: Layim;
  book: Book;
  people: People;
  pages: Pages;
  isChinese: boolean;
}

/** Milliseconds before the end of the time at which changing is no longer offered. */
const MARGIN = 2_000;

export class Changes {
  /** How far the server's clock is ahead of this device's. */
  private skew = 0;

  constructor(private readonly options: ChangesOptions) {
    const { layim, client } = options;
    const on = <Name extends keyof PlusEvents>(name: Name, run: (payload: PlusEvents[Name]) => void) => layim.on(name, run as (payload: never) => void);
    const at = (data: ChatData, seq: number | undefined, run: (conversation: string, seq: number) => void) => {
      const conversation = options.book.conversation(data);
      if (conversation !== undefined && seq !== undefined) run(conversation, seq);
    };
    on('edit', ({ data, seq, content, mention }) => at(data, seq, (conversation, n) => client.edit(conversation, n, content, called(mention))));
    on('recall', ({ data, seq }) => at(data, seq, (conversation, n) => client.recall(conversation, n)));
    on('react', ({ data, seq, emoji, on: isOn }) => at(data, seq, (conversation, n) => this.react(data, conversation, n, emoji, isOn)));
    on('forward', ({ data, seq, to }) => at(data, seq, (conversation, n) => void this.forward(conversation, n, to)));
    on('readers', ({ data, seq, show }) => at(data, seq, (conversation, n) => void this.readers(conversation, n, show)));
    on('jump', ({ data, seq }) => void this.jump(data, seq));
    const { plus } = layim.cache().base;
    if (plus) plus.may = (action, { mine, time }) => (action === 'edit' || action === 'recall' ? mine && this.isInTime(action, time) : true);
  }

  /** The server said when it is. */
  learnTime(time: number): void {
    this.skew = time - Date.now();
  }

  private isInTime(action: 'edit' | 'recall', time: number): boolean {
    const { client } = this.options;
    const seconds = action === 'edit' ? client.editSeconds : client.recallSeconds;
    return Date.now() + this.skew - time < seconds * 1_000 - MARGIN;
  }

  /** An entry that changes another one has come. */
  async apply(chat: Chat, message: Message): Promise<void> {
    const { refers, sender } = message;
    if (!refers || !sender) return;
    if (message.kind === 'edit') this.change(chat, refers, { content: message.body.text, called: this.isCalled(message) });
    else if (message.kind === 'recall') this.change(chat, refers, { recalled: true });
    else if (message.kind === 'reaction') {
      const { emoji, on } = message.body;
      const { name } = this.options.people.known(sender) ?? (await this.options.people.find(sender));
      this.change(chat, refers, { reaction: { emoji, on, person: { id: sender, name } } });
    }
  }

  private isCalled({ sender, mention }: Message): boolean {
    const me = this.options.client.me?.id ?? '';
    return sender !== me && (mention?.everyone === true || mention?.people?.includes(me) === true);
  }

  private change(chat: Chat, seq: number, change: BubbleChange): void {
    this.options.layim.plus?.change(chat, seq, change);
  }

  /** What has become of a change of one's own; true if it was one. */
  outgoing(outgoing: Outgoing): boolean {
    const { deed, stored, failure, clientId } = outgoing;
    if (stored) this.learnTime(stored.time);
    if (!deed || deed.op === 'send' || deed.op === 'forward') return false;
    const { client, layim, book, isChinese } = this.options;
    const thread = client.thread(deed.conversation);
    const chat = thread && book.chat(thread);
    if (stored && chat) {
      if (deed.op === 'edit') this.change(chat, deed.seq, { content: deed.text });
      else if (deed.op === 'recall') this.change(chat, deed.seq, { recalled: true });
    } else if (failure) {
      layim.plus?.toast(whyNot(failure, isChinese));
      if (deed.op === 'react' && chat) this.draw(chat, deed.seq, deed.emoji, !deed.on);
      client.discard(clientId);
    }
    return true;
  }

  /** Shown at once; taken back where the server refuses. */
  private react(chat: Chat, conversation: string, seq: number, emoji: string, on: boolean): void {
    this.draw(chat, seq, emoji, on);
    this.options.client.react(conversation, seq, emoji, on);
  }

  private draw(chat: Chat, seq: number, emoji: string, on: boolean): void {
    const { me } = this.options.client;
    if (me) this.change(chat, seq, { reaction: { emoji, on, person: { id: me.id, name: me.name } } });
  }

  private async forward(conversation: string, seq: number, to: ChatData): Promise<void> {
    const { client, layim, pages, isChinese } = this.options;
    try {
      const { items } = await client.history(conversation, { after: seq - 1, limit: 1 });
      const message = items.find((one) => one.seq === seq);
      if (!message) return;
      const outgoing = client.forward(target(to), message);
      const isOpen = layim.plus?.open().some((chat) => key(chat) === key(to));
      const bubble = pages.unsentOf(to, outgoing);
      if (isOpen) layim.getMessage({ ...bubble, fromid: client.me?.id ?? '', state: outgoing.state });
      layim.plus?.toast(isChinese ? `已转发给 ${to.name}` : `Forwarded to ${to.name}`);
    } catch (error) {
      this.say(error);
    }
  }

  private async readers(conversation: string, seq: number, show: PlusEvents['readers']['show']): Promise<void> {
    try {
      const { read, unread } = await this.options.client.readers(conversation, seq);
      const faces = (ids: string[]) => Promise.all(ids.map((id) => this.options.people.find(id)));
      show({ read: await faces(read), unread: await faces(unread) });
    } catch (error) {
      this.say(error);
    }
  }

  /** Brings a message into sight, wherever it is. */
  async jump(data: ChatData, seq: number): Promise<void> {
    const { pages, layim, isChinese } = this.options;
    try {
      if (!(await pages.around(data, seq))) layim.plus?.toast(isChinese ? '找不到这条消息' : 'This message cannot be found');
    } catch (error) {
      this.say(error);
    }
  }

  private say(error: unknown): void {
    const { code, message } = error instanceof RestError ? error : new RestError('internal', 0, String(error));
    this.options.layim.plus?.toast(whyNot({ code, reason: message }, this.options.isChinese));
  }
}

/** Whom a text calls, in the server's words. */
export function called(mention: Mention | undefined): { people?: string[]; everyone?: boolean } | undefined {
  if (!mention) return undefined;
  return { ...(mention.people ? { people: mention.people.map(String) } : {}), ...(mention.everyone ? { everyone: true } : {}) };
}
