import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Send, Stored } from '../generated/types';
import { textOf } from './deed';
import { type Outgoing, type Unsent, unsentOf } from './lanes';
import { Outbox } from './outbox';
import { RestError } from './rest';
import { FakeClock, settle } from './testing/fakes';

const LINA = { person: 'lina' };

function setup() {
  const clock = new FakeClock();
  const sent: Send[] = [];
  const states: string[] = [];
  const outbox = new Outbox({
    clock,
    put: (frame) => sent.push(frame as Send) > 0,
    changed: ({ text, state }) => void states.push(`${text} ${state}`),
  });
  const ack = (one: Outgoing, seq: number) =>
    outbox.ack({ client_id: one.clientId, conversation: 'c', message: `m${seq}`, seq, time: 1 });
  return { clock, sent, states, outbox, ack };
}

const texts = (sent: Send[]) => sent.map(({ body, retry }) => `${textOf(body)}${retry ? ' again' : ''}`);

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

/** An outbox with a second way, whose requests the test answers. */
function withRequests() {
  const clock = new FakeClock();
  const sent: Send[] = [];
  const asked: { text: string; answer: (stored: Stored) => void; refuse: (error: unknown) => void }[] = [];
  const suspected: number[] = [];
  const outbox = new Outbox({
    clock,
    put: (frame) => sent.push(frame as Send) > 0,
    post: ({ text }) => new Promise((answer, refuse) => void asked.push({ text, answer, refuse })),
    suspect: (time) => void suspected.push(time),
    changed: () => undefined,
  });
  return { clock, sent, asked, suspected, outbox };
}

const stored = (seq: number): Stored => ({ conversation: 'c', message: `m${seq}`, seq, time: 1 });

test('where no socket opens, requests go one after the other for each addressee', async () => {
  const { outbox, asked } = withRequests();
  const a = outbox.submit(LINA, 'a');
  outbox.submit(LINA, 'b');
  outbox.submit({ unit: 'u' }, 'c');
  outbox.detour();
  assert.deepEqual(asked.map(({ text }) => text), ['a', 'c']);
  asked[0]?.answer(stored(1));
  await settle();
  assert.equal(a.state, 'sent');
  assert.deepEqual(asked.map(({ text }) => text), ['a', 'c', 'b']);
});

test('an ack that is late is asked for by a request, and a socket that stays silent is suspected', async () => {
  const { clock, outbox, sent, asked, suspected } = withRequests();
  outbox.online();
  const a = outbox.submit(LINA, 'a');
  outbox.submit(LINA, 'b');
  const since = clock.now();
  await clock.pass(5_900);
  assert.equal(asked.length, 0);
  await clock.pass(200);
  assert.deepEqual(asked.map(({ text }) => text), ['a']);
  assert.deepEqual(texts(sent), ['a']);
  asked[0]?.answer(stored(1));
  await settle();
  assert.equal(a.state, 'sent');
  assert.deepEqual(texts(sent), ['a', 'b']);
  assert.deepEqual(suspected, [since]);
});

test('both ways answer: the first counts, the other changes nothing', async () => {
  const { clock, outbox, sent, asked } = withRequests();
  outbox.online();
  const a = outbox.submit(LINA, 'a');
  await clock.pass(6_100);
  outbox.ack({ client_id: a.clientId, ...stored(1) });
  outbox.nack({ client_id: a.clientId, code: 'internal', reason: 'r', retry: false });
  asked[0]?.answer(stored(1));
  await settle();
  assert.equal(a.state, 'sent');
  assert.deepEqual(a.stored, stored(1));
  assert.deepEqual(outbox.pending(), []);
  assert.deepEqual(texts(sent), ['a']);
});

test('requests that reach nobody are repeated for ever, refused ones are not', async () => {
  const { clock, outbox, asked } = withRequests();
  const a = outbox.submit(LINA, 'a');
  const b = outbox.submit(LINA, 'b');
  outbox.detour();
  for (let i = 0; i < 30; i += 1) {
    asked.at(-1)?.refuse(new RestError(i % 2 ? 'offline' : 'internal', i % 2 ? 0 : 502, 'nobody'));
    await clock.pass(11_000);
  }
  assert.equal(asked.length, 31);
  assert.equal(a.state, 'sending');
  asked.at(-1)?.refuse(new RestError('hook_refused', 422, 'no links'));
  await settle();
  assert.deepEqual(a.failure, { code: 'hook_refused', reason: 'no links' });
  assert.equal(b.state, 'sending');
  assert.equal(asked.at(-1)?.text, 'b');
});

test('a request under way when the socket opens is waited for', async () => {
  const { outbox, sent, asked } = withRequests();
  outbox.submit(LINA, 'a');
  outbox.submit(LINA, 'b');
  outbox.detour();
  outbox.online();
  assert.deepEqual(texts(sent), []);
  asked[0]?.refuse(new RestError('offline', 0, 'lost'));
  await settle();
  assert.deepEqual(texts(sent), []);
  outbox.offline();
  outbox.online();
  assert.deepEqual(texts(sent), ['a again']);
});

test('a queue that is full says so', () => {
  const { outbox } = withRequests();
  for (let i = 0; i < 1_000; i += 1) assert.equal(outbox.submit(LINA, `${i}`).state, 'waiting');
  assert.equal(outbox.submit(LINA, 'one more').failure?.code, 'queue_full');
});

test('what was said earlier comes first, also where it turns up later', () => {
  const { outbox, sent } = setup();
  outbox.submit(LINA, 'new');
  const [fresh] = outbox.pending();
  outbox.restore([{ clientId: 'old', to: LINA, text: 'old', at: 1, order: (fresh?.order ?? 0) - 1 }]);
  outbox.online();
  assert.deepEqual(texts(sent), ['old again']);
});

test('a line that breaks again and again fails no message', async () => {
  const { clock, outbox, sent } = withRequests();
  const a = outbox.submit(LINA, 'a');
  for (let i = 0; i < 50; i += 1) {
    outbox.online();
    await clock.pass(5_000);
    outbox.offline();
  }
  assert.equal(a.state, 'waiting');
  assert.equal(sent.length, 50);
});
