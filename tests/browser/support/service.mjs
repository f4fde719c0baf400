// People of customer service: visitors of a site, and those who serve them at the desk.
import assert from 'node:assert/strict';
import { DESK, pagesFrom, Person } from './browser.mjs';

/** Asks the server as somebody of the demo. */
export async function asks(server, login, method, path, body) {
  const { password } = server.people.get(login);
  const headers = { 'content-type': 'application/json' };
  const session = await fetch(`${server.url}/api/v1/session`, { method: 'POST', headers, body: JSON.stringify({ login, password, bearer: true }) }).then((answer) => answer.json());
  const answer = await fetch(server.url + path, { method, headers: { ...headers, authorization: `Bearer ${session.token}` }, ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

export function admin(server) {
  return [...server.people.values()].find(({ roles }) => roles.includes('admin')).login;
}

/** Lets sites show a channel's widget; `more` changes its settings. */
export async function allow(server, key, origins, more = {}) {
  const { items } = await asks(server, admin(server), 'GET', '/api/v1/channels');
  const { name, mode, audience, active, config } = items.find((channel) => channel.key === key);
  const routing = { ...config.routing, ...more.routing };
  await asks(server, admin(server), 'PUT', `/api/v1/channels/${key}`, { name, mode, audience, active, config: { ...config, ...more, routing, allowed_origins: origins } });
}

/** Somebody on a site with the widget. */
export class Visitor extends Person {
  static async open(browser, url, { viewport = DESK, locale = 'zh-CN', colorScheme = 'light' } = {}) {
    const context = await browser.newContext({ viewport, locale, colorScheme, timezoneId: 'Asia/Shanghai' });
    if (process.env.WEBIM_TEST_DIST) await pagesFrom(process.env.WEBIM_TEST_DIST, context);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const visitor = new Visitor(context, page, url);
    // Somebody new is asked about with a 401 nowhere; what fails is told.
    await page.goto(url);
    return visitor;
  }

  get button() {
    return this.page.locator('button[aria-expanded]');
  }

  /** The chat: in the frame, or the page itself. */
  get frame() {
    return this.page.url().includes('/c/') ? this.page : this.page.frameLocator('iframe');
  }

  async begin() {
    if (!this.page.url().includes('/c/')) await this.button.click();
    await this.frame.getByRole('button', { name: '开始咨询' }).click();
    await this.frame.locator('textarea').waitFor();
  }

  async say(text) {
    const field = this.frame.locator('.layim-chat.layui-show textarea');
    await field.fill(text);
    await field.press('Enter');
    await this.frame.locator('.layim-chat.layui-show .layim-chat-text', { hasText: text }).waitFor();
  }

  async hears(text) {
    await this.frame.locator('.layim-chat.layui-show .layim-chat-text', { hasText: text }).waitFor();
  }
}

/** Somebody at the desk. */
export class Agent extends Person {
  static async serve(browser, server, login, { viewport = DESK, locale = 'zh-CN', colorScheme = 'light' } = {}) {
    const context = await browser.newContext({ viewport, locale, colorScheme, timezoneId: 'Asia/Shanghai' });
    if (process.env.WEBIM_TEST_DIST) await pagesFrom(process.env.WEBIM_TEST_DIST, context);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const person = new Agent(context, page, `${server.url}/desk`);
    person.networkMayFail = true; // Asking who is signed in, before anybody is.
    const { password, name } = server.people.get(login);
    person.name = name;
    await page.goto(person.url);
    await page.locator('#webim-login').fill(login);
    await page.locator('#webim-password').fill(password);
    await page.locator('button[type=submit]').click();
    await page.locator('.webim-desk-head').waitFor();
    await page.locator('.webim-connection').waitFor({ state: 'hidden' });
    person.networkMayFail = false;
    return person;
  }

  /** An entry of the list of customers, by the last thing that was said. */
  customer(words) {
    return this.page.locator('.layim-list-history > li', { hasText: words }).first();
  }

  async openCustomer(words) {
    await this.customer(words).click();
    await this.pane.waitFor();
  }

  async works(state) {
    await this.page.locator('.webim-state').selectOption(state);
  }
}
