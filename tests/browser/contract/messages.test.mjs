// LAYIM.md 1.5: what getMessage takes, and what stays on the device.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Host, options } from './host.mjs';

let host;

before(async () => {
  host = await Host.start();
});

after(() => host?.stop());

const from = { username: '贤心', avatar: '/a/1.svg', id: 100001, type: 'friend' };
const T = Date.UTC(2026, 0, 2, 3, 4, 5);

test('a message of the chat in front: at the left, with name and time; data-cid; empty ones are not drawn', async () => {
  const guest = await host.open();
  await guest.friend();
  await guest.call('getMessage', { ...from, content: '收到', cid: 77, timestamp: T });
  await guest.call('getMessage', { ...from, content: '  \n ' });
  const item = guest.$('.layim-chat.layui-show .layim-chat-main > ul > li');
  await guest.count('.layim-chat.layui-show .layim-chat-main > ul > li', 1);
  assert.equal(await item.getAttribute('data-cid'), '77');
  assert.match(await item.locator('.layim-chat-user > cite').textContent(), /^贤心\s*2026-01-02 11:04:05$/);
  assert.equal(await item.locator('.layim-chat-text').textContent(), '收到');
  await guest.close();
});

test('mine and fromid: at the right, with the time before the name', async () => {
  const guest = await host.open();
  await guest.friend();
  await guest.call('getMessage', { ...from, content: '一', mine: true, timestamp: T });
  await guest.call('getMessage', { ...from, content: '二', fromid: 100000, timestamp: T + 1 });
  await guest.call('getMessage', { ...from, content: '三', fromid: 100001, timestamp: T + 2 });
  await guest.count('li.layim-chat-mine', 2);
  assert.match(await guest.$('li.layim-chat-mine .layim-chat-user > cite').first().textContent(), /^2026-01-02 11:04:05\s*纸飞机$/);
  await guest.close();
});

test('id is the conversation: for a group the group, with the names of who spoke', async () => {
  const guest = await host.open();
  await guest.call('chat', { name: '前端群', type: 'group', avatar: '/a/g.svg', id: 101 });
  await guest.call('getMessage', { username: '小明', avatar: '/a/9.svg', id: 101, type: 'group', fromid: 9, content: '大家好' });
  assert.match(await guest.$('.layim-chat-group .layim-chat-user > cite').textContent(), /小明/);
  await guest.close();
});

test('system: a grey line in the middle, only where the tab is open, never stored', async () => {
  const guest = await host.open();
  await guest.call('getMessage', { system: true, id: 100001, type: 'friend', content: '对方已掉线' });
  await guest.count('.layui-layim-min:not(.layui-layim-close)', 0);
  await guest.friend();
  await guest.count('li.layim-chat-system', 0);
  await guest.call('getMessage', { system: true, id: 100001, type: 'friend', content: '对方已上线' });
  assert.equal(await guest.$('.layim-chat-main > ul > li.layim-chat-system > span').textContent(), '对方已上线');
  assert.equal((await guest.local())['100000'].chatlog?.friend100001, undefined);
  await guest.close();
});

test('not open: queued, with a bar that opens every conversation that waits', async () => {
  const guest = await host.open();
  await guest.call('getMessage', { ...from, content: '一' });
  await guest.call('getMessage', { ...from, content: '二' });
  await guest.call('getMessage', { username: '路人', avatar: '/a/8.svg', id: 4321, type: 'friend', content: '你好' });
  await guest.call('getMessage', { username: '小明', groupname: '陌生群', avatar: '/a/8.svg', id: 777, type: 'group', content: '有人吗' });
  await guest.call('getMessage', { username: '客服', avatar: '/a/8.svg', id: -1, type: 'kefu', content: '您好' });
  const { message, chat } = await guest.call('cache');
  assert.deepEqual([message.friend100001.length, chat.length], [2, 4]);
  await guest.$('.layui-layim-min:not(.layui-layim-close)').click();
  await guest.count('.layim-chat', 4);
  await guest.count('.layim-chat-friend .layim-chat-username > cite', 1);
  await guest.$('.layim-chatlist-friend100001').click();
  assert.deepEqual(await guest.texts(), ['一', '二']);
  const names = await guest.$('.layim-chat-list > li > span').allTextContents();
  assert.deepEqual(names, ['贤心', '路人', '陌生群', '客服']);
  const after = await guest.call('cache');
  assert.deepEqual([Object.keys(after.message).length, after.chat.length], [0, 0]);
  await guest.close();
});

test('open and not in front: its tab shakes', async () => {
  const guest = await host.open();
  await guest.friend();
  await guest.call('chat', { name: '子晴', type: 'friend', avatar: '/a/2.svg', id: 108101 });
  await guest.call('getMessage', { ...from, content: '在吗' });
  await guest.$('.layim-chatlist-friend100001.layer-anim-06').waitFor();
  await guest.$('.layim-chatlist-friend100001').click();
  assert.deepEqual(await guest.texts(), ['在吗']);
  await guest.close();
});

test('the log: twenty for each conversation, none twice, there again after a reload', async () => {
  const guest = await host.open();
  await guest.friend();
  await guest.say('我先说');
  for (let n = 1; n <= 24; n += 1) await guest.call('getMessage', { ...from, content: `第${n}条`, timestamp: T + n });
  await guest.call('getMessage', { ...from, content: '第24条', timestamp: T + 24 });
  await guest.until(async () => assert.equal((await guest.local())['100000'].chatlog.friend100001.length, 20));
  await guest.page.reload();
  await guest.page.evaluate((its) => window.begin(its), options());
  await guest.friend();
  const texts = await guest.texts();
  assert.deepEqual([texts.length, texts[0], texts.at(-1)], [20, '第5条', '第24条']);
  await guest.close();
});

test('from twenty on a line above leads to the log', async () => {
  const guest = await host.open(options({ chatLog: '/page/log' }));
  await guest.friend();
  await guest.count('.layim-chat-main > .layim-chat-system', 0);
  for (let n = 1; n <= 20; n += 1) await guest.call('getMessage', { ...from, content: `第${n}条`, timestamp: T + n });
  await guest.page.locator('.layim-chat-main > .layim-chat-system > span[layim-event=chatLog]').dispatchEvent('click');
  await guest.count('#layui-layim-chatlog', 1);
  await guest.close();
});

test('an echo of one\'s own (fromid) is not logged a second time', async () => {
  const guest = await host.open();
  await guest.friend();
  await guest.say('只记一次');
  await guest.call('getMessage', { ...from, content: '只记一次', fromid: 100000, timestamp: T });
  await guest.call('getMessage', { ...from, content: '下一条', timestamp: T + 1 });
  await guest.until(async () => {
    const log = (await guest.local())['100000'].chatlog.friend100001.map(({ content }) => content);
    assert.deepEqual(log, ['只记一次', '下一条']);
  });
  await guest.close();
});

test('localStorage: close, skin, sendHotKey, spread, history, chatlog under the id of mine', async () => {
  const guest = await host.open(options({ skin: ['/a/own.svg'] }));
  await guest.$('.layim-list-friend h5').nth(1).click();
  await guest.$('.layim-friend121286').click();
  await guest.say('你好');
  await guest.$('.layim-send-set').click();
  await guest.$('.layim-chat-send li[lay-type="Ctrl+Enter"]').click();
  await guest.$('.layim-tool-skin').click();
  await guest.$('.layui-layim-skin li').first().click();
  await guest.page.keyboard.press('Escape');
  await guest.$('.layui-layim .layui-layer-close').click();
  await guest.until(async () => {
    const { 100000: mine } = await guest.local();
    assert.match(String(mine.skin), /own\.svg/);
    assert.deepEqual([mine.sendHotKey, mine.spread1, Boolean(mine.close)], ['Ctrl+Enter', 'true', true]);
    assert.equal(mine.history.friend121286.username, '罗玉凤');
    assert.equal(typeof mine.history.friend121286.historyTime, 'number');
    const [said] = mine.chatlog.friend121286;
    assert.deepEqual([said.content, said.type, String(said.id), typeof said.timestamp], ['你好', 'friend', '121286', 'number']);
  });
  await guest.page.reload();
  await guest.page.evaluate((its) => window.begin(its), options({ skin: ['/a/own.svg'] }));
  await guest.$('.layui-layim-close').click();
  assert.equal(await guest.$('.layim-list-friend h5').nth(1).getAttribute('lay-type'), 'true');
  await guest.$('.layui-layim-tab > li[title="历史会话"]').click();
  await guest.$('.layim-list-history > li.layim-friend121286[data-type=history][data-index=friend121286]').click();
  await guest.field.fill('x');
  await guest.field.press('Enter');
  assert.deepEqual(await guest.texts(), ['你好']);
  await guest.close();
});

test('what another LayIM has stored is read', async () => {
  const before = (page) =>
    page.addInitScript((time) => {
      const chat = { username: '贤心', name: '贤心', id: 100001, type: 'friend', avatar: '/a/1.svg', sign: '', historyTime: time };
      const log = [{ username: '贤心', avatar: '/a/1.svg', id: 100001, type: 'friend', content: '旧消息', timestamp: time }, { username: '纸飞机', avatar: '/a/mine.svg', id: '100001', type: 'friend', content: '旧回复', timestamp: time + 1, mine: true }];
      localStorage.setItem('layim', JSON.stringify({ 100000: { history: { friend100001: chat }, chatlog: { friend100001: log }, spread0: 'true', sendHotKey: 'Enter' } }));
    }, T);
  const guest = await host.open(options(), { before });
  await guest.$('.layui-layim-tab > li[lay-type=history]').click();
  await guest.$('.layim-list-history > li.layim-friend100001').click();
  assert.deepEqual(await guest.texts(), ['旧消息', '旧回复']);
  await guest.count('li.layim-chat-mine', 1);
  await guest.close();
});

test('send keys: Enter sends and Shift+Enter breaks; changed, Ctrl+Enter sends', async () => {
  const guest = await host.open();
  await guest.friend();
  await guest.field.pressSequentially('一');
  await guest.field.press('Shift+Enter');
  await guest.field.pressSequentially('二');
  await guest.field.press('Control+Enter');
  assert.equal(await guest.field.inputValue(), '一\n二\n');
  await guest.field.press('Enter');
  await guest.until(async () => assert.equal((await guest.heard('sendMessage')).length, 1));
  await guest.$('.layim-send-set').click();
  await guest.$('.layim-chat-send li[lay-type="Ctrl+Enter"]').click();
  await guest.field.fill('三');
  await guest.field.press('Enter');
  assert.equal((await guest.heard('sendMessage')).length, 1);
  await guest.field.press('Control+Enter');
  assert.equal((await guest.heard('sendMessage'))[1][0].mine.content.trim(), '三');
  await guest.close();
});

test('the menu of the recent chats takes out one, or all', async () => {
  const guest = await host.open();
  await guest.friend();
  await guest.call('chat', { name: '子晴', type: 'friend', avatar: '/a/2.svg', id: 108101 });
  await guest.call('chat', { name: '前端群', type: 'group', avatar: '/a/g.svg', id: 101 });
  await guest.$('.layui-layim-tab > li[lay-type=history]').click();
  await guest.count('.layim-list-history > li[data-index]', 3);
  await guest.$('.layim-list-history > li.layim-friend108101').click({ button: 'right' });
  await guest.$('.layui-layim-contextmenu > ul[data-id][data-index] > li[layim-event=menuHistory][data-type=one]').click();
  await guest.count('.layim-list-history > li[data-index]', 2);
  await guest.$('.layim-list-history > li').first().click({ button: 'right' });
  await guest.$('.layui-layim-contextmenu li[data-type=all]').click();
  await guest.count('.layim-list-history > li[data-index]', 0);
  await guest.until(async () => assert.deepEqual(Object.keys((await guest.local())['100000'].history), []));
  await guest.close();
});
