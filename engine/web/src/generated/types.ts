// The shapes on the wire. Generated from the server's OpenAPI document by `cargo xtask types`: change the Rust types
// in engine/wire instead.

/** A hyphenated lower-case UUID. */
export type Uuid = string;

/** Done. For `send` the message is stored when this arrives; for other operations only `client_id` is given. */
export type Ack = Partial<Stored> & {
  client_id: Uuid;
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

/** What the panel starts with. */
export type Init = {
  friend: FriendGroup[];
  group: Group[];
  mine: Mine;
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

/** What a unit shall be. What is left out stays as it is. */
export type PutUnit = {
  /** 1 to 100 characters, on one line. */
  name: string;
  /** The code of the unit it belongs to; null: it stands at the top. */
  parent?: string | null;
  /** Its place among its siblings, smallest first. */
  position?: number | null;
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
 * | `internal` | 500 | yes | Something went wrong in the server. |
 */
export type RefusalCode = 'bad_json' | 'unknown_op' | 'bad_field' | 'frame_too_large' | 'media_type' | 'hello_first' | 'hello_repeated' | 'not_authenticated' | 'login_failed' | 'login_throttled' | 'origin_not_allowed' | 'forbidden' | 'not_found' | 'method_not_allowed' | 'conversation_unknown' | 'person_unknown' | 'unit_unknown' | 'person_is_self' | 'text_empty' | 'text_too_long' | 'text_invalid' | 'client_id_reused' | 'lease_required' | 'lease_stale' | 'rate_limited' | 'busy' | 'store_unavailable' | 'outcome_unknown' | 'file_unknown' | 'file_missing' | 'file_kind' | 'file_broken' | 'file_too_large' | 'file_quota' | 'range_unsatisfiable' | 'message_unknown' | 'not_yours' | 'too_late' | 'already_recalled' | 'not_editable' | 'mention_unknown' | 'emoji_invalid' | 'card_invalid' | 'query_empty' | 'query_too_long' | 'directory_changed' | 'directory_invalid' | 'hook_refused' | 'hook_failed' | 'loop_guard' | 'idempotency_key' | 'server_full' | 'setup_done' | 'setup_link_unknown' | 'setup_link_expired' | 'password_wrong' | 'password_weak' | 'session_unknown' | 'token_unknown' | 'scope_missing' | 'host_token_invalid' | 'host_token_used' | 'host_keys_unavailable' | 'link_invalid' | 'link_expired' | 'last_admin' | 'internal';

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
});

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

/** All of the directory, as it is imported. */
export type WholeDirectory = {
  people: DirectoryPerson[];
  units: DirectoryUnit[];
  version: number;
};
