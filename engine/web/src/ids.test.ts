import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId, timeOrdered } from './ids';

const DAY = 86_400_000;
const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Bytes that look random and are the same in each run. */
function bytesFrom(seed: number): (bytes: Uint8Array) => void {
  let state = seed;
  return (bytes) => {
    for (let i = 0; i < bytes.length; i += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      bytes[i] = state >>> 24;
    }
  };
}

const timeOf = (id: string) => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

test('an id is a UUID of version 7 with the time in front', () => {
  const id = timeOrdered(() => 1_700_000_000_123, bytesFrom(1))();
  assert.match(id, SHAPE);
  assert.equal(timeOf(id), 1_700_000_000_123);
  assert.match(newId(), SHAPE);
});

test('ids grow, also within one millisecond and while the clock is set back a little', () => {
  let time = 1_700_000_000_000;
  const make = timeOrdered(() => time, bytesFrom(2));
  let before = '';
  for (let i = 0; i < 20_000; i += 1) {
    if (i % 5_000 === 4_999) time -= 2_000;
    const id = make();
    assert.ok(id > before, `${id} after ${before}`);
    before = id;
  }
});

test('ids follow a clock that was a day wrong, and stay unique', () => {
  let time = 1_700_000_000_000;
  const make = timeOrdered(() => time, bytesFrom(3));
  const seen = new Set<string>();
  for (const shift of [0, DAY, -DAY, -DAY, DAY, 0]) {
    time += shift;
    const first = make();
    assert.equal(timeOf(first), time);
    seen.add(first);
    for (let i = 1; i < 500; i += 1) seen.add(make());
  }
  assert.equal(seen.size, 3_000);
});

test('two tabs with the same clock make different ids', () => {
  const [one, two] = [4, 5].map((seed) => timeOrdered(() => 1_700_000_000_000, bytesFrom(seed)));
  const ids = Array.from({ length: 1_000 }, () => [one?.(), two?.()]).flat();
  assert.equal(new Set(ids).size, 2_000);
});

test('a clock without sense still gives ids', () => {
  for (const now of [NaN, -1, Infinity, 2 ** 60, 0.5]) assert.match(timeOrdered(() => now, bytesFrom(6))(), SHAPE);
});
