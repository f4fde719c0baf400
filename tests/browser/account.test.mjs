// Search and the account dialog, with answers in the server's shapes: what the page makes of them, and of refusals.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person, PHONE } from './support/browser.mjs';
import { Server } from './support/server.mjs';

let server;
let browser;
let zhang;
let phone;

before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  zhang = await Person.open(browser, server.url);
  phone = await Person.open(browser, server.url, { viewport: PHONE, locale: 'en-US' });
  await zhang.signIn(server.people.get('zhangwei'));
  await phone.signIn(server.people.get('lina'));
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const json = (route, body, status = 200) => route.fulfill({ status, contentType: status === 200 ? 'application/json' : 'application/problem+json', body: JSON.stringify(body) });

test('search: people by pinyin, messages with what fits marked, files; a click leads there', async () => {
  const { page } = zhang;
  await zhang.openFriend('李娜');
  const conversation = await page.evaluate(async () => (await (await fetch('/api/v1/conversations')).json()).items.find(({ title }) => title === '李娜'));
  const item = conversation.last;
  const asked = [];
  await page.route('**/api/v1/search?*', (route) => {
    const query = Object.fromEntries(new URL(route.request().url()).searchParams);
    asked.push(query);
    const found = { messages: [], files: [], people: [], next: null };
    if (query.in === 'people') found.people = [{ person: { id: item.sender, kind: 'member', name: '吴军', avatar: '/assets/avatar.svg', sign: '', units: [] }, spans: [] }];
    if (query.in === 'messages') Object.assign(found, { messages: [{ item, shown: '🙂太好了，辛苦', spans: [[1, 4]] }], next: query.after ? null : 'more' });
    if (query.in === 'files') found.files = [{ conversation: item.conversation, seq: item.seq, message: item.message, file: item.message, name: 'hao-方案.pdf', spans: [[0, 3]], time: item.time, sender: item.sender }];
    return json(route, found);
  });
  await page.locator('.layui-layim-search input').fill('hao');
  const found = page.locator('#layui-layim-search .layim-found');
  await found.filter({ hasText: '太好了' }).waitFor();
  assert.deepEqual(await page.locator('.layim-found-title').allTextContents(), ['同事（拼音、登录名）', '聊天记录', '文件']);
  assert.deepEqual(await page.locator('.layim-found mark').allTextContents(), ['太好了', 'hao']);
  assert.deepEqual(new Set(asked.map((query) => query.q)), new Set(['hao']));
  await zhang.fits();
  await zhang.picture('search-found');
  await page.locator('.layim-found-more').click();
  await zhang.until(async () => assert.equal(asked.some(({ after }) => after === 'more'), true));
  await zhang.until(async () => assert.equal(await found.filter({ hasText: '太好了' }).count(), 2));
  await found.filter({ hasText: '太好了' }).first().click();
  await zhang.pane.locator(`li.layim-marked[data-seq="${item.seq}"]`).waitFor();
  // What was found stays, for a look at the next.
  await page.locator('[layim-event=closeSearch]').click();
  await page.unrouteAll();
});

test('password: what is missing or differs is said before it is asked, a refusal after', async () => {
  const { page } = zhang;
  const bodies = [];
  await page.route('**/api/v1/me/**', (route) => {
    const request = route.request();
    const { pathname, search } = new URL(request.url());
    if (request.method() !== 'GET') bodies.push([request.method(), pathname + search, request.postDataJSON()]);
    if (pathname.endsWith('/password')) {
      const isWrong = request.postDataJSON().old === 'wrong';
      return isWrong ? json(route, { type: '/problems/password_wrong', title: '密码不正确。', status: 403, code: 'password_wrong' }, 403) : route.fulfill({ status: 204 });
    }
    if (pathname.endsWith('/settings')) return request.method() === 'GET' ? json(route, { show_last_seen: false }) : route.fulfill({ status: 204 });
    if (request.method() === 'DELETE') return route.fulfill({ status: 204 });
    const now = Date.now();
    const device = { created_at: now - 9e6, seen_at: now - 6e5, expires_at: now + 9e9, online: false, current: false };
    return json(route, { items: [{ ...device, id: 'a', device: '浏览器', current: true, online: true }, { ...device, id: 'b', device: '李娜的手机 '.repeat(6) }] });
  });
  await page.locator('.layim-tool-account').click();
  const dialog = page.getByRole('dialog', { name: '帐号与设备' });
  await dialog.locator('.webim-devices li').nth(1).waitFor();
  await zhang.fits();
  await zhang.picture('account');
  const change = dialog.getByRole('button', { name: '修改密码' });
  await change.click();
  await dialog.getByText('请输入原密码和新密码').waitFor();
  await dialog.locator('#webim-old').fill('wrong');
  await dialog.locator('#webim-new').fill('better words 1');
  await change.click();
  await dialog.getByText('两次输入的新密码不一致').waitFor();
  await dialog.locator('#webim-again').fill('better words 1');
  zhang.networkMayFail = true;
  await change.click();
  await dialog.getByText('原密码不正确').waitFor();
  zhang.networkMayFail = false;
  await dialog.locator('#webim-old').fill('right');
  await change.click();
  await page.getByText('密码已修改').waitFor();
  await dialog.getByText('允许同事看到').click();
  await dialog.getByRole('button', { name: /退出登录: 李娜的手机/ }).click();
  await dialog.getByText('退出其他所有设备').click();
  await zhang.until(async () => assert.equal(bodies.length, 5));
  assert.deepEqual(bodies.slice(1), [
    ['PUT', '/api/v1/me/password', { old: 'right', new: 'better words 1' }],
    ['PUT', '/api/v1/me/settings', { show_last_seen: true }],
    ['DELETE', '/api/v1/me/sessions/b', null],
    ['DELETE', '/api/v1/me/sessions?keep=current', null],
  ]);
  await page.keyboard.press('Escape');
  await page.unrouteAll();
});

test('on a phone, in English and in the dark, the dialog fits', async () => {
  const { page } = phone;
  await page.route('**/api/v1/me/**', (route) => json(route, new URL(route.request().url()).pathname.endsWith('/settings') ? { show_last_seen: true } : { items: [] }));
  await page.locator('.layim-tool-theme').click();
  await page.locator('.layim-tool-theme').click();
  await page.locator('.layim-tool-account').click();
  await page.getByRole('dialog', { name: 'Account and devices' }).getByText('Sign out everywhere').waitFor();
  await phone.fits();
  await phone.picture('account-phone-dark');
  await page.keyboard.press('Escape');
  await page.unrouteAll();
});

test('devices and password with the server itself', async () => {
  const person = server.people.get('wujun');
  const [here, there] = [await Person.open(browser, server.url), await Person.open(browser, server.url)];
  await here.signIn(person);
  await there.signIn(person);
  await here.page.locator('.layim-tool-account').click();
  const dialog = here.page.getByRole('dialog', { name: '帐号与设备' });
  await dialog.locator('.webim-devices li').nth(1).waitFor();
  await dialog.getByText('允许同事看到').click();
  there.networkMayFail = true;
  await dialog.getByText('退出其他所有设备').click();
  await there.page.locator('#webim-login').waitFor();
  await here.until(async () => assert.equal(await dialog.locator('.webim-devices li').count(), 1));
  await dialog.locator('#webim-old').fill(person.password);
  await dialog.locator('#webim-new').fill('short');
  await dialog.locator('#webim-again').fill('short');
  here.networkMayFail = true;
  await dialog.getByRole('button', { name: '修改密码' }).click();
  await dialog.getByText(/新密码太短，至少 \d+ 个字符/).waitFor();
  here.networkMayFail = false;
  await dialog.locator('#webim-new').fill('青山 not a common one 42');
  await dialog.locator('#webim-again').fill('青山 not a common one 42');
  await dialog.getByRole('button', { name: '修改密码' }).click();
  await here.page.getByText('密码已修改').waitFor();
  await dialog.getByText('退出全部设备').click();
  here.networkMayFail = true;
  await here.signIn({ ...person, password: '青山 not a common one 42' });
  await here.close();
  await there.close();
});

test('signing out leaves nothing of the person on the device', async () => {
  const { page } = zhang;
  await zhang.openFriend('李娜');
  await zhang.context.setOffline(true);
  zhang.networkMayFail = true;
  await zhang.say('没有发出去的话');
  await zhang.field.fill('草稿里的话');
  const held = () => page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
  await zhang.until(async () => assert.match(await held(), /没有发出去的话/));
  await zhang.context.setOffline(false);
  await zhang.pane.locator('li[data-seq]', { hasText: '没有发出去的话' }).waitFor();
  await page.locator('.layim-tool-signout').click();
  await page.locator('#webim-login').waitFor();
  assert.doesNotMatch(await held(), /没有发出去的话|草稿里的话/);
  zhang.calm();
  phone.calm();
});
