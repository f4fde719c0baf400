// LayIM's own shapes, as pages written for it know them, and below them what we add.

export type Id = string | number;

export interface Mine {
  username: string;
  id: Id;
  status: string;
  sign?: string;
  remark?: string;
  avatar: string;
}

export interface Friend {
  username: string;
  id: Id;
  avatar: string;
  sign?: string;
  remark?: string;
  /** `offline` greys the entry; absent means online. */
  status?: string;
}

export interface FriendGroup {
  groupname: string;
  id: Id;
  list: Friend[];
  /** Ours: the group above this one. */
  parent?: Id | null;
  /** Ours: 0 at the top. */
  level?: number;
  /** Ours: open at first. */
  spread?: boolean;
}

export interface Group {
  groupname: string;
  id: Id;
  avatar: string;
}

export interface Init {
  mine: Mine;
  friend?: FriendGroup[];
  group?: Group[];
}

/** What a chat is opened with; whatever else a host puts in survives. */
export interface ChatData {
  id: Id;
  type: string;
  name: string;
  avatar: string;
  username?: string;
  groupname?: string;
  sign?: string;
  status?: string;
  temporary?: boolean;
  /** Ours: nothing can be written here; the line says why, in place of the field. */
  closed?: string | undefined;
  historyTime?: number;
  /** Where the window opens, as `layer` takes it: `rb`, or distances from top and left. */
  offset?: string | [string, string] | undefined;
  /** How it comes, as `layer` numbers its movements. */
  anim?: number | undefined;
  success?: ((layero: unknown) => void) | undefined;
}

export interface Incoming {
  username?: string;
  groupname?: string;
  name?: string;
  avatar?: string;
  /** The conversation: the other person, or the group. */
  id: Id;
  type: string;
  content: string;
  cid?: Id;
  mine?: boolean;
  fromid?: Id;
  timestamp?: number;
  system?: boolean;
  /** Ours: the place in the conversation's order. */
  seq?: number;
  /** Ours: for one's own message. */
  state?: BubbleState;
  /** Ours: why it failed. */
  reason?: string;
  /** Ours: the message that it answers. */
  reply?: Quote;
  /** Ours: its words were changed later. */
  edited?: boolean;
  /** Ours: it was taken back. */
  recalled?: boolean;
  /** Ours: what it is, if it is more than its text; `content` says it to those who know only LayIM's. */
  part?: Part;
  reactions?: Reaction[];
  /** Ours: it calls the person at the panel. */
  called?: boolean;
  /** Ours: who said it first, where somebody else says it again. */
  forwarded?: string;
  /** Ours: how far its file has come, from 0 to 1. */
  progress?: number;
}

/** The message that another one answers. */
export interface Quote {
  cid?: Id;
  seq?: number;
  username: string;
  content: string;
}

/** Whom a message calls. */
export interface Mention {
  people?: Id[];
  everyone?: boolean;
}

/** What people have put under a message. */
export interface Reaction {
  emoji: string;
  people: { id: Id; name: string }[];
}

/** A message that is more than text. */
export type Part =
  | { kind: 'picture'; src: string; small?: string; width?: number; height?: number; name?: string }
  | { kind: 'file'; src: string; name: string; bytes?: number }
  | { kind: 'voice'; src: string; seconds: number }
  | { kind: 'video'; src: string; name: string; seconds?: number }
  | { kind: 'card'; title: string; text?: string; link?: string; picture?: string };

export interface Request {
  url: string;
  type?: string;
  data?: Record<string, string>;
}

export interface Options {
  init?: (Partial<Init> & Partial<Request>) | undefined;
  /** Where pages of version 2 put it. */
  mine?: Mine;
  members?: Request;
  uploadImage?: Request;
  uploadFile?: Request;
  tool?: { alias: string; title: string; icon: string }[];
  isAudio?: boolean;
  isVideo?: boolean;
  brief?: boolean;
  title?: string;
  min?: boolean;
  right?: string;
  minRight?: string;
  initSkin?: string;
  skin?: string[];
  isfriend?: boolean;
  isgroup?: boolean;
  copyright?: boolean;
  notice?: boolean;
  voice?: string | false;
  msgbox?: string;
  find?: string;
  chatLog?: string;
  maxLength?: number;
  /** Ours. */
  plus?: PlusOptions;
}

export interface PlusOptions {
  /** `zh-CN` or `en`. */
  lang?: string;
  /** Where panel and chat window live; without them they float as LayIM's do. */
  dock?: { panel: HTMLElement; chat: HTMLElement };
  /** Shown for a picture that does not load. */
  fallbackAvatar?: string;
  /** Older messages come from the host: `older` asks for them. */
  hostHistory?: boolean;
  /** Entries beside the search in the panel's bottom row; a click is the event `menu`. */
  menu?: { alias: string; title: string; icon: string; text?: string }[];
  /** The signature cannot be changed here. */
  fixedSign?: boolean;
  /** Backgrounds may be chosen, also in a docked panel; with `upload` a picture of one's own as well. */
  skins?: boolean | { upload: Request };
  /** `@` in a group offers its members. */
  mentions?: boolean;
  /** What can be done with a message; with `react` among it there is a menu. */
  actions?: MessageAction[];
  /** Whether something may be done with this message now. */
  may?: (action: MessageAction, message: { cid: string; mine: boolean; time: number; data: ChatData }) => boolean;
  /** No sound and no notice of this page's: another one gives them. */
  isQuiet?: () => boolean;
  /** The host takes files itself: the event `files`, and bubbles with `progress`. */
  ownFiles?: boolean;
  /** A button records what one says; the recording is the event `files`. */
  voice?: boolean;
  /** The host shows log and message box itself: events `log` and `box`. */
  ownPages?: boolean;
  /** Finds more than names for the search of the panel. */
  search?: SearchMore;
}

/** What a search found beside names: entries that say what they are. */
export interface FoundMore {
  title: string;
  items: { avatar: string; name: string; line: (string | { mark: string })[]; time?: number; open: () => void }[];
  /** More of the same. */
  more?: () => Promise<FoundMore | undefined>;
}

export type SearchMore = (text: string) => Promise<FoundMore[]>;

export type MessageAction = 'reply' | 'forward' | 'copy' | 'react' | 'edit' | 'recall' | 'readers';

/** What may change in a bubble. */
export interface BubbleChange {
  state?: BubbleState;
  reason?: string;
  cid?: Id;
  seq?: number;
  timestamp?: number;
  /** New words; the bubble says that they are new. */
  content?: string;
  /** Taken back: the words go. */
  recalled?: boolean;
  part?: Part;
  reactions?: Reaction[];
  /** Somebody put an emoji there, or took it away. */
  reaction?: { emoji: string; person: { id: Id; name: string }; on: boolean };
  called?: boolean;
  progress?: number | undefined;
}

export interface AddOptions {
  type: 'friend' | 'group';
  username?: string;
  groupname?: string;
  avatar?: string;
  group?: Id;
  submit?(group: string | undefined, remark: string, index: number): void;
}

export interface SetGroupOptions {
  type?: 'friend';
  username?: string;
  avatar?: string;
  group?: FriendGroup[];
  submit?(group: string, index: number): void;
}

export type BubbleState = 'waiting' | 'sending' | 'sent' | 'read' | 'failed';

/** What LayIM has no word for. */
export interface Plus {
  /** Changes the bubble `cid`; false if it is not drawn. */
  bubble(cid: Id, change: BubbleChange): boolean;
  /** The same for the message with this number. */
  change(data: Pick<ChatData, 'type' | 'id'>, seq: number, change: BubbleChange): boolean;
  /** Takes a bubble away, as when its file is not sent after all. */
  remove(cid: Id): void;
  /** The messages around one that is far away, and the bubble to show; newer ones follow by `newer`. */
  around(data: Pick<ChatData, 'type' | 'id'>, page: { messages: Incoming[]; older: boolean; newer: boolean; seq: number }): void;
  /** Messages after the last, oldest first. */
  newer(data: Pick<ChatData, 'type' | 'id'>, messages: Incoming[], more: boolean): void;
  /** Brings the message into sight and marks it; false if it is not held. */
  reveal(data: Pick<ChatData, 'type' | 'id'>, seq: number): boolean;
  /** Marks one's own bubbles up to `seq` as read by the other. */
  readUpTo(data: Pick<ChatData, 'type' | 'id'>, seq: number): void;
  /** Puts older messages before the first one, oldest first. */
  older(data: Pick<ChatData, 'type' | 'id'>, messages: Incoming[], more: boolean): void;
  /** The older messages could not be had; the person may ask again. */
  olderFailed(data: Pick<ChatData, 'type' | 'id'>): void;
  /** Empties the window of all that has a place in the order, and asks for `older` again. */
  renew(data: Pick<ChatData, 'type' | 'id'>): void;
  /** The number of unread messages, wherever the conversation is shown. */
  unread(data: Pick<ChatData, 'type' | 'id'>, count: number): void;
  /** The conversation's line in the list of recent ones. */
  recent(data: ChatData, line: { text: string; time: number; called?: boolean }): void;
  /** The conversation leaves the list of recent ones, and its window closes. */
  forget(data: Pick<ChatData, 'type' | 'id'>): void;
  /** Contacts and groups anew, with open windows left alone. */
  contacts(init: Init): void;
  /** The status line of one chat, current or not. */
  status(data: Pick<ChatData, 'type' | 'id'>, text: string): void;
  /** Nothing can be written in the chat any more, and the line says why; without a line it can again. */
  closed(data: Pick<ChatData, 'type' | 'id'>, why: string | undefined): void;
  /** Every open chat. */
  open(): ChatData[];
  /** The chat in front. */
  current(): ChatData | undefined;
  close(data: Pick<ChatData, 'type' | 'id'>): void;
  /** The conversation has another name, wherever it is shown. */
  rename(data: Pick<ChatData, 'type' | 'id'>, name: string): void;
  /** Whether the newest message of the chat in front is in sight. */
  atBottom(): boolean;
  /** What was written on another device and not sent; what is written here is left alone. */
  draft(data: ChatData, text: string): void;
  /** What was written and not sent goes from this device, as when one signs out. */
  forgetDrafts(): void;
  /** The background anew, as when it was chosen on another device. */
  skin(skin: { name: string; src: string }): void;
  /** Shows a short line for a few seconds. */
  toast(text: string): void;
}

/** Our events, beside LayIM's. */
export interface PlusEvents {
  /** The person wants a failed message sent again. */
  again: { cid: string; data: ChatData };
  /** Messages before `before` are wanted; without it, the newest. */
  older: { data: ChatData; before: number | undefined };
  chatClose: ChatData;
  /** No chat is in front any more. */
  chatAway: undefined;
  spread: { group: FriendGroup; open: boolean };
  typing: ChatData;
  /** Messages after `after` are wanted. */
  newer: { data: ChatData; after: number };
  /** The person wants to see a message that is not held. */
  jump: { data: ChatData; seq: number };
  /** The person wants a message of theirs taken back. */
  recall: { cid: string; seq: number | undefined; data: ChatData };
  /** The person has new words for a message of theirs. */
  edit: { cid: string; seq: number | undefined; content: string; mention?: Mention; data: ChatData };
  react: { cid: string; seq: number; emoji: string; on: boolean; data: ChatData };
  forward: { cid: string; seq: number; data: ChatData; to: ChatData };
  /** The person wants to know who has read a message. */
  readers: { cid: string; seq: number; data: ChatData; show: (readers: Readers) => void };
  /** Files to send: chosen, pasted, dropped or recorded. */
  files: { data: ChatData; files: File[]; as: 'picture' | 'file' | 'voice' | undefined; seconds?: number };
  /** A file shall not be sent after all. */
  cancelUpload: { cid: string; data: ChatData };
  log: ChatData;
  box: undefined;
  /** What is written in a chat and not sent. */
  draft: { data: ChatData; text: string };
  /** The newest message of a chat came into sight. */
  seen: ChatData;
  menu: string;
  /** Which list is in front. */
  tab: string;
}

/** Who has read a message and who has not. */
export interface Readers {
  read: { name: string; avatar: string }[];
  unread: { name: string; avatar: string }[];
}

export interface Cache {
  base: Options;
  local: Record<string, unknown>;
  mine: Mine;
  friend: FriendGroup[];
  group: Group[];
  history: Record<string, ChatData>;
  message: Record<string, Incoming[]>;
  chat: ChatData[];
}

export interface Layim {
  v: string;
  config(options: Options): Layim;
  on(name: string, callback: (...payload: never[]) => void): Layim;
  chat(data: ChatData): Layim;
  setChatMin(): Layim;
  setChatStatus(html: string): Layim;
  getMessage(message: Incoming): void;
  notice(notice: { title?: string; content?: string; avatar?: string }): void;
  add(options: AddOptions): void;
  setFriendGroup(options: SetGroupOptions): void;
  msgbox(count: number): void;
  addList(entry: (Friend & { type: 'friend'; groupid: Id }) | (Group & { type: 'group' })): void;
  removeList(entry: { type: string; id: Id }): void;
  setFriendStatus(id: Id, status: string): void;
  content(text: string): string;
  cache(): Cache;
  thisChat(): { elem: unknown; data: ChatData; textarea: unknown } | undefined;
  /** Present on our implementation only. */
  plus?: Plus;
}
