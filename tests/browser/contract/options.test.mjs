// LAYIM.md 1.1: every option of config.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Host, options, people } from './host.mjs';

let host;

before(async () => {
  host = await Host.start();
});

after(() => host?.stop());

test('loading: layui.use gives the module, which pages in frames read as parent.layui.layim', async () => {
  const guest = await host.page();
  const found = await guest.page.evaluate(() => new Promise((resolve) => layui.use('layim', (layim) => resolve({ same: layui.layim === layim, v: typeof layim.v, layer: typeof layer.open }))));
  assert.deepEqual(found, { same: true, v: 'string', layer: 'function' });
  await guest.count('#layuicss-skinlayimcss', 1);
  await guest.close();
});

test('init.url: GET with the data and a number against caches, in the shape of init', async () => {
  host.answerUsually();
  const guest = await host.open(options({ init: { url: '/init', data: { token: 'x' } } }));
  const [asked] = host.requests('/init');
  assert.equal(asked.method, 'GET');
  assert.equal(asked.query.token, 'x');
  assert.match(asked.query._, /^\d+$/);
  assert.equal(await guest.$('.layui-layim-user').textContent(), '纸飞机');
  await guest.close();
});

test('init.type: POST', async () => {
  const guest = await host.open(options({ init: { url: '/init', type: 'post', data: { token: 'x' } } }));
  const [asked] = host.requests('/init');
  assert.equal(asked.method, 'POST');
  assert.match(asked.body, /token=x/);
  await guest.close();
});

test('init inline: the object itself is the data, and config gives the object back', async () => {
  const guest = await host.open();
  assert.equal(await guest.page.evaluate(() => window.returned), true);
  assert.equal(host.requests('/init').length, 0);
  await guest.count('.layim-list-friend > li', 3);
  await guest.close();
});

test('ready is heard also when it is asked for after config', async () => {
  const guest = await host.page();
  await guest.page.evaluate((its) => new Promise((resolve) => layui.use('layim', (layim) => layim.config(its).on('ready', resolve))), options());
  await guest.close();
});

test('another code than 0: the message is shown', async () => {
  host.answer('/init', { code: 1, msg: '请先登录', data: {} });
  const guest = await host.page();
  await guest.page.evaluate((its) => void window.begin(its), options({ init: { url: '/init' } }));
  await guest.page.getByText('请先登录').waitFor();
  host.answerUsually();
  await guest.close();
});

test('members: asked with the id beside its own data', async () => {
  const guest = await host.open(options({ members: { url: '/members', data: { token: 'y' } } }));
  await guest.call('chat', { name: '前端群', type: 'group', avatar: '/a/g.svg', id: 101 });
  await guest.until(() => assert.equal(host.requests('/members').length > 0, true));
  const [asked] = host.requests('/members');
  assert.deepEqual([asked.method, asked.query.id, asked.query.token], ['GET', '101', 'y']);
  await guest.close();
});

test('uploadImage and uploadFile: without them no buttons', async () => {
  const guest = await host.open();
  await guest.friend();
  await guest.count('.layim-tool-image', 0);
  await guest.close();
});

for (const [option, address, selector, expected] of [
  ['uploadImage', '/image', '.layim-tool-image:not([data-type=file])', 'img[/a/sent.svg]'],
  ['uploadFile', '/file', '.layim-tool-image[data-type=file]', 'file(/a/sent.svg)[报告.pdf]'],
]) {
  test(`${option}: a form with the field file, and what comes back is sent at once with what was written`, async () => {
    const guest = await host.open(options({ [option]: { url: address } }));
    await guest.friend();
    await guest.field.fill('看这个 ');
    await guest.$(`.layim-chat.layui-show ${selector} > input[type=file][name=file]`).setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('png') });
    await guest.until(async () => assert.equal((await guest.heard('sendMessage')).length, 1));
    const [asked] = host.requests(address);
    assert.equal(asked.method, 'POST');
    assert.match(asked.type, /^multipart\/form-data/);
    assert.match(asked.body, /name="file"; filename="a.png"/);
    const [[{ mine }]] = await guest.heard('sendMessage');
    assert.equal(mine.content.trim(), `看这个 ${expected}`);
    await guest.close();
  });

  test(`${option}: its type is the method, and a refusal is shown`, async () => {
    host.answer(address, { code: 9, msg: '文件太大' });
    const guest = await host.open(options({ [option]: { url: address, type: 'put' } }));
    await guest.friend();
    await guest.$(`.layim-chat.layui-show ${selector} > input`).setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('png') });
    await guest.page.getByText('文件太大').waitFor();
    assert.equal(host.requests(address)[0].method, 'PUT');
    assert.deepEqual(await guest.heard('sendMessage'), []);
    host.answerUsually();
    await guest.close();
  });
}

test('tool: buttons with alias, title and icon', async () => {
  const guest = await host.open(options({ tool: [{ alias: 'code', title: '代码', icon: '&#xe64e;' }] }));
  await guest.friend();
  const button = guest.$('.layim-chat.layui-show .layim-tool-code');
  assert.deepEqual([await button.getAttribute('title'), await button.getAttribute('lay-filter'), await button.textContent()], ['代码', 'code', '\ue64e']);
  await guest.close();
});

for (const [option, kind] of [['isAudio', 'audio'], ['isVideo', 'video']]) {
  test(`${option}: a button that asks for an address and sends ${kind}[address]`, async () => {
    const plain = await host.open();
    await plain.friend();
    await plain.count(`.layim-tool-${kind}`, 0);
    await plain.close();
    const guest = await host.open(options({ [option]: true }));
    await guest.friend();
    await guest.$(`.layim-tool-${kind}`).click();
    await guest.$('.layui-layer-content input, .layui-layer-content textarea').last().fill('http://example.com/a.mp3');
    await guest.$('.layui-layer-btn0').click();
    await guest.until(async () => assert.equal((await guest.heard('sendMessage'))[0]?.[0].mine.content.trim(), `${kind}[http://example.com/a.mp3]`));
    await guest.close();
  });
}

test('title and min: the panel begins as a bar that bears the title', async () => {
  const guest = await host.open(options({ title: '我的IM', min: true }));
  assert.equal(await guest.$('.layui-layim').isVisible(), false);
  assert.match(await guest.$('.layui-layim-min.layui-layim-close #layui-layim-close').textContent(), /我的IM/);
  await guest.$('#layui-layim-close').click();
  await guest.$('.layui-layim').waitFor();
  await guest.close();
});

test('title: 我的LayIM where the host names none', async () => {
  const guest = await host.open(options({ min: true }));
  assert.match(await guest.$('#layui-layim-close').textContent(), /我的LayIM/);
  await guest.close();
});

test('right: the panel stands that much further to the left, by a negative margin', async () => {
  const guest = await host.open(options({ right: '100px' }));
  const margin = await guest.$('.layui-layim').evaluate((panel) => getComputedStyle(panel).marginLeft);
  assert.equal(margin, '-100px');
  await guest.close();
});

test('minRight: how far the bar of the chats stands from the right edge; without it in the middle', async () => {
  const place = async (more) => {
    const guest = await host.open(options(more));
    await guest.friend();
    await guest.call('setChatMin');
    const box = await guest.$('.layui-layim-min:not(.layui-layim-close)').boundingBox();
    const { width } = guest.page.viewportSize();
    await guest.close();
    return { right: width - box.x - box.width, middle: box.x + box.width / 2 - width / 2 };
  };
  assert.ok(Math.abs((await place({ minRight: '150px' })).right - 150) < 2);
  assert.ok(Math.abs((await place({})).middle) < 60);
});

test('initSkin and skin: a background until one is picked, and more of them before the five', async () => {
  const guest = await host.open(options({ initSkin: '2.jpg', skin: ['/a/own.svg'] }));
  const image = () => guest.$('.layui-layim').evaluate((panel) => getComputedStyle(panel).backgroundImage);
  assert.notEqual(await image(), 'none');
  await guest.$('.layui-layim-tool .layim-tool-skin').click();
  await guest.count('#layui-layim-skin > ul.layui-layim-skin > li', 7);
  assert.equal(await guest.$('#layui-layim-skin li > img').first().getAttribute('src'), '/a/own.svg');
  await guest.count('#layui-layim-skin li:last-child > cite', 1);
  await guest.$('#layui-layim-skin li').first().click();
  assert.match(await image(), /own\.svg/);
  await guest.close();
});

test('isfriend and isgroup: a list that is not wanted has no tab', async () => {
  const tabs = async (more) => {
    const guest = await host.open(options(more));
    const types = await guest.$('.layui-layim-tab > li').evaluateAll((items) => items.map((item) => item.getAttribute('lay-type')));
    const isTwo = await guest.$('.layui-layim-tab.layim-tab-two').count();
    await guest.close();
    return [...types, isTwo];
  };
  assert.deepEqual(await tabs({}), ['friend', 'group', 'history', 0]);
  assert.deepEqual(await tabs({ isfriend: false }), ['group', 'history', 1]);
  assert.deepEqual(await tabs({ isgroup: false }), ['friend', 'history', 1]);
});

test('copyright: true hides about', async () => {
  const guest = await host.open();
  await guest.count('.layim-tool-about', 0);
  await guest.close();
  const open = await host.open(options({ copyright: false }));
  await open.$('.layim-tool-about').click();
  await open.$('.layui-layer-content', { hasText: 'LayIM' }).last().waitFor();
  await open.close();
});

const watchNotices = (page) =>
  page.addInitScript(() => {
    window.notices = [];
    window.Notification = class {
      static permission = 'granted';
      static requestPermission = () => Promise.resolve('granted');
      constructor(title, its) { window.notices.push([title, its.body, its.icon]); }
      close() {}
    };
  });

test('notice: a desktop notice for a conversation that is not open, and none by default', async () => {
  const notices = async (more) => {
    const guest = await host.open(options(more), { before: watchNotices });
    await guest.call('getMessage', { username: '贤心', avatar: '/a/1.svg', id: 100001, type: 'friend', content: '在吗' });
    const shown = await guest.page.evaluate(() => window.notices);
    await guest.close();
    return shown.map(([title, body]) => [title, body]);
  };
  assert.deepEqual(await notices({ notice: true }), [['贤心', '在吗']]);
  assert.deepEqual(await notices({}), []);
});

test('voice: a sound for a message; false is silence', async () => {
  const watch = (page) =>
    page.addInitScript(() => {
      window.sounds = 0;
      const { createOscillator } = AudioContext.prototype;
      AudioContext.prototype.createOscillator = function () { window.sounds += 1; return createOscillator.call(this); };
      HTMLMediaElement.prototype.play = function () { window.sounds += 1; return Promise.resolve(); };
    });
  const sounds = async (more, its = {}) => {
    const guest = await host.open(options(more), { before: watch });
    await guest.call('getMessage', { username: '贤心', avatar: '/a/1.svg', id: 100001, type: 'friend', content: '在吗', ...its });
    const count = await guest.page.evaluate(() => window.sounds);
    await guest.close();
    return count > 0;
  };
  assert.deepEqual([await sounds({ voice: undefined }), await sounds({ voice: 'own.mp3' }), await sounds({ voice: false })], [true, true, false]);
  // A line of the system's sounds as well, though it is not shown.
  assert.equal(await sounds({ voice: undefined }, { system: true }), true);
});

for (const [option, width] of [['msgbox', 600], ['find', 1000]]) {
  test(`${option}: an icon that opens the page, ${width} wide; without it none`, async () => {
    const plain = await host.open();
    await plain.count(`.layim-tool-${option}`, 0);
    await plain.close();
    const guest = await host.open(options({ [option]: `/page/${option}` }));
    await guest.$(`.layui-layim-tool .layim-tool-${option}`).click();
    const frame = guest.page.frameLocator('.layui-layer-content iframe');
    await frame.locator('#here', { hasText: `/page/${option}` }).waitFor();
    await guest.rests('.layui-layer:has(iframe)', { width, height: 520 });
    const inside = guest.page.frames().at(-1);
    assert.equal(await inside.title(), 'function');
    // Closing takes the frame away in which this runs.
    await inside.evaluate(() => void parent.setTimeout(parent.layer.close, 0, parent.layer.getFrameIndex(window.name)));
    await guest.count('.layui-layer iframe', 0);
    await guest.close();
  });
}

test('chatLog: a button that opens the page with id and type, at the right edge', async () => {
  const plain = await host.open();
  await plain.friend();
  await plain.count('.layim-tool-log', 0);
  await plain.close();
  const guest = await host.open(options({ chatLog: '/page/log' }));
  await guest.friend();
  await guest.$('.layim-chat-tool .layim-tool-log').click();
  await guest.page.frameLocator('.layui-layer-content iframe').locator('#here').waitFor();
  assert.deepEqual(host.requests('/page/log')[0].query, { id: '100001', type: 'friend' });
  await guest.rests('.layui-layer:has(iframe)', { width: 450, right: 0, height: guest.page.viewportSize().height });
  await guest.count('#layui-layim-chatlog', 1);
  await guest.close();
});

test('maxLength: a longer text is not sent; 3000 where the host says nothing', async () => {
  const guest = await host.open(options({ maxLength: 5 }));
  await guest.friend();
  await guest.say('123456');
  assert.deepEqual(await guest.heard('sendMessage'), []);
  await guest.say('12345');
  assert.equal((await guest.heard('sendMessage')).length, 1);
  await guest.close();
  const long = await host.open();
  await long.friend();
  await long.say('x'.repeat(3_001));
  await long.say('x'.repeat(3_000));
  assert.equal((await long.heard('sendMessage')).length, 1);
  await long.close();
});

test('mine outside of init, as version 2 had it', async () => {
  const { mine, ...init } = people();
  const guest = await host.open(options({ init, mine }));
  assert.equal((await guest.call('cache')).mine.username, '纸飞机');
  await guest.close();
});
