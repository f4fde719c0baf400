// What devices do to a page: a clock that is wrong, a line cut in the middle of a frame, a night asleep, somebody else in
// the next tab, and a slow line for the first look.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person } from './support/browser.mjs';
import { Server } from './support/server.mjs';

/** Bytes of all that `/` loads at first, compressed, without the icon font. */
const FIRST_LOAD = 230_000;

let server;
let browser;

before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function pair(prepare = async () => {}) {
  const [zhang, li] = await Promise.all([Person.open(browser, server.url), Person.open(browser, server.url)]);
  await prepare(zhang.page);
  await zhang.signIn(server.people.get('zhangwei'));
  await li.signIn(server.people.get('lina'));
  await zhang.openFriend('李娜');
  await li.openFriend('张伟');
  return [zhang, li];
}

async function closed(...people) {
  for (const person of people) {
    person.calm();
    await person.close();
  }
}

for (const days of [1, -1]) {
  test(`a clock that is wrong by ${days} day: the order is the server's, and one's own words can still be changed`, async () => {
    const [zhang, li] = await pair((page) => page.clock.setSystemTime(Date.now() + days * 86_400_000));
    const words = ['一', '二', '三', '四'].map((word) => `${word} ${days}`);
    for (const [at, word] of words.entries()) {
      await (at % 2 === 0 ? zhang : li).say(word);
      await (at % 2 === 0 ? li : zhang).bubble(word).waitFor();
    }
    const shown = (person) => person.messages().then((lines) => lines.map((line) => line.split(': ')[1]).slice(-4));
    for (const person of [zhang, li]) await person.until(async () => assert.deepEqual(await shown(person), words));
    await zhang.pane.locator('.layim-chat-text', { hasText: words[0] }).click({ button: 'right' });
    await zhang.page.getByRole('menuitem', { name: '编辑' }).waitFor();
    await zhang.page.keyboard.press('Escape');
    await closed(zhang, li);
  });
}

test('a line that is cut in the middle of a frame is left, and nothing is missing afterwards', async () => {
  let cut = false;
  const [zhang, li] = await pair((page) =>
    page.routeWebSocket(/\/ws/, (socket) => {
      const upstream = socket.connectToServer();
      upstream.onMessage((text) => {
        const isCut = cut && text.includes('half of this');
        if (isCut) cut = false;
        socket.send(isCut ? text.slice(0, text.length / 2) : text);
      });
    }));
  cut = true;
  await li.say('half of this');
  await li.say('and all of that');
  await zhang.bubble('and all of that').waitFor();
  await zhang.until(async () => assert.deepEqual((await zhang.messages()).slice(-2), ['them: half of this', 'them: and all of that']));
  assert.equal(cut, false);
  await closed(zhang, li);
});

test('a laptop that slept over night finds what was said meanwhile', async () => {
  const [zhang, li] = await pair((page) => page.clock.install());
  await zhang.page.clock.pauseAt(new Date(Date.now() + 1_000));
  await zhang.context.setOffline(true);
  await li.say('said in the night');
  await zhang.context.setOffline(false);
  zhang.networkMayFail = true;
  await zhang.page.clock.fastForward(9 * 3_600_000);
  await zhang.page.clock.resume();
  await zhang.bubble('said in the night').waitFor();
  await zhang.say('good morning');
  await li.bubble('good morning').waitFor();
  await closed(zhang, li);
});

test('somebody else signs in in the next tab: the first one shows nothing of theirs as its own', async () => {
  const zhang = await Person.open(browser, server.url);
  await zhang.signIn(server.people.get('zhangwei'));
  const tab = new Person(zhang.context, await zhang.context.newPage(), server.url);
  for (const one of [zhang, tab]) one.networkMayFail = true;
  await tab.page.goto(server.url);
  await tab.ready();
  await tab.page.locator('.layim-tool-signout').click();
  await tab.page.locator('#webim-login').waitFor();
  await tab.signIn(server.people.get('lina'));
  // The other tab has either asked who is there, or shows whose page it is now.
  await zhang.until(async () => {
    const names = await zhang.page.locator('.layui-layim-user').allTextContents();
    assert.ok(names.length === 0 || names[0].includes('李娜'), String(names));
  });
  zhang.calm();
  tab.calm();
  await zhang.close();
});

// Pages out of a folder come as they are.
test('the first look at the page costs little', { skip: Boolean(process.env.WEBIM_TEST_DIST) }, async () => {
  const person = await Person.open(browser, server.url);
  person.networkMayFail = true;
  await person.page.goto(server.url);
  await person.page.locator('#webim-login').waitFor();
  const loaded = await person.page.evaluate(() =>
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(({ name, encodedBodySize, decodedBodySize }) => [name, encodedBodySize, decodedBodySize]),
  );
  const sizes = loaded.filter(([name]) => !name.includes('.woff2'));
  const bytes = sizes.reduce((sum, [, encoded]) => sum + encoded, 0);
  console.log(`# first load: ${bytes} bytes`);
  assert.ok(sizes.length >= 6, JSON.stringify(loaded));
  assert.ok(bytes <= FIRST_LOAD, JSON.stringify(sizes));
  await person.close();
});
