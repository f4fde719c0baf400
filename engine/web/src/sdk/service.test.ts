import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientFrame } from '../generated/types';
import { isTold, Service } from './service';
import { RestError } from './rest';

/** A clock whose timers run when they are told to. */
function world() {
  const sent: ClientFrame[] = [];
  const timers = new Set<() => void>();
  let isOnline = true;
  let count = 0;
  const service = new Service({
    clock: {
      now: () => 0,
      random: () => 0.5,
      uuid: () => `id-${(count += 1)}`,
      after: (_wait, run) => {
        timers.add(run);
        return { cancel: () => void timers.delete(run) };
      },
    },
    put: (frame) => isOnline && sent.push(frame) > 0,
  });
  return { service, sent, timers, offline: () => void (isOnline = false) };
}

const code = (promise: Promise<unknown>) => promise.then(() => 'done', (error: unknown) => (error instanceof RestError ? error.code : String(error)));

test('a move is answered once, by its name', async () => {
  const { service, sent, timers } = world();
  const opened = service.open({ channel: 'shop' });
  const taken = code(service.take('c-1'));
  assert.deepEqual(sent.map(({ op }) => op), ['service.open', 'service.take']);
  service.nack({ client_id: 'id-2', code: 'agent_full', reason: 'Full.', retry: false });
  service.ack({ client_id: 'id-1' });
  service.ack({ client_id: 'id-1' });
  service.ack({ client_id: 'of another' });
  assert.equal((await opened).client_id, 'id-1');
  assert.equal(await taken, 'agent_full');
  assert.equal(timers.size, 0);
});

test('without a connection, with a lost one, and without an answer', async () => {
  const { service, timers, offline } = world();
  const lost = code(service.close('c-1'));
  service.offline();
  assert.equal(await lost, 'no_answer');
  const silent = code(service.note('c-1', 'x'));
  for (const run of [...timers]) run();
  assert.equal(await silent, 'no_answer');
  offline();
  assert.equal(await code(service.take('c-1')), 'offline');
});

test('what is watched is said again on the next connection', () => {
  const { service, sent } = world();
  service.watch({ conversations: ['c-1'], board: true }).catch(() => undefined);
  service.offline();
  service.online();
  assert.equal(sent.length, 2);
  assert.deepEqual({ ...sent[1], client_id: '' }, { ...sent[0], client_id: '' });
});

test('which frames are events', () => {
  assert.ok(isTold({ op: 'holder' }) && isTold({ op: 'board' }) && !isTold({ op: 'message' }) && !isTold({ op: 'new in a later release' }));
});
