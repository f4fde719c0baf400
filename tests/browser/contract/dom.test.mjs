// LAYIM.md 1.7 and 4: customer-service pages, and the names that hosts look for in the page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Host, options, people } from './host.mjs';

let host;

before(async () => {
  host = await Host.start();
});

after(() => host?.stop());

const all = { members: { url: '/members' }, uploadImage: { url: '/image' }, uploadFile: { url: '/file' }, isAudio: true, isVideo: true, chatLog: '/page/log', msgbox: '/page/msgbox', find: '/page/find', copyright: false, tool: [{ alias: 'code', title: '代码', icon: '&#xe64e;' }] };

/** Fails with all selectors that find nothing. */
async function has(guest, selectors) {
  const missing = await guest.page.evaluate((those) => those.filter((one) => !document.querySelector(one)), selectors);
  assert.deepEqual(missing, []);
}

test('kefu: brief shows a window without panel and without ways to close it; init.url is not asked', async () => {
  const { mine } = people();
  const guest = await host.page();
  await guest.page.evaluate((its) => window.begin(its, (layim) => layim.chat({ name: '在线客服', type: 'kefu', avatar: '/a/k.svg', id: -1 })), options({ brief: true, init: { url: '/init', mine } }));
  const [[payload]] = await guest.heard('ready');
  assert.deepEqual(Object.keys(payload).sort(), ['base', 'history', 'local', 'mine']);
  assert.equal(host.requests('/init').length, 0);
  await guest.count('.layui-layim', 0);
  await guest.$('.layim-chat-kefu').waitFor();
  await guest.count('.layui-layim-chat .layui-layer-close1', 0);
  await guest.call('chat', { name: '第二位', type: 'kefu', avatar: '/a/k.svg', id: -2 });
  await guest.count('.layim-chat-list > li', 2);
  await guest.count('.layim-chat-list > li > i', 0);
  await guest.$('.layim-chatlist-kefu-1').click();
  await guest.say('你好');
  const [[{ mine: said, to }]] = await guest.heard('sendMessage');
  assert.deepEqual([said.username, said.content, String(to.id), to.type, to.name], ['纸飞机', '你好', '-1', 'kefu', '在线客服']);
  await guest.call('getMessage', { username: '小客服', avatar: '/a/k.svg', id: -1, type: 'kefu', content: '您好' });
  assert.deepEqual(await guest.texts(), ['你好', '您好']);
  await guest.close();
});

test('kefu: setChatMin leaves a bar; minimise and maximise stay', async () => {
  const guest = await host.open(options({ brief: true, init: { mine: people().mine } }));
  await guest.page.evaluate(() => void window.layim.chat({ name: '在线客服', type: 'kefu', avatar: '/a/k.svg', id: -1 }).setChatMin());
  assert.match(await guest.$('.layui-layim-min').textContent(), /在线客服/);
  await guest.$('#layui-layim-min').click();
  await guest.$('.layui-layim-chat .layui-layer-max').click();
  const { width, height } = guest.page.viewportSize();
  await guest.rests('.layui-layim-chat', { width, height });
  await guest.$('.layui-layim-chat .layui-layer-max, .layui-layim-chat .layui-layer-maxmin').first().click();
  await guest.rests('.layui-layim-chat', { width: 600 });
  await guest.$('.layui-layim-chat .layui-layer-min').click();
  await guest.$('.layui-layim-min').waitFor();
  await guest.close();
});

test('kefu: without init.mine a message has only mine and content', async () => {
  const guest = await host.open(options({ brief: true, init: {} }));
  await guest.call('chat', { name: '在线客服', type: 'kefu', avatar: '/a/k.svg', id: -1 });
  await guest.say('你好');
  const [[{ mine }]] = await guest.heard('sendMessage');
  assert.deepEqual([mine.mine, mine.content, mine.username, mine.id], [true, '你好', undefined, undefined]);
  await guest.close();
});

test('the panel: its names, in their order', async () => {
  const guest = await host.open(options(all));
  await has(guest, [
    '.layui-layer.layui-box.layui-layim > .layui-layer-title',
    '.layui-layer.layui-layim > #layui-layim.layui-layer-content > .layui-layim-main',
    '.layui-layim-main > .layui-layim-info > .layui-layim-user',
    '.layui-layim-info > .layui-layim-status > span.layui-icon.layim-status-online[lay-type=show][layim-event=status]',
    '.layui-layim-status > ul.layui-anim.layim-menu-box > li[lay-type=online] > i.layui-icon',
    '.layui-layim-status > ul.layim-menu-box > li[lay-type=hide] > cite.layui-icon.layim-status-hide',
    '.layui-layim-info > input.layui-layim-remark',
    '.layui-layim-main > ul.layui-unselect.layui-layim-tab > li.layui-icon[title][lay-type=friend][layim-event=tab]',
    '.layui-layim-tab > li[lay-type=group]', '.layui-layim-tab > li[lay-type=history][title="历史会话"]', '.layui-layim-tab > li.layim-this',
    '.layui-layim-main > ul.layui-unselect.layim-tab-content.layim-list-friend.layui-show',
    '.layim-list-friend > li > h5[layim-event=spread][lay-type=false] > i.layui-icon', '.layim-list-friend > li > h5 > span', '.layim-list-friend > li > h5 > em > cite.layim-count',
    '.layim-list-friend > li > ul.layui-layim-list > li.layim-friend100001[layim-event=chat][data-type=friend][data-index="0"] > img',
    'li.layim-friend100001 > span', 'li.layim-friend100001 > p', 'li.layim-friend100001 > span.layim-msg-status', 'li.layim-friend108101.layim-list-gray',
    'ul.layim-tab-content > li > ul.layui-layim-list.layim-list-group > li.layim-group101[data-type=group][data-index="0"]',
    'ul.layim-tab-content > li > ul.layui-layim-list.layim-list-history > li.layim-null',
    'ul.layim-tab-content > li > ul.layui-layim-list#layui-layim-search',
    '.layim-list-friend > li:nth-child(3) li.layim-null',
    '.layui-layim-main > ul.layui-unselect.layui-layim-tool > li.layui-icon.layim-tool-search[layim-event=search]',
    '.layui-layim-tool > li.layim-tool-msgbox[layim-event=msgbox] > span.layui-anim', '.layim-tool-find[layim-event=find]', '.layim-tool-skin[layim-event=skin]', '.layim-tool-about[layim-event=about]',
    '.layui-layim-main > .layui-layim-search > input', '.layui-layim-search > label.layui-icon[layim-event=closeSearch]',
  ]);
  const order = await guest.$('.layui-layim-main > *').evaluateAll((items) => items.map((item) => item.className.split(' ').find((name) => /^(layui-layim-|layim-tab-content)/.test(name))));
  assert.deepEqual(order, ['layui-layim-info', 'layui-layim-tab', 'layim-tab-content', 'layim-tab-content', 'layim-tab-content', 'layim-tab-content', 'layui-layim-tool', 'layui-layim-search']);
  const first = await guest.$('.layim-list-friend li[data-type="friend"]').evaluateAll((items) => items.map((item) => item.className.split(' ')[0]));
  assert.deepEqual(first, ['layim-friend100001', 'layim-friend108101', 'layim-friend121286']);
  await guest.rests('.layui-layim', { width: 260, height: 520 });
  await guest.close();
});

test('the panel: spread, tabs and search do what their names say', async () => {
  const guest = await host.open(options(all));
  await guest.$('.layim-list-friend >li>h5>span').first().click();
  assert.equal(await guest.$('.layim-list-friend > li').first().locator('ul.layui-layim-list.layui-show').count(), 1);
  await guest.$('.layim-list-friend h5').first().click();
  assert.equal(await guest.$('.layim-list-friend h5').first().getAttribute('lay-type'), 'false');
  await guest.$('.layim-tool-search').click();
  await guest.$('.layui-layim-search > input').pressSequentially('罗玉');
  await guest.$('#layui-layim-search > li.layim-friend121286[data-type=friend][data-index="1"][data-list="0"]').click();
  await guest.$('.layim-chat.layui-show .layim-chat-username', { hasText: '罗玉凤' }).waitFor();
  await guest.$('#layui-layim li[title="历史会话"]').click();
  await guest.$('.layim-list-history > li.layim-friend121286').waitFor();
  await guest.close();
});

test('the chat window: its names', async () => {
  const guest = await host.open(options(all));
  await guest.friend();
  await guest.call('chat', { name: '前端群', type: 'group', avatar: '/a/g.svg', id: 101 });
  await guest.call('getMessage', { username: '小明', avatar: '/a/9.svg', id: 101, type: 'group', content: 'face[微笑] ', cid: 5 });
  await guest.say('x');
  await has(guest, [
    '.layui-layer.layui-box.layui-layim-chat > .layui-layer-title', '.layui-layim-chat > #layui-layim-chat.layui-layer-content',
    '#layui-layim-chat > ul.layui-unselect.layim-chat-list > li.layim-friend100001.layim-chatlist-friend100001[layim-event=tabChat] > img',
    '.layim-chat-list > li > span', '.layim-chat-list > li > i.layui-icon[layim-event=closeChat]', '.layim-chat-list .layim-this',
    '#layui-layim-chat > .layim-chat-box > .layim-chat.layim-chat-friend', '.layim-chat-box > .layim-chat.layim-chat-group.layui-show',
    '.layim-chat > .layui-unselect.layim-chat-title > .layim-chat-other > img.layim-group101', '.layim-chat-other > span.layim-chat-username', '.layim-chat-other p.layim-chat-status',
    '.layim-chat-username > em.layim-chat-members', '.layim-chat-username > i.layui-icon', '.layim-chat-username[layim-event=groupMembers]',
    '.layim-chat .layim-chat-main > ul > li[data-cid="5"] > .layim-chat-user > img', 'li[data-cid="5"] > .layim-chat-user > cite > i', 'li[data-cid="5"] > .layim-chat-text',
    '.layim-chat-main > ul > li.layim-chat-mine > .layim-chat-text',
    '.layim-chat > .layim-chat-footer > .layui-unselect.layim-chat-tool[data-json] > span.layui-icon.layim-tool-face[layim-event=face]',
    '.layim-chat-tool > .layim-tool-image[layim-event=image] > input[type=file][name=file]', '.layim-chat-tool > .layim-tool-image[data-type=file] > input',
    '.layim-chat-tool > .layim-tool-audio[layim-event=media]', '.layim-chat-tool > .layim-tool-video[layim-event=media]', '.layim-chat-tool > .layim-tool-code[layim-event=extend][lay-filter=code]',
    '.layim-chat-tool > span.layim-tool-log[layim-event=chatLog] > i.layui-icon',
    '.layim-chat-footer > .layim-chat-textarea > textarea',
    '.layim-chat-footer > .layim-chat-bottom > .layim-chat-send > span.layim-send-close[layim-event=closeThisChat]', '.layim-chat-send > span.layim-send-btn[layim-event=send]',
    '.layim-chat-send > span.layim-send-set[layim-event=setSend] > em.layui-edge', '.layim-chat-send > ul.layui-anim.layim-menu-box > li[lay-type=Enter][layim-event=setSend]', '.layim-chat-send li[lay-type="Ctrl+Enter"]',
  ]);
  await guest.rests('.layui-layim-chat', { width: 800 });
  await guest.close();
});

test('the faces: a layer with 72, each with its title, which goes in with a blank behind it', async () => {
  const guest = await host.open();
  await guest.friend();
  await guest.$('.layim-chat.layui-show .layim-tool-face').click();
  await guest.count('.layui-layim-face > ul.layui-clear.layim-face-list > li[title] > img', 72);
  await guest.$('.layim-face-list > li[title="[哈哈]"]').first().click();
  assert.equal(await guest.field.inputValue(), 'face[哈哈] ');
  await guest.close();
});

test('selectors that known hosts use: closing by the list, the title, and the send button by jQuery', async () => {
  const guest = await host.open();
  await guest.friend();
  const json = await guest.page.evaluate(() => JSON.parse(decodeURIComponent(layui.jquery('div.layui-show .layim-chat-tool').attr('data-json'))));
  assert.deepEqual([json.id, json.type, json.name], [100001, 'friend', '贤心']);
  await guest.page.evaluate(() => {
    const $ = layui.jquery;
    $('div.layui-show .layim-chat-tool').append('<span class="own">+</span>');
    $('div.layui-show .layim-chat-textarea textarea').val('由主机发送');
    $('.layim-send-btn').trigger('click');
    $('.layim-chat-main ul').prepend('<li class="older"><div class="layim-chat-user"><cite>x</cite></div><div class="layim-chat-text">更早的</div></li>');
    $('.layim-chat-username').text('新名字').data('own', 1);
    $('.layim-chat-status').data('own', 2).text('在线');
  });
  assert.equal((await guest.heard('sendMessage'))[0][0].mine.content, '由主机发送');
  assert.deepEqual(await guest.texts(), ['更早的', '由主机发送']);
  await guest.say('还有');
  assert.deepEqual(await guest.texts(), ['更早的', '由主机发送', '还有']);
  await guest.call('chat', { name: '子晴', type: 'friend', avatar: '/a/2.svg', id: 108101 });
  await guest.page.evaluate(() => layui.jquery('.layui-unselect.layim-chat-list li.layim-this i').trigger('click'));
  await guest.count('.layim-chat', 1);
  await guest.page.evaluate(() => layui.jquery('.layui-layim-chat .layui-layer-close1').trigger('click'));
  await guest.count('.layui-layim-chat', 0);
  await guest.page.evaluate(() => layui.jquery('.layim-friend100001').trigger('click'));
  await guest.$('.layui-box.layui-layim-chat').waitFor();
  await guest.page.evaluate(() => layui.jquery('body').append('<ul><li class="layim-friend121286" layim-event="chat" data-type="friend" data-index="1">own</li></ul>').find('li:contains(own)').trigger('click'));
  await guest.$('.layim-chat.layui-show .layim-chat-username', { hasText: '罗玉凤' }).waitFor();
  await guest.$('.layim-chat-list > li.layim-friend121286 > i').click();
  await guest.$('.layim-send-close').click();
  await guest.count('.layui-layim-chat', 0);
  await guest.close();
});

test('what a host takes out of a chat stays out', async () => {
  const guest = await host.open();
  await guest.friend();
  for (const cid of [1, 2, 3]) await guest.call('getMessage', { username: '贤心', avatar: '/a/1.svg', id: 100001, type: 'friend', content: `第${cid}条`, cid });
  await guest.page.evaluate(() => layui.jquery('.layim-chat-main li[data-cid="2"]').remove());
  await guest.call('getMessage', { username: '贤心', avatar: '/a/1.svg', id: 100001, type: 'friend', content: '第4条', cid: 4 });
  assert.deepEqual(await guest.texts(), ['第1条', '第3条', '第4条']);
  await guest.close();
});

test('the window can be moved by its title and grown by its corner, not below 500 by 420', async () => {
  const guest = await host.open();
  await guest.friend();
  const { mouse } = guest.page;
  const begin = await guest.$('.layui-layim-chat').boundingBox();
  await mouse.move(begin.x + 100, begin.y + 15);
  await mouse.down();
  await mouse.move(begin.x + 160, begin.y + 55, { steps: 3 });
  await mouse.up();
  await guest.rests('.layui-layim-chat', { x: begin.x + 60, y: begin.y + 40 });
  const corner = await guest.$('.layui-layim-chat .layui-layer-resize').boundingBox();
  await mouse.move(corner.x + corner.width / 2, corner.y + corner.height / 2);
  await mouse.down();
  await mouse.move(corner.x - 500, corner.y - 500, { steps: 3 });
  await mouse.up();
  await guest.rests('.layui-layim-chat', { width: 500, height: 420 });
  await guest.close();
});
