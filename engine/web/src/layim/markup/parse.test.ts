import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faces } from '../faces';
import { parse, summary } from './parse';

const check = (text: string, ...expected: unknown[]) => assert.deepEqual(parse(text), expected);
const text = (value: string) => ({ kind: 'text', text: value });

test('there are 72 faces, each with a picture', () => {
  assert.equal(faces.size, 72);
  for (const [token, emoji] of faces) assert.match(emoji, /\p{Extended_Pictographic}/u, token);
});

test('plain text stays as it is', () => {
  check('<b>hi</b> & "bye"', text('<b>hi</b> & "bye"'));
  check('');
});

test('lines break', () => check('a\nb', text('a'), { kind: 'break' }, text('b')));

test('faces: known ones are drawn, unknown ones are text', () => {
  check('face[微笑] x', { kind: 'face', name: '微笑' }, text(' x'));
  check('face[nope]', text('face[nope]'));
});

test('img, file, audio, video, a', () => {
  check('img[/files/1]', { kind: 'image', src: '/files/1' });
  check('file(/f)[a b.txt]', { kind: 'file', href: '/f', name: 'a b.txt' });
  check('file(/f)[]', { kind: 'file', href: '/f', name: '/f' });
  check('audio[/a]', { kind: 'audio', src: '/a' });
  check('video[/v]', { kind: 'video', src: '/v' });
  check('a(http://x.y)[go]', { kind: 'link', href: 'http://x.y', text: 'go' });
  check('img[a b]', text('img[a b]'));
});

test('@name, but not an e-mail address', () => {
  check('hi @lina ok', text('hi '), { kind: 'mention', name: 'lina' }, text(' ok'));
  check('me@example.com', text('me@example.com'));
});

test('elements nest, with their attributes', () => {
  check('[ul class=m][li class=question id=q1 data-type=x]One[/li][/ul]', {
    kind: 'element', tag: 'ul', attributes: { class: 'm' }, children: [
      { kind: 'element', tag: 'li', attributes: { class: 'question', id: 'q1', 'data-type': 'x' }, children: [text('One')] },
    ],
  });
});

test('what is not closed or not known is text', () => {
  check('[div]x', text('[div]x'));
  check('x[/div]', text('x[/div]'));
  check('[script]x[/script]', text('[script]x[/script]'));
  check('[div][span]x[/div]', text('[div][span]x[/div]'));
});

test('a thousand openings stay shallow', () => {
  const deep = (nodes: ReturnType<typeof parse>): number =>
    Math.max(0, ...nodes.map((node) => (node.kind === 'element' ? 1 + deep(node.children) : 0)));
  assert.ok(deep(parse('[div]'.repeat(1_000) + '[/div]'.repeat(1_000))) <= 12);
});

test('a summary is one short line', () => {
  const words = { image: '[image]', file: '[file]' };
  assert.equal(summary('a\n\nface[微笑] img[/x] file(/f)[n.txt]', words), 'a 🙂 [image] [file] n.txt');
  assert.equal(summary('x'.repeat(5_000), words).length, 120);
});
