// A LayIM of the operator's own in place of ours: a stand-in that has just enough of LayIM's interface, and that needs
// eval as LayIM's templates do.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch, Person } from './support/browser.mjs';
import { Server } from './support/server.mjs';

const standIn = `
layui.define(['layer'], function (exports) {
  var heard = {};
  var cache = { base: {}, local: {}, mine: {}, friend: [], group: [], history: {}, message: {}, chat: [] };
  var root, current;
  function emit(name) {
    var those = Array.prototype.slice.call(arguments, 1);
    (heard[name] || []).forEach(function (callback) { callback.apply(null, those); });
  }
  // As LayIM's templates: a function made of text.
  var line = new Function('d', 'var li = document.createElement("li"); li.textContent = (d.mine ? "me: " : d.username + ": ") + d.content; return li;');
  var layim = {
    v: 'stand-in',
    config: function (options) {
      cache.base = options;
      cache.mine = options.init.mine;
      cache.friend = options.init.friend;
      cache.group = options.init.group;
      root = document.createElement('div');
      root.id = 'stand-in';
      var style = getComputedStyle(root);
      cache.friend.forEach(function (group) {
        group.list.forEach(function (friend) {
          var item = document.createElement('button');
          item.className = 'layim-friend' + friend.id;
          item.textContent = friend.username;
          item.onclick = function () { layim.chat({ type: 'friend', id: friend.id, name: friend.username, username: friend.username, avatar: friend.avatar }); };
          root.appendChild(item);
        });
      });
      var field = document.createElement('input');
      field.onkeydown = function (event) {
        if (event.key !== 'Enter') return;
        var mine = { username: cache.mine.username, id: cache.mine.id, avatar: cache.mine.avatar, mine: true, content: field.value };
        list.appendChild(line(mine));
        emit('sendMessage', { mine: mine, to: current });
        field.value = '';
      };
      var list = document.createElement('ul');
      root.appendChild(list);
      root.appendChild(field);
      document.body.appendChild(root);
      setTimeout(function () { emit('ready', cache); }, 0);
      return layim;
    },
    on: function (name, callback) { (heard[name] = heard[name] || []).push(callback); return layim; },
    chat: function (data) { current = data; emit('chatChange', { data: data }); return layim; },
    getMessage: function (message) { root.querySelector('ul').appendChild(line(message)); },
    setFriendStatus: function (id, status) { root.querySelector('.layim-friend' + id).dataset.status = status; },
    setChatStatus: function () { return layim; },
    addList: function () {}, removeList: function () {}, msgbox: function () {}, notice: function () {},
    cache: function () { return cache; },
  };
  exports('layim', layim);
});
`;

let folder;
let server;
let browser;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'webim-licensed-'));
  await mkdir(path.join(folder, 'skin'));
  await writeFile(path.join(folder, 'layim.js'), standIn);
  await writeFile(path.join(folder, 'layim.css'), '#stand-in { position: fixed; z-index: 9; top: 0; right: 0; width: 300px; max-height: 100vh; overflow: auto; background: #fff; }');
  await writeFile(path.join(folder, 'skin/1.jpg'), 'x');
  [server, browser] = await Promise.all([Server.start('--layim', folder), launch()]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('the page names the operator\'s files and allows eval; others do not', async () => {
  const page = await fetch(server.url);
  assert.match(page.headers.get('content-security-policy'), /script-src 'self' 'unsafe-eval'/);
  const html = await page.text();
  assert.match(html, /src="\/assets\/layim\.js"/);
  assert.match(html, /href="\/assets\/layim\.css"/);
  assert.equal(await (await fetch(`${server.url}/assets/layim.js`)).text(), standIn);
  const skin = await fetch(`${server.url}/assets/layui-2.13.6/css/modules/layim/skin/1.jpg`);
  assert.deepEqual([skin.status, skin.headers.get('content-type')], [200, 'image/jpeg']);
  for (const address of ['/assets/skin/1.jpg', '/assets/layui-2.13.6/css/modules/layim/../../../../layim.js/x', '/assets/layui-2/css/modules/layim/nothing']) {
    assert.equal((await fetch(server.url + address)).status, 404, address);
  }
  const setup = await fetch(`${server.url}/setup`);
  assert.doesNotMatch(setup.headers.get('content-security-policy') ?? '', /unsafe-eval/);
});

test('two people talk through it', async () => {
  // The pages come from the server here: what is tested is what it serves.
  delete process.env.WEBIM_TEST_DIST;
  const people = [];
  for (const login of ['zhangwei', 'lina']) {
    const person = await Person.open(browser, server.url);
    const { password } = server.people.get(login);
    person.networkMayFail = true;
    await person.page.goto(server.url);
    await person.page.locator('#webim-login').fill(login);
    await person.page.locator('#webim-password').fill(password);
    await person.page.locator('button[type=submit]').click();
    await person.page.locator('#stand-in').waitFor();
    person.networkMayFail = false;
    people.push(person);
  }
  const [zhang, li] = people;
  await zhang.page.locator('#stand-in button', { hasText: '李娜' }).first().click();
  await zhang.page.locator('#stand-in input').fill('你好，face[微笑]');
  await zhang.page.locator('#stand-in input').press('Enter');

  await li.page.locator('#stand-in li', { hasText: '张伟: 你好，face[微笑]' }).waitFor();
  await zhang.page.locator('#stand-in li', { hasText: 'me: 你好，face[微笑]' }).waitFor();
  const id = await zhang.page.evaluate(() => window.layui.layim?.cache().friend.flatMap(({ list }) => list).find(({ username }) => username === '李娜').id);
  await zhang.until(async () => assert.equal(await zhang.page.locator(`.layim-friend${id}`).first().getAttribute('data-status'), 'online'));
  await zhang.picture('licensed');
  await zhang.page.locator('.webim-stranger').getByText('退出登录').click();
  await zhang.page.locator('#webim-login').waitFor();
  for (const person of people) {
    person.errors = person.errors.filter((line) => !/401/.test(line));
    person.calm();
    await person.close();
  }
});
