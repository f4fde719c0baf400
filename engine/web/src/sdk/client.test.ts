import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Conversation, History, Message, Recovered } from '../generated/types';
import { textOf } from './deed';
import { Client } from './client';
import { Keep, memoryShelf } from './keep';
import { type Rest, RestError } from './rest';
import { FakeClock, FakeServer, ME, said, settle, welcome } from './testing/fakes';

/** A database of messages behind the REST calls the kit makes. */
class FakeRest {
  readonly messages = new Map<string, Message[]>();
  calls: string[] = [];
  broken = false;
  gate: Promise<void> | undefined;

  put(conversation: string, count: number): void {
    const list = Array.from({ length: count }, (_, i) => said(conversation, i + 1) as Message);
    this.messages.set(conversation, list);
  }

  info(id: string): Conversation {
    const list = this.messages.get(id) ?? [];
    return {
      id, kind: 'direct', title: id, person: null, unit: null, last_seq: list.length, last: list.at(-1) ?? null,
      read_seq: 0, unread: list.length, peer_read_seq: 0,
    };
  }

  async conversations() {
    await this.answer('list');
    return { items: [...this.messages.keys()].map((id) => this.info(id)), next: null };
  }

  async conversation(id: string) {
    await this.answer(`look ${id}`);
    if (!this.messages.has(id)) throw new RestError('conversation_unknown', 404, 'none');
    return this.info(id);
  }

  async history(id: string, { after = 0, limit = 100 }: { after?: number; limit?: number }): Promise<History> {
    await this.answer(`history ${id} after ${after}`);
    const rest = (this.messages.get(id) ?? []).filter(({ seq }) => seq > after);
    return { items: rest.slice(0, limit), more: rest.length > limit };
  }

  async session() {
    await this.answer('session');
    return { person: { id: ME } };
  }

  private async answer(call: string): Promise<void> {
    this.calls.push(call);
    await this.gate;
    if (this.broken) throw new RestError('offline', 0, 'offline');
  }
}

function setup(shelf = memoryShelf()) {
  const clock = new FakeClock();
  const server = new FakeServer();
  const rest = new FakeRest();
  const client = new Client({ clock, open: server.open, rest: rest as unknown as Rest, keep: new Keep(shelf, shelf) });
  const shown: string[] = [];
  client.on('message', ({ message }) => void shown.push(`${message.conversation}#${message.seq}`));
  client.on('reset', ({ id }) => void shown.push(`reset ${id}`));
  client.on('gone', ({ id }) => void shown.push(`gone ${id}`));
  return { clock, server, rest, client, shown };
}

type Parts = ReturnType<typeof setup>;

async function arrive(parts: Parts, fields: Parameters<typeof welcome>[0] = {}): Promise<void> {
  parts.client.start();
  await settle();
  parts.server.last.open();
  parts.server.last.say(welcome(fields));
  await settle();
}

async function reconnect(parts: Parts, fields: Parameters<typeof welcome>[0] = {}): Promise<void> {
  parts.server.last.cut();
  await parts.clock.pass(1_000);
  await arrive(parts, fields);
}

function recovered(conversation: string, fields: Partial<Recovered>): Recovered {
  return { conversation, recovered: true, more: false, last_seq: 0, read_seq: 0, unread: 0, ...fields };
}

test('reads the list once welcome, and what comes meanwhile is neither lost nor doubled', async () => {
  const parts = setup();
  parts.rest.put('c', 3);
  let open = () => {};
  parts.rest.gate = new Promise((resolve) => (open = resolve));
  await arrive(parts);
  parts.server.last.say(said('c', 3));
  parts.server.last.say(said('c', 4));
  assert.deepEqual(parts.shown, []);
  open();
  await settle();
  assert.deepEqual(parts.shown, ['c#4']);
  assert.equal(parts.client.thread('c')?.unread, 4);
});

test('resumes from where it stands, in order and once', async () => {
  const parts = setup();
  parts.rest.put('c', 2);
  await arrive(parts);
  parts.server.last.say(said('c', 3));
  await reconnect(parts, {
    recovered: [recovered('c', { last_seq: 5, unread: 5 })],
    missed: [said('c', 4), said('c', 5)],
  });
  const hello = parts.server.last.of('hello')[0];
  assert.deepEqual(hello?.resume, { epoch: 'e-1', positions: { c: [3, 'c-m3'] } });
  parts.server.last.say(said('c', 5));
  parts.server.last.say(said('c', 6));
  assert.deepEqual(parts.shown, ['c#3', 'c#4', 'c#5', 'c#6']);
  assert.equal(parts.client.thread('c')?.unread, 6);
});

test('a gap that does not close is read from history', async () => {
  const parts = setup();
  parts.rest.put('c', 2);
  await arrive(parts);
  parts.rest.put('c', 5);
  parts.server.last.say(said('c', 5));
  assert.deepEqual(parts.shown, []);
  await parts.clock.pass(1_000);
  assert.deepEqual(parts.shown, ['c#3', 'c#4', 'c#5']);
});

test('a gap that an overtaking ack made closes by itself', async () => {
  const parts = setup();
  parts.rest.put('c', 2);
  await arrive(parts);
  const one = parts.client.send({ conversation: 'c' }, 'mine');
  parts.server.last.say({ op: 'ack', client_id: one.clientId, conversation: 'c', message: 'mine', seq: 4, time: 9 });
  parts.server.last.say(said('c', 3));
  parts.server.last.say(said('c', 4, { sender: ME, client_id: one.clientId, message: 'mine' }));
  await parts.clock.pass(1_000);
  assert.deepEqual(parts.shown, ['c#3']);
  assert.ok(!parts.rest.calls.some((call) => call.startsWith('history')));
  assert.equal(parts.client.thread('c')?.last?.seq, 4);
});

test('more than one welcome holds is read on by history', async () => {
  const parts = setup();
  parts.rest.put('c', 2);
  await arrive(parts);
  parts.rest.put('c', 250);
  await reconnect(parts, {
    recovered: [recovered('c', { last_seq: 250, unread: 250, more: true })],
    missed: Array.from({ length: 100 }, (_, i) => said('c', i + 3)),
  });
  assert.equal(parts.shown.length, 248);
  assert.deepEqual(parts.shown.at(-1), 'c#250');
  assert.equal(parts.client.thread('c')?.unread, 250);
});

test('ten thousand missed messages are left to the pages of history', async () => {
  const parts = setup();
  parts.rest.put('c', 2);
  await arrive(parts);
  parts.rest.put('c', 10_002);
  await reconnect(parts, {
    recovered: [recovered('c', { last_seq: 10_002, unread: 10_000, more: true })],
    missed: [said('c', 3)],
  });
  assert.deepEqual(parts.shown, ['reset c']);
  assert.equal(parts.client.thread('c')?.sequence.at?.seq, 10_002);
});

test('a conversation that cannot be continued is read anew, one that is gone goes', async () => {
  const parts = setup();
  parts.rest.put('c', 9);
  parts.rest.put('d', 1);
  await arrive(parts);
  parts.rest.put('c', 4);
  parts.rest.messages.delete('d');
  await reconnect(parts, {
    recovered: [recovered('c', { recovered: false, last_seq: 4, unread: 1 }), recovered('d', { recovered: false })],
  });
  assert.deepEqual(parts.shown, ['reset c', 'reset d', 'gone d']);
  parts.server.last.say(said('c', 5));
  assert.deepEqual(parts.shown.slice(-1), ['c#5']);
});

test('another database is read anew as a whole', async () => {
  const parts = setup();
  parts.rest.put('c', 9);
  await arrive(parts);
  parts.rest.put('c', 2);
  await reconnect(parts, { epoch: 'e-2' });
  assert.deepEqual(parts.shown, ['reset c']);
  assert.equal(parts.client.thread('c')?.lastSeq, 2);
  assert.equal(parts.rest.calls.filter((call) => call === 'list').length, 2);
});

test('an ack lost with the connection is found in what was missed: nothing is sent twice', async () => {
  const parts = setup();
  parts.rest.put('c', 1);
  await arrive(parts);
  const one = parts.client.send({ conversation: 'c' }, 'mine');
  await reconnect(parts, {
    recovered: [recovered('c', { last_seq: 2 })],
    missed: [said('c', 2, { sender: ME, client_id: one.clientId })],
  });
  assert.equal(one.state, 'sent');
  assert.deepEqual(parts.server.last.of('send'), []);
  assert.deepEqual(parts.shown, []);
});

test('a list that cannot be read is asked for again', async () => {
  const parts = setup();
  parts.rest.put('c', 1);
  parts.rest.broken = true;
  await arrive(parts);
  assert.equal(parts.client.loaded, false);
  parts.rest.broken = false;
  await parts.clock.pass(2_000);
  assert.equal(parts.client.loaded, true);
});

test('marks, watching and status are said again after a reconnect until they are answered', async () => {
  const parts = setup();
  parts.rest.put('c', 3);
  await arrive(parts);
  parts.client.read('c', 2);
  parts.client.read('c', 3);
  parts.client.watch(['p1']);
  await parts.clock.pass(500);
  assert.deepEqual(parts.server.last.of('read').map(({ seq }) => seq), [3]);
  assert.equal(parts.client.thread('c')?.unread, 0);
  await reconnect(parts, { recovered: [recovered('c', { last_seq: 3, unread: 3 })] });
  const [read] = parts.server.last.of('read');
  assert.equal(read?.seq, 3);
  assert.equal(parts.client.thread('c')?.unread, 0);
  parts.server.last.say({ op: 'ack', client_id: read?.client_id ?? '' });
  await reconnect(parts, { recovered: [recovered('c', { last_seq: 3, read_seq: 3 })] });
  assert.deepEqual(parts.server.last.of('read'), []);
  assert.deepEqual(parts.server.last.of('watch').map(({ people }) => people), [['p1']]);
});

test('another of my devices reading clears the number here', async () => {
  const parts = setup();
  parts.rest.put('c', 3);
  await arrive(parts);
  parts.server.last.say({ op: 'unread', conversation: 'c', read_seq: 2, unread: 1 });
  assert.equal(parts.client.thread('c')?.unread, 1);
});

test('what was not sent before a reload is sent after it', async () => {
  const shelf = memoryShelf();
  const before = setup(shelf);
  await arrive(before);
  before.server.last.cut();
  const one = before.client.send({ person: 'p1' }, 'do not lose me');
  const after = setup(shelf);
  await arrive(after);
  const [send] = after.server.last.of('send');
  assert.equal(send?.client_id, one.clientId);
  assert.equal(send?.retry, true);
});

test('an unknown frame of a newer server is let pass', async () => {
  const parts = setup();
  await arrive(parts);
  parts.server.last.raw('{"op":"holder","conversation":"c"}');
  assert.equal(parts.client.state.phase, 'online');
});

test('a welcome that tells of more than it brings is completed by history', async () => {
  const parts = setup();
  parts.rest.put('c', 2);
  await arrive(parts);
  parts.rest.put('c', 5);
  await reconnect(parts, { recovered: [recovered('c', { last_seq: 5, unread: 5 })] });
  assert.deepEqual(parts.shown, ['c#3', 'c#4', 'c#5']);
});

test('with more conversations than a hello has room for, the others are continued by their numbers', async () => {
  const parts = setup();
  const ids = Array.from({ length: 700 }, (_, n) => `c${n}`);
  for (const id of ids) parts.rest.put(id, 2);
  await arrive(parts);
  parts.rest.put('c0', 4);
  parts.rest.put('c1', 1);
  parts.server.last.cut();
  await parts.clock.pass(1_000);
  parts.server.last.open();
  const named = parts.server.last.of('hello')[0]?.resume?.positions ?? {};
  assert.equal(Object.keys(named).length, 600);
  const [more, less] = ids.filter((id) => !(id in named));
  parts.rest.put(more ?? '', 3);
  const numbers = ids.map((id) => recovered(id, { recovered: id in named, last_seq: id === more ? 3 : id === less ? 1 : 2 }));
  parts.server.last.say(welcome({ recovered: numbers }));
  await settle();
  assert.deepEqual(parts.shown.sort(), [`${more}#3`, `reset ${less}`]);
});

test('a conversation that nobody could be asked about is asked about again', async () => {
  const parts = setup();
  parts.rest.put('c', 9);
  await arrive(parts);
  parts.rest.put('c', 4);
  parts.rest.broken = true;
  await reconnect(parts, { recovered: [recovered('c', { recovered: false, last_seq: 4 })] });
  assert.equal(parts.client.thread('c')?.info, undefined);
  parts.rest.broken = false;
  await parts.clock.pass(20_000);
  assert.equal(parts.client.thread('c')?.sequence.at?.seq, 4);
});

test('a text that is longer than the server takes is not tried', async () => {
  const parts = setup();
  await arrive(parts, { text_chars: 10 });
  const long = parts.client.send({ person: 'p1' }, 'x'.repeat(11));
  const faces = parts.client.send({ person: 'p1' }, '😀'.repeat(10));
  assert.equal(long.failure?.code, 'text_too_long');
  assert.equal(faces.state, 'sending');
});

test('without a name for the person, what is said before the first welcome outlives a reload too', async () => {
  const shelf = memoryShelf();
  const first = setup(shelf);
  first.client.start();
  first.client.send({ person: 'p1' }, 'early');
  await arrive(first);
  const second = setup(shelf);
  await arrive(second);
  assert.deepEqual(second.server.last.of('send').map(({ body, retry }) => [textOf(body), retry]), [['early', true]]);
});
