// The page with which the first administrator is made, as a browser shows it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESK, launch, Person, PHONE } from './support/browser.mjs';
import { Fresh } from './support/fresh.mjs';

let server;
let browser;

before(async () => {
  [server, browser] = await Promise.all([Fresh.start(), launch()]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const looks = [
  ['desk', { viewport: DESK }, '创建管理员'],
  ['phone', { viewport: PHONE }, '创建管理员'],
  ['desk-dark', { viewport: DESK, colorScheme: 'dark' }, '创建管理员'],
  ['phone-dark-en', { viewport: PHONE, locale: 'en-US', colorScheme: 'dark' }, 'Create the administrator'],
];

for (const [name, options, title] of looks) {
  test(`the form, ${name}`, async () => {
    const person = await Person.open(browser, server.url, options);
    await person.page.goto(server.link);
    assert.equal(await person.page.locator('h1').textContent(), title);
    assert.equal(await person.page.locator('input:not([type=hidden])').count(), 4);
    await person.fits();
    await person.picture(`setup-${name}`);
    person.calm();
    await person.close();
  });
}

test('what is wrong is said at its field; what was typed stays, the passwords do not', async () => {
  const person = await Person.open(browser, server.url, { viewport: PHONE });
  const { page } = person;
  await page.goto(server.link);
  await page.locator('#login').fill('boss');
  await page.locator('#name').fill('王经理');
  await page.locator('#password').fill('a long enough secret');
  await page.locator('#repeat').fill('another secret');
  person.networkMayFail = true; // The answer is a 400, which the browser writes to its console.
  await page.locator('button').click();
  await page.getByText('两次输入的密码不一致。').waitFor();
  assert.equal(await page.locator('#repeat').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.locator('#login').inputValue(), 'boss');
  assert.equal(await page.locator('#password').inputValue(), '');
  await person.fits();
  await person.picture('setup-wrong');
  person.calm();
  await person.close();
});

test('a link that is none is refused with what to do', async () => {
  const person = await Person.open(browser, server.url, { locale: 'en-US' });
  person.networkMayFail = true;
  await person.page.goto(`${server.url}/setup?token=nothing`);
  await person.page.getByText('This cannot be set up').first().waitFor();
  await person.page.getByText('setup-link').first().waitFor();
  await person.fits();
  await person.picture('setup-refused');
  person.calm();
  await person.close();
});

test('the administrator is made, signs in, and the link is dead', async () => {
  const person = await Person.open(browser, server.url);
  const { page } = person;
  await page.goto(server.link);
  await page.locator('#login').fill('boss');
  await page.locator('#name').fill('王经理');
  await page.locator('#password').fill('a long enough secret');
  await page.locator('#repeat').fill('a long enough secret');
  await page.keyboard.press('Enter');
  await page.getByText('管理员已创建').first().waitFor();
  await person.fits();
  await person.picture('setup-done');
  person.calm();
  await person.signIn({ login: 'boss', password: 'a long enough secret', name: '王经理' });
  person.calm();
  person.networkMayFail = true;
  await page.goto(server.link);
  await page.getByText('无法进行初始设置').first().waitFor();
  await person.close();
});
