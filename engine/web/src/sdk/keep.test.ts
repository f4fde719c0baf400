import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keep, memoryShelf, type Shelf } from './keep';
import type { Unsent } from './lanes';

const unsent = (order: number): Unsent => ({ clientId: `id-${order}`, to: { person: 'lina' }, text: `t${order}`, at: 1, order });

test('what was not sent comes back in order, for its person only', () => {
  const shelf = memoryShelf();
  const keep = new Keep(shelf, memoryShelf());
  for (const order of [3, 1, 2]) keep.setUnsent('me', unsent(order));
  keep.setUnsent('you', unsent(4));
  keep.dropUnsent('me', 'id-2');
  const later = new Keep(shelf, memoryShelf());
  assert.deepEqual(later.unsent('me').map(({ text }) => text), ['t1', 't3']);
  assert.deepEqual(later.unsent('you').map(({ text }) => text), ['t4']);
  later.forget('me');
  assert.deepEqual(later.unsent('me'), []);
  assert.equal(later.unsent('you').length, 1);
});

test('the queue of a person is bounded, and what is in it can still change', () => {
  const keep = new Keep(memoryShelf(), memoryShelf());
  for (let order = 1; order <= 600; order += 1) keep.setUnsent('me', unsent(order));
  assert.equal(keep.unsent('me').length, 500);
  keep.setUnsent('me', { ...unsent(7), failure: { code: 'c', reason: 'r' } });
  assert.equal(keep.unsent('me').find(({ order }) => order === 7)?.failure?.code, 'c');
});

test('what others wrote into the store does no harm', () => {
  const shelf = memoryShelf();
  const keep = new Keep(shelf, shelf);
  for (const [name, text] of Object.entries({
    a: '', b: 'null', c: '{', d: '[]', e: '{"clientId":1}', f: '{"clientId":"x","text":"t","at":1,"order":1,"to":{}}',
    g: '{"clientId":"x","text":"t","at":1,"order":1,"to":{"person":1}}',
  })) shelf.setItem(`webim.unsent.me.${name}`, text);
  shelf.setItem('webim.positions.me', '{"epoch":"e"}');
  shelf.setItem('webim.device', '"'.padEnd(200, 'x'));
  assert.deepEqual(keep.unsent('me'), []);
  assert.equal(keep.resume('me'), undefined);
  assert.equal(keep.device(() => 'made'), 'made');
});

test('a store that is full, or refuses everything, costs nothing but what it would have kept', () => {
  const refuse = () => {
    throw new Error('SecurityError');
  };
  const shelf: Shelf = { getItem: refuse, setItem: refuse, removeItem: refuse, keys: refuse };
  const keep = new Keep(shelf, shelf);
  keep.setUnsent('me', unsent(1));
  keep.dropUnsent('me', 'id-1');
  keep.setResume('me', { epoch: 'e', positions: {} });
  keep.forget('me');
  assert.deepEqual(keep.unsent('me'), []);
  assert.equal(keep.device(() => 'made'), 'made');
});
