import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Link, type LinkState } from './link';
import { RestError } from './rest';
import { FakeClock, FakeServer, settle, welcome } from './testing/fakes';

function setup(stillSignedIn?: () => Promise<boolean | undefined>) {
  const clock = new FakeClock();
  const server = new FakeServer();
  const states: LinkState['phase'][] = [];
  const link = new Link({
    clock,
    open: server.open,
    hello: () => ({ device: 'd' }),
    ...(stillSignedIn ? { stillSignedIn } : {}),
  });
  link.on('state', ({ phase }) => states.push(phase));
  return { clock, server, link, states };
}

async function online(parts: ReturnType<typeof setup>) {
  parts.link.start();
  await settle();
  parts.server.last.open();
  parts.server.last.say(welcome());
}

test('says hello first and is online with the welcome', async () => {
  const parts = setup();
  await online(parts);
  assert.deepEqual(parts.server.last.received, [{ op: 'hello', device: 'd' }]);
  assert.deepEqual(parts.states, ['connecting', 'online']);
});

test('answers ping with pong and hands other frames on', async () => {
  const parts = setup();
  const ops: string[] = [];
  parts.link.on('frame', ({ op }) => ops.push(op));
  await online(parts);
  parts.server.last.say({ op: 'ping' });
  parts.server.last.say({ op: 'directory', version: 2 });
  assert.equal(parts.server.last.received.at(-1)?.op, 'pong');
  assert.deepEqual(ops, ['directory']);
});

test('comes back with growing waits, and from the start after a good connection', async () => {
  const parts = setup();
  parts.link.start();
  await settle();
  const waits: number[] = [];
  for (let i = 0; i < 8; i += 1) {
    parts.server.last.cut();
    const { state } = parts.link;
    assert.equal(state.phase, 'waiting');
    const wait = state.phase === 'waiting' ? state.retryAt - parts.clock.now() : 0;
    waits.push(wait);
    await parts.clock.pass(wait);
  }
  assert.deepEqual(waits.slice(0, 4), [300, 600, 1200, 2400]);
  assert.equal(waits.at(-1), 7_500);
  parts.server.last.open();
  parts.server.last.say(welcome());
  await parts.clock.pass(6_000);
  parts.server.last.cut();
  const { state } = parts.link;
  assert.equal(state.phase === 'waiting' && state.retryAt - parts.clock.now(), 300);
});

test('a server that accepts and closes at once is not hammered', async () => {
  const parts = setup();
  await online(parts);
  parts.server.last.cut();
  await parts.clock.pass(300);
  parts.server.last.open();
  parts.server.last.say(welcome());
  parts.server.last.cut();
  const { state } = parts.link;
  assert.equal(state.phase === 'waiting' && state.retryAt - parts.clock.now(), 600);
});

test('notices a dead line after two heartbeats of silence', async () => {
  const parts = setup();
  await online(parts);
  await parts.clock.pass(59_000);
  parts.server.last.say({ op: 'ping' });
  await parts.clock.pass(59_000);
  assert.equal(parts.link.state.phase, 'online');
  const dead = parts.server.last;
  await parts.clock.pass(2_000);
  assert.equal(dead.closedByClient, true);
  assert.notEqual(parts.link.state.phase, 'online');
});

test('a machine that slept through the heartbeat reconnects when nudged', async () => {
  const parts = setup();
  await online(parts);
  parts.clock.sleep(3_600_000);
  parts.link.nudge();
  assert.equal(parts.link.state.phase, 'waiting');
  parts.link.nudge();
  assert.equal(parts.link.state.phase, 'connecting');
});

test('gives up a socket that never welcomes', async () => {
  const parts = setup();
  parts.link.start();
  await settle();
  parts.server.last.open();
  await parts.clock.pass(15_100);
  assert.equal(parts.server.sockets[0]?.closedByClient, true);
});

test('a late word from an old socket is not heard', async () => {
  const parts = setup();
  await online(parts);
  const old = parts.server.last;
  old.cut();
  await parts.clock.pass(300);
  old.say(welcome());
  old.cut();
  assert.equal(parts.link.state.phase, 'connecting');
});

test('bye decides whether to come back', async () => {
  for (const [reconnect, phase] of [[true, 'waiting'], [false, 'ended']] as const) {
    const parts = setup();
    await online(parts);
    parts.server.last.say({ op: 'bye', code: 4000, word: 'w', reconnect, reason: 'r' });
    parts.server.last.cut(4000);
    assert.equal(parts.link.state.phase, phase);
  }
});

test('a final close code counts where its bye was lost', async () => {
  const parts = setup();
  await online(parts);
  parts.server.last.cut(4003);
  assert.deepEqual(parts.link.state, { phase: 'ended', word: 'session_ended', reason: '' });
});

test('ends when the session no longer stands', async () => {
  const parts = setup(() => Promise.resolve(false));
  parts.link.start();
  await settle();
  parts.server.last.cut();
  await settle();
  assert.equal(parts.link.state.phase, 'ended');
});

test('what is not JSON costs the socket, not the client', async () => {
  const parts = setup();
  await online(parts);
  parts.server.last.raw('{"op":');
  assert.equal(parts.link.state.phase, 'waiting');
});

test('JSON that is no frame costs the socket too', async () => {
  for (const text of ['null', '5', '"op"', '[]', '{"op":1}']) {
    const parts = setup();
    await online(parts);
    parts.server.last.raw(text);
    assert.equal(parts.link.state.phase, 'waiting', text);
  }
});

test('a clock that is set back a day does not make a dead line look alive', async () => {
  const parts = setup();
  await online(parts);
  await parts.clock.pass(30_000);
  parts.clock.skew(-86_400_000);
  await parts.clock.pass(130_000);
  assert.notEqual(parts.server.sockets[0]?.closedByClient, false);
  assert.notEqual(parts.link.state.phase, 'online');
});

test('timers that come a night late lead to one new socket', async () => {
  const parts = setup();
  await online(parts);
  parts.clock.sleep(9 * 3_600_000);
  await parts.clock.pass(1_000);
  assert.equal(parts.server.sockets.length, 2);
  assert.equal(parts.link.state.phase, 'connecting');
});

test('a line that should have answered and did not is given up', async () => {
  const parts = setup();
  await online(parts);
  const before = parts.clock.now();
  await parts.clock.pass(5_000);
  parts.server.last.say({ op: 'ping' });
  parts.link.suspect(before);
  assert.equal(parts.link.state.phase, 'online');
  parts.link.suspect(parts.clock.now() + 1);
  assert.equal(parts.link.state.phase, 'waiting');
});

test('a ticket that nobody is signed in for ends the link', async () => {
  const clock = new FakeClock();
  const open = () => Promise.reject(new RestError('not_authenticated', 401, 'Please sign in.'));
  const link = new Link({ clock, open, hello: () => ({ device: 'd' }) });
  link.start();
  await settle();
  assert.deepEqual(link.state, { phase: 'ended', word: 'session_ended', reason: '' });
});

test('every bye code means what the table says', async () => {
  const back = [4000, 4001, 4002, 4004, 4006];
  for (let code = 4000; code <= 4008; code += 1) {
    const parts = setup();
    await online(parts);
    parts.server.last.cut(code);
    assert.equal(parts.link.state.phase, back.includes(code) ? 'waiting' : 'ended', `${code}`);
  }
});
