// What a message says, in LayIM's words: as micro-markup that every LayIM knows, as a part for ours, and in short.

import type { Part } from '../layim/contract';
import { summary } from '../layim/markup/parse';
import { textOf } from '../sdk';
import type { Card, Attachment, Message } from '../generated/types';

/** Where a file is; it stays there as long as a message shows it. */
export function fileAddress(id: string): string {
  return `/files/${id}`;
}

/** Whether a body names a file of its own. */
function fileOf(message: Pick<Message, 'kind' | 'body'>): Attachment | undefined {
  switch (message.kind) {
    case 'picture':
    case 'file':
    case 'voice':
    case 'video':
      return message.body as Attachment;
    default:
      return undefined;
  }
}

/** The message as a part of ours, if it is more than text. */
export function partOf(message: Pick<Message, 'kind' | 'body'>): Part | undefined {
  const file = fileOf(message);
  if (message.kind === 'card') {
    const { title, text, link, picture } = message.body as Card;
    return { kind: 'card', title, ...(text ? { text } : {}), ...(link ? { link } : {}), ...(picture ? { picture: `${fileAddress(picture)}?size=small` } : {}) };
  }
  if (!file) return undefined;
  const src = fileAddress(file.file);
  const { name, bytes, width, height, seconds } = file;
  switch (message.kind) {
    case 'picture':
      return { kind: 'picture', src, small: `${src}?size=small`, name, ...(width && height ? { width, height } : {}) };
    case 'voice':
      return { kind: 'voice', src, seconds: seconds ?? 0 };
    case 'video':
      return { kind: 'video', src, name, ...(seconds ? { seconds } : {}) };
    default:
      return { kind: 'file', src, name, bytes };
  }
}

/** What would end the mark around it cannot be part of it. */
const marked = (text: string) => text.replace(/[\]\r\n]/g, ' ').trim();

/** The message as LayIM's micro-markup. */
export function contentOf(message: Pick<Message, 'kind' | 'body'>): string {
  const part = partOf(message);
  switch (part?.kind) {
    case undefined:
      return textOf(message.body);
    case 'picture':
      return `img[${part.src}]`;
    case 'file':
      return `file(${part.src})[${marked(part.name)}]`;
    case 'voice':
      return `audio[${part.src}]`;
    case 'video':
      return `video[${part.src}]`;
    case 'card': {
      const link = part.link && /^[^\s()]+$/.test(part.link) ? `a(${part.link})[${marked(part.title)}]` : part.title;
      return part.text ? `${link}\n${part.text}` : link;
    }
  }
}

const zh = { image: '[图片]', file: '[文件]', voice: '[语音]', video: '[视频]', card: '[卡片]', recalled: '[已撤回]', erased: '[已清除]' };
const en = { image: '[picture]', file: '[file]', voice: '[voice]', video: '[video]', card: '[card]', recalled: '[taken back]', erased: '[erased]' };

/** The message as one short line. */
export function shortText(message: { kind: string; body: unknown }, isChinese: boolean): string {
  const words = isChinese ? zh : en;
  const named = message.body as { name?: unknown; title?: unknown };
  switch (message.kind) {
    case 'picture':
      return words.image;
    case 'file':
      return `${words.file} ${String(named.name ?? '')}`.trim();
    case 'voice':
      return words.voice;
    case 'video':
      return words.video;
    case 'card':
      return `${words.card} ${String(named.title ?? '')}`.trim();
    case 'recalled':
    case 'recall':
      return words.recalled;
    case 'reaction':
      return String((message.body as { emoji?: unknown }).emoji ?? '');
    case 'erased':
      return words.erased;
    default:
      return summary(textOf(message.body), words);
  }
}

/** A quote as one short line: its text is the server's, its kind may be more than text. */
export function quoteText({ kind, text }: { kind: string; text: string }, isChinese: boolean): string {
  return shortText({ kind, body: { text, name: text, title: text } }, isChinese);
}
