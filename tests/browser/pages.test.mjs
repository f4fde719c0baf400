// What lies beside the chats at `/`: search, chat log, message box, signature, account.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person, PHONE } from './support/browser.mjs';
import { Server } from './support/server.mjs';

let server;
let browser;
let zhang;
let li;

before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  zhang = await Person.open(browser, server.url);
  li = await Person.open(browser, server.url, { viewport: PHONE, locale: 'en-US' });
  await zhang.signIn(server.people.get('zhangwei'));
  await li.signIn(server.people.get('lina'));
  await zhang.openFriend('李娜');
  await li.openFriend('张伟');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a signature is written, and seen by others', async () => {
  await zhang.page.locator('.layui-layim-remark').fill('在 302 会议室');
  await zhang.page.keyboard.press('Enter');
  await li.back();
  await li.page.locator('.layui-layim-tab li[lay-type=friend]').click();
  await li.friend('张伟').locator('p', { hasText: '在 302 会议室' }).waitFor();
  await zhang.page.reload();
  await zhang.ready();
  await zhang.until(async () => assert.equal(await zhang.page.locator('.layui-layim-remark').inputValue(), '在 302 会议室'));
});

test('the chat log: newest, a day, and the way to a message', async () => {
  await zhang.openFriend('李娜');
  for (let n = 1; n <= 60; n += 1) await zhang.say(`第 ${n} 条记录`);
  await zhang.bubble('第 60 条记录').and(zhang.page.locator('[data-seq]')).waitFor();
  await zhang.pane.locator('.layim-tool-log').click();
  const log = zhang.page.getByRole('dialog', { name: '与 李娜 的聊天记录' });
  await log.getByText('第 60 条记录').waitFor();
  // It slides in.
  await zhang.until(() => zhang.fits());
  await zhang.picture('log');
  await log.getByText('更早的消息').click();
  await log.getByText('第 1 条记录', { exact: true }).waitFor();
  const today = await zhang.page.evaluate(() => new Date().toLocaleDateString('sv'));
  await log.locator('input[type=date]').fill(today);
  await log.locator('li').first().waitFor();
  await log.locator('input[type=date]').fill('2020-01-01');
  await log.getByText('没有找到消息').waitFor();
  await log.getByText('回到最新').click();
  await log.getByText('第 60 条记录').waitFor();
  await log.getByText('更早的消息').click();
  await log.getByText('第 1 条记录', { exact: true }).click();
  await zhang.pane.locator('li.layim-marked', { hasText: '第 1 条记录' }).waitFor();
  await zhang.page.keyboard.press('Escape');
});

test('the message box is empty, and says so', async () => {
  await zhang.page.locator('.layim-tool-msgbox').click();
  await zhang.page.getByRole('dialog', { name: '消息盒子' }).getByText('还没有通知').waitFor();
  await zhang.picture('msgbox');
  await zhang.page.keyboard.press('Escape');
});

test('the pages never complained', () => {
  zhang.calm();
  li.calm();
});
