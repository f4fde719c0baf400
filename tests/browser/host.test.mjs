// A page that knows nothing of webim, only LayIM: it loads our module in layui's place for it and gets what it expects.
// The suite that drives every line of the contract belongs to the finished LayIM; this is its first page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person } from './support/browser.mjs';
import { Server } from './support/server.mjs';

let server;
let browser;
let host;

const html = (page) => {
  const assets = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  const tags = assets
    .filter((path) => !path.includes('/app-'))
    .map((path) => (path.endsWith('.css') ? `<link rel="stylesheet" href="${path}">` : path.endsWith('.js') ? `<script src="${path}"></script>` : ''));
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>host</title></head><body>
    <h1>A page of somebody else</h1>${tags.join('')}</body></html>`;
};

before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  host = await Person.open(browser, server.url);
  host.networkMayFail = true; // Nobody is signed in, and the people are made up.
  await host.page.goto(server.url);
  const page = html(await host.page.content());
  await host.page.route('**/host.html', (route) => route.fulfill({ body: page, contentType: 'text/html; charset=utf-8' }));
  await host.page.goto(`${server.url}/host.html`);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('config, events and cache as a page from years ago uses them', async () => {
  const ready = await host.page.evaluate(
    () =>
      new Promise((resolve) => {
        window.heard = [];
        layui.use('layim', (layim) => {
          window.layim = layim;
          layim.config({
            title: '我的IM',
            init: {
              mine: { username: '纸飞机', id: 100000, status: 'online', sign: '在深邃的编码世界', avatar: '/assets/avatar.svg' },
              friend: [
                { groupname: '前端码屌', id: 1, list: [{ username: '贤心', id: 100001, avatar: '/assets/avatar.svg', sign: '这些都是测试数据' }, { username: 'Z_子晴', id: 108101, avatar: '/assets/avatar.svg', sign: '微电商达人', status: 'offline' }] },
                { groupname: '网红', id: 2, list: [] },
              ],
              group: [{ groupname: '前端群', id: 101, avatar: '/assets/avatar.svg' }],
            },
          });
          layim.on('ready', (data) => resolve({ mine: data.mine.username, friends: data.friend.length, v: layim.v }));
          layim.on('sendMessage', (data) => window.heard.push(['sendMessage', data.mine.content, data.mine.mine, String(data.to.id), data.to.type]));
          layim.on('chatChange', (data) => window.heard.push(['chatChange', data.elem.length, data.data.name, data.textarea.length]));
          layim.on('online', (status) => window.heard.push(['online', status]));
          layim.on('sign', (text) => window.heard.push(['sign', text]));
        });
      }),
  );
  assert.deepEqual({ mine: ready.mine, friends: ready.friends }, { mine: '纸飞机', friends: 2 });
  assert.match(ready.v, /^3\./);
  await host.page.locator('.layim-list-friend h5').first().click();
  await host.page.locator('.layim-friend100001').click();
  await host.say('你好 face[哈哈]');
  await host.page.locator('.layui-layim-remark').fill('新的签名');
  await host.page.keyboard.press('Enter');
  const heard = await host.page.evaluate(() => window.heard);
  assert.deepEqual(heard, [['chatChange', 1, '贤心', 1], ['sendMessage', '你好 face[哈哈]', true, '100001', 'friend'], ['sign', '新的签名']]);
});

test('getMessage, setChatStatus, addList, removeList, setFriendStatus, content', async () => {
  const { page } = host;
  await page.evaluate(() => {
    const { layim } = window;
    const from = { username: '贤心', avatar: '/assets/avatar.svg', id: 100001, type: 'friend' };
    layim.getMessage({ ...from, content: '收到 a(http://example.com)[链接]', cid: 7, timestamp: Date.now() });
    layim.getMessage({ ...from, content: '自己在另一个窗口说的', fromid: 100000 });
    layim.getMessage({ system: true, id: 100001, type: 'friend', content: '对方已掉线' });
    layim.getMessage({ username: '群友', avatar: '', id: 101, type: 'group', fromid: 5, content: '群里有人吗' });
    layim.setChatStatus('<b>对方正在输入</b>');
    layim.addList({ type: 'friend', username: '新朋友', avatar: '/assets/avatar.svg', groupid: 2, id: 777, sign: 'hi' });
    layim.addList({ type: 'group', groupname: '新群', avatar: '/assets/avatar.svg', id: 888 });
    layim.setFriendStatus(100001, 'offline');
  });
  assert.deepEqual(await host.messages(), ['me: 你好 😄', 'them: 收到 链接', 'me: 自己在另一个窗口说的', 'them: 对方已掉线']);
  assert.equal(await page.locator('[data-cid="7"] a').getAttribute('href'), 'http://example.com/');
  assert.equal(await page.locator('.layim-chat-status b').count(), 0);
  assert.equal(await page.locator('.layim-list-friend .layim-friend100001.layim-list-gray').count(), 1);
  assert.equal(await page.locator('.layim-friend777').count(), 1);
  await host.picture('host-page');
  await page.locator('.layui-layim-tab li[lay-type=group]').click();
  assert.equal(await page.locator('.layim-group101 .layim-msg-status').first().textContent(), '1');
  await page.locator('.layim-list-group .layim-group101').click();
  assert.deepEqual(await host.messages(), ['them: 群里有人吗']);
  await page.evaluate(() => window.layim.removeList({ type: 'group', id: 888 }));
  assert.equal(await page.locator('.layim-group888').count(), 0);
  const content = await page.evaluate(() => window.layim.content('[div onclick=alert(1) class=x]hi[/div] img[javascript:1] <b>'));
  assert.equal(content, '<div class="x">hi</div> <span>javascript:1</span> &lt;b&gt;');
  const cache = await page.evaluate(() => ({ id: window.layim.cache().mine.id, open: window.layim.thisChat().data.id }));
  assert.deepEqual(cache, { id: 100000, open: 101 });
});

test('the windows: minimised, closed, with a key for sending', async () => {
  const { page } = host;
  await page.locator('.layui-layim-chat.layui-layim-chat-list .layim-chat-list > li').nth(1).waitFor();
  await page.locator('.layim-chat.layui-show [layim-event=setSend]').first().click();
  await page.locator('.layim-chat.layui-show li[lay-type="Ctrl+Enter"]').click();
  await host.field.fill('line');
  await host.field.press('Enter');
  assert.equal(await host.field.inputValue(), 'line\n');
  await host.field.press('Control+Enter');
  assert.equal((await host.messages()).at(-1), 'me: line');
  assert.equal(await page.evaluate(() => JSON.parse(localStorage.getItem('layim'))['100000'].sendHotKey), 'Ctrl+Enter');
  await page.evaluate(() => window.layim.setChatMin());
  assert.equal(await host.field.isVisible(), false);
  await page.locator('.layui-layim-chat .layui-layer-close1').click();
  assert.equal(await page.locator('.layui-layim-chat').count(), 0);
  host.calm();
});
