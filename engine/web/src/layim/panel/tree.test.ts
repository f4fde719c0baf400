import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FriendGroup } from '../contract';
import { inTreeOrder } from './tree';

const group = (id: string, parent: string | null): FriendGroup => ({ id, parent, groupname: id, list: [] });
const order = (groups: FriendGroup[]) => inTreeOrder(groups).map(({ id, level }) => `${level}${id}`);

test('children stand below their parents, in the order they came', () => {
  const groups = [group('a', null), group('b', null), group('a1', 'a'), group('b1', 'b'), group('a2', 'a'), group('a1x', 'a1')];
  assert.deepEqual(order(groups), ['0a', '1a1', '2a1x', '1a2', '0b', '1b1']);
});

test("LayIM's own flat lists stay as they are", () => {
  const flat = [{ id: 1, groupname: 'x', list: [] }, { id: 2, groupname: 'y', list: [] }];
  assert.deepEqual(inTreeOrder(flat).map(({ id, level }) => [id, level]), [[1, 0], [2, 0]]);
});

test('a parent that is not there, or is the group itself, makes it a top', () => {
  assert.deepEqual(order([group('a', 'gone'), group('b', 'b')]), ['0a', '0b']);
});

test('a circle loses nobody', () => {
  assert.deepEqual(order([group('a', 'b'), group('b', 'a')]), ['0a', '1b']);
});
