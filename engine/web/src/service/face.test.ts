import assert from 'node:assert/strict';
import { test } from 'node:test';
import { letters, shown } from './face';

test('letters are those that the server draws', () => {
  assert.deepEqual(['张伟', '欧阳小明', 'Emma Johnson', 'Li', 'a b c', '', '  ', '访客 3f2a'].map(letters), ['张伟', '小明', 'EJ', 'L', 'AC', '', '', '访客']);
});

test('only what cannot be had is drawn, and names are text', () => {
  const id = '01a2064c-0ce9-70df-a9aa-3571017a3d22';
  assert.equal(shown({ id, name: 'x', avatar: 'https://a.example/x.png' }).avatar, 'https://a.example/x.png');
  const { avatar } = shown({ id, name: '<b> "&', avatar: `/avatars/${id}.svg` });
  assert.ok(avatar.startsWith('data:image/svg+xml,') && !decodeURIComponent(avatar).includes('<b'));
});
