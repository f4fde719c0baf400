// LAYIM.md 1.3 and 1.4: events with their payloads, and every method.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Host, options, people } from './host.mjs';

let host;

before(async () => {
  host = await Host.start();
});

after(() => host?.stop());

test('ready: base, local, mine, friend, group, history', async () => {
  const guest = await host.open();
  const [[payload]] = await guest.heard('ready');
  assert.deepEqual(Object.keys(payload).sort(), ['base', 'friend', 'group', 'history', 'local', 'mine']);
  assert.equal(payload.mine.id, 100000);
  assert.equal(payload.friend[0].list[0].username, '贤心');
  await guest.close();
});

test('online and sign: what the person changes in the head of the panel', async () => {
  const guest = await host.open();
  await guest.$('.layui-layim-status > span[lay-type=show]').click();
  await guest.$('.layui-layim-status li[lay-type=hide]').click();
  await guest.$('.layui-layim-status > span[lay-type=show]').click();
  await guest.$('.layui-layim-status li[lay-type=online]').click();
  assert.deepEqual(await guest.heard('online'), [['hide'], ['online']]);
  await guest.$('input.layui-layim-remark').fill('新的签名');
  await guest.$('#elsewhere').click();
  assert.deepEqual(await guest.heard('sign'), [['新的签名']]);
  await guest.close();
});

test('setSkin: name and address; both empty for the plain one', async () => {
  const guest = await host.open(options({ skin: ['/a/own.svg'] }));
  await guest.$('.layim-tool-skin').click();
  await guest.$('.layui-layim-skin > li').first().click();
  await guest.$('.layui-layim-skin > li:has(cite)').click();
  const [[name, src], plain] = await guest.heard('setSkin');
  assert.equal(name, 'own.svg');
  assert.match(src, /\/a\/own\.svg$/);
  assert.deepEqual(plain.map((one) => one ?? ''), ['', '']);
  await guest.close();
});

test('sendMessage: mine and to, the bubble drawn before; further fields survive', async () => {
  const guest = await host.open();
  await guest.call('chat', { name: '贤心', type: 'friend', avatar: '/a/1.svg', id: 100001, mark: { own: 7 } });
  await guest.page.evaluate(() => window.layim.on('sendMessage', () => (window.drawn = document.querySelectorAll('.layim-chat-mine').length)));
  await guest.say('你好');
  const [[{ mine, to }]] = await guest.heard('sendMessage');
  assert.deepEqual({ username: mine.username, avatar: mine.avatar, id: mine.id, mine: mine.mine, content: mine.content }, { username: '纸飞机', avatar: '/a/mine.svg', id: 100000, mine: true, content: '你好' });
  assert.deepEqual([String(to.id), to.type, to.name, to.avatar, to.mark], ['100001', 'friend', '贤心', '/a/1.svg', { own: 7 }]);
  assert.equal(await guest.page.evaluate(() => window.drawn), 1);
  await guest.close();
});

test('sendMessage: to is the list entry for friends and groups', async () => {
  const guest = await host.open();
  await guest.$('.layim-list-friend h5').first().click();
  await guest.$('.layim-list-friend .layim-friend100001').click();
  await guest.say('一');
  await guest.$('.layui-layim-tab > li[lay-type=group]').click();
  await guest.$('.layim-list-group .layim-group101').click();
  await guest.say('二');
  const [[friend], [group]] = await guest.heard('sendMessage');
  assert.deepEqual([friend.to.username, friend.to.sign, friend.to.name, friend.to.type, typeof friend.to.historyTime], ['贤心', '这些都是测试数据', '贤心', 'friend', 'number']);
  assert.deepEqual([group.to.groupname, group.to.name, group.to.type, typeof group.to.historyTime], ['前端群', '前端群', 'group', 'number']);
  await guest.close();
});

test('members: the data of the answer; the number in the title; a click on one opens a chat', async () => {
  const guest = await host.open(options({ members: { url: '/members' } }));
  await guest.call('chat', { name: '前端群', type: 'group', avatar: '/a/g.svg', id: 101 });
  await guest.$('.layim-chat-members', { hasText: '12' }).waitFor();
  await guest.$('.layim-chat-username').click();
  await guest.$('.layui-layim-members > ul.layim-members-list > li[data-uid="168168"] > a > img + cite').waitFor();
  const [[payload]] = await guest.heard('members');
  assert.deepEqual([payload.members, payload.owner.username, payload.list.length], [12, '纸飞机', 4]);
  await guest.$('.layim-members-list li[data-uid="168168"]').click();
  await guest.$('.layim-chat.layui-show.layim-chat-friend .layim-chat-username', { hasText: '马小云' }).waitFor();
  host.answer('/members', { code: 0, msg: '', data: { list: people().friend[0].list } });
  await guest.call('chat', { name: 'Fly社区', type: 'group', avatar: '/a/g.svg', id: 102 });
  await guest.$('.layim-chat.layui-show .layim-chat-members', { hasText: '2人' }).or(guest.$('.layim-chat.layui-show .layim-chat-members', { hasText: '2 人' })).waitFor();
  host.answerUsually();
  await guest.close();
});

test('chatChange: elem, data and textarea, when a window opens and when a tab is chosen', async () => {
  const guest = await host.open();
  await guest.friend();
  await guest.call('chat', { name: '子晴', type: 'friend', avatar: '/a/2.svg', id: 108101 });
  await guest.$('.layim-chat-list > li.layim-chatlist-friend100001').click();
  const all = await guest.heard('chatChange');
  assert.deepEqual(all.map(([{ data }]) => String(data.id)), ['100001', '108101', '100001']);
  const [[{ elem, textarea }]] = all;
  assert.deepEqual([elem.jquery, /layim-chat-friend/.test(elem.class), textarea.jquery, textarea.tag], [1, true, 1, 'TEXTAREA']);
  await guest.close();
});

test('tool(alias): insert, send and the chat, with the button as this', async () => {
  const guest = await host.open(options({ tool: [{ alias: 'code', title: '代码', icon: '&#xe64e;' }] }));
  await guest.page.evaluate(() =>
    window.layim.on('tool(code)', function (insert, send, chat) {
      window.tool = { filter: this.getAttribute ? this.getAttribute('lay-filter') : this.attr('lay-filter'), id: chat.data.id, textarea: chat.textarea.length };
      insert('[pre class=layui-code]x[/pre]');
      send();
    }),
  );
  await guest.friend();
  await guest.$('.layim-tool-code').click();
  assert.deepEqual(await guest.page.evaluate(() => window.tool), { filter: 'code', id: 100001, textarea: 1 });
  assert.equal((await guest.heard('sendMessage'))[0][0].mine.content, '[pre class=layui-code]x[/pre]');
  await guest.close();
});

test('several callbacks of one name are all called', async () => {
  const guest = await host.open();
  await guest.page.evaluate(() => {
    window.order = [];
    window.layim.on('sendMessage', () => window.order.push(1));
    window.layim.on('sendMessage', () => window.order.push(2));
  });
  await guest.friend();
  await guest.say('x');
  assert.deepEqual(await guest.page.evaluate(() => window.order), [1, 2]);
  await guest.close();
});

test('chat: opens, focuses, can be chained, calls success with the layer; without an id a word', async () => {
  const guest = await host.open();
  const chained = await guest.page.evaluate(
    () =>
      window.layim
        .chat({ name: '小闲', type: 'friend', avatar: '/a/1.svg', id: 1008612, success: (layero) => (window.opened = layero.hasClass('layui-layim-chat')) })
        .chat({ name: '小闲', type: 'friend', avatar: '/a/1.svg', id: 1008612 })
        .setChatMin() === window.layim,
  );
  assert.deepEqual([chained, await guest.page.evaluate(() => window.opened)], [true, true]);
  await guest.count('.layim-chat', 1);
  await guest.call('chat', { name: 'nobody', type: 'friend', avatar: '' });
  await guest.count('.layim-chat', 1);
  await guest.close();
});

test('chat: temporary is marked; offset and anim are taken', async () => {
  const guest = await host.open();
  await guest.call('chat', { name: '路人', type: 'friend', avatar: '/a/1.svg', id: 5, temporary: true, offset: ['20px', '30px'], anim: 2 });
  await guest.count('.layim-chat-username > cite', 1);
  await guest.rests('.layui-layim-chat', { x: 30, y: 20 });
  await guest.close();
});

test('chat: the second conversation widens the window and shows the list; one less narrows it', async () => {
  const guest = await host.open();
  await guest.friend();
  await guest.rests('.layui-layim-chat', { width: 600 });
  await guest.call('chat', { name: '子晴', type: 'friend', avatar: '/a/2.svg', id: 108101 });
  await guest.rests('.layui-layim-chat', { width: 800 });
  assert.equal(await guest.$('ul.layim-chat-list').isVisible(), true);
  await guest.$('ul.layim-chat-list > li.layim-friend108101 > i').click();
  await guest.rests('.layui-layim-chat', { width: 600 });
  await guest.close();
});

test('setChatMin: the window becomes a bar, and a click on it brings it back', async () => {
  const guest = await host.open();
  await guest.friend();
  await guest.call('setChatMin');
  assert.equal(await guest.$('.layui-layim-chat').isVisible(), false);
  await guest.$('.layui-layim-min #layui-layim-min').click();
  await guest.$('.layui-layim-chat').waitFor();
  await guest.close();
});

test('setChatStatus: HTML of words and colour in the line of the chat in front', async () => {
  const guest = await host.open();
  await guest.friend();
  await guest.call('setChatStatus', '<span style="color:#FF5722;">对方正在输入</span>');
  const line = guest.$('.layim-chat.layui-show p.layim-chat-status');
  assert.equal(await line.textContent(), '对方正在输入');
  assert.equal(await line.locator('span').evaluate((span) => getComputedStyle(span).color), 'rgb(255, 87, 34)');
  await guest.close();
});

test('notice: asks the first time, then shows title, content and picture', async () => {
  const before = (page) =>
    page.addInitScript(() => {
      window.notices = [];
      window.Notification = class {
        static permission = 'default';
        static requestPermission(callback) {
          window.Notification.permission = 'granted';
          callback?.('granted');
          return Promise.resolve('granted');
        }
        constructor(title, its) { window.notices.push([title, its.body]); }
      };
    });
  const guest = await host.open(options(), { before });
  await guest.call('notice', { title: '标题', content: '内容', avatar: '/a/1.svg' });
  await guest.until(async () => assert.deepEqual(await guest.page.evaluate(() => window.notices), [['标题', '内容']]));
  await guest.close();
});

test('add: the dialog, with the group chosen, the remark and a number to close it by', async () => {
  const guest = await host.open();
  await guest.page.evaluate(() =>
    window.layim.add({ type: 'friend', username: '新朋友', avatar: '/a/5.svg', submit: (group, remark, index) => { window.added = [group, remark]; layer.close(index); } }),
  );
  await guest.$('.layim-add-box > .layim-add-img > img.layui-circle').waitFor();
  assert.equal(await guest.$('.layim-add-img > p').textContent(), '新朋友');
  await guest.$('.layim-add-remark > select#LAY_layimGroup.layui-select').selectOption('2');
  await guest.$('textarea#LAY_layimRemark.layui-textarea').fill('我是纸飞机');
  await guest.$('.layui-layer-btn0').click();
  await guest.count('.layim-add-box', 0);
  assert.deepEqual(await guest.page.evaluate(() => window.added), ['2', '我是纸飞机']);
  await guest.page.evaluate(() => window.layim.add({ type: 'group', groupname: '新群', avatar: '/a/g.svg', submit: (group, remark, index) => { window.added = [group === undefined, remark]; layer.close(index); } }));
  await guest.$('#LAY_layimRemark').fill('加我');
  await guest.count('#LAY_layimGroup', 0);
  await guest.$('.layui-layer-btn0').click();
  await guest.count('.layim-add-box', 0);
  assert.deepEqual(await guest.page.evaluate(() => window.added), [true, '加我']);
  await guest.close();
});

test('setFriendGroup: the dialog with the groups that it is given', async () => {
  const guest = await host.open();
  await guest.page.evaluate(() =>
    window.layim.setFriendGroup({ type: 'friend', username: '新朋友', avatar: '/a/5.svg', group: window.layim.cache().friend, submit: (group, index) => { window.chosen = group; layer.close(index); } }),
  );
  assert.deepEqual(await guest.$('#LAY_layimGroup > option').allTextContents(), ['前端', '网红', '空']);
  await guest.$('#LAY_layimGroup').selectOption({ label: '网红' });
  await guest.$('.layui-layer-btn0').click();
  await guest.count('.layim-add-box', 0);
  assert.equal(await guest.page.evaluate(() => window.chosen), '2');
  await guest.close();
});

test('msgbox: the number at the icon, moving, and gone once it is opened', async () => {
  const guest = await host.open(options({ msgbox: '/page/msgbox' }));
  await guest.call('msgbox', 5);
  const badge = guest.$('.layim-tool-msgbox > span.layui-anim');
  assert.equal(await badge.textContent(), '5');
  assert.match(await badge.getAttribute('class'), /layer-anim-05/);
  await guest.$('.layim-tool-msgbox').click();
  assert.equal(await badge.textContent(), '');
  await guest.close();
});

test('addList and removeList: a friend and a group come into panel and cache once, and go', async () => {
  const guest = await host.open();
  const friend = { type: 'friend', avatar: '/a/7.svg', username: '冲田杏梨', groupid: 2, id: '1233333312121212', remark: '本人冲田杏梨' };
  await guest.call('addList', friend);
  await guest.call('addList', friend);
  await guest.call('addList', { type: 'group', avatar: '/a/g.svg', groupname: 'Angular开发', id: 12333333 });
  await guest.count('.layim-list-friend .layim-friend1233333312121212', 1);
  await guest.count('.layim-list-group .layim-group12333333', 1);
  assert.equal(await guest.$('.layim-list-friend > li').nth(1).locator('.layim-count').textContent(), '2');
  let cache = await guest.call('cache');
  assert.deepEqual([cache.friend[1].list.length, cache.group.length], [2, 3]);
  await guest.call('removeList', { type: 'friend', id: '1233333312121212' });
  await guest.call('removeList', { type: 'group', id: 12333333 });
  await guest.count('.layim-friend1233333312121212', 0);
  await guest.count('.layim-group12333333', 0);
  cache = await guest.call('cache');
  assert.deepEqual([cache.friend[1].list.length, cache.group.length], [1, 2]);
  await guest.close();
});

test('setFriendStatus: grey wherever the friend is shown', async () => {
  const guest = await host.open();
  await guest.call('setFriendStatus', 100001, 'offline');
  await guest.count('li.layim-friend100001.layim-list-gray', 1);
  await guest.call('setFriendStatus', 100001, 'online');
  await guest.count('li.layim-friend100001.layim-list-gray', 0);
  await guest.count('li.layim-friend108101.layim-list-gray', 1);
  await guest.close();
});

test('cache: a live object with base, local, mine, friend, group, history, message, chat', async () => {
  const guest = await host.open();
  const found = await guest.page.evaluate(() => {
    const cache = window.layim.cache();
    cache.mine.username = '改名';
    return { keys: ['base', 'local', 'mine', 'friend', 'group', 'history', 'message', 'chat'].filter((key) => key in cache), same: cache === window.layim.cache() };
  });
  assert.deepEqual(found, { keys: ['base', 'local', 'mine', 'friend', 'group', 'history', 'message', 'chat'], same: true });
  await guest.friend();
  await guest.say('x');
  assert.equal((await guest.heard('sendMessage'))[0][0].mine.username, '改名');
  await guest.close();
});

test('thisChat: elem, data and textarea of the chat in front', async () => {
  const guest = await host.open();
  await guest.friend();
  const chat = await guest.call('thisChat');
  assert.deepEqual([chat.elem.jquery, String(chat.data.id), chat.textarea.tag], [1, '100001', 'TEXTAREA']);
  await guest.close();
});

test('layui.data.date: YYYY-MM-DD HH:mm:ss', async () => {
  const guest = await host.open();
  assert.equal(await guest.page.evaluate(() => layui.data.date(Date.UTC(2026, 0, 2, 3, 4, 5))), '2026-01-02 11:04:05');
  await guest.close();
});
