// A message in a few words: for quotes, lists and questions.

import type { Part } from '../contract';
import { summary } from '../markup/parse';
import { t } from '../texts';

/** The message as one short line without markup. */
export function shortOf({ part, content }: { part?: Part | undefined; content: string }): string {
  switch (part?.kind) {
    case undefined:
      return summary(content, { image: t('imageWord'), file: t('fileWord') });
    case 'picture':
      return t('imageWord');
    case 'file':
      return `${t('fileWord')} ${part.name}`;
    case 'voice':
      return t('voiceWord');
    case 'video':
      return t('videoWord');
    case 'card':
      return `${t('cardWord')} ${part.title}`;
  }
}
