// "May I add you" and "in which group do you put them": the two dialogs around a new friend.

import type { AddOptions, FriendGroup, SetGroupOptions } from '../contract';
import { openDialog } from '../dialog';
import { avatar, el } from '../dom';
import { pictureAddress } from '../markup/address';
import { cache } from '../state';
import { t } from '../texts';

export function addDialog(options: AddOptions): void {
  const isGroup = options.type === 'group';
  const name = String((isGroup ? options.groupname : options.username) ?? '');
  const choice = isGroup ? undefined : groupChoice(cache.friend, options.group);
  const remark = el('textarea', { id: 'LAY_layimRemark', class: 'layui-textarea', placeholder: t('remark'), 'aria-label': t('remark'), maxlength: 500 });
  openDialog({
    title: t(isGroup ? 'addGroup' : 'addFriend'),
    content: box(name, options.avatar, choice, remark),
    width: 430,
    isModal: true,
    closeLabel: t('close'),
    yes: {
      label: t('ok'),
      cancel: t('cancel'),
      run: (index) => options.submit?.(choice?.value, remark.value, index),
    },
  });
}

export function groupDialog(options: SetGroupOptions): void {
  const choice = groupChoice(options.group ?? cache.friend);
  openDialog({
    title: t('chooseGroup'),
    content: box(String(options.username ?? ''), options.avatar, choice),
    width: 430,
    isModal: true,
    closeLabel: t('close'),
    yes: { label: t('ok'), cancel: t('cancel'), run: (index) => options.submit?.(choice.value, index) },
  });
}

function box(name: string, picture: string | undefined, ...fields: (HTMLElement | undefined)[]): HTMLElement {
  const image = avatar(pictureAddress(picture));
  image.className = 'layui-circle';
  return el(
    'div.layim-add-box',
    {},
    el('div.layim-add-img', {}, image, el('p', { dir: 'auto' }, name)),
    el('div.layim-add-remark', {}, fields[0]?.matches('select') && el('p', {}, t('chooseGroup')), ...fields),
  );
}

function groupChoice(groups: FriendGroup[], chosen?: unknown): HTMLSelectElement {
  const choice = el('select', { id: 'LAY_layimGroup', class: 'layui-select', 'aria-label': t('chooseGroup') });
  choice.append(...groups.map(({ id, groupname }) => el('option', { value: String(id) }, String(groupname))));
  if (chosen !== undefined) choice.value = String(chosen);
  if (choice.selectedIndex < 0) choice.selectedIndex = 0;
  return choice;
}
