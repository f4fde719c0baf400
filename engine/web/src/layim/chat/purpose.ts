// What the text being written is for, when it is not simply a message: the answer to one, or new words for one. And what
// is done with a message at once.

import type { ChatData, MessageAction, Mention, Quote, Readers } from '../contract';
import { chooseChat } from '../dialogs/choose';
import { readersDialog } from '../dialogs/readers';
import { emit } from '../state';
import { t } from '../texts';
import type { Line } from './bubble';
import type { Compose } from './compose';
import { isMine } from './reactions';
import { shortOf } from './short';

export class Purpose {
  private reply: Quote | undefined;
  private editing: { cid: string; seq: number | undefined } | undefined;
  /** What was being written when an edit began. */
  private before = '';

  constructor(private readonly data: ChatData, private readonly compose: Compose) {}

  get isEditing(): boolean {
    return this.editing !== undefined;
  }

  /** Something of the menu or of the buttons beside a message. */
  act(action: MessageAction, line: Line): void {
    const { cid, seq, name, content } = line;
    const { data } = this;
    if (action === 'recall') {
      emit('recall', { cid, seq, data });
    } else if (action === 'forward' && seq !== undefined) {
      chooseChat({ title: t('forwardTo'), shown: `${name}: ${shortOf(line)}`, chosen: (to) => emit('forward', { cid, seq, data, to }) });
    } else if (action === 'readers' && seq !== undefined) {
      const show = readersDialog();
      emit('readers', { cid, seq, data, show: (readers: Readers) => show(readers) });
    } else if (action === 'reply') {
      this.clear();
      this.reply = { cid, ...(seq === undefined ? {} : { seq }), username: name, content: shortOf(line) };
      this.compose.about(t('replyTo', { name, text: shortOf(line) }));
      this.compose.textarea.focus();
    } else if (action === 'edit') {
      this.clear();
      this.editing = { cid, seq };
      this.before = this.compose.textarea.value;
      this.compose.about(t('editing'));
      this.write(content);
    }
  }

  /** Puts an emoji under a message, or takes it away where it is the person's own. */
  react({ cid, seq, reactions }: Line, emoji: string): void {
    if (seq === undefined || emoji === '') return;
    const known = reactions.find((one) => one.emoji === emoji);
    emit('react', { cid, seq, emoji, on: !known || !isMine(known), data: this.data });
  }

  /** The words of a message that was taken back are at hand again. */
  sayAgain({ content }: Line): void {
    this.clear();
    this.write(content);
  }

  private write(text: string): void {
    const { textarea } = this.compose;
    textarea.value = text;
    textarea.dispatchEvent(new Event('input'));
    textarea.focus();
    textarea.setSelectionRange(text.length, text.length);
  }

  /** Back to a plain message; false if it was one. */
  clear(): boolean {
    const was = this.reply !== undefined || this.editing !== undefined;
    if (this.editing !== undefined) this.compose.textarea.value = this.before;
    this.reply = undefined;
    this.editing = undefined;
    this.before = '';
    this.compose.about(undefined);
    return was;
  }

  /** New words were meant: they are told, and no message is sent. */
  takeEdit(content: string, mention: Mention | undefined): boolean {
    const { editing } = this;
    if (editing === undefined) return false;
    const { before } = this;
    this.editing = undefined;
    this.clear();
    emit('edit', { ...editing, content, ...(mention ? { mention } : {}), data: this.data });
    this.compose.textarea.value = before;
    return true;
  }

  /** The message that is answered; from then on none is. */
  takeReply(): Quote | undefined {
    const { reply } = this;
    this.clear();
    return reply;
  }
}
