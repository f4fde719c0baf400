// The head of the panel: who I am, what I show, my line.

import { action, avatar, el, set } from '../dom';
import { handle, onClickAnywhere, onEscape, rove } from '../events';
import { pictureAddress } from '../markup/address';
import { cache, emit, plusOptions, setMine } from '../state';
import { t } from '../texts';

const STATES = ['online', 'hide'] as const;

let shown: HTMLElement;
let menu: HTMLUListElement;
let user: HTMLElement;
let picture: HTMLImageElement;
let remark: HTMLInputElement;

export function headView(): HTMLElement {
  user = el('div.layui-layim-user', { dir: 'auto' });
  picture = avatar(undefined);
  picture.className = 'layim-mine-avatar';
  shown = el('span.layui-icon', { ...action('status'), 'lay-type': 'show', 'aria-haspopup': 'menu', 'aria-expanded': 'false' });
  menu = el('ul.layui-anim.layim-menu-box', { role: 'menu' }, ...STATES.map(entry));
  menu.addEventListener('keydown', (event) => rove(event, [...menu.querySelectorAll('li')]));
  remark = el('input.layui-layim-remark', { placeholder: t('sign'), 'aria-label': t('sign'), maxlength: 100 });
  remark.addEventListener('change', () => {
    setMine({ sign: remark.value, remark: remark.value });
    emit('sign', remark.value);
  });
  remark.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.isComposing) remark.blur();
  });
  drawMine();
  return el('div.layui-layim-info', {}, picture, user, el('div.layui-layim-status', {}, shown, menu), remark);
}

function entry(state: (typeof STATES)[number]): HTMLLIElement {
  return el(
    'li',
    { 'layim-event': 'status', 'lay-type': state, role: 'menuitemradio', tabindex: -1 },
    el('i.layui-icon.layui-icon-ok', { 'aria-hidden': 'true' }),
    el(`cite.layui-icon.layim-status-${state}`, { 'aria-hidden': 'true' }),
    t(state),
  );
}

export function drawMine(): void {
  const { username, status, sign, remark: line, avatar: src } = cache.mine;
  user.textContent = String(username ?? '');
  user.title = String(username ?? '');
  set(picture, { src: pictureAddress(src) });
  const state = status === 'hide' ? 'hide' : 'online';
  shown.className = `layui-icon layim-status-${state}`;
  shown.textContent = t(state);
  set(shown, { 'aria-label': t('myStatus', { status: t(state) }), title: t('myStatus', { status: t(state) }) });
  for (const item of menu.children) {
    const isThis = item.getAttribute('lay-type') === state;
    item.classList.toggle('layim-this', isThis);
    set(item, { 'aria-checked': String(isThis) });
  }
  if (document.activeElement !== remark) remark.value = String(sign ?? line ?? '');
  const fixed = plusOptions().fixedSign === true;
  remark.readOnly = fixed;
  set(remark, { tabindex: fixed ? -1 : undefined, placeholder: fixed ? t('noSign') : t('sign'), title: remark.value });
}

function openMenu(open: boolean): boolean {
  // Without a panel there is no menu.
  if ((menu as HTMLElement | undefined) === undefined) return false;
  const was = menu.classList.contains('layui-show');
  menu.classList.toggle('layui-show', open);
  set(shown, { 'aria-expanded': String(open) });
  if (open) menu.querySelector<HTMLElement>('.layim-this')?.focus();
  else if (was && menu.contains(document.activeElement)) shown.focus();
  return was;
}

export function bindHead(): void {
  handle('status', (element) => {
    const state = element.getAttribute('lay-type') ?? 'show';
    if (state === 'show') {
      openMenu(!menu.classList.contains('layui-show'));
      return;
    }
    openMenu(false);
    if (state === cache.mine.status) return;
    setMine({ status: state });
    drawMine();
    emit('online', state);
  });
  onEscape(() => openMenu(false));
  onClickAnywhere((target) => {
    if (!target.closest('.layui-layim-status')) openMenu(false);
  });
}
