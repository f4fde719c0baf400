// Five hundred messages in a second, from the socket through the client kit into the panel: the page goes on answering.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { launch, Person } from './support/browser.mjs';
import { Server } from './support/server.mjs';
import { longestTask } from './support/tasks.mjs';

let server;
let browser;

before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('500 messages in a second leave the page responsive, and all are there', async () => {
  const zhang = await Person.open(browser, server.url);
  const li = await Person.open(browser, server.url);
  let last;
  let flood;
  await zhang.page.routeWebSocket(/\/ws/, (page) => {
    const upstream = page.connectToServer();
    // What is made up here the server must not hear of.
    page.onMessage((text) => void (JSON.parse(text).op === 'read' || upstream.send(text)));
    upstream.onMessage((text) => {
      const frame = JSON.parse(text);
      if (frame.op === 'message' && frame.body.text === 'the last real one') last = frame;
      page.send(text);
    });
    flood = (from, to) => {
      for (let n = from; n < to; n += 1) {
        const { client_id: _, ...rest } = last;
        page.send(JSON.stringify({ ...rest, message: randomUUID(), seq: last.seq + 1 + n, time: last.time + n, body: { text: `flood ${n + 1} ${'字'.repeat(n % 50)}` } }));
      }
    };
  });
  await zhang.signIn(server.people.get('zhangwei'));
  await li.signIn(server.people.get('lina'));
  await zhang.openFriend('李娜');
  await li.openFriend('张伟');
  await li.say('the last real one');
  await zhang.bubble('the last real one').waitFor();
  await zhang.page.evaluate(() => {
    window.turns = 0;
    setInterval(() => (window.turns += 1), 10);
  });
  const longest = await longestTask(zhang.page, async () => {
    for (let part = 0; part < 20; part += 1) {
      flood(part * 25, part * 25 + 25);
      // One writes meanwhile, and each letter has its place.
      await zhang.field.press('a');
    }
    await zhang.until(async () => assert.match((await zhang.messages()).at(-1), /flood 500 /));
  });
  assert.equal(await zhang.field.inputValue(), 'a'.repeat(20));
  const shown = (await zhang.messages()).map((line) => Number(/flood (\d+)/.exec(line)?.[1]));
  assert.deepEqual(shown, shown.map((_, n) => shown[0] + n));
  const turns = await zhang.page.evaluate(() => window.turns);
  assert.ok(turns > 5, `${turns} turns`);
  console.log(`# longest task ${longest.toFixed(1)} ms`);
  assert.ok(longest < 100, `a task of ${longest} ms`);
  const drawn = await zhang.pane.locator('.layim-chat-main > ul > li').count();
  assert.ok(drawn <= 400, `${drawn} entries`);
  zhang.calm();
});
