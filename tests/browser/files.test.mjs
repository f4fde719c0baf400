// Pictures and files: sent by button, shown to the other, kept from everybody else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person, PHONE } from './support/browser.mjs';
import { Server } from './support/server.mjs';

// A blue square, drawn by the browser itself, so that what is uploaded is a real PNG.
const draw = `async () => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 480;
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#16b';
  pen.fillRect(0, 0, 480, 480);
  const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
  return Array.from(new Uint8Array(await blob.arrayBuffer()));
}`;

let server;
let browser;
let zhang;
let li;

before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  zhang = await Person.open(browser, server.url);
  li = await Person.open(browser, server.url, { viewport: PHONE });
  await zhang.signIn(server.people.get('zhangwei'));
  await li.signIn(server.people.get('lina'));
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Chooses a file with one of the buttons of the open chat. */
async function choose(person, button, file) {
  await person.pane.locator(`${button} input[type=file]`).setInputFiles(file);
}

test('a picture is sent and seen', async () => {
  await zhang.openFriend('李娜');
  const buffer = Buffer.from(await zhang.page.evaluate(`(${draw})()`));
  await choose(zhang, '.layim-tool-image:not([data-type=file])', { name: '设计图.png', mimeType: 'image/png', buffer });
  const own = zhang.pane.locator('img.layui-layim-photos').last();
  await own.waitFor();
  await zhang.until(async () => assert.ok((await own.evaluate((picture) => picture.naturalWidth)) > 0));
  await zhang.pane.locator('li.layim-chat-mine[data-seq] .layui-layim-photos').last().waitFor();
  await li.openFriend('张伟');
  const seen = li.pane.locator('img.layui-layim-photos').last();
  await seen.waitFor();
  // The bubble shows the small one.
  await li.until(async () => assert.equal(await seen.evaluate((picture) => picture.naturalWidth), 320));
  assert.match(await seen.getAttribute("data-full"), /\/files\/[0-9a-f-]{36}$/);
  await zhang.fits();
  await zhang.picture('file-picture');
  await li.fits();
  await li.picture('file-picture-phone');
});

test('a file is sent and downloaded under its name', async () => {
  const buffer = Buffer.from('季度计划\n一、目标\n');
  await choose(zhang, '.layim-tool-image[data-type=file]', { name: '季度计划.txt', mimeType: 'text/plain', buffer });
  const link = li.pane.locator('a.layui-layim-file').last();
  await link.waitFor();
  assert.match(await link.textContent(), /季度计划\.txt/);
  const [download] = await Promise.all([li.page.waitForEvent('download'), link.click()]);
  assert.equal(download.suggestedFilename(), '季度计划.txt');
  await li.picture('file-link-phone');
});

test('others get nothing by the address, and a refused file is said', async () => {
  const address = await li.pane.locator('img.layui-layim-photos').last().getAttribute('src');
  const other = await Person.open(browser, server.url);
  await other.signIn(server.people.get('wujun'));
  const answer = await other.page.request.get(new URL(address, server.url).href);
  assert.equal(answer.status(), 404);
  await other.close();
  await choose(zhang, '.layim-tool-image:not([data-type=file])', {
    name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('<svg onload="alert(1)"/>'),
  });
  await zhang.page.getByText('这不是可以显示的图片').waitFor();
  zhang.calm();
  li.calm();
});
