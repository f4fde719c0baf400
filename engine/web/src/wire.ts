// The shapes on the wire as the page knows them: the generated ones, with those that the server is about to have.

import type * as G from './generated/types';

export type * from './generated/types';

type Uuid = G.Uuid;

/** Whom a message calls. */
export type Mention = { people?: Uuid[]; everyone?: boolean };

/** A file as a message shows it. */
export type FileBody = {
  file: Uuid;
  name: string;
  bytes: number;
  type: string;
  width?: number | null;
  height?: number | null;
  seconds?: number | null;
};

export type Card = { title: string; text?: string | null; link?: string | null; picture?: Uuid | null };

/** The beginning of the message that another one answers. */
export type Quote = { seq: number; sender?: Uuid | null; kind: string; text: string };

export type Reaction = { emoji: string; people: Uuid[] };

export type Payload =
  | { kind: 'text' | 'system' | 'edit'; body: { text: string } }
  | { kind: 'picture' | 'file' | 'voice' | 'video'; body: FileBody }
  | { kind: 'card'; body: Card }
  | { kind: 'reaction'; body: { emoji: string; on: boolean } }
  | { kind: 'recall' | 'recalled'; body: Record<never, never> };

export type Message = Payload & {
  client_id?: Uuid | null;
  conversation: Uuid;
  message: Uuid;
  sender?: Uuid | null;
  seq: number;
  time: number;
  /** Of a reply: what it answers; of an edit, a recall and a reaction: what it changes. */
  refers?: number | null;
  quote?: Quote | null;
  mention?: Mention | null;
  forwarded?: { sender?: Uuid | null; time: number } | null;
  edited?: number | null;
  reactions?: Reaction[];
};

export type SendBody = G.TextBody | { file: Uuid; seconds?: number } | Card;

export type SendKind = 'text' | 'picture' | 'file' | 'voice' | 'video' | 'card';

export type Send = Omit<G.Send, 'kind' | 'body'> & { kind?: SendKind; body: SendBody; reply?: number | null; mention?: Mention | null };

export type Edit = { client_id: Uuid; conversation: Uuid; seq: number; text: string; mention?: Mention | null };
export type Recall = { client_id: Uuid; conversation: Uuid; seq: number };
export type React = { client_id: Uuid; conversation: Uuid; seq: number; emoji: string; on: boolean };
export type Forward = { client_id: Uuid; to: G.Target; conversation: Uuid; seq: number };

export type ClientFrame =
  | Exclude<G.ClientFrame, { op: 'send' }>
  | (Send & { op: 'send' })
  | (Edit & { op: 'edit' })
  | (Recall & { op: 'recall' })
  | (React & { op: 'react' })
  | (Forward & { op: 'forward' });

export type Welcome = Omit<G.Welcome, 'missed'> & { missed: Message[]; edit_seconds?: number; recall_seconds?: number };

export type ServerFrame =
  | Exclude<G.ServerFrame, { op: 'message' | 'welcome' }>
  | (Message & { op: 'message' })
  | (Welcome & { op: 'welcome' });

export type Conversation = Omit<G.Conversation, 'last'> & { last?: Message | null; mentioned?: number | null };
export type Conversations = { items: Conversation[]; next?: string | null };
export type History = { items: Message[]; more: boolean };

export type Readers = { read: Uuid[]; unread: Uuid[] };
export type Draft = { to: G.Target; text: string; time: number };
export type Drafts = { items: Draft[] };
