// Two people in two browsers: they find each other in the department tree, chat one to one and in their department.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESK, launch, Person, PHONE } from './support/browser.mjs';
import { Server } from './support/server.mjs';

let server;
let browser;
let zhang;
let li;

before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a wrong password is refused with a sentence', async () => {
  const person = await Person.open(browser, server.url);
  const { page } = person;
  person.networkMayFail = true;
  await page.goto(server.url);
  await page.locator('button[type=submit]').click();
  assert.equal(await page.locator('.webim-error').textContent(), '请输入用户名和密码');
  await page.locator('#webim-login').fill('zhangwei');
  await page.locator('#webim-password').fill('wrong');
  await page.keyboard.press('Enter');
  await page.locator('.webim-error', { hasText: '用户名或密码不正确' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  await person.fits();
  await person.picture('sign-in');
  await page.getByText('English').click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await page.setViewportSize(PHONE);
  await person.fits();
  await person.picture('sign-in-phone');
  person.calm();
  await person.close();
});

test('two browsers sign in', async () => {
  zhang = await Person.open(browser, server.url);
  li = await Person.open(browser, server.url, { viewport: PHONE, locale: 'en-US' });
  await zhang.signIn(server.people.get('zhangwei'));
  await li.signIn(server.people.get('lina'));
  assert.equal(await zhang.page.locator('.layui-layim-user').textContent(), '张伟');
  assert.equal(await li.page.locator('html').getAttribute('lang'), 'en');
  await zhang.fits();
  await zhang.picture('panel');
  await li.fits();
  await li.picture('panel-phone');
});

test('they find each other in the department tree and see who is there', async () => {
  await zhang.openFriend('李娜');
  await zhang.until(async () => assert.equal(await zhang.friend('李娜').getAttribute('data-shows'), 'online'));
  assert.match(await zhang.friend('李娜').getAttribute('class'), /^layim-friend[0-9a-f-]{36}/);
  assert.equal(await zhang.friend('吴军').getAttribute('data-shows'), 'offline');
  assert.equal(await zhang.pane.locator('.layim-chat-status').textContent(), '在线');
});

test('one to one: text, faces, unread, read', async () => {
  const before = (await zhang.messages()).length;
  await zhang.say('周报写好了吗？face[微笑]');
  await zhang.say('下午三点 302 会议室');
  const unread = li.friend('张伟').locator('.layim-msg-status');
  await li.until(async () => assert.equal(Number(await unread.textContent()) >= 2, true));
  await li.until(async () => assert.match(await li.page.title(), /^\(\d+\) webim$/));
  await li.openFriend('张伟');
  await li.bubble('下午三点 302 会议室').waitFor();
  assert.equal(await li.pane.locator('.layim-face').last().getAttribute('title'), '[微笑]');
  await li.until(async () => assert.equal(await unread.isHidden(), true));
  await zhang.pane.locator('li[data-state=read]').first().waitFor();
  await li.say('Nearly done');
  await zhang.bubble('Nearly done').waitFor();
  assert.equal((await zhang.messages()).length, before + 3);
  await zhang.fits();
  await zhang.picture('chat');
  await li.fits();
  await li.picture('chat-phone');
});

test('who is typing is shown', async () => {
  await li.field.pressSequentially('hm');
  await zhang.pane.locator('.layim-chat-status', { hasText: '正在输入' }).waitFor();
  await li.field.fill('');
});

test('in the department: members, unread numbers, names', async () => {
  await zhang.openGroup('研发中心');
  await zhang.say('各位早上好');
  await li.back();
  await li.page.locator('.layui-layim-tab li[lay-type=history]').click();
  const line = li.recent('研发中心');
  await line.locator('p', { hasText: '张伟: 各位早上好' }).waitFor();
  assert.equal(await line.locator('.layim-msg-status').isVisible(), true);
  await li.picture('recent-phone');
  await line.click();
  await li.bubble('各位早上好').waitFor();
  await li.say('Good morning');
  await zhang.bubble('Good morning').waitFor();
  const name = zhang.pane.locator('.layim-chat-main li', { has: zhang.page.locator('.layim-chat-text:text-is("Good morning")') }).locator('cite span');
  assert.equal(await name.textContent(), '李娜');
  await zhang.pane.locator('[layim-event=groupMembers]').click();
  await zhang.pane.locator('.layim-members-list li[data-uid]').first().waitFor();
  assert.match(await zhang.pane.locator('.layim-chat-members').textContent(), /^\d+ 人$/);
  await zhang.picture('department');
  await zhang.page.keyboard.press('Escape');
  assert.equal(await zhang.pane.locator('.layui-layim-members').isVisible(), false);
});

test('search finds people by name and by department', async () => {
  const { page } = zhang;
  await page.locator('.layui-layim-search input').fill('娜');
  await page.locator('#layui-layim-search li[data-type=friend]').first().waitFor();
  const names = await page.locator('#layui-layim-search li[data-type=friend] > span[dir]').allTextContents();
  assert.ok(names.includes('李娜'), names.join());
  await zhang.picture('search');
  await page.locator('.layui-layim-search input').fill('no such name');
  await page.locator('#layui-layim-search .layim-null').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.layui-layim-tab').waitFor();
});

test('hiding is shown to others as offline', async () => {
  await zhang.openFriend('李娜');
  await li.back();
  await li.page.locator('.layui-layim-status > span').click();
  await li.page.locator('.layui-layim-status li[lay-type=hide]').click();
  await zhang.until(async () => assert.equal(await zhang.friend('李娜').getAttribute('data-shows'), 'offline'));
  await li.page.locator('.layui-layim-status > span').click();
  await li.page.locator('.layui-layim-status li[lay-type=online]').click();
  await zhang.until(async () => assert.equal(await zhang.friend('李娜').getAttribute('data-shows'), 'online'));
});

test('faces are chosen with the keyboard', async () => {
  await zhang.pane.locator('.layim-tool-face').focus();
  await zhang.page.keyboard.press('Enter');
  await zhang.page.keyboard.press('ArrowRight');
  await zhang.picture('faces');
  await zhang.page.keyboard.press('Enter');
  assert.equal(await zhang.field.inputValue(), 'face[嘻嘻] ');
  await zhang.field.fill('');
});

test('a reload keeps everything', async () => {
  const said = await zhang.messages();
  await zhang.page.reload();
  await zhang.ready();
  await zhang.openFriend('李娜');
  await zhang.waitForMessages(said);
});

test('a second device of the same person keeps step', async () => {
  const second = await Person.open(browser, server.url);
  await second.signIn(server.people.get('zhangwei'));
  await second.openFriend('李娜');
  await second.say('from my other device');
  await zhang.bubble('from my other device').waitFor();
  assert.match(await zhang.bubble('from my other device').getAttribute('class'), /layim-chat-mine/);
  assert.equal(await zhang.bubble('from my other device').count(), 1);
  await zhang.openGroup('华远科技');
  await second.page.locator('.layui-layim-tab li[lay-type=group]').click();
  const unread = second.page.locator('.layim-list-group > li', { hasText: '华远科技' }).locator('.layim-msg-status');
  await second.until(async () => assert.equal(await unread.isHidden(), true));
  second.calm();
  await second.close();
});

test('older messages come by scrolling up', async () => {
  await zhang.openFriend('李娜');
  await li.openFriend('张伟');
  for (let n = 1; n <= 70; n += 1) await li.say(`line ${n}`);
  await zhang.bubble('line 70').waitFor();
  await zhang.page.reload();
  await zhang.ready();
  await zhang.openFriend('李娜');
  await zhang.bubble('line 70').waitFor();
  assert.equal(await zhang.bubble('Nearly done').count(), 0);
  await zhang.until(async () => {
    await zhang.pane.locator('.layim-chat-main').evaluate((main) => main.scrollTo(0, 0));
    assert.equal(await zhang.bubble('Nearly done').count(), 1);
  });
  const lines = (await zhang.messages()).filter((line) => line.startsWith('them: line'));
  assert.deepEqual(lines, Array.from({ length: 70 }, (_, n) => `them: line ${n + 1}`));
  await li.say('one more');
  await zhang.pane.locator('.layim-chat-jump', { hasText: '1 条新消息' }).click();
  await zhang.bubble('one more').waitFor();
});

test('keys: Escape closes, arrows walk the tree', async () => {
  await zhang.page.keyboard.press('Escape');
  await zhang.page.locator('.webim-empty').waitFor();
  await zhang.page.locator('.layim-list-friend h5').first().focus();
  await zhang.page.keyboard.press('ArrowLeft');
  assert.equal(await zhang.friend('吴军').isVisible(), false);
  await zhang.page.keyboard.press('ArrowRight');
  await zhang.page.keyboard.press('ArrowDown');
  await zhang.page.keyboard.press('Enter');
  await zhang.pane.waitFor();
});

test('signing out leads to the form, and the page never complained', async () => {
  zhang.calm();
  li.calm();
  zhang.networkMayFail = true;
  await zhang.page.locator('.layim-tool-signout').click();
  await zhang.page.locator('#webim-login').waitFor();
  zhang.calm();
  await zhang.page.setViewportSize(DESK);
});
