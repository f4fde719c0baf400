// Random schedules of everything that goes wrong: whatever happens, nothing that was said is lost, nothing is doubled,
// and what was said to one addressee keeps its order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Target } from '../generated/types';
import { textOf } from './deed';
import { type Tab, FakeBrowser } from './testing/browser';
import { Chance } from './testing/chance';
import { FakeClock } from './testing/fakes';
import { CALM, ChatServer, conversationOf } from './testing/server';

const ME = 'p-me';
const PLACES: Target[] = [{ person: 'p-1' }, { person: 'p-2' }, { unit: 'u-1' }];
const DAY = 86_400_000;
const MINUTE = 60_000;

interface Said {
  clientId: string;
  place: string;
  text: string;
  person: string;
  /** Over its reloads. */
  tab: object;
  at: number;
}

type Step = (world: World) => void | Promise<void>;

class World {
  readonly clock = new FakeClock();
  readonly chance: Chance;
  readonly server: ChatServer;
  readonly browser: FakeBrowser;
  readonly said: Said[] = [];
  /** What the server had and lost. */
  readonly gone = new Set<string>();

  constructor(seed: number, readonly isShared = true, readonly people = [ME]) {
    this.chance = new Chance(seed);
    this.server = new ChatServer(this.clock, this.chance);
    this.browser = new FakeBrowser(this.clock, this.server, this.chance);
  }

  open(): Tab {
    return this.browser.tab({ person: this.chance.pick(this.people), isPlain: !this.isShared });
  }

  awake(): Tab[] {
    return this.browser.open.filter(({ isHung }) => !isHung);
  }

  say(): void {
    const tabs = this.awake();
    if (tabs.length === 0) return;
    const tab = this.chance.pick(tabs);
    const to = this.chance.pick(PLACES);
    const text = `say ${this.said.length}`;
    const { clientId } = tab.client.send(to, text);
    this.said.push({ clientId, place: conversationOf(to), text, person: tab.options.person, tab: tab.session, at: this.clock.steady() });
  }

  change(): void {
    const tab = this.awake().length > 0 ? this.chance.pick(this.awake()) : undefined;
    if (!tab) return;
    const text = `say ${this.said.length}`;
    const { clientId } = tab.client.edit('c-changes', 1, text);
    this.said.push({ clientId, place: 'c-changes', text, person: tab.options.person, tab: tab.session, at: this.clock.steady() });
  }

  async heal(): Promise<void> {
    this.server.faults = CALM;
    this.browser.isFull = false;
    for (const tab of this.browser.open) tab.wake();
    for (const person of this.people) {
      if (!this.browser.open.some(({ options }) => options.person === person)) this.browser.tab({ person, isPlain: !this.isShared });
    }
    for (const tab of this.browser.open) tab.client.nudge();
    await this.clock.pass(10 * MINUTE);
  }
}

const SAY: Step = (world) => world.say();
/** Changes of what was said: in a conversation of their own, since they wait for none of what is said. */
const CHANGE: Step = (world) => world.change();
const WAIT: Step = (world) => world.clock.pass(world.chance.pick([1, 10, 50, 200, 1_000, 5_000]));
const WAIT_LONG: Step = (world) => world.clock.pass(world.chance.pick([8_000, 20_000, 70_000]));
const CUT: Step = ({ server, chance }) => {
  for (const line of server.open) if (chance.happens(0.8)) line.cut(chance.pick([1006, 4000, 4001, 4002]));
};
const HALF: Step = ({ server }) => {
  for (const line of server.open) {
    line.raw('{"op":"message","conversation":"p-1","se');
    line.cut();
  }
};
const MUTE: Step = ({ server }) => {
  for (const line of server.open) line.isMute = true;
};
const TROUBLE: Step = ({ server, chance }) => {
  const share = () => chance.pick([0, 0, 0.3, 0.7, 1]);
  // Both ways silent for minutes would fail a message, which is asked of the person then.
  server.faults = { noSocket: share(), requestLost: share(), answerLost: share(), ackLost: chance.pick([0, 0.3, 0.7]), busy: chance.pick([0, 0, 0.2]) };
};
const CALM_AGAIN: Step = ({ server }) => void (server.faults = CALM);
const OTHER: Step = ({ server, chance }) => server.speak(conversationOf(chance.pick(PLACES)), 'from another');
const OPEN: Step = (world) => {
  if (world.browser.open.length < 4) world.open();
};
const CLOSE: Step = ({ browser, chance }) => {
  if (browser.open.length > 0) chance.pick(browser.open).close();
};
const RELOAD: Step = ({ browser, chance }) => {
  if (browser.open.length > 0) chance.pick(browser.open).reload();
};
const HANG: Step = (world) => {
  const tabs = world.awake();
  if (tabs.length > 1) world.chance.pick(tabs).isHung = true;
};
const WAKE: Step = ({ browser }) => {
  for (const tab of browser.open) tab.wake();
};
const NUDGE: Step = (world) => {
  for (const tab of world.awake()) tab.client.nudge();
};
const SLEEP: Step = ({ clock, server, browser, chance }) => {
  clock.sleep(chance.pick([20_000, 90_000, 8 * 60 * MINUTE]));
  for (const line of server.open) line.isMute = true;
  if (chance.happens(0.5)) for (const tab of browser.open) tab.client.nudge();
};
const SET_CLOCK: Step = ({ clock, chance }) => clock.skew(chance.pick([DAY, -DAY, 5_000, -5_000]));
const RESTORE: Step = ({ server, chance, gone }) => {
  for (const { body } of server.restore(chance.below(6))) gone.add(textOf(body));
  if (chance.happens(0.3)) server.epoch = `${server.epoch}+`;
};
const FULL: Step = ({ browser }) => void (browser.isFull = true);

const NETWORK: Step[] = [SAY, SAY, SAY, SAY, CHANGE, WAIT, WAIT, WAIT, WAIT_LONG, CUT, HALF, MUTE, TROUBLE, CALM_AGAIN, OTHER, NUDGE];
const TABS: Step[] = [...NETWORK, SAY, SAY, OPEN, OPEN, CLOSE, RELOAD, HANG, WAKE];
const CLOCKS: Step[] = [...TABS, SLEEP, SET_CLOCK];

async function run(world: World, steps: Step[], count: number): Promise<void> {
  world.open();
  for (let i = 0; i < count; i += 1) await world.chance.pick(steps)(world);
  await world.heal();
}

function check(world: World): void {
  const { server, browser, said } = world;
  assert.deepEqual(server.wrongs, []);
  for (const [conversation, list] of server.conversations) {
    const isKept = (text: string) => !world.gone.has(text);
    const stored = list.filter(({ client_id, body }) => client_id && isKept(textOf(body))).map((one) => `${one.sender} ${one.client_id}`);
    const wanted = said.filter(({ place, text }) => place === conversation && isKept(text)).map((one) => `${one.person} ${one.clientId}`);
    assert.deepEqual([...stored].sort(), [...wanted].sort(), `${conversation}: each message once`);
    assert.equal(new Set(list.map(({ body, message }) => (textOf(body).startsWith('say') ? textOf(body) : message))).size, list.length);
  }
  for (const tab of new Set(said.map((one) => one.tab))) {
    for (const to of PLACES) {
      const place = conversationOf(to);
      const wanted = said.filter((one) => one.tab === tab && one.place === place && !world.gone.has(one.text)).map(({ text }) => text);
      const mine = new Set(wanted);
      const stored = (server.conversations.get(place) ?? []).map(({ body }) => textOf(body)).filter((text) => mine.has(text));
      assert.deepEqual(stored, wanted, `${place}: in the order in which they were said`);
    }
  }
  for (const { client, shown } of browser.open) {
    assert.deepEqual(client.pending(), []);
    for (const [conversation, list] of server.conversations) {
      assert.equal(client.thread(conversation)?.sequence.at?.seq, list.length, `${conversation} is up to date`);
      let last = 0;
      for (const line of shown) {
        if (line === `reset ${conversation}`) last = 0;
        if (!line.startsWith(`${conversation}#`)) continue;
        const seq = Number(line.split('#')[1]);
        assert.ok(seq > last, `${line} after ${last}`);
        last = seq;
      }
    }
  }
  // A closed tab's messages are not left in the store.
  assert.deepEqual(browser.storage.keys().filter((key) => key.startsWith('webim.unsent')), []);
}

/** Tabs that share a connection keep the order in which a person said things, whichever tab they said them in. */
function checkAcrossTabs({ server, said }: World): void {
  for (const to of PLACES) {
    const place = conversationOf(to);
    const seqs = new Map((server.conversations.get(place) ?? []).map(({ seq, body }) => [textOf(body), seq]));
    const here = said.filter((one) => one.place === place);
    for (const [at, one] of here.entries()) {
      const later = here.slice(at + 1).find((other) => other.at - one.at > 1_000);
      if (later) assert.ok((seqs.get(one.text) ?? 0) < (seqs.get(later.text) ?? 0), `${one.text} before ${later.text}`);
    }
  }
}

/** Plays `seeds` schedules; `WEBIM_SCHEDULES=20` plays twenty times as many. */
async function many(seeds: number, first: number, make: (seed: number) => World, steps: Step[], length: number, isAcross = false): Promise<void> {
  const count = seeds * Number(process.env['WEBIM_SCHEDULES'] ?? 1);
  for (let seed = first; seed < first + count; seed += 1) {
    const world = make(seed);
    try {
      await run(world, steps, length);
      check(world);
      if (isAcross) checkAcrossTabs(world);
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
}

test('one tab on a bad network', async () => {
  await many(12, 1, (seed) => new World(seed), NETWORK, 80);
});

test('many tabs that share a connection, close, reload and hang', async () => {
  await many(15, 10_000, (seed) => new World(seed), TABS, 100, true);
});

test('clocks that are set, and machines that sleep', async () => {
  await many(12, 20_000, (seed) => new World(seed), CLOCKS, 100);
});

test('a store that is full costs nothing while a tab lives', async () => {
  await many(8, 30_000, (seed) => new World(seed), [...NETWORK, OPEN, FULL], 80);
});

test('an older database is restored, with its epoch or another', async () => {
  await many(8, 50_000, (seed) => new World(seed), [...TABS, RESTORE], 80);
});

test('two people in one browser never speak for each other', async () => {
  await many(8, 60_000, (seed) => new World(seed, true, [ME, 'p-you']), TABS, 100);
});

test('tabs without channels and locks have their own connections', async () => {
  await many(8, 40_000, (seed) => new World(seed, false), [...NETWORK, SAY, SAY, OPEN, CLOSE, RELOAD, SLEEP], 80);
});

test('tabs that share leave one socket', async () => {
  const world = new World(5_000);
  for (let i = 0; i < 4; i += 1) world.open();
  await world.clock.pass(5_000);
  assert.equal(world.server.open.length, 1);
  assert.deepEqual(world.browser.tabs.map(({ client }) => client.state.phase), ['online', 'online', 'online', 'online']);
});
