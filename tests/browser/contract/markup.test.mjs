// LAYIM.md 1.6: the micro-markup, through content() and in bubbles, and what it must not do.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Host, isOurs } from './host.mjs';

let host;
let guest;

before(async () => {
  host = await Host.start();
  guest = await host.open();
  await guest.friend();
});

after(async () => {
  await guest?.close();
  await host?.stop();
});

/** What content() makes of `text`, as facts about `selector` in it. */
const made = (text, selector = '*') =>
  guest.page.evaluate(
    ([its, wanted]) => {
      const box = document.createElement('div');
      box.innerHTML = window.layim.content(its);
      const facts = [...box.querySelectorAll(wanted)].map((element) => ({
        tag: element.tagName.toLowerCase(),
        class: element.className,
        text: element.textContent,
        ...Object.fromEntries(element.getAttributeNames().map((name) => [`@${name}`, element.getAttribute(name)])),
      }));
      return { text: box.textContent, facts };
    },
    [text, selector],
  );

test('signs of HTML are text, and entities stay what they stand for', async () => {
  const { text, facts } = await made(`<b>1 & 2</b> "q" 'a' &lt;i&gt; &amp;`);
  assert.equal(text, `<b>1 & 2</b> "q" 'a' <i> &`);
  assert.deepEqual(facts, []);
});

test('face[name]: a picture with alt and title [name]', async () => {
  const { facts } = await made('face[微笑] ', 'img');
  assert.deepEqual([facts.length, facts[0]['@alt'], facts[0]['@title']], [1, '[微笑]', '[微笑]']);
});

test('all 72 faces are drawn', async () => {
  const names = '微笑 嘻嘻 哈哈 可爱 可怜 挖鼻 吃惊 害羞 挤眼 闭嘴 鄙视 爱你 泪 偷笑 亲亲 生病 太开心 白眼 右哼哼 左哼哼 嘘 衰 委屈 吐 哈欠 抱抱 怒 疑问 馋嘴 拜拜 思考 汗 困 睡 钱 失望 酷 色 哼 鼓掌 晕 悲伤 抓狂 黑线 阴险 怒骂 互粉 心 伤心 猪头 熊猫 兔子 ok 耶 good NO 赞 来 弱 草泥马 神马 囧 浮云 给力 围观 威武 奥特曼 礼物 钟 话筒 蜡烛 蛋糕'.split(' ');
  const { facts } = await made(names.map((name) => `face[${name}] `).join(''), 'img');
  assert.deepEqual(facts.map((one) => one['@title']), names.map((name) => `[${name}]`));
});

test('img[URL]: a picture of class layui-layim-photos', async () => {
  const { facts } = await made('img[/a/1.svg]', 'img.layui-layim-photos');
  assert.equal(facts[0]['@src'], '/a/1.svg');
  assert.equal((await made('img[/a 1.svg]', 'img')).facts.length, 0);
});

test('file(URL)[name]: a link to download, with an icon and a cite; without a name the URL', async () => {
  const { facts } = await made('file(/f/1)[报告 1.pdf]', 'a.layui-layim-file');
  assert.deepEqual([facts[0]['@href'], facts[0]['@target'], '@download' in facts[0], facts[0].text.trim()], ['/f/1', '_blank', true, '报告 1.pdf']);
  assert.equal((await made('file(/f/1)[报告.pdf]', 'a > i')).facts.length, 1);
  assert.equal((await made('file(/f/1)[]', 'a > cite')).facts[0].text, '/f/1');
});

for (const [kind, event] of [['audio', 'playAudio'], ['video', 'playVideo']]) {
  test(`${kind}[URL]: an element that plays it`, async () => {
    const { facts } = await made(`${kind}[/a/1.mp3]`, `div.layui-unselect.layui-layim-${kind}`);
    assert.deepEqual([facts[0]['@layim-event'], facts[0]['@data-src']], [event, '/a/1.mp3']);
    await guest.call('getMessage', { username: '贤心', avatar: '/a/1.svg', id: 100001, type: 'friend', content: `${kind}[/a/1.mp3]` });
    await guest.$(`.layim-chat.layui-show .layui-layim-${kind}`).last().click();
    await guest.$(`${kind}[src*="/a/1.mp3"]`).first().waitFor({ state: 'attached' });
    await guest.page.keyboard.press('Escape');
  });
}

test('a(URL)[text]: a link to another tab', async () => {
  const { facts } = await made('a(http://example.com/?a=1&amp;b=2)[看看]', 'a');
  assert.deepEqual([facts[0]['@href'], facts[0]['@target'], facts[0].text], ['http://example.com/?a=1&b=2', '_blank', '看看']);
});

test('@name: an @ and a link that leads nowhere', async () => {
  const { text, facts } = await made('@贤心 在吗', 'a');
  assert.equal(text, '@贤心 在吗');
  assert.equal(facts[0].text, '贤心');
  assert.ok([undefined, 'javascript:;', 'javascript:void(0)'].includes(facts[0]['@href']));
});

test('[tag attributes]: the elements of the list', async () => {
  for (const tag of 'code pre div span p ul ol dl h2 h3 h4 h5'.split(' ')) {
    const { facts } = await made(`[${tag} class=x]y[/${tag}]`, tag);
    assert.deepEqual([facts.length, facts[0]?.class, facts[0]?.text], [1, 'x', 'y'], tag);
  }
  const { facts } = await made('[table][thead][tr][th]a[/th][/tr][/thead][tbody][tr][td]b[/td][/tr][/tbody][/table][ul][li]c[/li][/ul][dl][dt]d[/dt][dd]e[/dd][/dl]');
  for (const tag of 'table thead th tbody tr td ul li dl dt dd'.split(' ')) assert.ok(facts.some((one) => one.tag === tag), tag);
  assert.equal((await made('[pre class=layui-code]let a[/pre]', 'pre.layui-code')).facts.length, 1);
});

test('menus of robots keep working: span, ul, li with class, id and data-type', async () => {
  const text = '您想问：[span class=tip]请选[/span][ul][li class=question id=q12 data-type=faq]怎么退款[/li][/ul]';
  const { facts } = await made(text, 'li.question');
  assert.deepEqual([facts[0]['@id'], facts[0]['@data-type'], facts[0].text], ['q12', 'faq', '怎么退款']);
  assert.equal((await made(text, 'span.tip')).facts.length, 1);
  await guest.page.evaluate(() => layui.jquery('body').on('click', '.question', function () { window.asked = this.id; }));
  await guest.call('getMessage', { username: '贤心', avatar: '/a/1.svg', id: 100001, type: 'friend', content: text });
  await guest.$('.layim-chat.layui-show li.question').last().click();
  assert.equal(await guest.page.evaluate(() => window.asked), 'q12');
});

test('lines break', async () => {
  assert.equal((await made('a\nb\nc', 'br')).facts.length, 2);
});

test('in bubbles the same stands, with its classes', async () => {
  await guest.call('getMessage', { username: '贤心', avatar: '/a/1.svg', id: 100001, type: 'friend', content: 'img[/a/2.svg] file(/f)[n]' });
  await guest.count('.layim-chat-text img.layui-layim-photos[src="/a/2.svg"]', 1);
  await guest.count('.layim-chat-text a.layui-layim-file', 1);
});

test('a double click on a picture opens it large', async () => {
  await guest.$('.layim-chat-text img.layui-layim-photos[src="/a/2.svg"]').dblclick();
  await guest.until(async () => assert.ok((await guest.page.locator('body > :not(.layui-layim-chat) img[src*="/a/2.svg"], body > div > img[src*="/a/2.svg"]').count()) > 0));
  await guest.page.keyboard.press('Escape');
});

test('layui.data.content is the same as content', async () => {
  const [a, b] = await guest.page.evaluate(() => ['face[哈哈] <b>', 'a(/x)[y]'].map((text) => layui.data.content(text) === window.layim.content(text)));
  assert.deepEqual([a, b], [true, true]);
});

// The licensed LayIM lets these through (LAYIM.md 1.6); ours must not.
test('nothing in the markup runs or leads to code', { skip: isOurs ? false : 'the licensed one is known to fail this' }, async () => {
  for (const [text, shown] of [
    ['[div onmouseover=alert(1)]x[/div]', 'x'],
    ['[span style=position:fixed onclick=alert(1) class=ok]x[/span]', 'x'],
    ['a(javascript:alert(1))[t]', 't'],
    ['a(&#106;avascript:alert(1))[t]', 't'],
    ['img[javascript:alert(1)]', 'javascript:alert(1)'],
    ['file(data:text/html,x)[f]', 'f'],
  ]) {
    const { facts, text: all } = await made(text);
    assert.ok(all.includes(shown), text);
    for (const one of facts) {
      for (const [name, value] of Object.entries(one)) {
        assert.ok(!/^@(on|style|formaction|srcdoc)/.test(name), `${text} has ${name}`);
        if (/^@(href|src)$/.test(name)) assert.ok(!/^\s*(javascript|data):/i.test(value), `${text} has ${value}`);
      }
    }
  }
});
