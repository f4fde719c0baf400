// What customers and agents read over REST, until `generated/types` has it all.

import type { HolderName, Message, OfferMade, QueuePlace, Side, WorkStateName } from '../generated/types';

export interface Face {
  id: string;
  name: string;
  avatar: string;
}

export interface ChannelFace {
  key: string;
  name: string;
  mode: 'service' | 'expert';
  audience: 'customers' | 'members' | 'both';
  languages: string[];
  greeting: Record<string, string>;
  branding: { title: string; color: string; logo: string; position: string };
  open: boolean;
  opens_at?: number | null;
  when_closed: 'leave_message' | 'refuse';
  topics: { id: string; name: string }[];
  lists_agents: boolean;
  typed_ahead: boolean;
  robot: boolean;
}

export interface Lane {
  conversation: string;
  channel: string;
  title: string;
  topic?: string | null;
  holder: HolderName;
  agent?: Face | null;
  lease: number;
  version: number;
  visit?: string | null;
  place?: QueuePlace | null;
  last_seq: number;
  read_seq: number;
  unread: number;
}

export interface Visitor {
  person: string;
  name: string;
  token: string;
  identified: boolean;
  conversations: Lane[];
}

export type AgentFace = Face & { online: boolean };

export interface Served {
  conversation: string;
  customer: Face & { online: boolean };
  channel: string;
  topic?: string | null;
  holder: HolderName;
  agent?: Face | null;
  lease: number;
  version: number;
  visit?: string | null;
  last?: Message | null;
  last_seq: number;
  read_seq: number;
  unread: number;
  waiting_since?: number | null;
  owner: boolean;
  hidden: boolean;
  contact_at: number;
}

export interface CustomerCard {
  id: string;
  name: string;
  external_id?: string | null;
  tags: string[];
  attributes: Record<string, string>;
  page: { url: string; title: string; referrer: string; language: string };
  device: string;
  language: string;
  blocked: boolean;
  came_at: number;
  seen_at: number;
}

export interface VisitItem {
  id: string;
  opened_at: number;
  assigned_at?: number | null;
  first_response_at?: number | null;
  closed_at?: number | null;
  closed_by?: string | null;
  agent?: Face | null;
  transfers: number;
  waited: number;
  handled: number;
}

export interface TransferItem {
  id: string;
  from?: Face | null;
  to_kind: string;
  to?: Face | null;
  note: string;
  state: string;
  reason: string;
  offered_at: number;
  ended_at?: number | null;
}

export interface AssignmentItem {
  id: string;
  agent?: Face | null;
  reason: string;
  time: number;
  sentence: string;
}

export type ServedDetail = Served & {
  card: CustomerCard;
  visits: VisitItem[];
  transfers: TransferItem[];
  assignments: AssignmentItem[];
  offer?: OfferMade | null;
};

export interface SidePage {
  items: Side[];
  more: boolean;
}

export type AgentItem = Face & {
  state: WorkStateName;
  connected: boolean;
  load: number;
  capacity: number;
  weight: number;
  skills: string[];
  languages: string[];
  teams: string[];
  topics: string[];
};

export interface Waiting {
  conversation: string;
  customer: Face;
  channel: string;
  topic?: string | null;
  since: number;
  position: number;
}

export interface Board {
  version: number;
  channels: { key: string; name: string; waiting: number; served: number; longest_wait: number; estimate_error?: number | null }[];
  agents: AgentItem[];
  waiting: Waiting[];
  serving: { conversation: string; customer: Face; channel: string; agent: string; since: number; waiting_since?: number | null }[];
}

export interface Canned {
  id: string;
  shortcut: string;
  title: string;
  text: string;
  mine: boolean;
}

export interface Team {
  id: string;
  name: string;
  members: string[];
}
