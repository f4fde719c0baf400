// One chat: its title, its messages, its place to write.

import type { ChatData, Incoming } from '../contract';
import { newId } from '../../ids';
import { action, avatar, el, icon, keyOf, set } from '../dom';
import { cache, emit, plusOptions, unread } from '../state';
import { t } from '../texts';
import { toast } from '../toast';
import { lineOf } from './bubble';
import { type Compose, composeView, lengthOf, longest } from './compose';
import { Lines } from './lines';
import { MembersView } from './members';

export class Pane {
  readonly key: string;
  readonly root: HTMLElement;
  /** The entry in the list of open chats. */
  readonly tab: HTMLLIElement;
  readonly lines: Lines;
  readonly compose: Compose;
  readonly members: MembersView | undefined;
  private readonly statusLine = el('p.layim-chat-status', { 'aria-live': 'polite' });
  private count: HTMLElement | undefined;

  constructor(readonly data: ChatData) {
    this.key = keyOf(data);
    this.lines = new Lines(data.name, plusOptions().hostHistory === true, {
      top: (before) => emit('older', { data, before }),
      bottom: () => emit('seen', data),
    });
    this.compose = composeView(data, () => this.send(), () => emit('typing', data));
    this.members = data.type === 'group' ? new MembersView(data, (count) => this.showCount(count)) : undefined;
    const { main, jumpButton } = this.lines;
    const body = el('div.layim-chat-body', {}, main, jumpButton);
    this.root = el('div', { class: `layim-chat layim-chat-${data.type}`, 'data-key': this.key, role: 'region', 'aria-label': data.name }, this.title(), body, this.compose.footer);
    this.tab = this.makeTab();
  }

  private title(): HTMLElement {
    const { data } = this;
    const name = el('span.layim-chat-username', { title: data.name }, el('bdi', {}, data.name));
    if (data.temporary) name.append(el('cite', {}, t('temporary')));
    if (this.members) {
      this.count = el('em.layim-chat-members');
      name.append(this.count, el('i.layui-icon.layui-icon-down', { 'aria-hidden': 'true' }));
      set(name, { ...action('groupMembers', t('showMembers')), title: data.name });
    }
    return el(
      'div.layui-unselect.layim-chat-title',
      {},
      el('span.layim-chat-back', action('back', t('back')), icon('left')),
      el('div.layim-chat-other', {}, el('img', { class: `layim-${this.key}`, src: data.avatar || undefined, alt: '' }), name, this.statusLine),
      el('span.layim-chat-close', action('closeThisChat', t('closeChat', { name: data.name })), icon('close')),
      this.members?.root,
    );
  }

  private makeTab(): HTMLLIElement {
    const { data } = this;
    return el(
      'li',
      { class: `layim-${this.key} layim-chatlist-${this.key}`, 'layim-event': 'tabChat', 'data-key': this.key, role: 'button', tabindex: 0, title: data.name },
      avatar(data.avatar),
      el('span', { dir: 'auto' }, data.name),
      el('em.layim-msg-status', { hidden: true }),
      el('i.layui-icon.layui-icon-close', action('closeChat', t('closeChat', { name: data.name }))),
    );
  }

  /** Text in the status line under the name. */
  status(text: string): void {
    this.statusLine.textContent = text;
  }

  private showCount(count: number): void {
    if (this.count) this.count.textContent = t('members', { n: count });
  }

  show(shown: boolean): void {
    this.root.classList.toggle('layui-show', shown);
    this.tab.classList.toggle('layim-this', shown);
    set(this.tab, { 'aria-pressed': String(shown) });
    if (!shown) return;
    this.lines.shown();
    if (this.count?.textContent === '') void this.members?.fill();
  }

  receive(message: Incoming): boolean {
    return this.lines.add(lineOf(message));
  }

  /** Draws what is written, tells the host, and empties the field. */
  send(): void {
    const { textarea } = this.compose;
    const content = textarea.value.replace(/\s+$/u, '');
    if (content.trim() === '') {
      textarea.focus();
      return;
    }
    if (lengthOf(content) > longest()) {
      toast(t('tooLong', { n: longest() }));
      return;
    }
    const { username, avatar: picture, id } = cache.mine;
    // The bubble's name before the server gives it one; a bridge may use it as the message's `client_id`.
    const cid = newId();
    const state = plusOptions().hostHistory ? { state: 'waiting' as const } : {};
    this.lines.add(lineOf({ ...this.data, content, cid, mine: true, fromid: id, timestamp: Date.now(), ...state }));
    textarea.value = '';
    this.compose.drawLength();
    this.compose.faces(false);
    emit('sendMessage', { mine: { username, avatar: picture, id, mine: true, content, cid }, to: { ...this.data } });
  }

  /** The number of unread messages, at the entry in the list of open chats. */
  drawUnread(): void {
    const count = unread.get(this.key) ?? 0;
    const badge = this.tab.querySelector<HTMLElement>('.layim-msg-status');
    if (!badge) return;
    badge.hidden = count === 0;
    badge.textContent = count > 99 ? '99+' : String(count);
    set(badge, { 'aria-label': t('unread', { n: count }) });
  }
}
