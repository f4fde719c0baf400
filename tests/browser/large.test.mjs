// A large organisation, hostile and endless names, and windows of all widths.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person } from './support/browser.mjs';
import { Server } from './support/server.mjs';
import { longestTask, median } from './support/tasks.mjs';

let server;
let browser;

before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const id = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const names = ['<img src=x onerror=alert(1)>', `Z${'\u0300\u0301\u0316'.repeat(300)}algo`, '\u202Eecila', `${'很长的名字'.repeat(30)}`, 'x'.repeat(200)];

/** 5,000 people in 300 units, five levels deep, some with names that nobody should have. */
function organisation() {
  const friend = [];
  for (let n = 0; n < 300; n += 1) {
    const parent = n === 0 ? null : Math.floor((n - 1) / 4);
    const level = parent === null ? 0 : friend[parent].level + 1;
    const list = Array.from({ length: n < 10 ? 1 : 17 }, (_, i) => ({
      id: id(10_000 + n * 20 + i),
      username: names[n * 20 + i] ?? `员工 ${n}-${i}`,
      avatar: `/avatars/${id(1)}.svg`,
      sign: i === 0 ? '"><svg onload=alert(2)> '.repeat(20) : '',
      status: 'offline',
    }));
    friend.push({ id: id(n + 1), groupname: n % 50 === 3 ? '名字特别特别长的部门'.repeat(10) : `部门 ${n}`, parent: parent === null ? null : id(parent + 1), level, list });
  }
  for (let i = 0; i < names.length; i += 1) friend[0].list.push({ ...friend[0].list[0], id: id(90_000 + i), username: names[i] });
  return friend;
}

async function signInTo(friend, options) {
  const person = await Person.open(browser, server.url, options);
  await person.page.route('**/layim/init', async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    answer.data.friend = friend;
    await route.fulfill({ json: answer });
  });
  person.networkMayFail = true; // The made-up people have no picture at the server.
  await person.signIn(server.people.get('zhangwei'));
  person.networkMayFail = true;
  return person;
}

test('5,000 people in 300 units: drawn by level, found at once', async () => {
  const person = await signInTo(organisation());
  const { page } = person;
  let dialogs = 0;
  page.on('dialog', (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  const drawn = await page.locator('.layim-list-friend li').count();
  assert.ok(drawn < 1_000, `${drawn} entries are drawn at once`);
  await page.locator('.layui-layim-search input').fill('员工 299-16');
  await page.locator('#layui-layim-search li', { hasText: '员工 299-16' }).waitFor();
  await page.keyboard.press('Escape');
  await person.fits();
  await person.picture('large-organisation');
  await page.locator('.layim-list-friend li[data-type=friend]', { hasText: '很长的名字' }).first().click();
  await person.pane.waitFor();
  await person.fits();
  await person.picture('long-name');
  const heights = await page.locator('.layim-list-friend li[data-type=friend]:visible').evaluateAll((items) => items.map((item) => item.offsetHeight));
  assert.ok(Math.max(...heights) <= 60, `an entry is ${Math.max(...heights)} px high`);
  assert.equal(dialogs, 0);
  assert.equal(await page.locator('.layui-layim img[onerror], .layui-layim svg').count(), 0);
  // What the page does in one go to read them and to draw what is in sight.
  const opened = [];
  for (let round = 0; round < 5; round += 1) {
    opened.push(await longestTask(page, async () => {
      await page.reload();
      await person.ready();
    }));
  }
  console.log(`# longest tasks of opening: ${opened.map((task) => task.toFixed(0)).join(', ')} ms`);
  assert.ok(median(opened) < 300, `${opened} ms`);
  person.calm();
  await person.close();
});

for (const width of [320, 390, 701, 820, 1024, 1440]) {
  test(`nothing overflows at ${width} px`, async () => {
    const person = await signInTo(organisation().slice(0, 12), { viewport: { width, height: 800 } });
    await person.fits();
    await person.page.locator('.layim-list-friend li[data-type=friend]:visible').last().click();
    await person.pane.waitFor();
    await person.say(`${'word '.repeat(60)}${'x'.repeat(300)}`);
    await person.fits();
    await person.picture(`width-${width}`);
    person.calm();
    await person.close();
  });
}
