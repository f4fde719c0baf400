// The shapes on the wire. Generated from the server's OpenAPI document by `cargo xtask types`: change the Rust types
// in engine/wire instead.

/** A hyphenated lower-case UUID. */
export type Uuid = string;

/** Done. For `send` the message is stored when this arrives; for other operations only `client_id` is given. */
export type Ack = Partial<Stored> & ({
  client_id: Uuid;
  service?: ServiceDone | null;
});

/** An agent whom a customer can choose. */
export type AgentFace = Face & {
  online: boolean;
};

/** Those who are there first. */
export type AgentFaces = {
  items: AgentFace[];
};

/** An agent as desks see them. */
export type AgentItem = Face & {
  capacity: number;
  connected: boolean;
  languages: string[];
  load: number;
  skills: string[];
  state: WorkStateName;
  teams: Uuid[];
  topics: Uuid[];
  weight: number;
};

/** All agents. */
export type Agents = {
  items: AgentItem[];
};

/** An API token, without the token itself. */
export type ApiToken = {
  created_at: number;
  /** The administrator who made it. */
  created_by: Uuid;
  /** When it is worth nothing any more; null: when it is revoked. */
  expires_at?: number | null;
  id: Uuid;
  /** What the program is called. */
  name: string;
  scopes: ScopeName[];
  /** When it was last used, to within a minute; null: never. */
  used_at?: number | null;
};

/** All API tokens. */
export type ApiTokens = {
  /** In the order in which they were made. */
  items: ApiToken[];
};

/** One decision about who answers. */
export type AssignmentItem = {
  agent?: Face | null;
  id: Uuid;
  /** A stable word. */
  reason: string;
  /** In a sentence, in the language that the request asks for. */
  sentence: string;
  time: number;
};

/** A file that is the whole message; its address is `/files/{file}`. */
export type Attachment = {
  /** Its size. */
  bytes: number;
  file: Uuid;
  /** Of a picture, in pixels. */
  height?: number;
  name: string;
  /** How long it plays, as its sender said. */
  seconds?: number;
  /** Its media type, by content. */
  type: string;
  /** Of a picture, in pixels. */
  width?: number;
};

/** Who may come in through a channel. */
export type AudienceName = 'customers' | 'members' | 'both';

/** What supervisors see. */
export type Board = {
  agents: AgentItem[];
  channels: BoardChannel[];
  /** Who is served now. */
  serving: Serving[];
  version: number;
  waiting: Waiting[];
};

/** One channel on the board. */
export type BoardChannel = {
  /** Mean error of the estimates given, in milliseconds; absent before there is one. */
  estimate_error?: number | null;
  key: string;
  /** Of those who wait, in milliseconds. */
  longest_wait: number;
  name: string;
  served: number;
  waiting: number;
};

/** The board has changed: read it anew. At most once a second. */
export type BoardIs = {
  version: number;
};

/** A line of the message box. Without `from` it is a notice of the system's, and nothing is to be agreed to. */
export type BoxLine = {
  /** Plain text: whoever puts it into HTML escapes it. */
  content: string;
  from?: Uuid | null;
  from_group?: Uuid | null;
  href?: string | null;
  id: Uuid;
  /** 1 if it was read. */
  read: number;
  remark: string;
  /** When, for reading. */
  time: string;
  /** 1, as LayIM's own pages have it. */
  type: number;
  /** Whose box it is. */
  uid: Uuid;
  user?: Friend | null;
};

/** How a channel looks. */
export type Branding = {
  /** Of the button and the head, as `#rrggbb`; empty: ours. */
  color?: string;
  /** Address of a picture by https, or a path of this server; empty: none. */
  logo?: string;
  /** `right` or `left`; empty: right. */
  position?: string;
  /** Above the chat; empty: the channel's name. */
  title?: string;
};

/** The server is about to close this socket. */
export type ByeFrame = {
  /** Also the WebSocket close code. */
  code: number;
  /** A sentence in English for people. */
  reason: string;
  /** Whether to connect again by oneself. */
  reconnect: boolean;
  /** The stable word for it. */
  word: string;
};

/**
 * Why the server closes a socket: `word` of `bye`.
 *
 * | word | close code | come back? | |
 * |---|---|---|---|
 * | `going_away` | 4000 | yes | The server is restarting. |
 * | `slow_reader` | 4001 | yes | You read too slowly; reconnect and resume. |
 * | `heartbeat_lost` | 4002 | yes | Nothing was heard from you. |
 * | `session_ended` | 4003 | no | The session has ended; sign in again. |
 * | `frame_too_large` | 4004 | yes | A frame was larger than the limit. |
 * | `protocol_error` | 4005 | no | The protocol was not kept. |
 * | `flood` | 4006 | yes | Too many frames. |
 * | `too_many_connections` | 4007 | no | You have too many connections. |
 * | `deactivated` | 4008 | no | The account is deactivated. |
 */
export type ByeWord = 'going_away' | 'slow_reader' | 'heartbeat_lost' | 'session_ended' | 'frame_too_large' | 'protocol_error' | 'flood' | 'too_many_connections' | 'deactivated';

/** One agent who was looked at. */
export type CandidateShape = {
  agent?: Uuid;
  capacity?: number;
  /** Milliseconds since they were given somebody; absent: never. */
  idle?: number | null;
  load?: number;
  /** `chosen`, `fits`, or why not. */
  verdict?: string;
  weight?: number;
};

/** A reply at hand. */
export type Canned = {
  id: Uuid;
  /** The caller's own; others are everybody's. */
  mine: boolean;
  /** What follows `/`; at most 64 characters, without spaces. */
  shortcut: string;
  /** With `{{customer}}`, `{{agent}}` and `{{channel}}`; at most 5,000 characters. */
  text: string;
  title: string;
};

/** Everybody's and the caller's own. */
export type CannedList = {
  items: Canned[];
};

/** Something to look at more closely elsewhere. */
export type Card = {
  /** By http or https. */
  link?: string | null;
  /** A picture's file. */
  picture?: Uuid | null;
  text?: string;
  title: string;
};

/** What came of a change; the header `ETag` holds the version, too. */
export type Changed = {
  /** The unit or the person. */
  id: Uuid;
  /** The directory's version now: the same as before if nothing changed. */
  version: number;
};

/** A channel as administrators see it. */
export type Channel = {
  active: boolean;
  audience: AudienceName;
  config: ChannelConfig;
  id: Uuid;
  /** In addresses: letters, digits, `-` and `_`; 1 to 64. */
  key: string;
  mode: ModeName;
  name: string;
  /** Whether a host system can sign for it. */
  signs: boolean;
  topics: Topic[];
  version: number;
};

/** All that can be set of a channel beside its key; whatever is left out is as the defaults say. */
export type ChannelConfig = {
  /** Sites whose pages may show the widget, such as `https://shop.example.com`; none: only this server's own. */
  allowed_origins?: string[];
  branding?: Branding;
  /** Said to who comes in, by language; at most 2,000 characters each. */
  greeting?: Record<string, string>;
  /** After so many days without contact a customer is hidden from the agents' lists; 1 to 3,650. */
  hide_after_days?: number;
  hours?: Hours | null;
  /** Tags such as `zh-CN`, the one meant where a customer's is not among them first. */
  languages?: string[];
  /** Whether customers may see the agents and choose one. */
  lists_agents?: boolean;
  /** Which robot answers first; none: people. */
  robot?: string | null;
  routing?: Routing;
  /** The teams that it routes to; none: every agent. */
  teams?: Uuid[];
  /** Whether agents see what a customer is typing before it is sent. */
  typed_ahead?: boolean;
  /** So long a visitor's token holds without being used, in days; 1 to 3,650. */
  visitor_days?: number;
  when_closed?: WhenClosed;
};

/** A channel as its customers see it. */
export type ChannelFace = {
  audience: AudienceName;
  branding: Branding;
  greeting: Record<string, string>;
  key: string;
  languages: string[];
  lists_agents: boolean;
  mode: ModeName;
  name: string;
  /** Whether somebody is to be there now, by its hours. */
  open: boolean;
  /** When it opens next; absent while it is open, and where it never does. */
  opens_at?: number | null;
  /** Whether a robot answers first. */
  robot: boolean;
  /** Those that are answered for. */
  topics: TopicFace[];
  typed_ahead: boolean;
  when_closed: WhenClosed;
};

/** All channels. */
export type Channels = {
  items: Channel[];
};

/** A frame from the client. */
export type ClientFrame = (Hello & {
  op: 'hello';
}) | (Send & {
  op: 'send';
}) | (Read & {
  op: 'read';
}) | (Typing & {
  op: 'typing';
}) | (SetStatus & {
  op: 'status';
}) | (Watch & {
  op: 'watch';
}) | (Pong & {
  op: 'pong';
}) | (Edit & {
  op: 'edit';
}) | (Recall & {
  op: 'recall';
}) | (React & {
  op: 'react';
}) | (Forward & {
  op: 'forward';
}) | (ServiceOpen & {
  op: 'service.open';
}) | (ServiceClose & {
  op: 'service.close';
}) | (ServiceLeaveQueue & {
  op: 'service.leave_queue';
}) | (ServiceKeepPlace & {
  op: 'service.keep_place';
}) | (ServicePerson & {
  op: 'service.person';
}) | (ServiceTake & {
  op: 'service.take';
}) | (ServiceAnswer & {
  op: 'service.answer';
}) | (ServiceTransfer & {
  op: 'service.transfer';
}) | (ServiceCancel & {
  op: 'service.cancel';
}) | (ServiceState & {
  op: 'service.state';
}) | (ServiceNote & {
  op: 'service.note';
}) | (ServiceWhisper & {
  op: 'service.whisper';
}) | (ServiceJoin & {
  op: 'service.join';
}) | (ServiceWatch & {
  op: 'service.watch';
}) | (ServiceDraft & {
  op: 'service.draft';
});

/** A conversation of the caller's. */
export type Conversation = {
  id: Uuid;
  kind: ConversationKindName;
  last?: Message | null;
  /** Number of the newest message; 0 if there is none. */
  last_seq: number;
  /** Number of the newest message that mentions the caller and that they have not read. */
  mentioned?: number | null;
  /** In a direct conversation, up to where the other has read. */
  peer_read_seq?: number | null;
  person?: PersonCard | null;
  /** Up to where the caller has read. */
  read_seq: number;
  /** The other person's name or the unit's. */
  title: string;
  /** In a unit's conversation, the unit. */
  unit?: Uuid | null;
  /** How many messages of others the caller has not read. */
  unread: number;
};

/** What a conversation is for. */
export type ConversationKindName = 'direct' | 'unit' | 'service' | 'notice';

/** A page of the caller's conversations, newest first. */
export type Conversations = {
  items: Conversation[];
  /** Give it as `after` for the next page; null on the last. */
  next?: string | null;
};

/** What is known of a customer. */
export type CustomerCard = {
  attributes: Record<string, string>;
  blocked: boolean;
  came_at: number;
  device: string;
  /** What the host system calls them. */
  external_id?: string | null;
  id: Uuid;
  language: string;
  name: string;
  page: CustomerPage;
  seen_at: number;
  tags: string[];
};

/** A customer in a list. */
export type CustomerFace = Face & {
  online: boolean;
};

/** The page that a customer is on. */
export type CustomerPage = {
  /** A tag such as `zh-CN`. */
  language?: string;
  referrer?: string;
  /** At most 200 characters. */
  title?: string;
  /** At most 2,000 characters, as `referrer`. */
  url?: string;
};

/** A session of the caller's: one sign-in on one device. */
export type Device = {
  /** In milliseconds since 1970, UTC, as all times. */
  created_at: number;
  /** Whether it is the one that asks. */
  current: boolean;
  /** What it called itself when it signed in; may be empty. */
  device: string;
  /** When it ends unless it is used before. */
  expires_at: number;
  id: Uuid;
  /** Whether it has a socket open now. */
  online: boolean;
  /** When it was last used, to within an hour. */
  seen_at: number;
};

/** The caller's sessions. */
export type Devices = {
  /** The one used last first. */
  items: Device[];
};

/** Units or people have changed: read them anew. */
export type Directory = {
  version: number;
};

/** A person as they are imported. */
export type DirectoryPerson = {
  active: boolean;
  avatar: string;
  id: Uuid;
  login: string;
  name: string;
  roles: RoleName[];
  /** Codes. */
  units: string[];
};

/** A unit as it is imported. */
export type DirectoryUnit = {
  active: boolean;
  code: string;
  id: Uuid;
  name: string;
  /** The code of the unit it belongs to. */
  parent?: string | null;
  position: number;
};

/** A text that was not sent. */
export type Draft = {
  text: string;
  /** Milliseconds since 1970, UTC. */
  time: number;
  to: Target;
};

/** What the caller began to write. */
export type Drafts = {
  /** Newest first. */
  items: Draft[];
};

/** What I said there is to say this instead; within the time that `welcome` names. */
export type Edit = {
  client_id: Uuid;
  conversation: Uuid;
  mention?: Mention | null;
  /** Number of a text of mine. */
  seq: number;
  text: string;
};

/** LayIM's envelope. */
export type EnvelopeInit = {
  /** 0 is success; anything else shows `msg`. */
  code: number;
  /** What the panel starts with. */
  data?: {
    friend: FriendGroup[];
    group: Group[];
    mine: Mine;
  };
  msg: string;
};

/** LayIM's envelope. */
export type EnvelopeMembers = {
  /** 0 is success; anything else shows `msg`. */
  code: number;
  /** The people of a group. */
  data?: {
    list: Friend[];
    members: number;
  };
  msg: string;
};

/** LayIM's envelope. */
export type EnvelopeSign = {
  /** 0 is success; anything else shows `msg`. */
  code: number;
  /** The line a person writes about themselves; `sign` of LayIM's event. */
  data?: {
    /** At most 100 characters, on one line; may be empty. */
    sign: string;
  };
  msg: string;
};

/** LayIM's envelope. */
export type EnvelopeSkin = {
  /** 0 is success; anything else shows `msg`. */
  code: number;
  /** The background of somebody's chats; both are empty for the plain one, as in LayIM's event `setSkin`. */
  data?: {
    /** LayIM's name of it, such as `3.jpg`; at most 100 characters. */
    filename?: string;
    /**
     * Its address, at most 500 characters: of this site, or with `https:`. What is drawn in the page is kept by its
     * name alone.
     */
    src?: string;
  };
  msg: string;
};

/** LayIM's envelope. */
export type EnvelopeUploadedFile = {
  /** 0 is success; anything else shows `msg`. */
  code: number;
  /** A file that was uploaded. */
  data?: {
    /** Its name, cleaned for showing. */
    name: string;
    /** Its address. */
    src: string;
  };
  msg: string;
};

/** LayIM's envelope. */
export type EnvelopeUploadedImage = {
  /** 0 is success; anything else shows `msg`. */
  code: number;
  /** A picture that was uploaded. */
  data?: {
    /** Its address, which holds no white space. */
    src: string;
  };
  msg: string;
};

/** LayIM's envelope. */
export type EnvelopeVecLogLine = {
  /** 0 is success; anything else shows `msg`. */
  code: number;
  data?: ({
    avatar: string;
    /** The message's id. */
    cid: Uuid;
    /** Text with LayIM's micro-markup. */
    content: string;
    /** Their id; mine is `mine.id` of the panel. Null for the system's own lines. */
    id?: Uuid | null;
    /** Its number in the conversation: `before` of the page before this one. */
    seq: number;
    /** A line of the system's own. */
    system: boolean;
    /** Milliseconds since 1970, UTC. */
    timestamp: number;
    /** Who said it; empty for the system's own lines. */
    username: string;
  })[];
  msg: string;
};

/** Somebody as a customer may know them. */
export type Face = {
  /** Address of a picture; drawn from the name where the person gave none. */
  avatar: string;
  id: Uuid;
  name: string;
};

/** Say elsewhere what was said there, as it reads now. */
export type Forward = {
  client_id: Uuid;
  /** Where it was said. */
  conversation: Uuid;
  seq: number;
  /** Where to. */
  to: Target;
};

/** Where a forwarded message was said first. */
export type Forwarded = {
  /** Who said it; null for the system's own lines. */
  sender?: Uuid | null;
  /** When, in milliseconds since 1970, UTC. */
  time: number;
};

/** A file that a message shows. */
export type FoundFile = {
  conversation: Uuid;
  /** Its address is `/files/{file}`. */
  file: Uuid;
  message: Uuid;
  name: string;
  sender?: Uuid | null;
  seq: number;
  /** What to highlight in `name`. */
  spans: number[][];
  /** When it was shown, in milliseconds since 1970, UTC. */
  time: number;
};

/** A message, and the part of it to show. */
export type FoundMessage = {
  item: Message;
  /** A part of what it says, without markup. */
  shown: string;
  /** What to highlight in `shown`. */
  spans: number[][];
};

/** A person of the directory. */
export type FoundPerson = {
  person: PersonItem;
  /** What to highlight in the name; nothing where they were found by login or pinyin. */
  spans: number[][];
};

/** A person in the list. */
export type Friend = {
  avatar: string;
  id: Uuid;
  sign: string;
  /** `online` or `offline`. */
  status: string;
  username: string;
};

/** A unit as a group of contacts. `parent` and `level` are ours: pages that do not know them show a flat list. */
export type FriendGroup = {
  groupname: string;
  id: Uuid;
  /** 0 at the top. */
  level: number;
  list: Friend[];
  parent?: Uuid | null;
};

/** A unit's conversation as LayIM's group; its id is the unit's. */
export type Group = {
  avatar: string;
  groupname: string;
  id: Uuid;
};

/** The first frame of a socket; answered by `welcome`. */
export type Hello = {
  /** A name this device keeps over restarts; 1 to 64 characters. */
  device: string;
  resume?: Resume | null;
};

/** A page of history, oldest first. */
export type History = {
  items: Message[];
  /** Whether there is more in the direction that was asked for. */
  more: boolean;
};

/** How much of what was said before a newcomer's view opens with. */
export type HistoryName = 'all' | 'visit' | 'none';

/** Who must answer a conversation now. */
export type HolderIs = {
  agent?: Face | null;
  conversation: Uuid;
  holder: HolderName;
  /** Grows with each change of holder; an agent's answer names it. */
  lease: number;
  /** A stable word: why it is so now. */
  reason: string;
  /** Grows with each change of what this frame says: an older one is dropped. */
  version: number;
  /** The open visit. */
  visit?: Uuid | null;
};

/** Who must answer a service conversation now. */
export type HolderName = 'robot' | 'queue' | 'agent' | 'nobody';

/** When a channel is open. */
export type Hours = {
  /** By date such as `2026-10-01`: spans of that day alone; none: closed. */
  holidays?: Record<string, [string, string][]>;
  /** Such as `Asia/Shanghai`. */
  time_zone?: string;
  /** By weekday `mon` to `sun`: spans such as `["09:00", "18:00"]`; one that ends before it begins goes over midnight. */
  week?: Record<string, [string, string][]>;
};

/** What the panel starts with. */
export type Init = {
  friend: FriendGroup[];
  group: Group[];
  mine: Mine;
};

/** One service conversation, as its customer sees it. */
export type Lane = {
  agent?: Face | null;
  /** The channel's key. */
  channel: string;
  conversation: Uuid;
  holder: HolderName;
  last_seq: number;
  lease: number;
  place?: QueuePlace | null;
  read_seq: number;
  title: string;
  topic?: Uuid | null;
  unread: number;
  version: number;
  visit?: Uuid | null;
};

/** The caller's own lanes. */
export type Lanes = {
  items: Lane[];
};

/** A link to a file. */
export type Link = {
  /** When it ends. */
  until: number;
  /** The address, from the server's root on. */
  url: string;
};

/** A line of a chat's log, as LayIM's page of it shows one. `cid`, `seq` and `system` are ours. */
export type LogLine = {
  avatar: string;
  /** The message's id. */
  cid: Uuid;
  /** Text with LayIM's micro-markup. */
  content: string;
  /** Their id; mine is `mine.id` of the panel. Null for the system's own lines. */
  id?: Uuid | null;
  /** Its number in the conversation: `before` of the page before this one. */
  seq: number;
  /** A line of the system's own. */
  system: boolean;
  /** Milliseconds since 1970, UTC. */
  timestamp: number;
  /** Who said it; empty for the system's own lines. */
  username: string;
};

/** The API token that was made. */
export type MadeApiToken = ApiToken & {
  /** Give it as `Authorization: Bearer`. It is shown this once and kept nowhere. */
  token: string;
};

/** What a link to a file is to be. */
export type MakeLink = {
  /** How long it holds; 300 if nothing is said. */
  seconds?: number | null;
  /** Whether it is for the small picture, where there is one. */
  small?: boolean | null;
};

/** The people of a group. */
export type Members = {
  list: Friend[];
  members: number;
};

/** Whom a message wants to notice it. */
export type Mention = {
  /** All who are in it. */
  everyone?: boolean;
  /** Members of the conversation; at most 100. */
  people?: Uuid[];
};

/** A message was stored in a conversation of mine. */
export type Message = Payload & ({
  /** What its sender named it by; lets a sender's other devices find their own local copy. */
  client_id?: Uuid | null;
  conversation: Uuid;
  /** In history and `welcome`: when it was edited last. Its body is the newest. */
  edited?: number | null;
  forwarded?: Forwarded | null;
  mention?: Mention | null;
  /** Its id. */
  message: Uuid;
  quote?: Quote | null;
  /** In history and `welcome`: the signs beside it, the first one first. */
  reactions?: Reactions[];
  /** Number of the message that it answers or, for `edit`, `recall` and `reaction`, that it changes. */
  refers?: number | null;
  /** Who said it; null for the system's own lines. */
  sender?: Uuid | null;
  /** From 1 in each conversation, without a gap. */
  seq: number;
  /** Milliseconds since 1970, UTC. */
  time: number;
});

/** A page of LayIM's message box. */
export type MessageBox = {
  /** 0 is success; anything else shows `msg`. */
  code: number;
  /** Newest first. */
  data: BoxLine[];
  msg: string;
  /** How many pages there are. */
  pages: number;
};

/** The person at the panel. */
export type Mine = {
  avatar: string;
  id: Uuid;
  sign: string;
  /** `online` or `hide`. */
  status: string;
  username: string;
};

/** How a channel's customers are served: by one agent from start to end, or by several experts at once. */
export type ModeName = 'service' | 'expert';

/** Not done. */
export type Nack = {
  /** Null where the frame was too broken to hold one. */
  client_id?: Uuid | null;
  /** Stable; see the table of codes. */
  code: string;
  /** What exactly was wrong, where there is more to say. */
  detail?: string | null;
  /** A sentence in English for people. */
  reason: string;
  /** Whether the same frame can succeed later. */
  retry: boolean;
  /** Milliseconds to wait before trying again. */
  retry_after?: number | null;
};

/** A new password for somebody else. */
export type NewPassword = {
  /** As in `PutPassword`. */
  new: string;
};

/** A body that says nothing beside its kind. */
export type Nothing = Record<never, never>;

/** An offer is over: to whom it was made, and to who transferred. */
export type OfferEnded = {
  conversation: Uuid;
  offer: Uuid;
  outcome: OfferOutcome;
  reason?: string | null;
};

/** What an agent is asked to take over. */
export type OfferKind = 'assignment' | 'transfer';

/** Do I take this customer? */
export type OfferMade = {
  /** The channel's key. */
  channel: string;
  conversation: Uuid;
  customer: Face;
  from?: Face | null;
  kind: OfferKind;
  note?: string;
  offer: Uuid;
  /** The last messages, oldest first. */
  preview?: Message[];
  topic?: Uuid | null;
  /** Until then; milliseconds since 1970. */
  until: number;
};

/** How an offer ended. */
export type OfferOutcome = 'accepted' | 'declined' | 'timed_out' | 'cancelled' | 'gone';

/** In which order agents that fit are taken. */
export type OrderName = 'least_loaded' | 'round_robin' | 'longest_idle' | 'random' | 'manual';

/** What happens when a customer's own agent is not there. */
export type OwnerAwayName = 'wait' | 'message' | 'substitute';

/** Kind and body of a message. */
export type Payload = {
  /** Plain text with LayIM's micro-markup, shown without running. */
  body: Text;
  kind: 'text';
} | {
  /** A line of the system's own. */
  body: Text;
  kind: 'system';
} | {
  /** A picture to look at. */
  body: Attachment;
  kind: 'picture';
} | {
  /** A file to download. */
  body: Attachment;
  kind: 'file';
} | {
  /** Something to listen to. */
  body: Attachment;
  kind: 'voice';
} | {
  /** Something to watch. */
  body: Attachment;
  kind: 'video';
} | {
  /** A title with a text, a link and a picture. */
  body: Card;
  kind: 'card';
} | {
  /** The message that this one refers to says this now. */
  body: Text;
  kind: 'edit';
} | {
  /** The message that this one refers to is taken back. */
  body: Nothing;
  kind: 'recall';
} | {
  /** A sign beside the message that this one refers to. */
  body: Reaction;
  kind: 'reaction';
} | {
  /** What remains of a message that was recalled. */
  body: Nothing;
  kind: 'recalled';
} | {
  /** What remains of a message that was erased: too old by the operator's rules, or of a person who is forgotten. */
  body: Nothing;
  kind: 'erased';
};

/** A page of people. */
export type People = {
  items: PersonItem[];
  /** Give it as `after` for the next page; null on the last. */
  next?: string | null;
  /** Version of the directory these belong to. */
  version: number;
};

/** A person as others see them. */
export type PersonCard = {
  /** Address of a picture. */
  avatar: string;
  id: Uuid;
  kind: PersonKindName;
  name: string;
  /** The line they write about themselves. */
  sign: string;
};

/** A person as one who looks at them alone sees them. */
export type PersonDetail = PersonItem & ({
  /**
   * When they were last here, to within a minute. Absent while they are here, and where they hide or do not let it
   * be seen.
   */
  last_seen?: number | null;
});

/** A person and the units they are in. */
export type PersonItem = PersonCard & {
  units: Uuid[];
};

/** What a person is to the organisation. */
export type PersonKindName = 'member' | 'customer' | 'robot';

/** What a person sets for themselves. */
export type PersonSettings = {
  /** Whether others may see when they were last here. */
  show_last_seen: boolean;
};

/** Answer with `pong`. */
export type Ping = Record<never, never>;

/** The answer to `ping`. */
export type Pong = Record<never, never>;

/** Say something over REST; the header `Idempotency-Key` (a UUID) is the message's `client_id`. */
export type Post = {
  body: SendBody;
  kind?: SendKind;
  lease?: number | null;
  mention?: Mention | null;
  /** Number of the message that it answers, in the same conversation. */
  reply?: number | null;
  to: Target;
};

/** A new API token. */
export type PostApiToken = {
  /** When it is to be worth nothing any more; absent: when it is revoked. */
  expires_at?: number | null;
  /** What the program is called; one line of at most 100 characters. */
  name: string;
  /** At least one. */
  scopes: ScopeName[];
};

/** Where a message is to be said again. */
export type PostForward = {
  to: Target;
};

/** What `POST /api/v1/messages` takes: from somebody who is signed in, or from a program. */
export type PostMessage = Post | Push;

/** Somebody comes to a channel. All of it may be left out. */
export type PostVisitor = {
  /**
   * A JWT (HS256) that the host system signed with the channel's secret: `sub`, `exp`, `aud` (the channel's key), and,
   * if it likes, `name`.
   */
  identity?: string | null;
  /** What to call them; at most 60 characters. */
  name?: string | null;
  page?: CustomerPage | null;
};

/** What became of it: where it is stored, or, of what went to those who are online, how many have it. */
export type Posted = Stored | Reached;

/** What people show now, for those among them whom this connection watches. */
export type Presence = {
  people: Shown[];
};

/** What went wrong (`application/problem+json`). */
export type Problem = {
  /** Stable; the same codes as in `nack`. */
  code: string;
  /** What exactly was wrong, where there is more to say. */
  detail?: string | null;
  /** Milliseconds to wait before trying again. */
  retry_after?: number | null;
  /** The HTTP status again. */
  status: number;
  /** One sentence, in Chinese if the request's `Accept-Language` prefers it, else in English. */
  title: string;
  /** A URI reference for the kind of problem: `/problems/{code}`. */
  type: string;
};

/** What a program says with an API token; the header `Idempotency-Key` (a UUID) makes it once. */
export type Push = {
  body: SendBody;
  /** `text` or `card`. */
  kind?: SendKind;
  to: PushTarget;
};

/** Whom a program tells something: exactly one of these. */
export type PushTarget = {
  /** A member: it comes into their notices. */
  person: Uuid;
} | {
  /** The same, by what they sign in with. */
  login: string;
} | {
  /** A unit: it comes into its conversation. */
  unit: Uuid;
} | {
  /** The same, by the organisation's own key for it. */
  unit_code: string;
} | {
  /** `true`: all active members, also those who are not online. It is stored once. */
  everyone: boolean;
} | {
  /** `true`: each member who is online now, into their notices. */
  online: boolean;
};

/** Whether a person may sign in and be written to. */
export type PutActive = {
  active: boolean;
};

/** What an administrator sets of an agent. */
export type PutAgent = {
  /** Customers at a time; 1 to 1,000. */
  capacity: number;
  /** Tags such as `zh-CN`. */
  languages?: string[];
  skills?: string[];
  /** How much more than others they take; 1 to 100. */
  weight?: number;
};

/** A reply to keep at hand. */
export type PutCanned = {
  /** For everybody: supervisors and administrators only. */
  shared?: boolean;
  shortcut: string;
  text: string;
  title?: string;
};

/** A channel as administrators set it. */
export type PutChannel = {
  active?: boolean;
  audience?: AudienceName;
  config?: ChannelConfig;
  mode?: ModeName;
  /** 1 to 190 characters. */
  name: string;
  /**
   * What the host system signs its users' tokens with, 32 to 255 bytes; absent: as it was, empty: none. Never given
   * back.
   */
  secret?: string | null;
};

/** What agents change of a customer; what is left out stays. */
export type PutCustomer = {
  /** At most 50; names of at most 60 characters, texts of at most 500. */
  attributes?: Record<string, string> | null;
  /** A blocked customer's messages are refused (`blocked`). */
  blocked?: boolean | null;
  name?: string | null;
  /** At most 50 of at most 60 characters. */
  tags?: string[] | null;
};

/** A draft to keep; an empty text forgets it. */
export type PutDraft = {
  text: string;
  to: Target;
};

/** What a message of the caller's is to say instead. */
export type PutMessage = {
  mention?: Mention | null;
  text: string;
};

/** A new password in place of the old one. */
export type PutPassword = {
  /**
   * At least 8 characters (or as many as the server says) and 1,024 bytes at most; neither login nor name, nor one of
   * the first that are tried.
   */
  new: string;
  old: string;
};

/** What a person shall be. What is left out stays as it is. */
export type PutPerson = {
  /** Address of a picture; empty: one is drawn from the name. */
  avatar?: string | null;
  /** 1 to 100 characters, on one line. */
  name: string;
  /** A first password; it counts only for somebody who is new. */
  password?: string | null;
  /** What they may do; only administrators say so. */
  roles?: RoleName[] | null;
  /** The codes of all units they are in; none for an external expert. */
  units?: string[] | null;
};

/** The caller's sign beside a message. */
export type PutReaction = {
  /** One emoji. */
  emoji: string;
  /** Put there, or taken away. */
  on: boolean;
};

/** Up to where the caller has read. */
export type PutRead = {
  seq: number;
};

/** What a person may do beyond chatting. */
export type PutRoles = {
  /** These and no other. */
  roles: RoleName[];
};

/** What the caller shows to others. */
export type PutStatus = {
  status: StatusName;
};

/** A team as administrators set it. */
export type PutTeam = {
  /** Members with the role `agent`; each once. */
  members?: Uuid[];
  /** 1 to 190 characters, of one team only. */
  name: string;
};

/** A topic as administrators set it; the code is in the address. */
export type PutTopic = {
  active?: boolean;
  /** Members with the role `agent`; each once. */
  experts?: Uuid[];
  /** 1 to 190 characters. */
  name: string;
  position?: number;
};

/** What a unit shall be. What is left out stays as it is. */
export type PutUnit = {
  /** 1 to 100 characters, on one line. */
  name: string;
  /** The code of the unit it belongs to; null: it stands at the top. */
  parent?: string | null;
  /** Its place among its siblings, smallest first. */
  position?: number | null;
};

/** Where a customer stands in the queue. */
export type QueuePlace = {
  /** How many are before. */
  ahead: number;
  conversation: Uuid;
  /** Seconds until an agent is likely to be there; absent where that is not known yet. */
  estimate_seconds?: number | null;
  /** Nobody is there: what is written waits. */
  leave_message?: boolean;
  /** 1: next. */
  position: number;
};

/** What an answer answers, as it reads now; shortened. */
export type Quote = {
  /** Its kind; `recalled` if it was. */
  kind: string;
  /** Null for the system's own lines. */
  sender?: Uuid | null;
  seq: number;
  /** At most 120 characters of it; of a file, its name. */
  text: string;
};

/**
 * How many have what was pushed to those who are online. The same again reaches those who came since; nobody gets it
 * twice.
 */
export type Reached = {
  count: number;
};

/** My sign beside a message, put there or taken away. */
export type React = {
  client_id: Uuid;
  conversation: Uuid;
  /** One emoji. */
  emoji: string;
  on: boolean;
  seq: number;
};

/** A sign beside a message. */
export type Reaction = {
  emoji: string;
  /** Put there, or taken away. */
  on: boolean;
};

/** One sign beside a message, and whose it is. */
export type Reactions = {
  emoji: string;
  people: Uuid[];
};

/** I have read up to here; marks only grow, and one beyond the end means the end. */
export type Read = {
  client_id: Uuid;
  conversation: Uuid;
  /** Number of the last message read. */
  seq: number;
};

/** Somebody else in a direct conversation has read up to here. */
export type ReadMark = {
  conversation: Uuid;
  person: Uuid;
  seq: number;
};

/** Who has read a message, besides who said it. */
export type Readers = {
  read: Uuid[];
  unread: Uuid[];
};

/** I take back what I said there; within the time that `welcome` names. */
export type Recall = {
  client_id: Uuid;
  conversation: Uuid;
  /** Number of a message of mine. */
  seq: number;
};

/** What one decision was made from. */
export type ReceiptShape = {
  /** Given beyond the agent's capacity, by explicit choice. */
  beyond?: boolean;
  /** Who decided: `builtin`, `hook`, `agent`, `customer`, `owner`, `supervisor`, `system`. */
  by?: string;
  /** In order; at most 50. */
  candidates?: CandidateShape[];
  /** Which hook, if it was one, and whether it answered. */
  hook?: string;
  /** How many more there were, by verdict. */
  others?: Record<string, number>;
  /** The policy that put the candidates in order. */
  policy?: string;
  /** Place in the queue. */
  position?: number;
  /** Milliseconds that a hook took. */
  took?: number;
  /** Milliseconds that the customer had waited. */
  waited?: number;
};

/** How one conversation came out of a resume. */
export type Recovered = {
  conversation: Uuid;
  /** Number of the newest message; 0 in an empty conversation and in one that is no longer the caller's. */
  last_seq: number;
  /** True if `missed` does not reach `last_seq`: read the rest by history, `after` the last one given. */
  more: boolean;
  /** Up to where I have read. */
  read_seq: number;
  /**
   * True: `missed` continues exactly where the client stood. False: forget what you hold of this conversation and
   * read it anew.
   */
  recovered: boolean;
  /** How many messages others wrote that I have not read. */
  unread: number;
};

/**
 * Why something was not done: `code` of a problem and of `nack`.
 *
 * | code | HTTP status | again later? | |
 * |---|---|---|---|
 * | `bad_json` | 400 | no | This is not valid JSON. |
 * | `unknown_op` | 400 | no | There is no such operation. |
 * | `bad_field` | 400 | no | A field is missing, unknown or of the wrong type. |
 * | `frame_too_large` | 413 | no | This is larger than the server accepts. |
 * | `media_type` | 415 | no | The Content-Type must be application/json. |
 * | `hello_first` | 400 | no | The first frame must be hello. |
 * | `hello_repeated` | 400 | no | hello may be said only once. |
 * | `not_authenticated` | 401 | no | Please sign in. |
 * | `login_failed` | 401 | no | Login or password is wrong. |
 * | `login_throttled` | 429 | yes | Too many attempts. Please wait a little. |
 * | `origin_not_allowed` | 403 | no | Requests from this site are not allowed. |
 * | `forbidden` | 403 | no | You may not do this. |
 * | `not_found` | 404 | no | There is nothing here. |
 * | `method_not_allowed` | 405 | no | This address does not take that method. |
 * | `conversation_unknown` | 404 | no | There is no such conversation for you. |
 * | `person_unknown` | 404 | no | There is no such person. |
 * | `unit_unknown` | 404 | no | There is no such department for you. |
 * | `person_is_self` | 400 | no | You cannot write to yourself. |
 * | `text_empty` | 400 | no | The text is empty. |
 * | `text_too_long` | 400 | no | The text is too long. |
 * | `text_invalid` | 400 | no | The text holds a NUL character. |
 * | `client_id_reused` | 409 | no | This client_id was already used for another message. |
 * | `lease_required` | 409 | no | An answer to a customer must name its lease. |
 * | `lease_stale` | 409 | no | Somebody else holds this conversation now. |
 * | `rate_limited` | 429 | yes | Too fast. Please wait a little. |
 * | `busy` | 503 | yes | The server is busy. Please try again. |
 * | `store_unavailable` | 503 | yes | The message could not be stored. Please try again. |
 * | `outcome_unknown` | 503 | yes | It is not known yet whether this was stored. Please send it again. |
 * | `file_unknown` | 404 | no | There is no such file for you. |
 * | `file_missing` | 400 | no | There is no file in this request, or it is empty. |
 * | `file_kind` | 415 | no | Files of this kind are not accepted. |
 * | `file_broken` | 422 | no | This is not a picture that can be shown. |
 * | `file_too_large` | 413 | no | The file is too large. |
 * | `file_quota` | 413 | no | Your files have used up your space. |
 * | `range_unsatisfiable` | 416 | no | The file ends before that range. |
 * | `message_unknown` | 404 | no | There is no such message. |
 * | `not_yours` | 403 | no | Only the one who said this can change it. |
 * | `too_late` | 409 | no | It is too late to change this message. |
 * | `already_recalled` | 409 | no | This message was recalled. |
 * | `not_editable` | 409 | no | This cannot be done to a message of this kind. |
 * | `mention_unknown` | 422 | no | Somebody mentioned is not in this conversation. |
 * | `emoji_invalid` | 422 | no | A reaction is one emoji. |
 * | `card_invalid` | 422 | no | A card has a title of 1 to 200 characters, and its link begins with http. |
 * | `query_empty` | 400 | no | There is nothing to look for. |
 * | `query_too_long` | 400 | no | This is too long to look for. |
 * | `directory_changed` | 412 | no | The directory has changed meanwhile. Read it again. |
 * | `directory_invalid` | 422 | no | The directory would not be in order. |
 * | `hook_refused` | 422 | no | A rule refused this message. |
 * | `hook_failed` | 503 | yes | A rule that must check this did not answer. |
 * | `loop_guard` | 422 | no | Rules answered each other too often. |
 * | `idempotency_key` | 400 | no | Idempotency-Key must be a UUID. |
 * | `server_full` | 503 | yes | The server has as many connections as it may. Please try again later. |
 * | `setup_done` | 410 | no | This server has an administrator already; the set-up link has done its work. |
 * | `setup_link_unknown` | 404 | no | This is not the set-up link that is in force. |
 * | `setup_link_expired` | 410 | no | This set-up link is older than 24 hours. |
 * | `password_wrong` | 403 | no | The old password is wrong. |
 * | `password_weak` | 422 | no | This password is too easy to guess, or too long. |
 * | `session_unknown` | 404 | no | You have no such session. |
 * | `token_unknown` | 404 | no | There is no such API token. |
 * | `scope_missing` | 403 | no | This API token may not do this. |
 * | `host_token_invalid` | 401 | no | The host system's token is not valid. |
 * | `host_token_used` | 401 | no | The host system's token has been used before. |
 * | `host_keys_unavailable` | 503 | yes | The host system's keys cannot be fetched now. Please try again later. |
 * | `link_invalid` | 403 | no | This link is not valid. |
 * | `link_expired` | 410 | no | This link has expired. |
 * | `last_admin` | 409 | no | This is the last administrator. |
 * | `person_active` | 409 | no | This person is active. Deactivate them first. |
 * | `not_holder` | 403 | no | Somebody else answers this customer. |
 * | `blocked` | 403 | no | Your messages are not taken here. |
 * | `customer_unknown` | 404 | no | There is no such customer. |
 * | `assignment_unknown` | 404 | no | There is no such assignment. |
 * | `canned_unknown` | 404 | no | There is no such reply. |
 * | `identity_invalid` | 401 | no | This does not prove who the customer is. |
 * | `agent_unknown` | 404 | no | There is no such agent here. |
 * | `agent_full` | 409 | yes | This agent has as many customers as they may have. |
 * | `agent_away` | 409 | yes | This agent is not here now. |
 * | `transfer_self` | 400 | no | They answer this customer already. |
 * | `transfer_circle` | 409 | yes | This customer was just passed to and fro. Please say something first. |
 * | `transfer_open` | 409 | yes | A transfer of this customer is waiting for its answer. |
 * | `transfer_unknown` | 404 | no | There is no such open transfer. |
 * | `former_unknown` | 409 | no | Nobody answered this customer before. |
 * | `offer_unknown` | 410 | no | This offer is over. |
 * | `topic_unowned` | 409 | yes | Nobody answers for this topic. |
 * | `channel_unknown` | 404 | no | There is no such channel. |
 * | `channel_closed` | 409 | yes | This channel is closed now. |
 * | `visit_closed` | 409 | no | This visit is closed. |
 * | `not_waiting` | 409 | no | This customer is not waiting. |
 * | `team_unknown` | 404 | no | There is no such team, or nobody is in it. |
 * | `robot_unknown` | 409 | no | This channel has no robot. |
 * | `internal` | 500 | yes | Something went wrong in the server. |
 */
export type RefusalCode = 'bad_json' | 'unknown_op' | 'bad_field' | 'frame_too_large' | 'media_type' | 'hello_first' | 'hello_repeated' | 'not_authenticated' | 'login_failed' | 'login_throttled' | 'origin_not_allowed' | 'forbidden' | 'not_found' | 'method_not_allowed' | 'conversation_unknown' | 'person_unknown' | 'unit_unknown' | 'person_is_self' | 'text_empty' | 'text_too_long' | 'text_invalid' | 'client_id_reused' | 'lease_required' | 'lease_stale' | 'rate_limited' | 'busy' | 'store_unavailable' | 'outcome_unknown' | 'file_unknown' | 'file_missing' | 'file_kind' | 'file_broken' | 'file_too_large' | 'file_quota' | 'range_unsatisfiable' | 'message_unknown' | 'not_yours' | 'too_late' | 'already_recalled' | 'not_editable' | 'mention_unknown' | 'emoji_invalid' | 'card_invalid' | 'query_empty' | 'query_too_long' | 'directory_changed' | 'directory_invalid' | 'hook_refused' | 'hook_failed' | 'loop_guard' | 'idempotency_key' | 'server_full' | 'setup_done' | 'setup_link_unknown' | 'setup_link_expired' | 'password_wrong' | 'password_weak' | 'session_unknown' | 'token_unknown' | 'scope_missing' | 'host_token_invalid' | 'host_token_used' | 'host_keys_unavailable' | 'link_invalid' | 'link_expired' | 'last_admin' | 'person_active' | 'not_holder' | 'blocked' | 'customer_unknown' | 'assignment_unknown' | 'canned_unknown' | 'identity_invalid' | 'agent_unknown' | 'agent_full' | 'agent_away' | 'transfer_self' | 'transfer_circle' | 'transfer_open' | 'transfer_unknown' | 'former_unknown' | 'offer_unknown' | 'topic_unowned' | 'channel_unknown' | 'channel_closed' | 'visit_closed' | 'not_waiting' | 'team_unknown' | 'robot_unknown' | 'internal';

/** Where a client stands. */
export type Resume = {
  /** The epoch of the `welcome` that the positions were collected under. */
  epoch: Uuid;
  /**
   * For each conversation the number and the id of the last message held; at most 700 conversations, the
   * liveliest ones.
   */
  positions: Record<string, [number, Uuid]>;
};

/** What a member may do beyond chatting. */
export type RoleName = 'agent' | 'supervisor' | 'admin' | 'auditor';

/** How agents are chosen, and how long each step may take. Seconds; 0 switches a step off. */
export type Routing = {
  /** How long an agent may take to accept; 0: they need not. */
  accept_seconds?: number;
  /** Customers of one agent in this channel at a time; 0: as many as the agent takes. */
  capacity?: number;
  /** How long an agent whose connection is lost keeps their place. */
  grace_seconds?: number;
  /** A visit ends by itself after so long without a word. */
  idle_seconds?: number;
  order?: OrderName;
  owner_away?: OwnerAwayName;
  /** How long a customer waits for their own agent while that one is there but full. */
  owner_seconds?: number;
  /** Customers that may wait at the same time; 0: any number. */
  queue?: number;
  /** How long an agent may leave a customer without a first answer; then the next one is asked. */
  reply_seconds?: number;
  /** Skills an agent must have. */
  skills?: string[];
  /** How long a transfer waits for its answer. */
  transfer_seconds?: number;
  /** After so long without an answer the customer, and who watches, are told. */
  waited_seconds?: number;
  /** How long an agent finishes up after a visit. */
  wrap_up_seconds?: number;
};

/** What a program with an API token may do. */
export type ScopeName = 'messages:push' | 'directory:read' | 'directory:write';

/** What is looked for. */
export type SearchIn = 'messages' | 'files' | 'people';

/**
 * A page of what was found, the best first. Spans are pairs of character offsets (Unicode scalar values), from the
 * first character to the one after the last.
 */
export type SearchResults = {
  files: FoundFile[];
  messages: FoundMessage[];
  /** Give it as `after` for the next page, with the same question; null on the last. */
  next?: string | null;
  people: FoundPerson[];
};

/** Say something; answered by `ack` once it is stored. */
export type Send = {
  body: SendBody;
  /** Unique for this sender and conversation; the same again is the same message. */
  client_id: Uuid;
  kind?: SendKind;
  /** For an agent's answer in a service conversation: the lease it was written under. */
  lease?: number | null;
  mention?: Mention | null;
  /** Number of the message that it answers, in the same conversation. */
  reply?: number | null;
  /** True if this was sent before and no answer came. */
  retry?: boolean;
  to: Target;
};

/** The body of what a client sends; which fields it has depends on the kind. */
export type SendBody = {
  /** A file of the sender's, or one that a message shows which the sender may read. */
  file?: Uuid | null;
  /** Of a card: an address by http or https. */
  link?: string | null;
  /** Of a card: an uploaded picture. */
  picture?: Uuid | null;
  /** How long a voice or a video plays. */
  seconds?: number | null;
  /** 1 to 5,000 characters (by default), not only white space, without U+0000. Of a card: may be absent. */
  text?: string | null;
  /** Of a card: 1 to 200 characters. */
  title?: string | null;
};

/** Which kind of message a client sends. */
export type SendKind = 'text' | 'picture' | 'file' | 'voice' | 'video' | 'card';

/** One line of an agent's list of customers. */
export type Served = {
  agent?: Face | null;
  /** The channel's key. */
  channel: string;
  /** When there was contact last. */
  contact_at: number;
  conversation: Uuid;
  customer: CustomerFace;
  /** No contact for the channel's `hide_after_days`. */
  hidden: boolean;
  holder: HolderName;
  last?: Message | null;
  last_seq: number;
  lease: number;
  /** Whether the caller is the customer's own agent. */
  owner: boolean;
  read_seq: number;
  topic?: Uuid | null;
  unread: number;
  version: number;
  visit?: Uuid | null;
  /** Since when the customer waits for an answer. */
  waiting_since?: number | null;
};

/** All about one service conversation that an agent sees beside its messages. */
export type ServedDetail = Served & ({
  /** Newest first, at most 50. */
  assignments: AssignmentItem[];
  card: CustomerCard;
  offer?: OfferMade | null;
  /** Newest first, at most 50. */
  transfers: TransferItem[];
  /** Newest first, at most 50. */
  visits: VisitItem[];
});

/** A page of the list, newest contact first. */
export type ServedPage = {
  items: Served[];
  next?: string | null;
};

/** A frame from the server. */
export type ServerFrame = (Welcome & {
  op: 'welcome';
}) | (Ack & {
  op: 'ack';
}) | (Nack & {
  op: 'nack';
}) | (Message & {
  op: 'message';
}) | (ReadMark & {
  op: 'read';
}) | (Unread & {
  op: 'unread';
}) | (TypingBy & {
  op: 'typing';
}) | (Presence & {
  op: 'presence';
}) | (Directory & {
  op: 'directory';
}) | (Ping & {
  op: 'ping';
}) | (ByeFrame & {
  op: 'bye';
}) | (HolderIs & {
  op: 'holder';
}) | (QueuePlace & {
  op: 'queue';
}) | (OfferMade & {
  op: 'offer';
}) | (OfferEnded & {
  op: 'offer_ended';
}) | (WorkIs & {
  op: 'work';
}) | (VisitIs & {
  op: 'visit';
}) | (Side & {
  op: 'side';
}) | (Waited & {
  op: 'waited';
}) | (TypedAhead & {
  op: 'ahead';
}) | (BoardIs & {
  op: 'board';
});

/** Whether I take the customer whom I was offered. */
export type ServiceAnswer = {
  accept: boolean;
  client_id: Uuid;
  offer: Uuid;
  /** Why not; at most 200 characters, shown to who offered. */
  reason?: string | null;
};

/** I take back a transfer that nobody has answered. */
export type ServiceCancel = {
  client_id: Uuid;
  conversation: Uuid;
};

/** The visit is over. */
export type ServiceClose = {
  client_id: Uuid;
  conversation: Uuid;
};

/** What a move of customer service led to. */
export type ServiceDone = {
  conversation?: Uuid | null;
  /** Its lease now. */
  lease?: number | null;
  offer?: Uuid | null;
  transfer?: Uuid | null;
  visit?: Uuid | null;
};

/** What I have typed and not sent: for who serves me, never stored. */
export type ServiceDraft = {
  client_id: Uuid;
  conversation: Uuid;
  /** At most 500 characters; empty: nothing any more. */
  text: string;
};

/** As a supervisor: I answer this customer, too; or no longer. */
export type ServiceJoin = {
  client_id: Uuid;
  conversation: Uuid;
  on: boolean;
};

/** I go, and want my place kept: whoever takes me writes to me. */
export type ServiceKeepPlace = {
  client_id: Uuid;
  conversation: Uuid;
};

/** I wait no longer. */
export type ServiceLeaveQueue = {
  client_id: Uuid;
  conversation: Uuid;
};

/** For those who serve this customer, never for the customer. */
export type ServiceNote = {
  client_id: Uuid;
  conversation: Uuid;
  text: string;
};

/** I come to this channel: opens a visit, or goes on with the one that is open. The `ack` names the conversation. */
export type ServiceOpen = {
  /** Whom I want, where the channel lists its agents. */
  agent?: Uuid | null;
  /** The channel's key. */
  channel: string;
  client_id: Uuid;
  page?: CustomerPage | null;
  /** In expert mode: what it is about. */
  topic?: Uuid | null;
};

/** I want a person instead of the robot. */
export type ServicePerson = {
  client_id: Uuid;
  conversation: Uuid;
};

/** Whether I take work now. */
export type ServiceState = {
  /** As a supervisor: somebody else's. */
  agent?: Uuid | null;
  client_id: Uuid;
  state: WorkStateName;
};

/** I take this customer: from the queue, from nobody, or, as a supervisor, from whoever has them. */
export type ServiceTake = {
  client_id: Uuid;
  conversation: Uuid;
};

/** Somebody else is to go on with this customer. The `ack` comes when it is offered or, where nobody is asked, done. */
export type ServiceTransfer = {
  client_id: Uuid;
  conversation: Uuid;
  /** Also where the agent is not there or has no room: they find the customer waiting. */
  force?: boolean;
  history?: HistoryName;
  /** The lease under which I hold the customer. */
  lease: number;
  /** For who comes next; at most 2,000 characters. */
  note?: string;
  to: TransferTarget;
};

/** What this connection reads along, unseen: replaces the earlier list. */
export type ServiceWatch = {
  /** As a supervisor: when the board changes, too. */
  board?: boolean;
  client_id: Uuid;
  /** At most 50. */
  conversations: Uuid[];
};

/** As a supervisor, to the agent who serves this customer; never for the customer. */
export type ServiceWhisper = {
  client_id: Uuid;
  conversation: Uuid;
  text: string;
};

/** Somebody who is served. */
export type Serving = {
  agent: Uuid;
  /** The channel's key. */
  channel: string;
  conversation: Uuid;
  customer: Face;
  since: number;
  waiting_since?: number | null;
};

/** Who is signed in. */
export type Session = {
  /** When it ends unless used before, in milliseconds since 1970, UTC. */
  expires_at: number;
  person: PersonCard;
  roles: RoleName[];
  status: StatusName;
  /** Only in the answer to a sign-in with `bearer`. */
  token?: string | null;
};

/** What I want to show to others. */
export type SetStatus = {
  client_id: Uuid;
  status: StatusName;
};

/** The form behind the set-up link: who is to administer the server. */
export type SetUp = {
  login: string;
  name: string;
  password: string;
  /** The password once more. */
  repeat: string;
  /** From the link. */
  token: string;
};

/** What one person shows. */
export type Shown = {
  person: Uuid;
  shows: Shows;
};

/** What others see of a person: who hides is offline. */
export type Shows = 'online' | 'busy' | 'away' | 'offline';

/** Something beside a service conversation that its customer never sees. */
export type Side = {
  /** Of a receipt: the assignment, for `GET /api/v1/assignments/{id}/why`. */
  about?: Uuid | null;
  author?: Uuid | null;
  /** The newest message when it was written. */
  beside_seq: number;
  conversation: Uuid;
  id: Uuid;
  kind: SideKindName;
  /** From 1 in each side stream, without a gap. */
  seq: number;
  text: string;
  time: number;
};

/** What an entry of the side stream is. */
export type SideKindName = 'note' | 'whisper' | 'receipt' | 'transfer' | 'system' | 'robot';

/** A page of a side stream, oldest first. */
export type SidePage = {
  items: Side[];
  more: boolean;
};

/** The line a person writes about themselves; `sign` of LayIM's event. */
export type Sign = {
  /** At most 100 characters, on one line; may be empty. */
  sign: string;
};

/** Sign in: with `login` and `password`, or with the `token` of a host system and neither of them. */
export type SignIn = {
  /** True: the answer holds the token for use as `Authorization: Bearer`, and no cookie is set. */
  bearer?: boolean;
  /** What this device calls itself, shown among one's own devices; at most 100 characters. */
  device?: string | null;
  login?: string | null;
  password?: string | null;
  /** A JWT that a host system signed for its user. */
  token?: string | null;
};

/** The background of somebody's chats; both are empty for the plain one, as in LayIM's event `setSkin`. */
export type Skin = {
  /** LayIM's name of it, such as `3.jpg`; at most 100 characters. */
  filename?: string;
  /**
   * Its address, at most 500 characters: of this site, or with `https:`. What is drawn in the page is kept by its
   * name alone.
   */
  src?: string;
};

/** A person's own choice of what to show. */
export type StatusName = 'online' | 'hide' | 'busy' | 'away';

/** Where a sent message was stored. */
export type Stored = {
  conversation: Uuid;
  /** The message's id. */
  message: Uuid;
  /** Its number in the conversation. */
  seq: number;
  /** When it was accepted, in milliseconds since 1970, UTC. */
  time: number;
};

/** Whom a message is for: exactly one of the three. */
export type Target = {
  /** A conversation of the sender's. */
  conversation: Uuid;
} | {
  /** A member; the first message makes the conversation. */
  person: Uuid;
} | {
  /** A unit of the sender's. */
  unit: Uuid;
};

/** A set of agents that channels route to. */
export type Team = {
  id: Uuid;
  members: Uuid[];
  name: string;
};

/** All teams. */
export type Teams = {
  items: Team[];
};

/** A body that is one text. */
export type Text = {
  text: string;
};

/** A one-time ticket for opening a socket without a cookie. */
export type Ticket = {
  /** Seconds until it is worth nothing. */
  expires_in: number;
  /** Give it as `/ws?ticket=`. */
  ticket: string;
};

/** What an expert answers for. */
export type Topic = {
  active: boolean;
  /** What host systems call it. */
  code: string;
  /** Who answers for it. */
  experts: Uuid[];
  id: Uuid;
  name: string;
};

/** A topic as customers see it. */
export type TopicFace = {
  code: string;
  id: Uuid;
  name: string;
};

/** One transfer. */
export type TransferItem = {
  ended_at?: number | null;
  from?: Face | null;
  id: Uuid;
  note: string;
  offered_at: number;
  reason: string;
  /** `offered`, `accepted`, `declined`, `timed_out`, `cancelled`. */
  state: string;
  to?: Face | null;
  /** `agent`, `team`, `topic`, `queue`, `robot`. */
  to_kind: string;
};

/** Where a customer is to go. */
export type TransferTarget = {
  agent: Uuid;
} | {
  team: Uuid;
} | {
  /** In expert mode, one of the channel's. */
  topic: Uuid;
} | {
  /** Back into the queue. */
  queue: boolean;
} | {
  robot: boolean;
} | {
  /** To who had them before. */
  former: boolean;
};

/** What the customer has typed and not sent. */
export type TypedAhead = {
  conversation: Uuid;
  text: string;
};

/** I am typing in this conversation; shown to the others for a few seconds, never stored. */
export type Typing = {
  client_id: Uuid;
  conversation: Uuid;
};

/** Somebody is typing. */
export type TypingBy = {
  conversation: Uuid;
  person: Uuid;
};

/** A department. */
export type Unit = {
  /** Its conversation, if the caller is in it. */
  conversation?: Uuid | null;
  id: Uuid;
  name: string;
  /** The unit it belongs to; null at the top. */
  parent?: Uuid | null;
  /** How many people are directly in it. */
  people: number;
};

/** All units. */
export type Units = {
  /** Parents before children, in the organisation's order. */
  items: Unit[];
  /** Version of the directory these belong to. */
  version: number;
};

/** I have read up to here, on whichever of my devices. */
export type Unread = {
  conversation: Uuid;
  read_seq: number;
  /** How many messages of others remain unread. */
  unread: number;
};

/** A file that was uploaded. */
export type Upload = {
  bytes: number;
  /** Of a picture, in pixels. */
  height?: number | null;
  id: Uuid;
  /**
   * What its content says it is: `picture`, `image`, `video`, `audio`, `document`, `text`, `archive`, `program`,
   * `page` or `other`.
   */
  kind: string;
  /** Its media type, by content. */
  media_type: string;
  /** Its name, cleaned for showing. */
  name: string;
  /** Address of a small picture, if it is a picture. */
  thumbnail?: string | null;
  /** Its address, for messages: `img[url]`, `file(url)[name]`. */
  url: string;
  /** Of a picture, in pixels. */
  width?: number | null;
};

/** A form with a file in it, as browsers and curl send it. */
export type UploadForm = {
  /** The file, with its name. */
  file: string;
};

/** A file that was uploaded. */
export type UploadedFile = {
  /** Its name, cleaned for showing. */
  name: string;
  /** Its address. */
  src: string;
};

/** A picture that was uploaded. */
export type UploadedImage = {
  /** Its address, which holds no white space. */
  src: string;
};

/** A message as it was said, and every entry that changed it, for those who audit. */
export type Versions = {
  /** Oldest first. */
  items: Message[];
};

/** A visit began or ended. */
export type VisitIs = {
  /** `agent`, `customer`, `supervisor`, `idle`, `left_queue`, `system`. */
  closed_by?: string | null;
  conversation: Uuid;
  open: boolean;
  visit: Uuid;
};

/** One episode. Times in milliseconds. */
export type VisitItem = {
  agent?: Face | null;
  assigned_at?: number | null;
  closed_at?: number | null;
  closed_by?: string | null;
  first_response_at?: number | null;
  /** Time with agents. */
  handled: number;
  id: Uuid;
  opened_at: number;
  transfers: number;
  /** Time in queues. */
  waited: number;
};

/** Who they are from now on. */
export type Visitor = {
  conversations: Lane[];
  /** Whether the host system says who they are. */
  identified: boolean;
  name: string;
  person: Uuid;
  /** A bearer token, good until it is not used for the channel's `visitor_days`, or revoked. */
  token: string;
};

/** A customer waits for an answer for longer than the channel allows. */
export type Waited = {
  conversation: Uuid;
  /** Since when. */
  since: number;
};

/** Somebody who waits. */
export type Waiting = {
  /** The channel's key. */
  channel: string;
  conversation: Uuid;
  customer: Face;
  position: number;
  since: number;
  topic?: Uuid | null;
};

/** Who waits, in order. */
export type WaitingList = {
  items: Waiting[];
};

/**
 * The people whose presence this connection looks at: replaces the earlier list. Their present state comes at once
 * as `presence`, changes follow.
 */
export type Watch = {
  client_id: Uuid;
  /** At most 1,000 (by default). */
  people: Uuid[];
};

/** The answer to `hello`. */
export type Welcome = {
  /** Version of units and people; `directory` says when it grows. */
  directory: number;
  /** Seconds in which a text can be edited by who said it; 0 where that is switched off. */
  edit_seconds: number;
  /** Names this database; positions are worth something only under the epoch they were collected under. */
  epoch: Uuid;
  /**
   * Seconds of silence after which the server says `ping`; a client that hears nothing for twice as long should
   * connect again.
   */
  heartbeat: number;
  me: PersonCard;
  /** What was missed, by conversation and number; bounded per conversation and in all. */
  missed: Message[];
  /** Seconds in which a message can be recalled by who said it; 0 where that is switched off. */
  recall_seconds: number;
  /**
   * Without `resume`: empty (read the list over REST). With it: one entry for each conversation named there that
   * is still the caller's or can no longer be trusted, and for each other conversation of the caller's that is not
   * empty.
   */
  recovered: Recovered[];
  /** What I show to others. */
  status: StatusName;
  /** Longest text in characters. */
  text_chars: number;
};

/** What a customer meets outside the hours. */
export type WhenClosed = 'leave_message' | 'refuse';

/** All of the directory, as it is imported. */
export type WholeDirectory = {
  people: DirectoryPerson[];
  units: DirectoryUnit[];
  version: number;
};

/** Why it was decided so. */
export type Why = AssignmentItem & {
  receipt: ReceiptShape;
  sentence_en: string;
  sentence_zh: string;
};

/** An agent's state of work. */
export type WorkIs = {
  agent: Uuid;
  capacity: number;
  /** A stable word: why it is so now. */
  cause: string;
  connected: boolean;
  /** Customers they have now, open offers among them. */
  load: number;
  state: WorkStateName;
};

/** Whether an agent takes work. */
export type WorkStateName = 'ready' | 'occupied' | 'break' | 'wrap_up';
