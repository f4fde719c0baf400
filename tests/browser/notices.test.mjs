// What the system says to people: one reads it, and there is no place to answer.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { launch, Person, PHONE } from './support/browser.mjs';
import { Server } from './support/server.mjs';

let server;
let browser;
let token;

before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  const { login, password } = [...server.people.values()].find(({ roles }) => roles.includes('admin'));
  const admin = await ask('POST', '/api/v1/session', { login, password, bearer: true });
  token = (await ask('POST', '/api/v1/tokens', { name: '工资系统', scopes: ['messages:push'] }, admin.token)).token;
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function ask(method, path, body, bearer) {
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) };
  const response = await fetch(server.url + path, { method, headers, body: JSON.stringify(body) });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.json();
}

const push = (text) => ask('POST', '/api/v1/messages', { to: { everyone: true }, body: { text } }, token);

for (const [name, options] of [['desk', {}], ['phone-dark', { viewport: PHONE, colorScheme: 'dark' }]]) {
  test(`a notice has a picture of its own and no field, ${name}`, async () => {
    const person = await Person.open(browser, server.url, options);
    await person.signIn(server.people.get('zhangwei'));
    const words = `系统今晚 22 点维护（${name}）`;
    await push(words);
    await person.page.locator('.layui-layim-tab li[lay-type=history]').click();
    const entry = person.page.locator('.layim-list-history > li', { hasText: words });
    await entry.waitFor();
    const picture = entry.locator('img').first();
    assert.equal(await picture.getAttribute('src'), '/assets/notice.svg');
    await person.until(async () => assert.ok(await picture.evaluate((image) => image.complete && image.naturalWidth > 0)));
    await entry.click();
    await person.pane.getByText('这里只有系统发布通知，不能回复').waitFor();
    assert.equal(await person.field.isVisible(), false);
    assert.equal(await person.pane.locator('.layim-chat-tool, .layim-send-btn').locator('visible=true').count(), 0);
    await person.pane.locator('.layim-chat-text', { hasText: words }).click({ button: 'right' });
    await person.page.getByRole('menuitem', { name: '复制' }).waitFor();
    assert.equal(await person.page.getByRole('menuitem', { name: '回复' }).count(), 0);
    await person.page.keyboard.press('Escape');
    await person.fits();
    await person.picture(`notices-${name}`);
    person.calm();
    await person.close();
  });
}
