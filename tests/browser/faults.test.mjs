// Faults between the page and the server: refusals, lost answers, doubled frames, hostile text.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person, PHONE } from './support/browser.mjs';
import { Server } from './support/server.mjs';

let server;
let browser;
let zhang;
let li;
/** What stands between the page and the server; replaced by each test. */
let faults = {};

before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  zhang = await Person.open(browser, server.url);
  await zhang.page.routeWebSocket(/\/ws/, (page) => {
    const upstream = page.connectToServer();
    page.onMessage((text) => {
      const answer = faults.toServer?.(JSON.parse(text), page);
      if (answer !== false) upstream.send(text);
    });
    upstream.onMessage((text) => {
      for (const frame of faults.toPage?.(JSON.parse(text), page) ?? [JSON.parse(text)]) page.send(JSON.stringify(frame));
    });
  });
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

test('a refused message says why and can be sent again', async () => {
  faults = {
    toServer(frame, page) {
      if (frame.op !== 'send') return true;
      const nack = { op: 'nack', client_id: frame.client_id, code: 'hook_refused', reason: 'A rule refused this message.', retry: false };
      page.send(JSON.stringify(nack));
      return false;
    },
  };
  await zhang.say('please take me');
  const bubble = zhang.bubble('please take me');
  await zhang.pane.locator('li[data-state=failed]').waitFor();
  assert.match(await bubble.locator('.layim-chat-state').textContent(), /未发送 · 消息被规则拒绝/);
  await zhang.fits();
  await zhang.picture('failed');
  faults = {};
  await bubble.locator('.layim-again').click();
  await li.bubble('please take me').waitFor();
  await zhang.until(async () => assert.match((await bubble.getAttribute('data-state')) ?? '', /sent|read/));
  assert.equal(await li.bubble('please take me').count(), 1);
});

test('a failed message is still there after a reload', async () => {
  faults = {
    toServer(frame, page) {
      if (frame.op !== 'send') return true;
      page.send(JSON.stringify({ op: 'nack', client_id: frame.client_id, code: 'forbidden', reason: 'No.', retry: false }));
      return false;
    },
  };
  await zhang.say('failed before the reload');
  await zhang.pane.locator('li[data-state=failed]').waitFor();
  faults = {};
  await zhang.page.reload();
  await zhang.ready();
  await zhang.openFriend('李娜');
  await zhang.bubble('failed before the reload').locator('.layim-again').click();
  await li.bubble('failed before the reload').waitFor();
});

test('an answer that is lost is asked for again, and the message stands once', async () => {
  let lost = 0;
  faults = {
    toPage(frame) {
      if (frame.op === 'ack' && frame.seq && lost === 0) {
        lost += 1;
        return [];
      }
      return frame.op === 'message' && frame.sender && lost === 1 && frame.body.text === 'lost answer' ? [] : [frame];
    },
  };
  await zhang.say('lost answer');
  await zhang.until(async () => {
    assert.match((await zhang.bubble('lost answer').getAttribute('data-state')) ?? '', /sent|read/);
  }, 30_000);
  assert.equal(await li.bubble('lost answer').count(), 1);
  assert.equal(await zhang.bubble('lost answer').count(), 1);
});

test('frames that come twice or not at all leave no mark', async () => {
  let count = 0;
  faults = {
    toPage(frame) {
      if (frame.op !== 'message') return [frame];
      count += 1;
      return count % 3 === 0 ? [] : [frame, frame];
    },
  };
  for (let n = 1; n <= 8; n += 1) await li.say(`odd ${n}`);
  faults = {};
  await li.say('odd 9');
  await zhang.until(async () => {
    const lines = (await zhang.messages()).filter((line) => line.includes(': odd '));
    assert.deepEqual(lines, Array.from({ length: 9 }, (_, n) => `them: odd ${n + 1}`));
  });
});

test('contacts that come late find the conversations that came before them', async () => {
  faults = {};
  const { page } = zhang;
  await page.route('**/layim/init', async (route) => {
    await page.waitForTimeout(1_500);
    await route.continue();
  });
  await page.reload();
  await zhang.page.locator('.webim-wait').waitFor();
  await zhang.ready();
  await page.unroute('**/layim/init');
  await page.locator('.layui-layim-tab li[lay-type=history]').click();
  await zhang.recent('李娜').locator('p', { hasText: 'odd 9' }).waitFor();
  await zhang.recent('李娜').click();
  await zhang.bubble('odd 9').waitFor();
});

test('contacts that cannot be read can be asked for again', async () => {
  const { page } = zhang;
  zhang.networkMayFail = true;
  await page.route('**/layim/init', (route) => route.abort());
  await page.reload();
  await page.locator('.webim-wait', { hasText: '通讯录加载失败' }).waitFor();
  await zhang.picture('contacts-failed');
  await page.unroute('**/layim/init');
  await page.locator('.webim-wait button').click();
  await zhang.ready();
  zhang.networkMayFail = false;
  await zhang.openFriend('李娜');
});

test('hostile text is shown as text', async () => {
  const hostile = [
    '<img src=x onerror=alert(1)>',
    '<script>alert(2)</script>',
    '[div onmouseover=alert(3)]over[/div]',
    'a(javascript:alert(4))[click]',
    'img[javascript:alert(5)]',
    '"><svg onload=alert(6)>',
    '{{constructor.constructor("alert(7)")()}}',
    `Z${'\u0300\u0301\u0316'.repeat(300)}algo`,
    '\u202Eright to left override\u202C',
    `long ${'x'.repeat(400)}`,
    '[span class=layui-layer id=layui-layim]no[/span]',
  ];
  let dialogs = 0;
  li.page.on('dialog', (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  for (const text of hostile) await zhang.say(text);
  await zhang.say('the end');
  await li.bubble('the end').waitFor();
  const shown = await li.messages();
  for (const text of hostile.slice(0, 2).concat(hostile[5], hostile[6], hostile[7])) assert.ok(shown.includes(`them: ${text}`), text);
  const live = await li.pane.locator('.layim-chat-main').evaluate((main) => ({
    scripts: main.querySelectorAll('script, iframe, object').length,
    handlers: [...main.querySelectorAll('*')].filter((element) => element.getAttributeNames().some((name) => name.startsWith('on'))).length,
    links: [...main.querySelectorAll('[href], [src]')].filter((element) => /^\s*javascript:/i.test(element.getAttribute('href') ?? element.getAttribute('src') ?? '')).length,
    borrowed: main.querySelectorAll('.layim-chat-text .layui-layer, .layim-chat-text #layui-layim').length,
  }));
  assert.deepEqual(live, { scripts: 0, handlers: 0, links: 0, borrowed: 0 });
  assert.equal(dialogs, 0);
  const tall = await li.pane.locator('.layim-chat-text').evaluateAll((items) => items.filter((item) => item.scrollHeight > item.clientHeight + 4 && getComputedStyle(item).overflow !== 'hidden').length);
  assert.equal(tall, 0);
  await li.fits();
  await li.picture('hostile');
  await li.page.setViewportSize(PHONE);
  await li.fits();
  await li.picture('hostile-phone');
});

test('the page never complained', () => {
  zhang.calm();
  li.calm();
});
