import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, Target } from '../generated/types';
import { Client } from './client';
import { Keep, memoryShelf } from './keep';
import { Outbox } from './outbox';
import type { Outgoing } from './lanes';
import { Rest } from './rest';
import type { DeedFrame } from './deed';
import { FakeClock, FakeServer, ME, said, settle, welcome } from './testing/fakes';

const LINA: Target = { person: 'lina' };
const C = 'c-1';
const fileBody = { file: 'f-1', name: 'a.png', bytes: 10, type: 'image/png' };

/** A client with a server that answers nothing by itself; what it keeps can be given to its next life. */
function start(shelf = memoryShelf(), passing = memoryShelf(), asked: { method: string; path: string; body: unknown; key: string | undefined }[] = []) {
  const clock = new FakeClock();
  const server = new FakeServer();
  const answer = { items: [{ id: C, kind: 'direct', title: 'Li', last_seq: 3, read_seq: 0, unread: 2, mentioned: 2, last: said(C, 3) }], next: null };
  const request = async (address: string | URL | globalThis.Request, init?: RequestInit) => {
    const path = String(address);
    const key = (init?.headers as Record<string, string>)['Idempotency-Key'];
    asked.push({ method: init?.method ?? '', path, body: init?.body ? JSON.parse(init.body as string) : undefined, key });
    const isDeed = key !== undefined;
    const body = isDeed ? { conversation: C, message: 'm-9', seq: 9, time: 9 } : path.includes('/session') ? { person: { id: ME } } : answer;
    return { ok: true, status: 200, headers: new Headers(), text: async () => JSON.stringify(body) } as unknown as Response;
  };
  const rest = new Rest({ base: 'https://test', fetch: request as typeof fetch, clock });
  const client = new Client({ rest, clock, keep: new Keep(shelf, passing), open: server.open, person: ME, tabs: null });
  const outgoing: Outgoing[] = [];
  const heard: Message[] = [];
  client.on('outgoing', (one) => outgoing.push({ ...one }));
  client.on('message', ({ message }) => heard.push(message));
  return { clock, server, client, outgoing, heard, asked, shelf, passing };
}

async function online(session: ReturnType<typeof start>): Promise<void> {
  session.client.start();
  await settle();
  session.server.last.open();
  session.server.last.say(welcome({ edit_seconds: 60, recall_seconds: 30 }));
  await settle();
}

test('every deed has its frame, with nothing that the server does not know', async () => {
  const session = start();
  await online(session);
  const { client, server } = session;
  client.send(LINA, { body: { text: 'yes' }, reply: 2, mention: { people: ['p-2'] } });
  const [reply] = server.last.of('send');
  assert.deepEqual({ ...reply, client_id: '' }, { op: 'send', client_id: '', to: LINA, body: { text: 'yes' }, reply: 2, mention: { people: ['p-2'] } });
  server.last.say({ op: 'ack', client_id: reply?.client_id ?? '', conversation: C, message: 'm-4', seq: 4, time: 4 });
  client.send(LINA, { kind: 'picture', body: { file: 'f-1' }, looks: { kind: 'picture', body: fileBody } });
  const picture = server.last.of('send')[1];
  assert.deepEqual({ ...picture, client_id: '' }, { op: 'send', client_id: '', to: LINA, kind: 'picture', body: { file: 'f-1' } });
  client.edit(C, 4, 'no');
  const [edit] = server.last.of('edit');
  assert.deepEqual({ ...edit, client_id: '' }, { op: 'edit', client_id: '', conversation: C, seq: 4, text: 'no' });
  server.last.say({ op: 'ack', client_id: edit?.client_id ?? '', conversation: C, message: 'm-5', seq: 5, time: 5 });
  client.react(C, 3, '👍', true);
  const [react] = server.last.of('react');
  assert.deepEqual({ ...react, client_id: '' }, { op: 'react', client_id: '', conversation: C, seq: 3, emoji: '👍', on: true });
  server.last.say({ op: 'ack', client_id: react?.client_id ?? '', conversation: C, message: 'm-6', seq: 6, time: 6 });
  client.recall(C, 4);
  assert.equal(server.last.of('recall')[0]?.seq, 4);
  client.forward({ unit: 'u-1' }, { ...said(C, 3), op: undefined } as unknown as Message);
  assert.deepEqual({ ...server.last.of('forward')[0], client_id: '' }, { op: 'forward', client_id: '', to: { unit: 'u-1' }, conversation: C, seq: 3 });
  assert.deepEqual([client.editSeconds, client.recallSeconds], [60, 30]);
});

test('changes of one conversation go one after another, and are not among what waits to be shown', async () => {
  const session = start();
  await online(session);
  const { client, server } = session;
  client.react(C, 3, '👍', true);
  client.react(C, 3, '👍', false);
  assert.equal(server.last.of('react').length, 1);
  assert.deepEqual(client.pending(), []);
  const [first] = server.last.of('react');
  server.last.say({ op: 'ack', client_id: first?.client_id ?? '', conversation: C, message: 'm-4', seq: 4, time: 4 });
  assert.deepEqual(server.last.of('react').map(({ on }) => on), [true, false]);
});

test('a deed survives a reload, and is done again with the same name', async () => {
  const first = start();
  await online(first);
  const { clientId } = first.client.edit(C, 2, 'better words');
  assert.equal(first.server.last.of('edit').length, 1);
  first.client.stop();
  const second = start(first.shelf, first.passing);
  await online(second);
  const [again] = second.server.last.of('edit');
  assert.deepEqual([again?.client_id, again?.text, again?.seq], [clientId, 'better words', 2]);
});

test('without a socket each deed goes by its request', async () => {
  const session = start();
  const { client, clock, asked } = session;
  client.start();
  await settle();
  session.server.last.cut();
  client.edit(C, 2, 'words', { everyone: true });
  client.recall('c-2', 7);
  client.react('c-3', 1, '🎉', true);
  client.forward(LINA, { ...said('c-4', 5), op: undefined } as unknown as Message);
  await clock.pass(8_000);
  const deeds = asked.filter(({ key }) => key !== undefined).map(({ method, path, body }) => [method, path.replace('https://test/api/v1/conversations/', ''), body]);
  assert.deepEqual(deeds, [
    ['PUT', 'c-1/messages/2', { text: 'words', mention: { everyone: true } }],
    ['DELETE', 'c-2/messages/7', undefined],
    ['PUT', 'c-3/messages/1/reactions', { emoji: '🎉', on: true }],
    ['POST', 'c-4/messages/5/forward', { to: LINA }],
  ]);
});

test('a refusal is told, and what follows goes on', () => {
  const frames: DeedFrame[] = [];
  const changed: Outgoing[] = [];
  const outbox = new Outbox({ clock: new FakeClock(), put: (frame) => frames.push(frame) > 0, changed: (one) => changed.push({ ...one }) });
  outbox.online();
  const recall = outbox.submit({ conversation: C }, '', undefined, { deed: { op: 'recall', conversation: C, seq: 1 } });
  outbox.submit({ conversation: C }, '', undefined, { deed: { op: 'recall', conversation: C, seq: 2 } });
  outbox.nack({ client_id: recall.clientId, code: 'too_late', reason: 'Too late.', retry: false });
  assert.equal(recall.failure?.code, 'too_late');
  assert.deepEqual(frames.map((frame) => frame.op === 'recall' && frame.seq), [1, 2]);
});

test('changes are no news: they count as nothing unread and change the last line', async () => {
  const session = start();
  await online(session);
  const { client, server, heard } = session;
  const thread = client.thread(C);
  assert.deepEqual([thread?.unread, thread?.mentioned], [2, 2]);
  server.last.say(said(C, 4, { kind: 'edit', body: { text: 'new' }, refers: 3 } as Partial<Message>));
  server.last.say(said(C, 5, { kind: 'reaction', body: { emoji: '👍', on: true }, refers: 3 } as Partial<Message>));
  await settle();
  assert.deepEqual([thread?.unread, thread?.last?.seq, (thread?.last?.body as { text: string }).text, thread?.lastSeq], [2, 3, 'new', 5]);
  assert.deepEqual(heard.map(({ kind, seq }) => [kind, seq]), [['edit', 4], ['reaction', 5]]);
  server.last.say(said(C, 6, { mention: { people: [ME] } }));
  server.last.say(said(C, 7, { kind: 'recall', body: {}, refers: 6 } as Partial<Message>));
  await settle();
  assert.deepEqual([thread?.unread, thread?.last?.kind, thread?.mentioned], [3, 'recalled', undefined]);
  server.last.say(said(C, 8, { mention: { people: [], everyone: true } }));
  await settle();
  assert.equal(thread?.mentioned, 8);
  client.read(C, 8);
  assert.equal(thread?.mentioned, undefined);
});
