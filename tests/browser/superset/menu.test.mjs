// What can be done with a message: the menu by mouse, keyboard and finger, reactions, parts, far places of the history.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Host, options, people } from '../contract/host.mjs';
import { DESK, PHONE } from '../support/browser.mjs';

let host;

before(async () => {
  host = await Host.start();
});

after(() => host?.stop());

const friend = { type: 'friend', id: 100001 };
const from = { username: '贤心', avatar: '/a/1.svg', ...friend };
const T = Date.UTC(2026, 5, 1, 2);
const ALL = ['react', 'reply', 'forward', 'copy', 'edit', 'recall', 'readers'];

/** A page with the panel at its side, as our own has it. */
async function open(plus = {}, theme = 'light') {
  const guest = await host.page();
  const { page } = guest;
  await page.setViewportSize(DESK);
  await page.evaluate(([given, more, colours]) => {
    document.documentElement.dataset.imTheme = colours;
    for (const other of document.body.children) other.hidden = true;
    document.body.style.cssText = 'margin:0;padding:0;height:100vh;display:flex;background:var(--im-wash)';
    const side = document.body.appendChild(document.createElement('section'));
    const chat = document.body.appendChild(document.createElement('section'));
    side.style.cssText = 'width:300px;position:relative;flex:none';
    chat.style.cssText = 'flex:1;position:relative;min-width:0';
    if (innerWidth < 700) side.style.display = 'none';
    return window.begin({ ...given, plus: { hostHistory: true, mentions: true, dock: { panel: side, chat }, ...more } });
  }, [options({ members: { url: '/members' }, init: people() }), { actions: ALL, ...plus }, theme]);
  await page.evaluate(() => {
    for (const name of ['recall', 'edit', 'react', 'forward', 'readers', 'jump', 'newer', 'older', 'cancelUpload']) {
      window.layim.on(name, (payload) => {
        window.heard.push([name, window.plain(payload)]);
        if (name === 'older') window.layim.plus.older(payload.data, [], false);
        if (name === 'readers') payload.show({ read: [{ name: '子晴', avatar: '/a/2.svg' }], unread: [{ name: '罗玉凤', avatar: '/a/3.svg' }, { name: '马小云', avatar: '/a/4.svg' }] });
      });
    }
  });
  await guest.friend();
  return guest;
}

const plus = (guest, name, ...given) => guest.page.evaluate(([method, those]) => window.layim.plus[method](...those), [name, given]);
const say = (guest, seq, fields = {}) => guest.call('getMessage', { ...from, cid: `m${seq}`, seq, timestamp: T + seq * 60_000, content: `第${seq}条`, ...fields });
const menu = (guest) => guest.$('.layim-menu');
const text = (guest, cid) => guest.$(`li[data-cid=${cid}] .layim-chat-text`);

test('the menu by the right button: what one may do, and what not', async () => {
  const guest = await open();
  await say(guest, 1);
  await say(guest, 2, { mine: true, fromid: 100000, state: 'sent' });
  await text(guest, 'm1').click({ button: 'right' });
  assert.deepEqual(await menu(guest).locator('> button').allTextContents(), ['回复', '转发', '复制']);
  await guest.page.keyboard.press('Escape');
  await guest.count('.layim-menu', 0);
  await text(guest, 'm2').click({ button: 'right' });
  assert.deepEqual(await menu(guest).locator('> button').allTextContents(), ['回复', '转发', '复制', '编辑', '撤回']);
  assert.equal(await menu(guest).locator('.layim-menu-emojis > button').count(), 7);
  await guest.person.picture('menu');
  await menu(guest).getByText('撤回').click();
  assert.deepEqual((await guest.heard('recall'))[0].map(({ cid, seq }) => [cid, seq]), [['m2', 2]]);
  await plus(guest, 'change', friend, 2, { recalled: true });
  assert.match(await text(guest, 'm2').textContent(), /^您撤回了一条消息重新编辑$/);
  await text(guest, 'm2').click({ button: 'right' });
  await guest.count('.layim-menu', 0);
  await guest.$('.layim-sayagain').click();
  assert.equal(await guest.field.inputValue(), '第2条');
  await plus(guest, 'change', friend, 1, { recalled: true });
  assert.equal(await text(guest, 'm1').textContent(), '贤心 撤回了一条消息');
  await guest.person.picture('recalled');
  await guest.close();
});

test('the keyboard: arrows walk the messages, the key for menus opens, Escape leads back', async () => {
  const guest = await open();
  for (const seq of [1, 2, 3]) await say(guest, seq);
  await guest.$('.layim-chat-main').focus();
  await guest.page.keyboard.press('ArrowUp');
  await guest.page.keyboard.press('ArrowUp');
  const focused = () => guest.page.evaluate(() => document.activeElement.dataset.cid);
  assert.equal(await focused(), 'm2');
  await guest.page.keyboard.press('Shift+F10');
  await menu(guest).waitFor();
  assert.equal(await guest.page.evaluate(() => document.activeElement.dataset.emoji), '👍');
  await guest.page.keyboard.press('ArrowDown');
  assert.equal(await guest.page.evaluate(() => document.activeElement.dataset.act), 'reply');
  await guest.page.keyboard.press('Escape');
  await guest.count('.layim-menu', 0);
  assert.equal(await focused(), 'm2');
  await guest.page.keyboard.press('Enter');
  await guest.page.keyboard.press('ArrowDown');
  await guest.page.keyboard.press('Enter');
  await guest.$('.layim-chat-about', { hasText: '回复 贤心：第2条' }).waitFor();
  await guest.close();
});

test('edits: the old words come into the field, what was being written comes back, and only what is in time is offered', async () => {
  const guest = await open();
  await guest.page.evaluate(() => void (window.layim.cache().base.plus.may = (action, { cid }) => !(action === 'edit' && cid === 'm2')));
  await say(guest, 1, { mine: true, fromid: 100000, state: 'sent', content: '三点' });
  await say(guest, 2, { mine: true, fromid: 100000, state: 'sent' });
  await guest.field.fill('还没写完');
  await text(guest, 'm2').click({ button: 'right' });
  assert.equal(await menu(guest).getByText('编辑').count(), 0);
  await guest.page.keyboard.press('Escape');
  await text(guest, 'm1').click({ button: 'right' });
  await menu(guest).getByText('编辑').click();
  assert.equal(await guest.field.inputValue(), '三点');
  await guest.say('四点');
  assert.deepEqual((await guest.heard('edit')).map(([{ cid, seq, content }]) => [cid, seq, content]), [['m1', 1, '四点']]);
  assert.equal(await guest.field.inputValue(), '还没写完');
  assert.equal((await guest.heard('sendMessage')).length, 0);
  await plus(guest, 'change', friend, 1, { content: '四点' });
  assert.match(await text(guest, 'm1').textContent(), /四点已编辑/);
  await guest.close();
});

test('reactions: chips with names, one\'s own is pressed, a click puts or takes it', async () => {
  const guest = await open();
  const two = [{ id: 108101, name: '子晴' }, { id: 121286, name: '罗玉凤' }];
  await say(guest, 1, { reactions: [{ emoji: '👍', people: two }, { emoji: '🎉', people: [{ id: 100000, name: '纸飞机' }] }] });
  const chips = guest.$('li[data-cid=m1] .layim-chat-reactions > button');
  assert.deepEqual(await chips.allTextContents(), ['👍2', '🎉1']);
  assert.deepEqual(await chips.evaluateAll((all) => all.map((one) => [one.title, one.getAttribute('aria-pressed')])), [['子晴、罗玉凤', 'false'], ['纸飞机', 'true']]);
  await chips.nth(1).click();
  await chips.nth(0).click();
  assert.deepEqual((await guest.heard('react')).map(([{ seq, emoji, on }]) => [seq, emoji, on]), [[1, '🎉', false], [1, '👍', true]]);
  await plus(guest, 'change', friend, 1, { reaction: { emoji: '🎉', person: { id: 100000, name: '纸飞机' }, on: false } });
  await plus(guest, 'change', friend, 1, { reaction: { emoji: '👍', person: { id: 100000, name: '纸飞机' }, on: true } });
  await plus(guest, 'change', friend, 1, { reaction: { emoji: '👍', person: { id: 100000, name: '纸飞机' }, on: true } });
  assert.deepEqual(await chips.allTextContents(), ['👍3']);
  await text(guest, 'm1').hover();
  await guest.$('li[data-cid=m1] [data-act=react]').click();
  await menu(guest).getByRole('menuitem', { name: '更多表情' }).click();
  await guest.person.picture('menu-faces');
  await menu(guest).getByRole('button', { name: '鼓掌' }).click();
  assert.deepEqual((await guest.heard('react')).at(-1).map(({ emoji, on }) => [emoji, on]), [['👏', true]]);
  await guest.count('.layim-menu', 0);
  await guest.close();
});

test('forwarding asks whom; who has read is a list', async () => {
  const guest = await open();
  await say(guest, 1, { content: '会议纪要在这里' });
  await text(guest, 'm1').click({ button: 'right' });
  await menu(guest).getByText('转发').click();
  const dialog = guest.page.getByRole('dialog', { name: '转发给' });
  await dialog.waitFor();
  await guest.person.picture('forward');
  await dialog.locator('input').fill('前端');
  assert.deepEqual(await dialog.locator('li > span').allTextContents(), ['前端群']);
  await guest.page.keyboard.press('Enter');
  const [[{ seq, to }]] = await guest.heard('forward');
  assert.deepEqual([seq, to.type, to.id], [1, 'group', 101]);
  await guest.call('chat', { name: '前端群', type: 'group', id: 101, avatar: '/a/g.svg' });
  await guest.call('getMessage', { username: '纸飞机', avatar: '/a/mine.svg', id: 101, type: 'group', mine: true, fromid: 100000, state: 'sent', cid: 'g1', seq: 1, timestamp: T, content: '收到请回复' });
  await text(guest, 'g1').click({ button: 'right' });
  await menu(guest).getByText('已读情况').click();
  const readers = guest.page.getByRole('dialog', { name: '已读情况' });
  await readers.getByText('已读 1 人').waitFor();
  assert.equal(await readers.locator('li').count(), 3);
  await guest.person.picture('readers');
  await guest.page.keyboard.press('Escape');
  await guest.close();
});

test('mentions: members and everyone are offered, sent with their ids, and shown to whom they mean', async () => {
  const guest = await open();
  await guest.call('chat', { name: '前端群', type: 'group', id: 101, avatar: '/a/g.svg' });
  await guest.field.pressSequentially('@');
  const offered = guest.pane.locator('.layim-mentions > li');
  await offered.first().waitFor();
  assert.equal((await offered.first().textContent()).replace('@', ''), '所有人');
  await guest.page.keyboard.press('Enter');
  await guest.field.pressSequentially('和 @马');
  await guest.pane.locator('.layim-mentions > li', { hasText: '马小云' }).waitFor();
  await guest.page.keyboard.press('Enter');
  await guest.field.pressSequentially('看一下');
  await guest.page.keyboard.press('Enter');
  const [[{ mine }]] = await guest.heard('sendMessage');
  assert.deepEqual(mine.mention, { people: [168168], everyone: true });
  await guest.call('getMessage', { username: '子晴', avatar: '/a/2.svg', id: 101, type: 'group', fromid: 108101, cid: 'g2', seq: 2, timestamp: T, content: '@纸飞机 请看', called: true });
  await guest.$('li.layim-chat-called[data-cid=g2]').waitFor();
  await plus(guest, 'recent', { type: 'group', id: 101, name: '前端群', avatar: '/a/g.svg' }, { text: '子晴: 请看', time: T, called: true });
  await guest.$('.layui-layim-tab > li[lay-type=history]').click();
  await guest.$('.layim-list-history .layim-called', { hasText: '[有人@我]' }).waitFor();
  await guest.person.picture('mentions');
  await guest.close();
});

/** One of each kind. */
async function parts(guest) {
  await say(guest, 1, { content: 'img[/a/1.svg]', part: { kind: 'picture', src: '/a/1.svg', name: '图.svg', width: 800, height: 500 } });
  await say(guest, 2, { content: 'file(/a/2.svg)[x]', part: { kind: 'file', src: '/a/2.svg', name: '2026 年第三季度经营情况分析报告.pdf', bytes: 2_345_678 } });
  await say(guest, 3, { content: 'audio[/a/3.svg]', part: { kind: 'voice', src: '/a/3.svg', seconds: 12 } });
  await say(guest, 4, { content: 'x', part: { kind: 'card', title: '周五团建报名', text: '下午两点，奥森南门集合', link: 'https://example.com/join', picture: '/a/g.svg' } });
  await say(guest, 5, { mine: true, fromid: 100000, state: 'sent', content: 'audio[/a/3.svg]', part: { kind: 'voice', src: '/a/3.svg', seconds: 75 }, reactions: [{ emoji: '👍', people: [{ id: 100001, name: '贤心' }] }] });
  await say(guest, 6, { mine: true, fromid: 100000, state: 'sent', reply: { seq: 1, username: '贤心', content: '[图片]' }, content: '收到', forwarded: '罗玉凤', edited: true });
  await say(guest, 7, { mine: true, fromid: 100000, state: 'sending', content: 'file(/a/2.svg)[x]', part: { kind: 'file', src: '/a/2.svg', name: '设计稿.zip', bytes: 98_765_432 }, progress: 0.4 });
}

for (const [name, viewport, theme] of [['desk', DESK, 'light'], ['desk-dark', DESK, 'dark'], ['phone', PHONE, 'light'], ['phone-dark', PHONE, 'dark']]) {
  test(`parts of every kind, ${name}`, async () => {
    const guest = await open({}, theme);
    await guest.page.setViewportSize(viewport);
    if (viewport === PHONE) await guest.page.evaluate(() => void (document.querySelector('section').style.display = 'none'));
    await parts(guest);
    assert.equal(await text(guest, 'm3').textContent(), '12″');
    assert.equal(await text(guest, 'm5').locator('button').getAttribute('aria-label'), '播放语音，75 秒');
    assert.equal(await text(guest, 'm7').locator('[role=progressbar]').getAttribute('aria-valuenow'), '40');
    assert.equal(await text(guest, 'm4').locator('a').getAttribute('href'), 'https://example.com/join');
    await guest.page.mouse.move(5, 5);
    await guest.person.picture(`parts-${name}`);
    await guest.person.fits();
    await text(guest, 'm7').locator('[layim-event=cancelUpload]').click();
    assert.equal((await guest.heard('cancelUpload'))[0][0].cid, 'm7');
    await plus(guest, 'remove', 'm7');
    await guest.count('li[data-cid=m7]', 0);
    await guest.close();
  });
}

test('cards and names cannot run anything', async () => {
  const guest = await open();
  const bad = '"><img src=x onerror="window.hurt=1">';
  await say(guest, 1, { content: 'x', part: { kind: 'card', title: bad, text: bad, link: 'javascript:window.hurt=1', picture: 'javascript:window.hurt=1' } });
  await say(guest, 2, { content: 'x', part: { kind: 'file', src: 'javascript:window.hurt=1', name: bad, bytes: 1 } });
  await say(guest, 3, { content: 'x', part: { kind: 'video', src: 'javascript:window.hurt=1', name: bad } });
  await say(guest, 4, { content: 'x', part: { kind: 'voice', src: 'javascript:window.hurt=1', seconds: 2 }, reactions: [{ emoji: bad, people: [{ id: bad, name: bad }] }], forwarded: bad, reply: { seq: 1, username: bad, content: bad } });
  for (const cid of ['m1', 'm2']) await text(guest, cid).click();
  await text(guest, 'm4').locator('.layim-voice').click();
  assert.equal(await guest.page.evaluate(() => window.hurt), undefined);
  assert.equal(await guest.$('.layim-chat-text img').count(), 0);
  assert.equal(await text(guest, 'm1').locator('a').count(), 0);
  await guest.close();
});

test('a place far back: around it, newer ones as one scrolls, and the button back to the newest', async () => {
  const guest = await open();
  const page = (first, last) => Array.from({ length: last - first + 1 }, (_, n) => ({ ...from, cid: `m${first + n}`, seq: first + n, timestamp: T + (first + n) * 1000, content: `第${first + n}条` }));
  await plus(guest, 'older', friend, page(901, 950), true);
  assert.equal(await plus(guest, 'reveal', friend, 500), false);
  await plus(guest, 'around', friend, { messages: page(476, 525), older: true, newer: true, seq: 500 });
  await guest.$('li.layim-marked[data-seq="500"]').waitFor();
  await guest.count('li[data-seq="901"]', 0);
  await say(guest, 951, { content: '新的' });
  await guest.count('li[data-seq="951"]', 0);
  await guest.$('.layim-chat-jump', { hasText: '1 条新消息' }).waitFor();
  await guest.until(async () => {
    await guest.$('.layim-chat-main').evaluate((main) => main.scrollTo(0, main.scrollHeight));
    assert.deepEqual((await guest.heard('newer'))[0]?.map(({ after }) => after), [525]);
  });
  await plus(guest, 'newer', friend, page(526, 575), true);
  await guest.until(async () => {
    await guest.$('.layim-chat-main').evaluate((main) => main.scrollTo(0, main.scrollHeight));
    assert.equal((await guest.heard('newer')).at(-1)[0].after, 575);
  });
  const asked = (await guest.heard('older')).length;
  await guest.$('.layim-chat-jump').click();
  await guest.until(async () => assert.equal((await guest.heard('older')).length > asked, true));
  await guest.close();
});

test('a finger that rests on a message opens the menu', async () => {
  const guest = await open();
  await guest.page.setViewportSize(PHONE);
  await guest.page.evaluate(() => void (document.querySelector('section').style.display = 'none'));
  await say(guest, 1);
  await text(guest, 'm1').dispatchEvent('pointerdown', { pointerType: 'touch', clientX: 100, clientY: 100, bubbles: true });
  await menu(guest).waitFor();
  await guest.person.fits();
  await guest.person.picture('menu-phone');
  await guest.page.keyboard.press('Escape');
  await guest.close();
});
