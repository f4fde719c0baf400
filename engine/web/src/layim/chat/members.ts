// The members of a group, dropped down from its title. A click on one opens a chat with them.

import type { ChatData, Friend, Id } from '../contract';
import { avatar, el } from '../dom';
import { pictureAddress } from '../markup/address';
import { ask, Refused } from '../requests';
import { cache, emit } from '../state';
import { t } from '../texts';
import { toast } from '../toast';

interface Members {
  members?: number;
  list: Friend[];
  owner?: Friend;
}

/** Reads the members by the host's request; throws if it fails. */
export async function readMembers(id: Id): Promise<Members> {
  const request = cache.base.members;
  if (!request?.url) return { list: [] };
  const data = await ask<Members>(request, { id: String(id) });
  emit('members', data);
  return { ...data, list: Array.isArray(data.list) ? data.list : [] };
}

/** The drop-down list, filled when it opens. */
export class MembersView {
  readonly root = el('div.layui-layim-members', { hidden: true });
  private readonly list = el('ul.layim-members-list');
  private known: Promise<Friend[]> | undefined;

  constructor(private readonly data: ChatData, private readonly counted: (count: number) => void) {
    this.root.append(this.list);
  }

  /** The members, asked for once. */
  people(): Promise<Friend[]> {
    this.known ??= readMembers(this.data.id).then(({ list }) => list);
    this.known.catch(() => void (this.known = undefined));
    return this.known;
  }

  get isOpen(): boolean {
    return !this.root.hidden;
  }

  toggle(open = !this.isOpen): void {
    this.root.hidden = !open;
    if (open) void this.fill();
  }

  /** Reads the members for their number. */
  async fill(): Promise<void> {
    if (this.isOpen && this.list.childElementCount === 0) this.list.replaceChildren(el('li.layim-null', {}, t('loading')));
    try {
      const { members, list } = await readMembers(this.data.id);
      this.known = Promise.resolve(list);
      this.counted(members ?? list.length);
      this.list.replaceChildren(...list.map(member));
    } catch (error) {
      if (error instanceof Refused) toast(error.message);
      this.list.replaceChildren(el('li.layim-null', {}, el('button', { type: 'button', 'layim-event': 'membersAgain' }, t('membersFailed'))));
    }
  }
}

function member(friend: Friend): HTMLLIElement {
  return el(
    'li',
    { 'data-uid': String(friend.id), 'layim-event': 'member', role: 'button', tabindex: 0, title: friend.username, class: friend.status === 'offline' ? 'layim-list-gray' : undefined },
    el('a', {}, avatar(pictureAddress(friend.avatar)), el('cite', { dir: 'auto' }, String(friend.username ?? ''))),
  );
}
