import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Send } from '../generated/types';
import { type Outgoing, type Unsent, unsentOf } from './lanes';
import { Outbox } from './outbox';
import { FakeClock } from './testing/fakes';

const LINA = { person: 'lina' };

function setup() {
  const clock = new FakeClock();
  const sent: Send[] = [];
  const states: string[] = [];
  const outbox = new Outbox({
    clock,
    put: (frame) => sent.push(frame) > 0,
    changed: ({ text, state }) => void states.push(`${text} ${state}`),
  });
  const ack = (one: Outgoing, seq: number) =>
    outbox.ack({ client_id: one.clientId, conversation: 'c', message: `m${seq}`, seq, time: 1 });
  return { clock, sent, states, outbox, ack };
}

const texts = (sent: Send[]) => sent.map(({ body, retry }) => `${body.text}${retry ? ' again' : ''}`);

test('one at a time for each addressee, in order', () => {
  const { outbox, sent, ack } = setup();
  outbox.online();
  const a = outbox.submit(LINA, 'a');
  outbox.submit(LINA, 'b');
  outbox.submit({ unit: 'u' }, 'c');
  assert.deepEqual(texts(sent), ['a', 'c']);
  ack(a, 1);
  assert.deepEqual(texts(sent), ['a', 'c', 'b']);
});

test('waits while offline and sends in order when back', () => {
  const { outbox, sent, states, ack } = setup();
  const a = outbox.submit(LINA, 'a');
  const b = outbox.submit(LINA, 'b');
  assert.deepEqual(texts(sent), []);
  outbox.online();
  ack(a, 1);
  ack(b, 2);
  assert.deepEqual(texts(sent), ['a', 'b']);
  assert.deepEqual(states.slice(-1), ['b sent']);
  assert.deepEqual(outbox.pending(), []);
});

test('repeats with retry what was unanswered when the connection broke', () => {
  const { outbox, sent } = setup();
  outbox.online();
  outbox.submit(LINA, 'a');
  outbox.submit(LINA, 'b');
  outbox.offline();
  outbox.online();
  assert.deepEqual(texts(sent), ['a', 'a again']);
  assert.equal(new Set(sent.map((frame) => frame.client_id)).size, 1);
});

test('repeats while no answer comes, then asks the person; a late ack still counts', async () => {
  const { clock, outbox, sent, ack } = setup();
  outbox.online();
  const a = outbox.submit(LINA, 'a');
  outbox.submit(LINA, 'b');
  await clock.pass(39_000);
  assert.deepEqual(texts(sent), ['a', 'a again', 'a again', 'a again']);
  await clock.pass(2_000);
  assert.equal(a.state, 'failed');
  assert.equal(a.failure?.code, 'no_answer');
  assert.deepEqual(texts(sent).slice(-1), ['b']);
  ack(a, 1);
  assert.equal(a.state, 'sent');
  assert.equal(a.failure, undefined);
});

test('a refusal that cannot change fails at once, and the next goes on', () => {
  const { outbox, sent } = setup();
  outbox.online();
  const a = outbox.submit(LINA, 'a');
  outbox.submit(LINA, 'b');
  outbox.nack({ client_id: a.clientId, code: 'hook_refused', reason: 'r', detail: 'no links', retry: false });
  assert.deepEqual(a.failure, { code: 'hook_refused', reason: 'no links' });
  assert.deepEqual(texts(sent), ['a', 'b']);
});

test('a refusal that can change is tried again after the stated wait, before what follows', async () => {
  const { clock, outbox, sent } = setup();
  outbox.online();
  const a = outbox.submit(LINA, 'a');
  outbox.submit(LINA, 'b');
  outbox.nack({ client_id: a.clientId, code: 'rate_limited', reason: 'r', retry: true, retry_after: 5_000 });
  await clock.pass(4_900);
  assert.deepEqual(texts(sent), ['a']);
  await clock.pass(200);
  assert.deepEqual(texts(sent), ['a', 'a again']);
});

test('a failed message can be sent again, with the same id', () => {
  const { outbox, sent, ack } = setup();
  outbox.online();
  const a = outbox.submit(LINA, 'a');
  outbox.nack({ client_id: a.clientId, code: 'hook_refused', reason: 'r', retry: false });
  assert.deepEqual(outbox.pending(LINA).map(({ text }) => text), ['a']);
  assert.equal(outbox.again(a.clientId), a);
  assert.deepEqual(texts(sent), ['a', 'a again']);
  ack(a, 1);
  assert.equal(a.state, 'sent');
  assert.equal(outbox.again(a.clientId), undefined);
});

test('what was unsent before a reload is sent with retry', () => {
  const first = setup();
  first.outbox.submit(LINA, 'a');
  first.outbox.submit(LINA, 'b');
  const kept = JSON.parse(JSON.stringify(first.outbox.pending().map(unsentOf))) as Unsent[];
  const second = setup();
  second.outbox.restore(kept);
  second.outbox.online();
  assert.deepEqual(texts(second.sent), ['a again']);
});

test('what had failed before a reload is still there to be sent again', () => {
  const first = setup();
  first.outbox.online();
  const a = first.outbox.submit(LINA, 'a');
  first.outbox.nack({ client_id: a.clientId, code: 'hook_refused', reason: 'r', retry: false });
  const second = setup();
  second.outbox.restore(first.outbox.pending().map(unsentOf));
  second.outbox.online();
  assert.deepEqual(texts(second.sent), []);
  assert.deepEqual(second.outbox.pending(LINA)[0]?.failure, { code: 'hook_refused', reason: 'r' });
  second.outbox.again(a.clientId);
  assert.deepEqual(texts(second.sent), ['a again']);
});
