// Customer service from end to end: a visitor, two agents, a supervisor and an expert, each in a window of their own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, PHONE } from './support/browser.mjs';
import { Server } from './support/server.mjs';
import { Agent, allow, Visitor } from './support/service.mjs';

let server;
let browser;
let visitor;
let first;
let second;
let supervisor;
let expert;

before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  await allow(server, 'shop', []);
  await allow(server, 'experts', []);
  first = await Agent.serve(browser, server, 'liuyang');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a visitor is given to the agent who is there, and both see who the other is', async () => {
  visitor = await Visitor.open(browser, `${server.url}/c/shop`);
  await visitor.frame.getByText('您好，欢迎咨询').waitFor();
  await visitor.fits();
  await visitor.picture('customer-start');
  await visitor.begin();
  await visitor.say('我的订单还没有到');
  await visitor.frame.getByText(`${first.name} 正在为您服务`).waitFor();
  await first.openCustomer('我的订单还没有到');
  await first.bubble('我的订单还没有到').waitFor();
  await first.page.locator('.webim-why p').waitFor();
  await first.say('您好，我帮您查一下');
  await visitor.hears('您好，我帮您查一下');
  await visitor.fits();
  await visitor.picture('customer-chat');
  await first.fits();
  await first.picture('desk-chat');
});

test('replies at hand by /, with names filled in', async () => {
  await first.field.fill('/he');
  await first.page.locator('.webim-canned li').first().waitFor();
  await first.picture('desk-canned');
  await first.field.press('Enter');
  await first.until(async () => assert.match(await first.field.inputValue(), new RegExp(`我是${first.name}`)));
  await first.field.press('Enter');
  await visitor.hears(`我是${first.name}`);
});

test('what the visitor types is seen before it is sent', async () => {
  await visitor.frame.locator('textarea').pressSequentially('其实我想退');
  await first.pane.locator('.layim-chat-status', { hasText: '正在输入：其实我想退' }).waitFor();
  await visitor.frame.locator('textarea').fill('');
});

test('notes are for agents alone', async () => {
  await first.page.locator('.webim-info .webim-tabs button', { hasText: '内部记录' }).click();
  await first.page.locator('.webim-note textarea').fill('老客户，请优先处理');
  await first.page.getByRole('button', { name: '添加备注', exact: true }).click();
  await first.page.locator('.webim-entry-note', { hasText: '老客户，请优先处理' }).waitFor();
  await first.picture('desk-side');
  assert.equal(await visitor.frame.getByText('老客户').count(), 0);
});

test('a transfer with a note: offered, accepted, and the next one carries on', async () => {
  second = await Agent.serve(browser, server, 'chenjing', { viewport: PHONE, colorScheme: 'dark' });
  await first.pane.getByRole('button', { name: '转接' }).click();
  const dialog = first.page.getByRole('dialog', { name: /转接/ });
  await dialog.getByText(second.name).click();
  await dialog.getByPlaceholder('给接手人的备注').fill('想退货，订单 20261123');
  await first.picture('desk-transfer');
  await dialog.getByRole('button', { name: '转接' }).click();
  const offer = second.page.locator('.webim-offer');
  await offer.getByText('想退货，订单 20261123').waitFor();
  await second.fits();
  await second.picture('desk-offer-phone-dark');
  await first.say('请稍等，同事马上接手');
  await visitor.hears('请稍等，同事马上接手');
  await offer.getByRole('button', { name: '接受' }).click();
  await visitor.frame.getByText(`${second.name} 正在为您服务`).waitFor();
  await second.bubble('我的订单还没有到').waitFor();
  await second.say('您好，退货已为您登记');
  await visitor.hears('退货已为您登记');
  await second.fits();
  await second.picture('desk-chat-phone-dark');
  await first.pane.locator('.layim-chat-closed').waitFor();
});

test('a supervisor reads along unseen, whispers, and takes over', async () => {
  supervisor = await Agent.serve(browser, server, 'wangfang');
  await supervisor.works('break');
  await supervisor.page.locator('[data-board]').click();
  await supervisor.page.locator('.webim-figures article').first().waitFor();
  await supervisor.fits();
  await supervisor.picture('desk-board');
  const row = supervisor.page.locator('.webim-rows li', { hasText: second.name }).first();
  await row.getByRole('button', { name: '旁观' }).click();
  await supervisor.pane.getByText('您正在旁观，客户看不到您').waitFor();
  await visitor.say('多久能退款？');
  await supervisor.bubble('多久能退款？').waitFor();
  await supervisor.page.locator('.webim-info .webim-tabs button', { hasText: '内部记录' }).click();
  await supervisor.page.locator('.webim-note textarea').fill('三个工作日');
  await supervisor.page.getByRole('button', { name: '悄悄话', exact: true }).click();
  await supervisor.page.locator('.webim-entry-whisper', { hasText: '三个工作日' }).waitFor();
  await supervisor.picture('desk-supervisor');
  await supervisor.pane.getByRole('button', { name: '接管' }).click();
  await visitor.frame.getByText(`${supervisor.name} 正在为您服务`).waitFor();
  await supervisor.say('三个工作日内到账');
  await visitor.hears('三个工作日内到账');
});

test('ending the visit, and coming back to the same agent', async () => {
  await visitor.frame.locator('.webim-more > button').click();
  await visitor.frame.getByRole('menuitem', { name: '结束咨询' }).click();
  await visitor.frame.getByRole('dialog').getByRole('button', { name: '结束咨询' }).click();
  await visitor.frame.getByText('本次咨询已结束').waitFor();
  await visitor.page.reload();
  await visitor.hears('三个工作日内到账');
  await visitor.picture('customer-ended');
});

test('experts: several lanes at once, and one timeline of all', async () => {
  expert = await Agent.serve(browser, server, 'yangmin');
  const asker = await Visitor.open(browser, `${server.url}/c/experts`, { viewport: PHONE });
  await asker.frame.getByRole('button', { name: '技术支持' }).click();
  await asker.say('打印机连不上');
  await asker.frame.getByText('正在为您服务').waitFor();
  await asker.frame.locator('.webim-lanes').getByRole('button', { name: /咨询其他内容/ }).click();
  await asker.frame.getByRole('button', { name: '订单与退货' }).click();
  await asker.say('还想问问订单');
  await asker.fits();
  await asker.picture('customer-lanes-phone');
  await asker.frame.locator('.webim-lanes').getByRole('button', { name: '全部' }).click();
  for (const words of ['打印机连不上', '还想问问订单']) await asker.frame.locator('.webim-timeline').getByText(words).waitFor();
  await asker.fits();
  await asker.picture('customer-timeline-phone');
  asker.calm();
  await asker.close();
});

test('the pages never complained', () => {
  for (const person of [visitor, first, second, supervisor, expert]) person?.calm();
});
