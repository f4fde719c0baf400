// The server is killed in the middle and started again: the page says so, and nothing is lost, doubled or out of order.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person } from './support/browser.mjs';
import { Server } from './support/server.mjs';

let server;
let browser;
let zhang;
let li;

before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  zhang = await Person.open(browser, server.url);
  li = await Person.open(browser, server.url);
  await zhang.signIn(server.people.get('zhangwei'));
  await li.signIn(server.people.get('lina'));
  await zhang.openFriend('李娜');
  await li.openFriend('张伟');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** What was said by whom, in order, as one of the two sees it, from `from` on. */
async function talk(person, from) {
  const lines = await person.messages();
  const at = lines.findIndex((line) => line.endsWith(`: ${from}`));
  return lines.slice(at);
}

test('killed in the middle: the page reconnects by itself and nothing is lost, doubled or out of order', async () => {
  await zhang.say('before 1');
  await li.bubble('before 1').waitFor();
  zhang.networkMayFail = true;
  li.networkMayFail = true;
  // On its way when the server dies: stored or not, it must arrive once.
  const last = zhang.say('before 2');
  await server.kill();
  await last;
  await zhang.page.locator('.webim-connection[data-kind=lost]').waitFor();
  await li.page.locator('.webim-connection[data-kind=lost]').waitFor();
  for (let n = 1; n <= 3; n += 1) await zhang.say(`while away ${n}`);
  await zhang.pane.locator('li[data-state=waiting]').first().waitFor();
  await zhang.picture('reconnecting');
  await server.run();
  await Promise.all([zhang.reconnected(), li.reconnected()]);
  await li.say('after');
  const expected = ['before 1', 'before 2', 'while away 1', 'while away 2', 'while away 3'];
  await li.until(async () => {
    const seen = (await talk(li, 'before 1')).filter((line) => line.startsWith('them'));
    assert.deepEqual(seen, expected.map((text) => `them: ${text}`));
  });
  await zhang.until(async () => {
    const mine = (await talk(zhang, 'before 1')).filter((line) => line.startsWith('me'));
    assert.deepEqual(mine, expected.map((text) => `me: ${text}`));
  });
  await zhang.bubble('after').waitFor();
});

test('both see the same order, also after a reload', async () => {
  const turned = (lines) => lines.map((line) => (line.startsWith('me') ? line.replace('me', 'them') : line.replace('them', 'me')));
  await zhang.until(async () => {
    assert.deepEqual(await talk(zhang, 'before 1'), turned(await talk(li, 'before 1')));
  });
  const said = await talk(zhang, 'before 1');
  await zhang.page.reload();
  await zhang.ready();
  await zhang.openFriend('李娜');
  await zhang.until(async () => assert.deepEqual(await talk(zhang, 'before 1'), said));
});

test('what was written without a server survives a reload of the page', async () => {
  await server.kill();
  await zhang.page.locator('.webim-connection[data-kind=lost]').waitFor();
  await zhang.say('kept over the reload');
  await zhang.pane.locator('li[data-state=waiting]').waitFor();
  await server.run();
  await zhang.page.reload();
  await zhang.ready();
  await li.bubble('kept over the reload').waitFor();
  await zhang.openFriend('李娜');
  await zhang.bubble('kept over the reload').waitFor();
  assert.equal(await zhang.bubble('kept over the reload').count(), 1);
});

test('six kills while one writes', async () => {
  const mine = [];
  for (let round = 1; round <= 6; round += 1) {
    const lines = [`round ${round} a`, `round ${round} b`, `round ${round} c`];
    mine.push(...lines);
    const writing = (async () => {
      for (const line of lines) await zhang.say(line);
    })();
    if (round % 2 === 0) await writing;
    await server.kill();
    await writing;
    await server.run();
    await Promise.all([zhang.reconnected(), li.reconnected()]);
  }
  const expected = mine.map((text) => `them: ${text}`);
  await li.until(async () => {
    const seen = (await talk(li, 'round 1 a')).filter((line) => line.startsWith('them'));
    assert.deepEqual(seen, expected);
  });
});

test('the page never complained of anything but the network', () => {
  zhang.calm();
  li.calm();
});
