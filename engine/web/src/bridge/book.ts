// Which of LayIM's chats is which conversation: `friend` is a person, `group` a unit, `kefu` the conversation itself.

import type { ChatData, Layim } from '../layim/contract';
import type { Target, Thread } from '../sdk';

export type Chat = Pick<ChatData, 'type' | 'id'>;

export class Book {
  private readonly chats = new Map<string, ChatData>();
  private readonly conversations = new Map<string, string>();

  constructor(
    private readonly layim: Layim,
    private readonly isChinese: boolean,
    /** How service conversations are shown, where there are any. */
    private readonly lane?: (conversation: string) => ChatData | undefined,
  ) {}

  /** The chat of a conversation whose name is known. */
  chat(thread: Thread): ChatData | undefined {
    const { info } = thread;
    if (!info) return this.chats.get(thread.id);
    const chat = (info.kind === 'service' ? this.lane?.(thread.id) : undefined) ?? this.describe(info);
    this.chats.set(thread.id, chat);
    this.conversations.set(key(chat), thread.id);
    return chat;
  }

  /** The conversation of a chat; undefined while nothing has been said in it. */
  conversation(chat: Chat): string | undefined {
    return chat.type === 'kefu' ? String(chat.id) : this.conversations.get(key(chat));
  }

  forget(conversation: string): void {
    const chat = this.chats.get(conversation);
    this.chats.delete(conversation);
    if (chat) this.conversations.delete(key(chat));
  }

  private describe(info: NonNullable<Thread['info']>): ChatData {
    const { id, kind, person, unit, title } = info;
    if (kind === 'direct' && person) {
      const { name, avatar, sign } = person;
      return { type: 'friend', id: person.id, name, username: name, avatar, sign };
    }
    if (kind === 'unit' && unit) {
      const avatar = this.layim.cache().group.find((group) => group.id === unit)?.avatar ?? `/avatars/${unit}.svg`;
      return { type: 'group', id: unit, name: title, groupname: title, avatar };
    }
    if (kind === 'notice') {
      const closed = this.isChinese ? '这里只有系统发布通知，不能回复' : 'Only the system writes here; you cannot answer';
      return { type: 'kefu', id, name: title, avatar: '/assets/notice.svg', closed };
    }
    return { type: 'kefu', id, name: title, avatar: `/avatars/${id}.svg` };
  }
}

/** Whom a message in this chat is for. */
export function target({ type, id }: Chat): Target {
  if (type === 'friend') return { person: String(id) };
  if (type === 'group') return { unit: String(id) };
  return { conversation: String(id) };
}

export function key({ type, id }: Chat): string {
  return `${type}${id}`;
}
