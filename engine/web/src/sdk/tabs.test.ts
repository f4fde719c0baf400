import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerFrame } from '../generated/types';
import { textOf } from './deed';
import { FakeBrowser, type Tab } from './testing/browser';
import { Chance } from './testing/chance';
import { FakeClock } from './testing/fakes';
import { ChatServer } from './testing/server';

const LINA = { person: 'lina' };

async function setup(count: number, isPlain = false) {
  const clock = new FakeClock();
  const chance = new Chance(7);
  const server = new ChatServer(clock, chance);
  const browser = new FakeBrowser(clock, server, chance);
  const open = (person = 'me') => browser.tab({ person, isPlain });
  const tabs: Tab[] = [];
  for (let i = 0; i < count; i += 1) {
    tabs.push(open());
    await clock.pass(1_000);
  }
  return { clock, server, browser, open, tabs: tabs as [Tab, Tab, Tab] };
}

/** Frames of one kind that the server heard, from whichever line. */
function listen(server: ChatServer): Record<string, unknown>[] {
  const heard: Record<string, unknown>[] = [];
  const original = server.hears;
  server.hears = (line, frame) => {
    heard.push({ ...frame });
    original.call(server, line, frame);
  };
  return heard;
}

const textsAt = (server: ChatServer, place: string) => (server.conversations.get(place) ?? []).map(({ body }) => textOf(body));

test('what one tab says, the others show, with one socket', async () => {
  const { clock, server, tabs: [one, two, three] } = await setup(3);
  const said = two.client.send(LINA, 'hello');
  assert.deepEqual(two.client.pending().map(({ text }) => text), ['hello']);
  await clock.pass(1_000);
  assert.equal(said.state, 'sent');
  assert.deepEqual([one.shown, two.shown, three.shown], [['lina#1'], [], ['lina#1']]);
  server.speak('lina', 'hi');
  await clock.pass(1_000);
  assert.deepEqual([one.shown, two.shown, three.shown], [['lina#1', 'lina#2'], ['lina#2'], ['lina#1', 'lina#2']]);
  assert.equal(server.open.length, 1);
});

test('without a connection, each tab sees what waits', async () => {
  const { clock, server, open, tabs: [one, two] } = await setup(2);
  server.faults = { ...server.faults, noSocket: 1, requestLost: 1 };
  for (const line of server.open) line.cut();
  await clock.pass(100);
  two.client.send(LINA, 'later');
  await clock.pass(100);
  assert.deepEqual(one.client.pending(LINA).map(({ text }) => text), ['later']);
  const three = open();
  await clock.pass(1_000);
  assert.deepEqual(three.client.pending(LINA).map(({ text }) => text), ['later']);
  assert.deepEqual([one, two, three].map(({ client }) => client.state), [one.client.state, one.client.state, one.client.state]);
});

test('no socket: requests carry the messages, in order', async () => {
  const { clock, server, tabs: [one, two] } = await setup(2);
  server.faults = { ...server.faults, noSocket: 1 };
  for (const line of server.open) line.cut();
  await clock.pass(100);
  for (const text of ['a', 'b', 'c']) two.client.send(LINA, text);
  await clock.pass(6_000);
  assert.deepEqual(textsAt(server, 'lina'), ['a', 'b', 'c']);
  assert.notEqual(one.client.state.phase, 'online');
  assert.deepEqual(two.client.pending(), []);
});

test('reading, status and whom to watch are in step', async () => {
  const { clock, server, tabs: [one, two] } = await setup(2);
  for (const text of ['a', 'b']) server.speak('lina', text);
  await clock.pass(1_000);
  assert.deepEqual([one, two].map(({ client }) => client.thread('lina')?.unread), [2, 2]);
  const heard = listen(server);
  const statuses: string[] = [];
  one.client.on('status', (status) => statuses.push(status));
  two.client.read('lina', 2);
  two.client.setStatus('busy');
  one.client.watch(['p1', 'p2']);
  two.client.watch(['p2', 'p3']);
  await clock.pass(1_000);
  assert.deepEqual([one, two].map(({ client }) => client.thread('lina')?.unread), [0, 0]);
  assert.deepEqual([one.client.status, ...statuses], ['busy', 'busy']);
  assert.deepEqual(heard.filter(({ op }) => op === 'read').map(({ seq }) => seq), [2]);
  assert.deepEqual(heard.filter(({ op }) => op === 'status').map(({ status }) => status), ['busy']);
  assert.deepEqual([...(heard.filter(({ op }) => op === 'watch').at(-1)?.['people'] as string[])].sort(), ['p1', 'p2', 'p3']);
});

test('a failed message can be sent again, or dropped, in any tab', async () => {
  const { clock, server, tabs: [one, two] } = await setup(2);
  const refuse = server.hears;
  server.hears = (line, frame) => {
    if (frame.op !== 'send') return refuse.call(server, line, frame);
    const nack: ServerFrame = { op: 'nack', client_id: frame.client_id, code: 'hook_refused', reason: 'no', retry: false };
    line.say(nack);
  };
  const said = two.client.send(LINA, 'please');
  two.client.send(LINA, 'or not');
  await clock.pass(1_000);
  assert.deepEqual(one.client.pending().map(({ state }) => state), ['failed', 'failed']);
  server.hears = refuse;
  one.client.again(said.clientId);
  one.client.discard(one.client.pending()[0]?.clientId ?? '');
  await clock.pass(1_000);
  assert.equal(said.state, 'sent');
  assert.deepEqual(textsAt(server, 'lina'), ['please']);
  assert.deepEqual([one, two].map(({ client }) => client.pending()), [[], []]);
});

test('when the tab with the socket goes, another has one and misses nothing', async () => {
  const { clock, server, browser, tabs: [one, two, three] } = await setup(3);
  server.speak('lina', 'hello');
  await clock.pass(1_000);
  one.client.send(LINA, 'my last words');
  one.close();
  server.speak('lina', 'meanwhile');
  await clock.pass(3_000);
  assert.equal(server.open.length, 1);
  assert.deepEqual([...textsAt(server, 'lina')].sort(), ['hello', 'meanwhile', 'my last words']);
  const all = ['lina#1', 'lina#2', 'lina#3'];
  assert.deepEqual([two.shown, three.shown], [all, all]);
  assert.deepEqual(browser.storage.keys().filter((key) => key.includes('unsent')), []);
});

test('a tab that hangs is replaced, and steps back when it wakes', async () => {
  const { clock, server, tabs: [one, two] } = await setup(2);
  one.isHung = true;
  two.client.send(LINA, 'are you there?');
  await clock.pass(60_000);
  assert.deepEqual(textsAt(server, 'lina'), ['are you there?']);
  one.wake();
  await clock.pass(10_000);
  assert.equal(server.open.length, 1);
  server.speak('lina', 'yes');
  await clock.pass(1_000);
  assert.deepEqual([one.shown, two.shown], [['lina#1', 'lina#2'], ['lina#2']]);
});

test('a leader whose timers are held back, as in the background, is woken by the others', async () => {
  const { clock, server, tabs: [one, two] } = await setup(2);
  one.isHeldBack = true;
  for (const line of server.open) line.cut();
  await clock.pass(5_000);
  assert.deepEqual([one, two].map(({ client }) => client.state.phase), ['online', 'online']);
  assert.deepEqual(server.open.map(({ owner }) => owner), [one]);
});

test('tabs of different people never mix', async () => {
  const { clock, server, browser, open, tabs: [mine] } = await setup(1);
  const theirs = open('you');
  await clock.pass(1_000);
  server.faults = { ...server.faults, noSocket: 1, requestLost: 1 };
  for (const line of server.open) line.cut();
  await clock.pass(100);
  mine.client.send(LINA, 'from me');
  theirs.client.send(LINA, 'from you');
  await clock.pass(1_000);
  assert.deepEqual(mine.client.pending().map(({ text }) => text), ['from me']);
  assert.deepEqual(theirs.client.pending().map(({ text }) => text), ['from you']);
  mine.close();
  server.faults = { ...server.faults, noSocket: 0, requestLost: 0 };
  await clock.pass(60_000);
  assert.deepEqual(textsAt(server, 'lina'), ['from you']);
  browser.tab({ person: 'me' });
  await clock.pass(5_000);
  assert.deepEqual((server.conversations.get('lina') ?? []).map(({ sender, body }) => `${sender} ${textOf(body)}`), ['you from you', 'me from me']);
});

test('another person under the same cookie: nothing is said in their name', async () => {
  const { clock, server, tabs: [one, two] } = await setup(2);
  for (const tab of [one, two]) tab.cookie = 'you';
  for (const line of server.open) line.cut();
  await clock.pass(100);
  const welcomed: string[] = [];
  for (const { client } of [one, two]) client.on('welcome', ({ me }) => welcomed.push(me.id));
  two.client.send(LINA, 'not yours');
  await clock.pass(60_000);
  assert.deepEqual(textsAt(server, 'lina'), []);
  assert.deepEqual(welcomed, ['you', 'you']);
  assert.equal(one.client.me?.id, 'me');
  assert.deepEqual(one.client.state, { phase: 'ended', word: 'person_changed', reason: '' });
  assert.deepEqual(two.client.state, one.client.state);
  assert.deepEqual(two.client.pending().map(({ text }) => text), ['not yours']);
});

test('and no request either, where no socket opens', async () => {
  const { clock, server, tabs: [one] } = await setup(1);
  server.faults = { ...server.faults, noSocket: 1 };
  for (const line of server.open) line.cut();
  one.cookie = 'you';
  await clock.pass(100);
  one.client.send(LINA, 'not yours');
  await clock.pass(60_000);
  assert.deepEqual(textsAt(server, 'lina'), []);
  one.cookie = 'me';
  await clock.pass(60_000);
  assert.deepEqual(textsAt(server, 'lina'), ['not yours']);
});

test('an older database: what is held is read anew in each tab', async () => {
  const { clock, server, tabs: [one, two] } = await setup(2);
  for (let i = 0; i < 9; i += 1) server.speak('lina', `${i}`);
  await clock.pass(1_000);
  server.restore(4);
  await clock.pass(5_000);
  assert.deepEqual([one, two].map(({ shown }) => shown.at(-1)), ['reset lina', 'reset lina']);
  server.speak('lina', 'new');
  await clock.pass(1_000);
  assert.deepEqual([one, two].map(({ shown }) => shown.at(-1)), ['lina#5', 'lina#5']);
});

test('a person who is not named is asked for, and asked again while nobody answers', async () => {
  const { clock, server, browser } = await setup(0);
  server.faults = { ...server.faults, requestLost: 1 };
  const tab = browser.tab({ person: 'me', isNameless: true });
  await clock.pass(10_000);
  assert.equal(tab.client.state.phase, 'waiting');
  assert.equal(server.lines.length, 0);
  server.faults = { ...server.faults, requestLost: 0 };
  await clock.pass(20_000);
  assert.equal(tab.client.state.phase, 'online');
});

test('without locks each tab has its socket, and leaves the messages of the others alone', async () => {
  const { clock, server, tabs: [one, two] } = await setup(2, true);
  assert.equal(server.open.length, 2);
  server.faults = { ...server.faults, noSocket: 1, requestLost: 1 };
  for (const line of server.open) line.cut();
  await clock.pass(1_000);
  one.client.send(LINA, 'a');
  assert.deepEqual(two.client.pending(), []);
  one.close();
  server.faults = { ...server.faults, noSocket: 0, requestLost: 0 };
  await clock.pass(3 * 60_000);
  assert.deepEqual(textsAt(server, 'lina'), ['a']);
});

test('where the browser refuses locks, a tab has its own socket', async () => {
  const { clock, server, browser } = await setup(0);
  browser.isLockless = true;
  const tabs = [browser.tab({ person: 'me' }), browser.tab({ person: 'me' })];
  await clock.pass(2_000);
  assert.deepEqual(tabs.map(({ client }) => client.state.phase), ['online', 'online']);
  assert.equal(server.open.length, 2);
  tabs[0]?.client.send(LINA, 'one');
  await clock.pass(1_000);
  assert.deepEqual(tabs.map(({ shown }) => shown), [[], ['lina#1']]);
});

test('leaving and coming back', async () => {
  const { clock, server, tabs: [one, two] } = await setup(2);
  one.client.stop();
  await clock.pass(2_000);
  assert.deepEqual([one, two].map(({ client }) => client.state.phase), ['idle', 'online']);
  one.client.send(LINA, 'while away');
  await clock.pass(1_000);
  assert.deepEqual(textsAt(server, 'lina'), []);
  one.client.start();
  await clock.pass(2_000);
  assert.deepEqual(textsAt(server, 'lina'), ['while away']);
  assert.equal(server.open.length, 1);
});
