// The widget on a site of somebody else's: one script tag, a policy that names only our host, cookies of third parties
// blocked, a phone and a desk.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person, PHONE } from './support/browser.mjs';
import { Server } from './support/server.mjs';
import { allow, Agent, Visitor } from './support/service.mjs';
import { Site } from './support/site.mjs';

let server;
let browser;
let site;

before(async () => {
  [server, browser, site] = await Promise.all([Server.start(), launch(), Site.start({ channel: 'shop' })]);
  site.of(server.url);
  await allow(server, 'shop', [site.url]);
});

after(async () => {
  await browser?.close();
  await site?.stop();
  await server?.stop();
});

test('a button, a frame, a chat; the page of the site is left alone', async () => {
  const visitor = await Visitor.open(browser, site.url);
  const { page } = visitor;
  const before = await page.evaluate(() => document.body.scrollHeight);
  await visitor.button.waitFor();
  assert.equal(await page.locator('iframe').count(), 0);
  await page.evaluate(() => document.documentElement.style.cssText).then((style) => assert.equal(style, ''));
  await visitor.picture('widget-button');
  await visitor.button.click();
  const chat = visitor.frame;
  await chat.getByText('您好，欢迎咨询').waitFor();
  await visitor.picture('widget-start');
  await chat.getByRole('button', { name: '开始咨询' }).click();
  await chat.locator('textarea').waitFor();
  await chat.locator('textarea').fill('你好，我想退货');
  await chat.locator('textarea').press('Enter');
  await chat.locator('.layim-chat-text', { hasText: '你好，我想退货' }).waitFor();
  await chat.locator('li[data-state=sent], li[data-state=read]').first().waitFor();
  await visitor.picture('widget-chat');
  assert.equal(await page.evaluate(() => document.body.scrollHeight), before);
  visitor.calm();
  await visitor.close();
});

test('it is there again on the next page of the site, with what was said', async () => {
  const visitor = await Visitor.open(browser, site.url);
  await visitor.begin();
  await visitor.say('第一页说的话');
  await visitor.page.getByRole('link', { name: '第二页' }).click();
  await visitor.frame.locator('.layim-chat-text', { hasText: '第一页说的话' }).waitFor();
  await visitor.frame.locator('.webim-head').getByRole('button', { name: '收起' }).click();
  await visitor.until(async () => assert.equal(await visitor.page.locator('iframe').isVisible(), false));
  await visitor.page.reload();
  await visitor.button.waitFor();
  assert.equal(await visitor.page.locator('iframe:visible').count(), 0);
  visitor.calm();
  await visitor.close();
});

test('full screen on a phone, and back', async () => {
  const visitor = await Visitor.open(browser, site.url, { viewport: PHONE });
  await visitor.begin();
  const box = await visitor.page.locator('iframe').boundingBox();
  assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, PHONE.width, PHONE.height]);
  await visitor.say('从手机上发来');
  await visitor.picture('widget-phone');
  await visitor.frame.locator('.webim-head').getByRole('button', { name: '收起' }).click();
  await visitor.button.waitFor();
  visitor.calm();
  await visitor.close();
});

test('the number of what was missed, and window.webim', async () => {
  const agent = await Agent.serve(browser, server, 'wangfang');
  const visitor = await Visitor.open(browser, site.url);
  await visitor.begin();
  await visitor.say('有人吗');
  await agent.openCustomer('有人吗');
  await visitor.page.evaluate(() => window.webim.close());
  await agent.say('在的，请讲');
  await visitor.page.locator('button span', { hasText: '1' }).waitFor();
  await visitor.picture('widget-unread');
  assert.ok((await visitor.page.evaluate(() => window.heard)).some(([name, count]) => name === 'unread' && count === 1));
  await visitor.page.evaluate(() => window.webim.open());
  await visitor.frame.locator('.layim-chat-text', { hasText: '在的，请讲' }).waitFor();
  await visitor.until(async () => assert.equal(await visitor.page.locator('button span', { hasText: '1' }).isVisible(), false));
  visitor.calm();
  agent.calm();
  await agent.close();
  await visitor.close();
});

test('a site that is not allowed gets no frame', async () => {
  const other = await Site.start({ channel: 'shop' });
  other.of(server.url);
  const visitor = await Visitor.open(browser, other.url);
  visitor.networkMayFail = true;
  await visitor.button.click();
  await visitor.until(async () => assert.ok(visitor.errors.some((line) => /frame-ancestors/.test(line)), String(visitor.errors)));
  assert.equal(await visitor.frame.locator('.webim-customer').count().catch(() => 0), 0);
  await visitor.close();
  await other.stop();
});

test('the frame may be refused all storage: the host keeps the token', async () => {
  const visitor = await Visitor.open(browser, site.url);
  await visitor.page.addInitScript(() => {
    if (window === window.top) return;
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
    }
  });
  await visitor.page.reload();
  await visitor.begin();
  await visitor.say('没有存储也能聊');
  await visitor.page.getByRole('link', { name: '第二页' }).click();
  await visitor.hears('没有存储也能聊');
  visitor.calm();
  await visitor.close();
});
