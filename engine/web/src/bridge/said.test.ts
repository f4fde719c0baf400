import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../generated/types';
import { contentOf, partOf, quoteText, shortText } from './said';

type Said = Pick<Message, 'kind' | 'body'>;
const file = { file: 'f-1', name: 'a]b\n.pdf', bytes: 10, type: 'application/pdf' };
const said = (kind: string, body: unknown) => ({ kind, body }) as Said;

test('each kind in markup that every LayIM knows', () => {
  const contents = [said('text', { text: 'hi' }), said('picture', file), said('file', file), said('voice', { ...file, seconds: 3 }), said('video', file)].map(contentOf);
  assert.deepEqual(contents, ['hi', 'img[/files/f-1]', 'file(/files/f-1)[a b .pdf]', 'audio[/files/f-1]', 'video[/files/f-1]']);
  assert.equal(contentOf(said('card', { title: 'T', text: 'x', link: 'https://a/b' })), 'a(https://a/b)[T]\nx');
  assert.equal(contentOf(said('card', { title: 'T', link: 'https://a/(b)' })), 'T');
});

test('parts of ours; a small picture in the bubble, the whole one behind it', () => {
  assert.equal(partOf(said('text', { text: 'hi' })), undefined);
  assert.deepEqual(partOf(said('picture', { ...file, width: 8, height: 6 })), { kind: 'picture', src: '/files/f-1', small: '/files/f-1?size=small', name: file.name, width: 8, height: 6 });
  assert.deepEqual(partOf(said('card', { title: 'T', text: '', picture: 'p-1' })), { kind: 'card', title: 'T', picture: '/files/p-1?size=small' });
});

test('each kind in short', () => {
  const kinds: [string, unknown][] = [['text', { text: 'a\nb' }], ['picture', file], ['file', { name: 'n' }], ['voice', file], ['card', { title: 'T' }], ['recalled', {}], ['erased', {}], ['reaction', { emoji: '👍', on: true }]];
  assert.deepEqual(kinds.map(([kind, body]) => shortText({ kind, body }, true)), ['a b', '[图片]', '[文件] n', '[语音]', '[卡片] T', '[已撤回]', '[已清除]', '👍']);
  assert.equal(quoteText({ kind: 'file', text: 'n.pdf' }, false), '[file] n.pdf');
});
