// Whom something shall go to: recent chats first, then whoever fits what is typed.

import type { ChatData } from '../contract';
import { layer, openDialog } from '../dialog';
import { avatar, el } from '../dom';
import { rove } from '../events';
import { pictureAddress } from '../markup/address';
import { cache } from '../state';
import { t } from '../texts';

export interface ChooseOptions {
  title: string;
  /** What is to go there, in a few words. */
  shown: string;
  chosen(chat: ChatData): void;
}

/** Entries shown; with more, one types on. */
const SHOWN = 60;

/** Everybody and everything one can write to, the chats of late first. */
function candidates(text: string): ChatData[] {
  const seen = new Set<string>();
  const found: ChatData[] = [];
  const wanted = text.trim().toLowerCase();
  const put = (chat: ChatData) => {
    const key = `${chat.type}${chat.id}`;
    if (seen.has(key) || String(chat.id) === String(cache.mine.id)) return;
    seen.add(key);
    if (found.length < SHOWN && (wanted === '' || String(chat.name).toLowerCase().includes(wanted))) found.push(chat);
  };
  const recent = Object.values(cache.history).sort((a, b) => (b.historyTime ?? 0) - (a.historyTime ?? 0));
  for (const chat of recent) put({ ...chat, name: String(chat.name ?? chat.username ?? chat.groupname ?? '') });
  for (const group of cache.group) put({ ...group, type: 'group', name: group.groupname });
  for (const { list } of cache.friend) for (const friend of list) put({ ...friend, type: 'friend', name: friend.username });
  return found;
}

/** Asks; nothing happens until an entry is chosen. */
export function chooseChat({ title, shown, chosen }: ChooseOptions): void {
  const field = el('input.layui-input', { type: 'search', placeholder: t('searchHint'), 'aria-label': t('searchHint'), autocomplete: 'off', maxlength: 60 });
  const list = el('ul.layim-choose-list', { role: 'listbox', 'aria-label': title });
  const content = el('div.layim-choose', {}, el('p.layim-choose-shown', { dir: 'auto' }, shown), field, list);
  let index = 0;
  const take = (chat: ChatData) => {
    layer().close(index);
    chosen(chat);
  };
  const draw = () => {
    const items = candidates(field.value).map((chat, at) => {
      const item = el('li', { role: 'option', tabindex: at === 0 ? 0 : -1, title: chat.name }, avatar(pictureAddress(chat.avatar)), el('span', { dir: 'auto' }, chat.name), chat.type === 'group' && el('small', {}, t('group')));
      item.addEventListener('click', () => take(chat));
      return item;
    });
    list.replaceChildren(...(items.length > 0 ? items : [el('li.layim-null', {}, t('searchNone', { text: field.value }))]));
  };
  field.addEventListener('input', draw);
  content.addEventListener('keydown', (event) => {
    const items = [...list.querySelectorAll<HTMLElement>('li[role=option]')];
    if (event.target === field) {
      if (event.key === 'ArrowDown' || event.key === 'Enter') {
        event.preventDefault();
        if (event.key === 'Enter' && !event.isComposing) items[0]?.click();
        else items[0]?.focus();
      }
    } else if (!rove(event, items) && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      (document.activeElement as HTMLElement).click();
    }
  });
  draw();
  index = openDialog({ title, content, width: 380, height: 520, isModal: true, className: 'layim-choosing', closeLabel: t('close') });
}
