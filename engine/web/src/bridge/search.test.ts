import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marked } from './search';

test('spans count characters, also those of two code units', () => {
  assert.deepEqual(marked('🙂会议室', [[1, 3]]), ['🙂', { mark: '会议' }, '室']);
});

test('nothing marked, all marked, and spans that make no sense', () => {
  assert.deepEqual(marked('abc', []), ['abc']);
  assert.deepEqual(marked('abc', [[0, 3]]), [{ mark: 'abc' }]);
  assert.deepEqual(marked('abc', [[2, 1], [0, 9], [1, 2], [0, 1]]), ['a', { mark: 'b' }, 'c']);
});
