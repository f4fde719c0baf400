// What the text being written is for, when it is not simply a message: the answer to one, or new words for one.

import type { ChatData, MessageAction, Quote } from '../contract';
import { summary } from '../markup/parse';
import { emit } from '../state';
import { t } from '../texts';
import type { Line } from './bubble';
import type { Compose } from './compose';

export class Purpose {
  private reply: Quote | undefined;
  private editing: string | undefined;

  constructor(private readonly data: ChatData, private readonly compose: Compose) {}

  /** A button beside a message was pressed. */
  act(action: MessageAction, line: Line): void {
    const { cid, name, content } = line;
    if (action === 'recall') {
      emit('recall', { cid, data: this.data });
      return;
    }
    this.clear();
    if (action === 'reply') {
      this.reply = { cid, username: name, content };
      const text = summary(content, { image: t('imageWord'), file: t('fileWord') });
      this.compose.about(t('replyTo', { name, text }));
    } else {
      this.editing = cid;
      this.compose.about(t('editing'));
      this.compose.textarea.value = content;
    }
    this.compose.textarea.focus();
  }

  /** Back to a plain message; false if it was one. */
  clear(): boolean {
    const was = this.reply !== undefined || this.editing !== undefined;
    if (this.editing !== undefined) this.compose.textarea.value = '';
    this.reply = undefined;
    this.editing = undefined;
    this.compose.about(undefined);
    return was;
  }

  /** New words were meant: they are told, and no message is sent. */
  takeEdit(content: string): boolean {
    const cid = this.editing;
    if (cid === undefined) return false;
    this.clear();
    emit('edit', { cid, content, data: this.data });
    return true;
  }

  /** The message that is answered; from then on none is. */
  takeReply(): Quote | undefined {
    const { reply } = this;
    this.clear();
    return reply;
  }
}
