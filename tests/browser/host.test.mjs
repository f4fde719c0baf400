// A page that knows nothing of webim, only LayIM, takes it from our server: one script at an address that stays.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person } from './support/browser.mjs';
import { Server } from './support/server.mjs';

let server;
let browser;
let host;

before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  host = await Person.open(browser, server.url);
  host.networkMayFail = true; // Nobody is signed in, and the people are made up.
  await host.page.goto(server.url);
  const [, layui] = /"(\/assets\/layui-[^"/]+)\/layui\.js"/.exec(await host.page.content());
  const body = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>host</title><link rel="stylesheet" href="${layui}/css/layui.css"></head>
    <body><h1>A page of somebody else</h1><script src="${layui}/layui.js"></script><script src="/assets/layim.js"></script></body></html>`;
  await host.page.route('**/host.html', (route) => route.fulfill({ body, contentType: 'text/html; charset=utf-8' }));
  await host.page.goto(`${server.url}/host.html`);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('the script brings its styles, and is what layui.use gives', async () => {
  await host.page.evaluate(
    () =>
      new Promise((resolve) => {
        layui.use('layim', (layim) => {
          const mine = { username: '纸飞机', id: 100000, status: 'online', sign: '在深邃的编码世界', avatar: '/assets/avatar.svg' };
          const list = [{ username: '贤心', id: 100001, avatar: '/assets/avatar.svg', sign: '这些都是测试数据' }];
          layim.config({ voice: false, init: { mine, friend: [{ groupname: '前端', id: 1, list }], group: [] } }).on('ready', resolve);
        });
      }),
  );
  assert.equal(await host.page.locator('#layuicss-skinlayimcss').getAttribute('href'), `${server.url}/assets/layim.css`);
  await host.until(async () => assert.equal(await host.page.locator('.layui-layim').evaluate((panel) => getComputedStyle(panel).position), 'fixed'));
  await host.page.locator('.layim-list-friend h5').first().click();
  await host.page.locator('.layim-friend100001').click();
  await host.say('你好 face[哈哈]');
  assert.deepEqual(await host.messages(), ['me: 你好 [哈哈]']);
  await host.picture('host-page');
  host.calm();
});
