// Hostile input, on a page without any policy of its own: nothing runs, and what was written is shown.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Host, options, people } from '../contract/host.mjs';
import { html, markup } from './payloads.mjs';

let host;

before(async () => {
  host = await Host.start();
});

after(() => host?.stop());

/** Counts what runs, and what is refused aloud. */
const watch = (page) =>
  page.addInitScript(() => {
    window.ran = [];
    for (const name of ['alert', 'confirm', 'prompt']) window[name] = (word) => void window.ran.push(`${name} ${word}`);
  });

async function open(given, settings = {}) {
  const guest = await host.page({ ...settings, before: async (page) => { await watch(page); await settings.before?.(page); } });
  guest.person.networkMayFail = true; // Pictures that are none.
  await guest.page.evaluate((its) => window.begin(its), given);
  return guest;
}

/** Nothing ran, and nothing stands in the page that could. */
async function harmless(guest, where = 'body') {
  // What would run by a mouse, the keyboard or an animation gets its chance.
  await guest.page.evaluate((root) => {
    for (const element of document.querySelectorAll(`${root} *`)) {
      if (element.closest('script, iframe')) continue;
      for (const type of ['mouseover', 'focus', 'load', 'error', 'animationstart', 'toggle']) element.dispatchEvent(new Event(type));
    }
  }, where);
  const found = await guest.page.evaluate((root) => {
    const all = [...document.querySelectorAll(`${root} *`)].filter((element) => !element.closest('body > script'));
    return {
      ran: window.ran,
      elements: all.filter((element) => element.matches('script, object, embed, iframe, base, meta, link, form, marquee, svg, math, template, style')).map((element) => element.outerHTML.slice(0, 200)),
      handlers: all.flatMap((element) => element.getAttributeNames().filter((name) => /^on|^style$|^formaction|^srcdoc|^lay-options/.test(name) && element.closest('.layim-chat-text, li[data-key] > span, li[data-key] > p, .layim-chat-system > span')).map((name) => `${element.tagName} ${name}`)),
      code: all.flatMap((element) => ['href', 'src', 'xlink:href', 'action', 'data'].map((name) => element.getAttribute(name) ?? '').filter((value) => /^[\s\0-\x20]*(javascript|vbscript|data:text)/i.test(value))),
    };
  }, where);
  assert.deepEqual(found, { ran: [], elements: [], handlers: [], code: [] });
}

const shownAs = (text) => text.replaceAll('\0', '\ufffd');
const unescaped = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#60;', '<').replaceAll('&#62;', '>').replaceAll('&#x09;', '\t').replaceAll('&#14;', '\x0e');

test(`${html.length + markup.length} messages: nothing runs, and the HTML among them is shown to the letter`, async () => {
  const guest = await open(options());
  await guest.friend();
  const all = [...html, ...markup];
  await guest.page.evaluate((those) => {
    those.forEach((content, n) => window.layim.getMessage({ username: '贤心', avatar: '/a/1.svg', id: 100001, type: 'friend', content, cid: n + 1, timestamp: Date.now() + n }));
  }, all);
  const texts = await guest.$('.layim-chat-main > ul > li').evaluateAll((items) => Object.fromEntries(items.map((item) => [item.dataset.cid, item.querySelector('.layim-chat-text').textContent])));
  html.forEach((text, n) => {
    const shown = texts[n + 1];
    if (shown === undefined) return; // The oldest are not drawn any more.
    assert.ok([text, shownAs(text), unescaped(text)].includes(shown), `${text}\nis shown as\n${shown}`);
  });
  await harmless(guest);
  assert.equal(await guest.page.evaluate(() => document.querySelectorAll('#layui-layim').length), 1);
  assert.equal(await guest.$('.layim-chat-text [layim-event=closeAll], .layim-chat-text .layui-layer').count(), 0);
  await guest.page.evaluate(() => layui.jquery('.layim-chat-text a, .layim-chat-text [layim-event]').each(function () { if (this.target !== '_blank') this.click(); }));
  assert.deepEqual(await guest.page.evaluate(() => window.ran), []);
  await guest.person.close();
});

test('sent by oneself, it is the same; and the host gets it as it was written', async () => {
  const guest = await open(options());
  await guest.friend();
  const some = [...html.slice(0, 12), ...markup.slice(0, 12)].filter((text) => !text.includes('\0'));
  for (const text of some) {
    await guest.field.fill(text);
    await guest.field.press('Enter');
  }
  assert.deepEqual((await guest.heard('sendMessage')).map(([{ mine }]) => mine.content), some);
  await harmless(guest);
  await guest.person.close();
});

test('names, signatures and groups are text everywhere', async () => {
  const init = people();
  const every = html.map((text, n) => ({ username: text, id: `x${n}`, avatar: text, sign: text }));
  init.friend[0].list = every;
  init.friend[1].groupname = html[5];
  init.group = html.slice(0, 20).map((text, n) => ({ groupname: text, id: `g${n}`, avatar: `javascript:alert(1)//${n}` }));
  init.mine = { ...init.mine, username: html[5], sign: html[12], avatar: '" onerror="alert(1)' };
  const guest = await open(options({ init, min: false, title: html[5] }));
  const names = await guest.$('.layim-list-friend > li').first().locator('li > span:first-of-type').allTextContents();
  assert.deepEqual(names, html.map((text) => text));
  assert.equal(await guest.$('.layui-layim-user').textContent(), html[5]);
  assert.equal(await guest.$('.layui-layim > .layui-layer-title').textContent(), html[5]);
  await harmless(guest);
  await guest.call('chat', { type: 'friend', id: 'x5', name: html[5], avatar: html[5] });
  await guest.call('chat', { type: 'kefu', id: '-1', name: html[12], avatar: 'javascript:alert(1)' });
  await guest.call('getMessage', { type: 'group', id: 'g1', groupname: html[1], username: html[5], avatar: html[5], content: 'x' });
  await guest.call('setChatMin');
  await harmless(guest);
  await guest.person.close();
});

test('system lines, the status line, dialogs and notices', async () => {
  const guest = await open(options({ msgbox: '/page/msgbox' }));
  await guest.friend();
  for (const content of html) await guest.call('getMessage', { system: true, type: 'friend', id: 100001, content });
  const lines = await guest.$('.layim-chat-main li.layim-chat-system > span').allTextContents();
  assert.ok(lines.length > 60);
  assert.ok(lines.includes('<img src=x onerror=alert(1)>'));
  for (const text of [...html, '<span style="color:red" onclick=alert(1)>x</span>', '<span style="color:red;background:url(javascript:alert(1))">x</span>', '<font color="red" onmouseover=alert(1)>x</font>']) {
    await guest.call('setChatStatus', text);
    assert.deepEqual(await guest.page.evaluate(() => window.ran), []);
  }
  await guest.call('add', { type: 'friend', username: html[5], avatar: html[56] });
  assert.equal(await guest.$('.layim-add-img > p').textContent(), html[5]);
  await guest.page.keyboard.press('Escape');
  await guest.call('setFriendGroup', { type: 'friend', username: html[0], avatar: 'javascript:alert(1)', group: [{ id: html[5], groupname: html[5], list: [] }] });
  assert.equal(await guest.$('#LAY_layimGroup > option').textContent(), html[5]);
  await guest.page.keyboard.press('Escape');
  await guest.call('msgbox', html[5]);
  await guest.call('notice', { title: html[5], content: html[5], avatar: 'javascript:alert(1)' });
  await guest.call('addList', { type: 'friend', username: html[5], avatar: html[5], groupid: 1, id: html[5], sign: html[5] });
  await guest.call('setFriendStatus', html[5], html[5]);
  await guest.call('removeList', { type: 'friend', id: html[5] });
  await harmless(guest);
  await guest.person.close();
});

test('options of config that are not what they should be', async () => {
  const bad = '"><img src=x onerror=alert(1)>';
  const guest = await open(options({
    title: bad, right: 'url(javascript:alert(1))', minRight: 'expression(alert(1))', initSkin: 'javascript:alert(1)', voice: `../${bad}`,
    skin: ['javascript:alert(1)', bad, 'data:text/html,<script>alert(1)</script>', '/a/own.svg") ; x:url("'], chatLog: 'javascript:alert(1)//', msgbox: 'javascript:alert(1)', find: 'data:text/html,<script>parent.alert(1)</script>',
    tool: [{ alias: bad, title: bad, icon: bad }, { alias: 'x', title: 'x', icon: '&#x110000;' }], uploadImage: { url: '/image' }, uploadFile: { url: '/file' }, copyright: false, isAudio: true, maxLength: 3000,
  }));
  await guest.friend();
  for (const name of ['msgbox', 'find']) {
    await guest.$(`.layim-tool-${name}`).click();
    await guest.count('.layui-layer iframe', 0);
  }
  await guest.$('.layim-tool-log').click();
  await guest.count('.layui-layer iframe', 0);
  await guest.$('.layui-layim-tool .layim-tool-skin').click();
  for (const skin of await guest.$('.layui-layim-skin > li').all()) await skin.click();
  await guest.page.keyboard.press('Escape');
  await guest.call('setChatMin');
  await guest.$('#layui-layim-min').click();
  await guest.$('.layim-tool-audio').click();
  await guest.$('.layim-ask input').fill('javascript:alert(1)');
  await guest.$('.layui-layer-btn0').click();
  assert.deepEqual(await guest.heard('sendMessage'), []);
  await guest.page.keyboard.press('Escape');
  await harmless(guest);
  await guest.person.close();
});

test('answers of uploads that would break out of the markup are refused; file names are text', async () => {
  const guest = await open(options({ uploadImage: { url: '/image' }, uploadFile: { url: '/file' } }));
  await guest.friend();
  const pick = (selector) => guest.$(`.layim-chat.layui-show ${selector} > input`).setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('x') });
  for (const src of ['/a b', '/a]x', '', 7, '/a\n[div]']) {
    const before = host.requests('/image').length;
    host.answer('/image', { code: 0, data: { src } });
    await pick('.layim-tool-image:not([data-type])');
    await guest.until(async () => assert.equal(host.requests('/image').length, before + 1));
    await guest.$('.layim-tool-image[aria-busy]').waitFor({ state: 'detached' });
  }
  host.answer('/image', 'not json');
  await pick('.layim-tool-image:not([data-type])');
  await guest.$('.layim-toast', { hasText: '上传失败' }).waitFor();
  assert.deepEqual(await guest.heard('sendMessage'), []);
  host.answer('/file', { code: 0, data: { src: '/a/1.svg', name: 'x]<img src=x onerror=alert(1)>[div]' } });
  await pick('.layim-tool-image[data-type=file]');
  await guest.until(async () => assert.equal((await guest.heard('sendMessage')).length, 1));
  assert.match(await guest.$('a.layui-layim-file > cite').textContent(), /<img src=x onerror=alert\(1\)>/);
  await harmless(guest);
  host.answerUsually();
  await guest.person.close();
});

test('a storage that is full or forbidden, and one with nonsense in it', async () => {
  const storages = {
    forbidden: () => Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } }),
    full: () => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; },
    nonsense: () => localStorage.setItem('layim', JSON.stringify({ 100000: { history: { friend1: 7, x: { id: 1 } }, chatlog: { friend100001: [null, { content: 5 }, '<script>alert(1)</script>'] }, skin: { a: 1 }, sendHotKey: ['<'], spread0: {} } })),
    broken: () => localStorage.setItem('layim', '{"100000": ['),
    wrong: () => localStorage.setItem('layim', '{"100000": "text"}'),
  };
  for (const [name, storage] of Object.entries(storages)) {
    const guest = await open(options(), { before: (page) => page.addInitScript(storage) });
    await guest.friend();
    await guest.say('还能聊');
    await guest.call('getMessage', { username: '贤心', avatar: '/a/1.svg', id: 100001, type: 'friend', content: '可以' });
    assert.deepEqual(await guest.texts(), ['还能聊', '可以'], name);
    await guest.$('.layim-chatlist-friend100001').evaluate((tab) => tab.querySelector('i').click());
    await guest.friend();
    assert.deepEqual(await guest.texts(), ['还能聊', '可以'], `${name}, opened again`);
    await harmless(guest);
    assert.deepEqual(guest.person.errors, [], name);
    await guest.person.close();
  }
});

test('pictures that do not load leave names and texts where they are', async () => {
  const guest = await open(options());
  await guest.page.route('**/a/*', (route) => route.abort());
  await guest.friend();
  await guest.call('getMessage', { username: '贤心', avatar: '/a/none.svg', id: 100001, type: 'friend', content: 'img[/a/none.png] 看' });
  assert.match(await guest.$('.layim-chat-text').textContent(), /看/);
  const box = await guest.$('.layim-chat-user > img').boundingBox();
  assert.ok(box.width >= 30 && box.height >= 30);
  await guest.person.close();
});
