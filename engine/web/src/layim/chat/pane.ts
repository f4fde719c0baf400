// One chat: its title, its messages, its place to write.

import type { ChatData, Incoming } from '../contract';
import { newId } from '../../ids';
import { action, avatar, el, icon, keyOf, set } from '../dom';
import { draftOf, keepDraft } from '../drafts';
import { keep, KEPT, logOf } from '../log';
import { pictureAddress } from '../markup/address';
import { lineOf as formatted } from '../markup/lines';
import { beforePaint } from '../paint';
import { cache, emit, plusOptions, unread } from '../state';
import { t } from '../texts';
import { toast } from '../toast';
import { lineOf } from './bubble';
import { takesDrops } from './drop';
import { type Compose, composeView, lengthOf, longest } from './compose';
import { Lines } from './lines';
import { MembersView } from './members';
import { Purpose } from './purpose';

export class Pane {
  readonly key: string;
  readonly root: HTMLElement;
  /** The entry in the list of open chats. */
  readonly tab: HTMLLIElement;
  readonly lines: Lines;
  readonly compose: Compose;
  readonly members: MembersView | undefined;
  readonly purpose: Purpose;
  private readonly statusLine = el('p.layim-chat-status', { 'aria-live': 'polite' });
  private readonly nameText = el('bdi');
  private readonly closedLine = el('p.layim-chat-closed', { hidden: true, role: 'note' });
  private count: HTMLElement | undefined;

  constructor(public data: ChatData) {
    this.key = keyOf(data);
    this.lines = new Lines(data.name, plusOptions().hostHistory === true, {
      top: (before) => emit('older', { data, before }),
      newer: (after) => emit('newer', { data, after }),
      bottom: () => emit('seen', data),
    });
    const members = data.type === 'group' ? new MembersView(data, (count) => this.showCount(count)) : undefined;
    this.members = members;
    this.compose = composeView({
      data,
      send: () => this.send(),
      typed: () => emit('typing', this.data),
      members: members && plusOptions().mentions ? () => members.people() : undefined,
    });
    this.purpose = new Purpose(data, this.compose);
    const { main, jumpButton } = this.lines;
    const body = el('div.layim-chat-body', {}, main, jumpButton);
    this.root = el('div', { class: `layim-chat layim-chat-${data.type}`, 'data-key': this.key, role: 'region', 'aria-label': data.name }, this.title(), body, this.compose.footer, this.closedLine);
    if (plusOptions().ownFiles) takesDrops(body, (files) => void (this.isClosed || this.compose.tools.take(files)));
    this.close(data.closed);
    this.tab = this.makeTab();
    this.drawName();
    this.compose.textarea.value = draftOf(this.key);
    this.compose.textarea.addEventListener('input', () => this.keepDraft());
    if (!plusOptions().hostHistory) this.drawLog();
  }

  /** What LayIM has kept of this conversation, and what came before the window was opened. */
  private drawLog(): void {
    const log = logOf(this.key);
    const queued = cache.message[this.key] ?? [];
    const isLogged = (message: Incoming) => log.some((other) => other.timestamp === message.timestamp && other.content === message.content);
    for (const message of [...log, ...queued.filter((message) => !isLogged(message))]) this.lines.add(lineOf(message));
    this.drawMore();
  }

  /** From twenty messages on a line leads to all the others. */
  private drawMore(): void {
    if (plusOptions().hostHistory || this.lines.size < KEPT || this.lines.main.querySelector(':scope > .layim-chat-system')) return;
    this.lines.head(el('div.layim-chat-system', {}, el('span', action('chatLog', t('moreLog')), t('moreLog'))));
  }

  keepDraft(): void {
    // The words of an old message are not a draft.
    if (this.purpose.isEditing) return;
    const { value } = this.compose.textarea;
    if (keepDraft(this.key, value)) emit('draft', { data: this.data, text: value });
  }

  /** Whether nothing can be written here. */
  get isClosed(): boolean {
    return !this.closedLine.hidden;
  }

  /** Puts a line that says why in the place where one writes; without a line one writes again. What was begun is kept. */
  close(why: string | undefined): void {
    const isClosed = Boolean(why);
    if (isClosed) {
      this.purpose.clear();
      this.compose.faces(false);
      this.compose.tools.recorder?.stop(false);
    }
    this.closedLine.textContent = why ?? '';
    this.closedLine.hidden = !isClosed;
    this.compose.footer.hidden = isClosed;
    this.root.classList.toggle('layim-closed', isClosed);
  }

  /** Another name, or the first one. */
  rename(name: string): void {
    this.data = { ...this.data, name };
    this.drawName();
  }

  private drawName(): void {
    const name = String(this.data.name ?? '');
    this.nameText.textContent = name;
    set(this.root, { 'aria-label': name });
    set(this.nameText.parentElement ?? this.nameText, { title: name });
    set(this.tab, { title: name });
    const label = this.tab.querySelector('span');
    if (label) label.textContent = name;
  }

  private title(): HTMLElement {
    const { data } = this;
    const name = el('span.layim-chat-username', {}, this.nameText);
    if (data.temporary) name.append(el('cite', {}, t('temporary')));
    if (this.members) {
      this.count = el('em.layim-chat-members');
      name.append(this.count, el('i.layui-icon.layui-icon-down', { 'aria-hidden': 'true' }));
      set(name, action('groupMembers', t('showMembers')));
    }
    return el(
      'div.layui-unselect.layim-chat-title',
      {},
      el('span.layim-chat-back', action('back', t('back')), icon('left')),
      el('div.layim-chat-other', {}, el('img', { class: `layim-${this.key}`, src: pictureAddress(data.avatar), alt: '' }), name, this.statusLine),
      !cache.base.brief && el('span.layim-chat-close', action('closeThisChat', t('closeChat', { name: data.name })), icon('close')),
      this.members?.root,
    );
  }

  private makeTab(): HTMLLIElement {
    const { data } = this;
    return el(
      'li',
      { class: `layim-${this.key} layim-chatlist-${this.key}`, 'layim-event': 'tabChat', 'data-key': this.key, role: 'button', tabindex: 0 },
      avatar(pictureAddress(data.avatar)),
      el('span', { dir: 'auto' }),
      el('em.layim-msg-status', { hidden: true }),
      !cache.base.brief && el('i.layui-icon.layui-icon-close', action('closeChat', t('closeChat', { name: data.name }))),
    );
  }

  /** Text in the status line under the name. */
  status(text: string): void {
    if (this.statusLine.textContent !== text) this.statusLine.textContent = text;
  }

  /** The same with the little HTML that hosts use there. */
  statusHtml(html: string): void {
    this.statusLine.replaceChildren(formatted(html));
  }

  private showCount(count: number): void {
    if (this.count) this.count.textContent = t('members', { n: String(count) });
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
    const isNew = this.lines.add(lineOf(message));
    this.drawMore();
    return isNew;
  }

  /** One sees that something came to a chat that is not in front. */
  shake(): void {
    this.tab.classList.remove('layer-anim-06');
    beforePaint(`shake${this.key}`, () => this.tab.classList.add('layer-anim-06'));
  }

  /** Draws what is written, tells the host, and empties the field. */
  send(): void {
    if (this.isClosed) return;
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
    const { textarea: field } = this.compose;
    const mention = this.compose.mention(content);
    if (this.purpose.takeEdit(content, mention)) {
      this.keepDraft();
      this.compose.drawLength();
      return;
    }
    const reply = this.purpose.takeReply();
    const { username, avatar: picture, id } = cache.mine;
    const cid = newId();
    const { success: _, offset: __, anim: ___, ...to } = this.data;
    const said: Incoming = { username, avatar: picture, id: to.id, type: to.type, content, cid, mine: true, fromid: id, timestamp: Date.now(), ...(reply ? { reply } : {}) };
    keep(said, false);
    this.receive({ ...said, ...(plusOptions().hostHistory ? { state: 'waiting' as const } : {}) });
    this.emptyField(field);
    this.compose.faces(false);
    emit('sendMessage', { mine: { username: username || undefined, avatar: picture || undefined, id: id === '' ? undefined : id, mine: true, content, cid, ...(reply ? { reply } : {}), ...(mention ? { mention } : {}) }, to });
  }

  private emptyField(field: HTMLTextAreaElement): void {
    field.value = '';
    this.keepDraft();
    this.compose.drawLength();
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
