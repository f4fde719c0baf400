// Binds a LayIM panel to the client kit: what one says the other hears, in LayIM's own words.

import type { Init, Message, PersonDetail, TypingBy } from '../generated/types';
import type { ChatData, FriendGroup, Layim, Mention, PlusEvents, Quote } from '../layim/contract';
import { shortTime } from '../layim/time';
import { type Client, isSaid, type Saying, type Thread } from '../sdk';
import { Book, type Chat, target } from './book';
import { called, Changes } from './changes';
import { Drafts } from './drafts';
import { LogPage } from './log';
import { Search } from './search';
import { Pages } from './history';
import { type Face, People } from './people';
import { Watching } from './presence';
import { shortText } from './said';
import { Uploads } from './uploads';

export interface BridgeOptions {
  client: Client;
  layim: Layim;
  /** The contacts of a panel; without them, as for customers and at the desk, there is nobody to look at. */
  init?: Init;
  lang: string;
  service?: ServiceSide;
}

/** What a page of customer service knows better. */
export interface ServiceSide {
  /** The chat of a service conversation. */
  chat(conversation: string): ChatData | undefined;
  /** Who somebody is whom the directory does not name. */
  face(person: string): Face | undefined;
  /** Whether the page is in sight; a frame that is put away is not. */
  isSeen?(): boolean;
  /** As an agent: the lease under which one answers. */
  lease?(conversation: string): number | undefined;
}

/** What `sendMessage` says of the person's own. */
interface Mine {
  content: string;
  cid?: string;
  reply?: Quote;
  mention?: Mention;
}

/** Milliseconds that "is typing" stands. */
const TYPING_SHOWN = 5_000;
/** Milliseconds over which clients spread their reading of a changed directory. */
const DIRECTORY_SPREAD = 3_000;

export class Bridge {
  private readonly client: Client;
  private readonly layim: Layim;
  private readonly book: Book;
  private readonly people: People;
  private readonly pages: Pages;
  private readonly watching: Watching;
  private readonly changes: Changes;
  private readonly uploads: Uploads;
  private readonly isChinese: boolean;
  private readonly service: ServiceSide | undefined;
  private readonly hasContacts: boolean;
  /** Messages of conversations whose name is being asked for. */
  private readonly nameless = new Map<string, Message[]>();
  private readonly typing = new Map<string, ReturnType<typeof setTimeout>>();

  constructor({ client, layim, init, lang, service }: BridgeOptions) {
    this.client = client;
    this.layim = layim;
    this.isChinese = lang.startsWith('zh');
    this.service = service;
    this.hasContacts = init !== undefined;
    this.book = new Book(layim, this.isChinese, service && ((conversation) => service.chat(conversation)));
    this.people = new People(client, service && ((person) => service.face(person)));
    this.uploads = new Uploads(client, layim, this.isChinese, (chat) => this.leaseOf(chat));
    this.pages = new Pages(client, layim, this.book, this.people, this.isChinese, (chat) => this.uploads.pending(chat));
    this.watching = new Watching(client, layim);
    this.changes = new Changes({ client, layim, book: this.book, people: this.people, pages: this.pages, isChinese: this.isChinese });
    if (init) this.people.learn(init);
    this.hearClient();
    this.hearLayim();
    if (init) this.watching.learn(init, init.group.map(({ id }) => id));
    if (init && layim.plus) this.extend();
    // The connection may have been quicker than the contacts.
    if (client.loaded) this.showAll();
    addEventListener('focus', () => this.markSeen());
    document.addEventListener('visibilitychange', () => this.markSeen());
  }

  private hearClient(): void {
    const { client, layim, pages } = this;
    client.on('list', () => this.showAll());
    client.on('thread', (thread) => this.show(thread));
    client.on('message', ({ message, missed }) => {
      if (!missed) this.changes.learnTime(message.time);
      this.receive(message);
    });
    client.on('outgoing', (outgoing) => {
      if (!this.changes.outgoing(outgoing)) pages.outgoing(outgoing);
      if (outgoing.stored) this.look(outgoing.stored.conversation);
    });
    client.on('reset', (thread) => {
      const chat = this.book.chat(thread);
      if (chat) layim.plus?.renew(chat);
    });
    client.on('gone', (thread) => {
      const chat = this.book.chat(thread);
      this.book.forget(thread.id);
      if (chat) layim.plus?.forget(chat);
    });
    client.on('presence', ({ people }) => {
      for (const { person, shows } of people) layim.setFriendStatus(person, shows);
    });
    client.on('typing', (by) => void this.showTyping(by));
    client.on('directory', () => this.hasContacts && setTimeout(() => void this.readDirectory(), Math.random() * DIRECTORY_SPREAD));
    client.on('welcome', () => {
      pages.again();
      for (const conversation of this.nameless.keys()) this.look(conversation);
    });
  }

  private showAll(): void {
    for (const thread of this.client.threads()) {
      if (thread.info) this.show(thread);
      else this.look(thread.id);
    }
    this.pages.again();
    if (this.hasContacts) this.watching.update();
  }

  private hearLayim(): void {
    const { client, layim } = this;
    const plusOn = <Name extends keyof PlusEvents>(name: Name, callback: (payload: PlusEvents[Name]) => void) => layim.on(name, callback);
    layim.on('sendMessage', ({ mine, to }: { mine: Mine; to: ChatData }) => {
      this.layim.plus?.status(to, this.statusOf(to));
      client.send(target(to), this.saying(mine, to), mine.cid);
    });
    layim.on('sign', (sign: string) => void client.rest.call('PUT', '/layim/sign', { sign }).catch(() => layim.plus?.toast(this.isChinese ? '签名没有保存' : 'The status line was not saved')));
    layim.on('online', (status: string) => client.setStatus(status === 'hide' ? 'hide' : 'online'));
    layim.on('chatChange', ({ data }: { data: ChatData }) => {
      layim.plus?.status(data, this.statusOf(data));
      void this.lastSeen(data);
      if (this.hasContacts) this.watching.update();
    });
    plusOn('again', ({ cid }) => void (this.uploads.again(cid) || client.again(cid)));
    plusOn('older', ({ data, before }) => void this.pages.older(data, before));
    plusOn('newer', ({ data, after }) => void this.pages.newer(data, after));
    plusOn('seen', () => this.markSeen());
    plusOn('spread', ({ group, open }) => {
      if (open) this.watching.spread(group as FriendGroup as Init['friend'][number]);
    });
    plusOn('typing', (data) => {
      const conversation = this.book.conversation(data);
      if (conversation) client.typing(conversation);
    });
  }

  /** What only our own LayIM has. */
  private extend(): void {
    const { client, layim, book, people, isChinese } = this;
    new Drafts(client, layim, book);
    const search = new Search({ client, layim, book, people, isChinese, show: (chat, seq) => this.goTo(chat, seq) });
    const { plus } = layim.cache().base;
    if (plus) plus.search = (text) => search.find(text);
    layim.on('log', (chat: ChatData) => {
      const conversation = book.conversation(chat);
      new LogPage({ client, people, isChinese, chat, conversation, show: (seq) => this.goTo(chat, seq) });
    });
  }

  /** Opens a chat at one of its messages. */
  private goTo(chat: ChatData, seq: number): void {
    this.layim.chat(chat);
    void this.changes.jump(chat, seq);
  }

  /** A text of one's own, with what it answers and whom it calls. */
  private saying({ content, reply, mention }: Mine, to: ChatData): string | Saying {
    const calls = called(mention);
    const lease = this.leaseOf(to);
    if (reply?.seq === undefined && !calls && lease === undefined) return content;
    return {
      body: { text: content },
      ...(calls ? { mention: calls } : {}),
      ...(lease === undefined ? {} : { lease }),
      ...(reply?.seq === undefined ? {} : { reply: reply.seq, looks: { quote: { seq: reply.seq, kind: 'text', text: reply.content } } }),
    };
  }

  private leaseOf({ type, id }: Chat): number | undefined {
    return type === 'kefu' ? this.service?.lease?.(String(id)) : undefined;
  }

  /** Asks for the name of a conversation once; what waits for it is shown then. */
  private look(conversation: string): void {
    this.client.look(conversation).then(
      (thread) => {
        const waiting = this.nameless.get(conversation) ?? [];
        this.nameless.delete(conversation);
        if (!thread) return;
        this.show(thread);
        for (const message of waiting) this.receive(message);
      },
      // Offline: the next welcome asks again.
      () => undefined,
    );
  }

  private receive(message: Message): void {
    const thread = this.client.thread(message.conversation);
    const chat = thread && this.book.chat(thread);
    if (!chat) {
      const waiting = this.nameless.get(message.conversation);
      this.nameless.set(message.conversation, [...(waiting ?? []), message]);
      if (!waiting) this.look(message.conversation);
      return;
    }
    if (message.sender) this.stopTyping({ conversation: message.conversation, person: message.sender });
    if (!isSaid(message)) {
      void this.changes.apply(chat, message);
      this.markSeen();
      return;
    }
    if (this.pages.isDrawn(message)) return;
    void this.pages.incoming(chat, message).then((incoming) => {
      this.layim.getMessage(incoming);
      this.markSeen();
    });
  }

  /** Shows a conversation's last line and numbers. */
  private show(thread: Thread): void {
    const chat = this.book.chat(thread);
    const { plus } = this.layim;
    if (!chat || !plus) return;
    const { last } = thread;
    if (last) plus.recent(chat, { text: this.lineOf(last, chat), time: last.time, called: thread.mentioned !== undefined });
    plus.unread(chat, thread.unread);
    plus.readUpTo(chat, thread.peerReadSeq);
  }

  private lineOf(message: Message, chat: Chat): string {
    const { sender } = message;
    const text = shortText(message, this.isChinese);
    if (sender === this.client.me?.id) return `${this.isChinese ? '我' : 'Me'}: ${text}`;
    const name = chat.type === 'group' && sender ? this.people.known(sender)?.name : undefined;
    return name ? `${name}: ${text}` : text;
  }

  /** What is on the screen, at its end, on a page that is looked at, has been read. */
  markSeen(): void {
    const chat = this.layim.plus?.current();
    if (!chat || document.visibilityState !== 'visible' || this.service?.isSeen?.() === false || !this.layim.plus?.atBottom()) return;
    const conversation = this.book.conversation(chat);
    const thread = conversation ? this.client.thread(conversation) : undefined;
    if (conversation && thread) this.client.read(conversation, thread.lastSeq);
  }

  private statusOf(chat: Chat): string {
    if (chat.type !== 'friend') return '';
    const friend = this.layim.cache().friend.flatMap(({ list }) => list).find(({ id }) => id === chat.id);
    const words: Record<string, string> = this.isChinese
      ? { online: '在线', busy: '忙碌', away: '离开', offline: '离线' }
      : { online: 'Online', busy: 'Busy', away: 'Away', offline: 'Offline' };
    return friend ? (words[friend.status ?? 'online'] ?? '') : '';
  }

  /** When somebody who is away was last here, if they let it be seen. */
  private async lastSeen(chat: ChatData): Promise<void> {
    const away = this.statusOf(chat);
    const { plus } = this.layim;
    if (!plus || chat.type !== 'friend' || this.layim.cache().friend.every(({ list }) => list.every(({ id, status }) => id !== chat.id || status !== 'offline'))) return;
    const person = await this.client.rest.call<PersonDetail>('GET', `/api/v1/people/${encodeURIComponent(String(chat.id))}`).catch(() => undefined);
    if (!person?.last_seen || this.statusOf(chat) !== away) return;
    const time = shortTime(person.last_seen, Date.now());
    plus.status(chat, this.isChinese ? `${away} · 最近在线 ${time}` : `${away} · last here ${time}`);
  }

  private async showTyping(by: TypingBy): Promise<void> {
    const thread = this.client.thread(by.conversation);
    const chat = thread && this.book.chat(thread);
    if (!chat || by.person === this.client.me?.id) return;
    const { name } = await this.people.find(by.person);
    const who = chat.type === 'group' ? name : this.isChinese ? '对方' : name;
    this.layim.plus?.status(chat, this.isChinese ? `${who}正在输入…` : `${who} is typing…`);
    clearTimeout(this.typing.get(by.conversation));
    this.typing.set(by.conversation, setTimeout(() => this.stopTyping(by), TYPING_SHOWN));
  }

  private stopTyping({ conversation }: TypingBy): void {
    const timer = this.typing.get(conversation);
    if (timer === undefined) return;
    clearTimeout(timer);
    this.typing.delete(conversation);
    const thread = this.client.thread(conversation);
    const chat = thread && this.book.chat(thread);
    if (chat) this.layim.plus?.status(chat, this.statusOf(chat));
  }

  private async readDirectory(): Promise<void> {
    try {
      const init = await this.client.rest.layim<Init>('/layim/init');
      this.people.learn(init);
      this.layim.plus?.contacts(init);
      this.watching.learn(init, init.group.map(({ id }) => id));
    } catch {
      // The next change or reconnect reads it again; chatting goes on with the contacts at hand.
    }
  }
}

