// Our own page beyond talking: colours, backgrounds, sound, notices, drafts, and everything by the keyboard.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person, PHONE } from './support/browser.mjs';
import { Server } from './support/server.mjs';

let server;
let browser;
let zhang;

before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  zhang = await Person.open(browser, server.url);
  await zhang.page.addInitScript(() => {
    window.sounds = 0;
    const { createOscillator } = AudioContext.prototype;
    AudioContext.prototype.createOscillator = function () {
      window.sounds += 1;
      return createOscillator.call(this);
    };
    window.notices = [];
    window.Notification = class {
      static permission = 'default';
      static requestPermission() {
        window.Notification.permission = 'granted';
        return Promise.resolve('granted');
      }
      constructor(title, its) {
        window.notices.push([title, its.body]);
      }
      close() {}
    };
  });
  await zhang.signIn(server.people.get('zhangwei'));
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const tool = (name) => zhang.page.locator(`.layim-tool-${name}`);
const theme = () => zhang.page.evaluate(() => document.documentElement.dataset.imTheme);

/** Contrast of every text that is seen against what is behind it, where that is one colour. */
async function pale(person) {
  return person.page.evaluate(() => {
    const parts = (colour) => (/rgba?\(([^)]+)\)/.exec(colour)?.[1] ?? '').split(/[\s,/]+/).map(Number);
    const light = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((one) => (one / 255 <= 0.03928 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.backgroundImage !== 'none') return undefined;
        const colour = parts(style.backgroundColor);
        if (colour.length === 3 || colour[3] === 1) return colour;
        if (colour[3] > 0) return undefined;
      }
      return undefined;
    };
    const found = [];
    for (const element of document.querySelectorAll('body *')) {
      const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join('');
      if (text === '' || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      if (element.closest('.layim-list-gray, [disabled], script')) continue;
      const back = behind(element);
      if (!back) continue;
      const [a, b] = [light(parts(getComputedStyle(element).color)), light(back)].sort((x, y) => y - x);
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < 4.5) found.push(`${element.tagName}.${element.className} "${text.slice(0, 20)}" ${ratio.toFixed(2)}`);
    }
    return found;
  });
}

test('colours follow the system, or are chosen, and stay; everything can be read in both', async () => {
  const { page } = zhang;
  await zhang.openFriend('李娜');
  await zhang.say('看得清吗？face[哈哈] a(https://example.com)[链接] [pre class=layui-code]let a = 1;[/pre]');
  assert.equal(await theme(), 'light');
  assert.deepEqual(await pale(zhang), []);
  await page.emulateMedia({ colorScheme: 'dark' });
  await zhang.until(async () => assert.equal(await theme(), 'dark'));
  assert.deepEqual(await pale(zhang), []);
  await zhang.picture('chat-dark');
  await tool('theme').click();
  assert.equal(await theme(), 'light');
  await tool('theme').click();
  assert.equal(await theme(), 'dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.reload();
  await zhang.ready();
  assert.equal(await theme(), 'dark');
  assert.match(await tool('theme').getAttribute('title'), /深色/);
  await tool('theme').click();
  assert.equal(await theme(), 'light');
});

test('a background is chosen, and stays', async () => {
  const { page } = zhang;
  await tool('skin').click();
  await page.locator('.layui-layim-skin > li').nth(2).click();
  const image = () => page.evaluate(() => getComputedStyle(document.body).backgroundImage);
  assert.match(await image(), /^url\("data:image/);
  await page.keyboard.press('Escape');
  await page.reload();
  await zhang.ready();
  assert.match(await image(), /^url\("data:image/);
  await zhang.picture('background');
  await tool('skin').click();
  await page.getByRole('dialog').getByText('简约').click();
  assert.doesNotMatch(await image(), /^url/);
  await page.keyboard.press('Escape');
  await zhang.until(async () => assert.equal(await page.locator('.layim-dialog').count(), 0));
});

test('a background goes with the person: to another device, at once when one looks there; a picture of one\'s own as well', async () => {
  const { page } = zhang;
  const image = (one) => one.page.evaluate(() => document.documentElement.style.getPropertyValue('--im-skin'));
  await tool('skin').click();
  await page.locator('.layui-layim-skin > li').nth(1).click();
  await page.keyboard.press('Escape');
  const other = await Person.open(browser, server.url, { viewport: PHONE });
  await other.signIn(server.people.get('zhangwei'));
  await other.until(async () => assert.match(await image(other), /^url\("data:image/));
  await tool('skin').click();
  const chooser = page.waitForEvent('filechooser');
  await page.locator('.layim-skin-own').click();
  const svg = await page.screenshot({ clip: { x: 0, y: 0, width: 300, height: 300 } });
  await (await chooser).setFiles({ name: 'sky.png', mimeType: 'image/png', buffer: svg });
  await zhang.until(async () => assert.match(await image(zhang), /^url\("\/files\//));
  await zhang.picture('skins');
  await page.keyboard.press('Escape');
  const own = await image(zhang);
  await other.page.reload();
  await other.ready();
  await other.until(async () => assert.equal(await image(other), own));
  await other.fits();
  await other.picture('skin-phone');
  other.calm();
  await other.close();
  await tool('skin').click();
  await page.getByRole('dialog').getByText('简约').click();
  assert.equal(await image(zhang), '');
  await page.keyboard.press('Escape');
  await zhang.until(async () => assert.equal(await page.locator('.layim-dialog').count(), 0));
});

test('sound and desktop notices: on, off, and remembered', async () => {
  const li = await Person.open(browser, server.url);
  await li.signIn(server.people.get('lina'));
  await li.openFriend('张伟');
  await tool('notice').click();
  await zhang.until(async () => assert.equal(await tool('notice').getAttribute('aria-pressed'), 'true'));
  await li.say('响一声');
  await zhang.until(async () => {
    assert.deepEqual(await zhang.page.evaluate(() => window.notices), [['李娜', '响一声']]);
    assert.ok((await zhang.page.evaluate(() => window.sounds)) > 0);
  });
  await tool('sound').click();
  await tool('notice').click();
  const before = await zhang.page.evaluate(() => window.sounds);
  await li.say('不出声');
  await zhang.openFriend('李娜');
  await zhang.bubble('不出声').waitFor();
  assert.deepEqual(await zhang.page.evaluate(() => [window.sounds, window.notices.length]), [before, 1]);
  await zhang.page.reload();
  await zhang.ready();
  assert.equal(await tool('sound').getAttribute('aria-pressed'), 'false');
  li.calm();
  await li.close();
});

test('a draft is there again after a reload', async () => {
  await zhang.openFriend('李娜');
  await zhang.field.fill('明天再');
  await zhang.page.reload();
  await zhang.ready();
  await zhang.openFriend('李娜');
  assert.equal(await zhang.field.inputValue(), '明天再');
  await zhang.field.fill('');
});

test('everything can be reached by Tab, shows where one is, and has a name', async () => {
  const { page } = zhang;
  await page.locator('#app').evaluate(() => document.activeElement?.blur());
  const stops = [];
  for (let n = 0; n < 60; n += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return undefined;
      const style = getComputedStyle(element);
      const isSeen = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
      const name = element.getAttribute('aria-label') || element.textContent.trim() || element.getAttribute('placeholder') || element.title;
      return { what: `${element.tagName}.${element.className}`, isSeen, name };
    });
    if (!stop) continue; // Out of the page, and round again.
    stops.push(stop);
  }
  assert.deepEqual(stops.filter(({ isSeen, name }) => !isSeen || !name), []);
  const all = stops.map(({ what }) => what).join('\n');
  for (const wanted of ['layim-status-', 'layui-layim-tab', 'layim-tool-skin', 'layim-tool-signout', 'layim-chat-main', 'layim-tool-face', 'TEXTAREA', 'layim-send-btn', 'layim-send-set']) {
    if (wanted === 'layui-layim-tab') assert.match(all, /layui-icon-user layim-this/);
    else assert.ok(all.includes(wanted), `${wanted} is not reached:\n${all}`);
  }
});

test('those who listen hear what everything is: names, pictures, places', async () => {
  await zhang.openGroup('研发中心');
  await zhang.pane.locator('[layim-event=groupMembers]').click();
  await zhang.pane.locator('.layim-members-list li[data-uid]').first().waitFor();
  await zhang.pane.locator('.layim-tool-face').click();
  const found = await zhang.page.evaluate(() => {
    const all = [...document.querySelectorAll('body *')];
    const name = (element) => element.getAttribute('aria-label') || element.textContent.trim() || element.title || element.getAttribute('placeholder') || element.labels?.[0]?.textContent;
    const ids = all.map(({ id }) => id).filter(Boolean);
    return {
      nameless: all.filter((element) => element.matches('button, input, textarea, select, a[href], [role=button], [role=tab], [role=menuitemradio], [role=option], [role=dialog], [role=region]') && !element.matches('[aria-hidden=true]') && element.checkVisibility() && !name(element)).map((element) => element.outerHTML.slice(0, 120)),
      pictures: all.filter((element) => element.matches('img:not([alt])')).length,
      twice: ids.filter((id, at) => ids.indexOf(id) !== at),
      astray: all.flatMap((element) => ['aria-controls', 'aria-labelledby', 'aria-activedescendant'].map((key) => element.getAttribute(key)).filter((id) => id && !document.getElementById(id))),
      landmarks: document.querySelectorAll('main').length,
    };
  });
  assert.deepEqual(found, { nameless: [], pictures: 0, twice: [], astray: [], landmarks: 1 });
  await zhang.page.keyboard.press('Escape');
  await zhang.page.keyboard.press('Escape');
});

test('a message without a mouse: search, open, write, send key, close', async () => {
  const { page } = zhang;
  await page.keyboard.press('Escape');
  await page.locator('.layui-layim-search input').focus();
  await page.keyboard.type('李娜');
  await page.locator('#layui-layim-search li[data-type=friend]').first().waitFor();
  await page.keyboard.press('Enter');
  await zhang.pane.waitFor();
  await zhang.until(async () => assert.equal(await page.evaluate(() => document.activeElement.tagName), 'TEXTAREA'));
  await page.keyboard.type('只用键盘');
  await page.keyboard.press('Enter');
  await zhang.bubble('只用键盘').waitFor();
  await zhang.pane.locator('.layim-send-set').focus();
  await page.keyboard.press('Enter');
  await zhang.pane.locator('li[lay-type="Ctrl+Enter"]').focus();
  await page.keyboard.press('Enter');
  await zhang.field.focus();
  await page.keyboard.type('两行');
  await page.keyboard.press('Enter');
  await page.keyboard.type('文字');
  await page.keyboard.press('Control+Enter');
  await zhang.until(async () => assert.equal((await zhang.messages()).at(-1), 'me: 两行文字'));
  await page.keyboard.press('Escape');
  await zhang.until(async () => assert.equal(await page.locator('.layim-chat-list > li', { hasText: '李娜' }).count(), 0));
});

test('the dialogs fit a phone, and close by Escape', async () => {
  const { page } = zhang;
  await page.setViewportSize(PHONE);
  await zhang.back();
  await tool('skin').click();
  const box = await page.locator('.layim-dialog').boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= PHONE.width);
  await zhang.picture('background-phone');
  await page.keyboard.press('Escape');
  await zhang.until(async () => assert.equal(await page.locator('.layim-dialog').count(), 0));
  await zhang.fits();
  zhang.calm();
});
