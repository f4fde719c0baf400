// The members of a group, dropped down from its title. A click on one opens a chat with them.

import type { ChatData, Friend, Id } from '../contract';
import { avatar, el } from '../dom';
import { cache, emit } from '../state';
import { t } from '../texts';

interface Answer {
  code: number;
  msg?: string;
  data?: { members?: number; list: Friend[]; owner?: Friend };
}

/** Reads the members by the host's request; throws if it fails. */
export async function readMembers(id: Id): Promise<NonNullable<Answer['data']>> {
  const request = cache.base.members;
  if (!request) return { list: [] };
  const fields = new URLSearchParams({ ...request.data, id: String(id) });
  const isGet = (request.type ?? 'get').toLowerCase() === 'get';
  const address = isGet ? `${request.url}${request.url.includes('?') ? '&' : '?'}${fields.toString()}` : request.url;
  const response = await fetch(address, {
    method: isGet ? 'GET' : 'POST',
    credentials: 'same-origin',
    cache: 'no-store',
    body: isGet ? null : fields,
  });
  const answer = (await response.json()) as Answer;
  if (Number(answer.code) !== 0 || !answer.data) throw new Error(answer.msg ?? String(answer.code));
  emit('members', answer.data);
  return answer.data;
}

/** The drop-down list, filled when it opens. */
export class MembersView {
  readonly root = el('div.layui-layim-members', { hidden: true });
  private readonly list = el('ul.layim-members-list');

  constructor(private readonly data: ChatData, private readonly counted: (count: number) => void) {
    this.root.append(this.list);
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
      this.counted(members ?? list.length);
      this.list.replaceChildren(...list.map(member));
    } catch {
      this.list.replaceChildren(el('li.layim-null', {}, el('button', { type: 'button', 'layim-event': 'membersAgain' }, t('membersFailed'))));
    }
  }
}

function member(friend: Friend): HTMLLIElement {
  return el(
    'li',
    { 'data-uid': String(friend.id), 'layim-event': 'member', role: 'button', tabindex: 0, title: friend.username, class: friend.status === 'offline' ? 'layim-list-gray' : undefined },
    el('a', {}, avatar(friend.avatar), el('cite', { dir: 'auto' }, friend.username)),
  );
}
