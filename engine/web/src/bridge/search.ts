// The server's search: what it finds, as the panel shows it.

import type { ChatData, FoundMore, Layim } from '../layim/contract';
import type { Client } from '../sdk';
import type { Message, PersonItem } from '../generated/types';
import type { Book } from './book';
import type { People } from './people';

type Span = [number, number];

/** As the server answers. */
export interface Found {
  messages: { item: Message; spans: Span[]; shown: string }[];
  files: { conversation: string; seq: number; message: string; file: string; name: string; spans: Span[]; time: number; sender?: string | null }[];
  people: { person: PersonItem; spans: Span[] }[];
  next?: string | null;
}

export interface Query {
  q: string;
  in?: 'messages' | 'files' | 'people';
  conversation?: string;
  after?: string;
  limit?: number;
}

export function search(client: Client, query: Query): Promise<Found> {
  const fields = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]));
  return client.rest.call<Found>('GET', `/api/v1/search?${fields.toString()}`);
}

/** `text` in pieces, with those marked that the spans name; spans count characters, not code units. */
export function marked(text: string, spans: Span[]): (string | { mark: string })[] {
  const characters = [...text];
  const pieces: (string | { mark: string })[] = [];
  let at = 0;
  for (const [from, to] of spans) {
    if (from < at || to > characters.length || to <= from) continue;
    if (from > at) pieces.push(characters.slice(at, from).join(''));
    pieces.push({ mark: characters.slice(from, to).join('') });
    at = to;
  }
  if (at < characters.length) pieces.push(characters.slice(at).join(''));
  return pieces;
}

export interface SearchOptions {
  client: Client;
  layim: Layim;
  book: Book;
  people: People;
  isChinese: boolean;
  /** Leads to a message in its chat. */
  show(chat: ChatData, seq: number): void;
}

/** Entries of each kind at first, and on each further page. */
const FIRST = 6;
const MORE = 20;

export class Search {
  constructor(private readonly options: SearchOptions) {}

  /** Everything that fits `text` beside the names at hand. */
  async find(text: string): Promise<FoundMore[]> {
    const { client } = this.options;
    const asked = (['people', 'messages', 'files'] as const).map((kind) => search(client, { q: text, in: kind, limit: FIRST }));
    const [people, messages, files] = await Promise.all(asked);
    const sections = [people && this.people(people, text), messages && (await this.messages(messages, text)), files && (await this.files(files, text))];
    return sections.filter((section): section is FoundMore => section !== undefined && section.items.length > 0);
  }

  private people({ people }: Found, text: string): FoundMore {
    const { layim, isChinese } = this.options;
    const wanted = text.toLowerCase();
    // Those whose name holds what is typed are in the list already.
    const others = people.filter(({ person }) => !person.name.toLowerCase().includes(wanted));
    const items = others.map(({ person: { id, name, avatar, sign } }) => ({
      avatar, name, line: [sign], open: () => void layim.chat({ type: 'friend', id, name, username: name, avatar, sign }),
    }));
    return { title: isChinese ? '同事（拼音、登录名）' : 'People by pinyin or login', items };
  }

  private async messages({ messages, next }: Found, text: string): Promise<FoundMore> {
    const items = await Promise.all(messages.map(({ item, shown, spans }) => this.entry({ ...item, line: marked(shown, spans) })));
    const title = this.options.isChinese ? '聊天记录' : 'Messages';
    return { title, items: items.filter((one) => one !== undefined), ...(next ? { more: () => this.more('messages', text, next) } : {}) };
  }

  private async files({ files, next }: Found, text: string): Promise<FoundMore> {
    const items = await Promise.all(files.map(({ name, spans, ...file }) => this.entry({ ...file, line: marked(name, spans) })));
    const title = this.options.isChinese ? '文件' : 'Files';
    return { title, items: items.filter((one) => one !== undefined), ...(next ? { more: () => this.more('files', text, next) } : {}) };
  }

  private async more(kind: 'messages' | 'files', text: string, after: string): Promise<FoundMore> {
    const found = await search(this.options.client, { q: text, in: kind, after, limit: MORE });
    return kind === 'messages' ? this.messages(found, text) : this.files(found, text);
  }

  private async entry(found: { conversation: string; seq: number; sender?: string | null; time: number; line: FoundMore['items'][number]['line'] }): Promise<FoundMore['items'][number] | undefined> {
    const { client, book, people } = this.options;
    const thread = await client.look(found.conversation).catch(() => undefined);
    const chat = thread && book.chat(thread);
    if (!chat) return undefined;
    const name = found.sender ? (await people.find(found.sender)).name : '';
    const who = name && name !== chat.name ? `${name} · ${chat.name}` : chat.name;
    return { avatar: chat.avatar, name: who, line: found.line, time: found.time, open: () => this.options.show(chat, found.seq) };
  }
}
