// Chromium, and a page that watches itself: console errors, uncaught errors and violations of the page's own policy
// fail the test that caused them.
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const screenshots = fileURLToPath(new URL('../../../target/screenshots', import.meta.url));

export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
      // A microphone that beeps; whether a page may have it is still asked.
      '--use-fake-device-for-media-stream',
      // A page that the test itself hands out counts as a stranger's, which may not reach this machine.
      '--disable-features=LocalNetworkAccessChecks',
    ],
  });
}

/**
 * With WEBIM_TEST_DIST the pages come from that folder (`npm run build` in engine/web makes one) instead of from the
 * binary: work on a page then needs no cargo.
 */
export async function pagesFrom(folder, context) {
  const pages = [[/^\/$/, 'index.html'], [/^\/desk$/, 'desk.html'], [/^\/c\/[^/]+$/, 'customer.html'], [/^\/widget\.js$/, 'widget.js'], [/^\/assets\//, undefined]];
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
  // Only the server's own, which is asked by its number.
  await context.route(/^http:\/\/127\.0\.0\.1:\d+\/(?:$|desk|c\/|widget\.js|assets\/)/, async (route) => {
    const { pathname } = new URL(route.request().url());
    const [, page] = pages.find(([path]) => path.test(pathname)) ?? [];
    const response = page?.endsWith('.html') ? await route.fetch() : undefined;
    const file = page ?? pathname;
    const policy = response?.headers()['content-security-policy'];
    const body = await readFile(path.join(folder, file));
    await route.fulfill({ body, contentType: types[path.extname(file)], headers: policy ? { 'content-security-policy': policy } : {} });
  });
}

/** A browser of its own for one person: its own cookies and storage. */
export class Person {
  static async open(browser, url, { viewport = DESK, locale = 'zh-CN', colorScheme = 'light' } = {}) {
    const context = await browser.newContext({ viewport, locale, colorScheme, timezoneId: 'Asia/Shanghai' });
    if (process.env.WEBIM_TEST_DIST) await pagesFrom(process.env.WEBIM_TEST_DIST, context);
    const page = await context.newPage();
    // Patience for a machine that is busy with other things as well.
    page.setDefaultTimeout(30_000);
    return new Person(context, page, url);
  }

  constructor(context, page, url) {
    Object.assign(this, { context, page, url, errors: [], networkMayFail: false });
    page.on('pageerror', (error) => this.errors.push(`uncaught: ${error.stack ?? error}`));
    page.on('console', (message) => {
      if (message.type() !== 'error' && !/Content Security Policy/i.test(message.text())) return;
      const { url: from } = message.location();
      const isNetwork = /net::ERR_|WebSocket connection|Failed to load resource/.test(message.text());
      if (!(isNetwork && this.networkMayFail)) this.errors.push(`console: ${message.text()} (${from})`);
    });
  }

  async signIn({ login, password, name }) {
    const { page } = this;
    this.name = name;
    // Asking who is signed in, before anybody is, is answered with 401, which the browser writes to its console.
    this.networkMayFail = true;
    await page.goto(this.url);
    await page.locator('#webim-login').fill(login);
    await page.locator('#webim-password').fill(password);
    await page.locator('button[type=submit]').click();
    await this.ready();
    this.networkMayFail = false;
  }

  /** The panel is drawn and the connection stands. */
  async ready() {
    await this.page.locator('.layui-layim-user').waitFor();
    await this.page.locator('.webim-connection').waitFor({ state: 'hidden' });
  }

  /** The connection is back; as a person would, one presses the button rather than wait for the next attempt. */
  async reconnected() {
    await this.until(async () => {
      await this.page.locator('.webim-connection button:visible').click({ timeout: 500 }).catch(() => {});
      assert.match((await this.page.locator('.webim-connection').getAttribute('data-kind')) ?? '', /back/);
    });
    await this.ready();
  }

  /** Opens the chat with somebody by walking the department tree. */
  async openFriend(name) {
    const { page } = this;
    await this.back();
    await page.locator('.layui-layim-tab li[lay-type=friend]').click();
    for (let round = 0; round < 20; round += 1) {
      const person = this.friend(name);
      if (await person.isVisible()) {
        await person.click();
        await this.pane.waitFor();
        return;
      }
      await page.locator('.layim-list-friend h5[lay-type=false]:visible').first().click();
    }
    assert.fail(`${name} is not in the department tree`);
  }

  async openGroup(name) {
    await this.back();
    await this.page.locator('.layui-layim-tab li[lay-type=group]').click();
    await this.page.locator('.layim-list-group > li', { hasText: name }).click();
    await this.pane.waitFor();
  }

  /** On a phone the panel is behind the chat. */
  async back() {
    const back = this.page.locator('.layim-chat.layui-show .layim-chat-back');
    if (await back.isVisible()) await back.click();
  }

  friend(name) {
    return this.page.locator('.layim-list-friend li[data-type=friend]', { has: this.page.locator(`span[dir]:text-is("${name}")`) }).first();
  }

  recent(name) {
    return this.page.locator('.layim-list-history > li', { has: this.page.locator(`span[dir]:text-is("${name}")`) });
  }

  get pane() {
    return this.page.locator('.layim-chat.layui-show');
  }

  get field() {
    return this.pane.locator('textarea');
  }

  async say(text) {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  bubble(text) {
    return this.pane.locator('.layim-chat-main li', { has: this.page.locator(`.layim-chat-text:text-is("${text}")`) });
  }

  /** Every message that is drawn of the chat in front, as (whose, text); a face is its name. */
  messages() {
    return this.pane.locator('.layim-chat-main > ul > li:not(.layim-chat-day)').evaluateAll((items) =>
      items.map((item) => {
        const text = (item.querySelector('.layim-chat-text') ?? item.querySelector('span')).cloneNode(true);
        for (const face of text.querySelectorAll('img.layim-face')) face.replaceWith(face.title);
        return `${item.classList.contains('layim-chat-mine') ? 'me' : 'them'}: ${text.textContent}`;
      }),
    );
  }

  async waitForMessages(expected) {
    await this.until(async () => {
      assert.deepEqual(await this.messages(), expected);
    });
  }

  /** Waits until `check` no longer throws. */
  async until(check, patience = 30_000) {
    const end = Date.now() + patience;
    for (;;) {
      try {
        return await check();
      } catch (error) {
        if (Date.now() > end) throw error;
        await this.page.waitForTimeout(100);
      }
    }
  }

  /** The page fits its width, in the window and in each of its parts. */
  async fits() {
    const overflow = await this.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const wide = [...document.querySelectorAll('body *')].filter((element) => {
        const { right, width } = element.getBoundingClientRect();
        const clipped = element.closest('.layim-chat-list, .layim-chat-text, .layim-tab-content, .layim-chat-joined cite, .webim-lanes, svg, [hidden]');
        return width > 0 && right > innerWidth + 1 && !clipped && getComputedStyle(element).position !== 'absolute';
      });
      return { page: scrollWidth - clientWidth, wide: wide.map((element) => `${element.tagName}.${element.className}`) };
    });
    assert.deepEqual(overflow, { page: 0, wide: [] });
  }

  async picture(name) {
    await mkdir(screenshots, { recursive: true });
    // What comes in by sliding or fading has come; what turns for ever may turn.
    await this.page.evaluate(() => Promise.race([
      Promise.all(document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity).map((one) => one.finished.catch(() => {}))),
      new Promise((done) => setTimeout(done, 1_500)),
    ]).then(() => {}));
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  }

  /** Fails if the page complained since the last time. */
  calm() {
    const { errors } = this;
    this.errors = [];
    assert.deepEqual(errors, []);
  }

  async close() {
    await this.context.close();
  }
}
