// What a person does that is stored: saying something, or changing what was said. Each has a frame for the socket, a
// request for the second way, and the message that it becomes.

import type { ClientFrame, Mention, Message, SendBody, SendKind, Stored, Target } from '../generated/types';
import type { Outgoing } from './lanes';

type Without<T> = T extends unknown ? Omit<T, 'client_id' | 'retry'> : never;

/** As the frame says it, without what the outbox adds. */
export type Deed = Without<Extract<ClientFrame, { op: 'send' | 'edit' | 'recall' | 'react' | 'forward' }>>;
export type DeedFrame = Extract<ClientFrame, { op: Deed['op'] }>;

/** What only the server will know of one's own message, as far as this device can tell. */
export type Looks = Partial<Pick<Message, 'quote' | 'forwarded'>> & { kind?: Message['kind']; body?: unknown };

/** More than a plain text. */
export interface Saying {
  kind?: SendKind;
  body: SendBody;
  /** The number of the message that this one answers. */
  reply?: number;
  mention?: Mention;
  /** As an agent: the lease under which it answers a customer. */
  lease?: number;
  /** How it looks until the server's copy is read. */
  looks?: Looks;
}

/** What is stored with an outgoing message when it is more than a text. */
export interface More {
  deed?: Deed;
  looks?: Looks;
}

/** A text in a message, for lists and limits; empty where there is none. */
export function textOf(body: unknown): string {
  const text = (body as { text?: unknown } | undefined)?.text;
  return typeof text === 'string' ? text : '';
}

export function sayingOf(to: Target, { kind, body, reply, mention, lease, looks }: Saying): More {
  const deed: Deed = {
    op: 'send', to, body,
    ...(kind && kind !== 'text' ? { kind } : {}),
    ...(reply === undefined ? {} : { reply }),
    ...(mention ? { mention } : {}),
    ...(lease === undefined ? {} : { lease }),
  };
  return { deed, ...(looks ? { looks } : {}) };
}

/** The frame; `asked` if it may have been said before. */
export function frameOf({ clientId, to, text, deed }: Outgoing, asked: boolean): DeedFrame {
  const named = { client_id: clientId };
  if (!deed) return { op: 'send', ...named, to, body: { text }, ...(asked ? { retry: true } : {}) };
  if (deed.op === 'send') return { ...deed, ...named, ...(asked ? { retry: true } : {}) };
  return { ...deed, ...named } as DeedFrame;
}

/** The request that does the same. */
export function requestOf({ to, text, deed }: Pick<Outgoing, 'to' | 'text' | 'deed'>): { method: string; path: string; body?: unknown } {
  if (!deed || deed.op === 'send') {
    const { op: _, ...body } = deed ?? { op: 'send', to, body: { text } };
    return { method: 'POST', path: '/api/v1/messages', body };
  }
  const path = `/api/v1/conversations/${encodeURIComponent(deed.conversation)}/messages/${deed.seq}`;
  switch (deed.op) {
    case 'edit':
      return { method: 'PUT', path, body: { text: deed.text, ...(deed.mention ? { mention: deed.mention } : {}) } };
    case 'recall':
      return { method: 'DELETE', path };
    case 'react':
      return { method: 'PUT', path: `${path}/reactions`, body: { emoji: deed.emoji, on: deed.on } };
    case 'forward':
      return { method: 'POST', path: `${path}/forward`, body: { to: deed.to } };
  }
}

/** The message that it became. */
export function messageOf({ clientId, text, deed, looks }: Outgoing, stored: Stored, sender: string): Message {
  const base = { ...stored, sender, client_id: clientId };
  const made = (fields: object): Message => ({ ...base, ...fields }) as Message;
  switch (deed?.op) {
    case undefined:
      return made({ kind: 'text', body: { text } });
    case 'send': {
      const { kind = 'text', body, reply, mention } = deed;
      return made({ kind, body, ...(reply === undefined ? {} : { refers: reply }), ...(mention ? { mention } : {}), ...looks });
    }
    case 'edit':
      return made({ kind: 'edit', body: { text: deed.text }, refers: deed.seq, ...(deed.mention ? { mention: deed.mention } : {}) });
    case 'recall':
      return made({ kind: 'recall', body: {}, refers: deed.seq });
    case 'react':
      return made({ kind: 'reaction', body: { emoji: deed.emoji, on: deed.on }, refers: deed.seq });
    case 'forward':
      return made({ kind: 'text', body: { text }, ...looks });
  }
}

/** Whether a message is one to be read, rather than a change of another. */
export function isSaid({ kind }: Pick<Message, 'kind'>): boolean {
  return kind !== 'edit' && kind !== 'recall' && kind !== 'reaction';
}
