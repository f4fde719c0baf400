// Messages that are more than text and change: two people, one department, the real server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person, PHONE } from './support/browser.mjs';
import { Server } from './support/server.mjs';

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
  await zhang.openFriend('李娜');
  await li.openFriend('张伟');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const text = (person, words) => person.pane.locator('.layim-chat-main .layim-chat-text', { hasText: words }).last();
const bubble = (person, words) => person.pane.locator('.layim-chat-main > ul > li', { has: person.page.locator('.layim-chat-text', { hasText: words }) }).last();
const menu = (person) => person.page.locator('.layim-menu');

/** Opens the menu of a message and chooses. */
async function act(person, words, name) {
  await person.until(async () => assert.ok(await bubble(person, words).getAttribute('data-seq')));
  await text(person, words).click({ button: 'right' });
  await menu(person).getByRole('menuitem', { name }).click();
}

test('an answer shows what it answers, and leads there', async () => {
  await zhang.say('几点开会？');
  await bubble(li, '几点开会？').waitFor();
  await act(li, '几点开会？', '回复');
  await li.pane.locator('.layim-chat-about', { hasText: '回复 张伟：几点开会？' }).waitFor();
  await li.say('下午三点');
  const quote = bubble(zhang, '下午三点').locator('.layim-chat-quote');
  await quote.waitFor();
  assert.equal(await quote.textContent(), '张伟几点开会？');
  await quote.click();
  await zhang.pane.locator('li.layim-marked', { hasText: '几点开会？' }).waitFor();
  await li.page.reload();
  await li.ready();
  await li.openFriend('张伟');
  assert.equal(await bubble(li, '下午三点').locator('.layim-chat-quote').textContent(), '张伟几点开会？');
});

test('an edit reaches the other, and the list', async () => {
  await act(li, '下午三点', '编辑');
  assert.equal(await li.field.inputValue(), '下午三点');
  await li.say('下午四点');
  await bubble(zhang, '下午四点').locator('.layim-chat-edited').waitFor();
  await zhang.page.locator('.layui-layim-tab li[lay-type=history]').click();
  await zhang.recent('李娜').locator('p', { hasText: '下午四点' }).waitFor();
});

test('reactions of both, seen by both, and after a reload', async () => {
  await act(zhang, '下午四点', '回应 👍');
  const chip = bubble(li, '下午四点').locator('[data-emoji="👍"]');
  await chip.waitFor();
  assert.equal(await chip.getAttribute('title'), '张伟');
  await chip.click();
  await zhang.until(async () => assert.equal(await bubble(zhang, '下午四点').locator('[data-emoji="👍"]').textContent(), '👍2'));
  await zhang.page.reload();
  await zhang.ready();
  await zhang.openFriend('李娜');
  const kept = bubble(zhang, '下午四点').locator('[data-emoji="👍"]');
  await kept.waitFor();
  assert.deepEqual([await kept.textContent(), await kept.getAttribute('aria-pressed')], ['👍2', 'true']);
  await kept.click();
  await li.until(async () => assert.equal(await bubble(li, '下午四点').locator('[data-emoji="👍"]').textContent(), '👍1'));
  await zhang.picture('amend');
  await li.fits();
  await li.picture('amend-phone');
});

test('what is taken back is gone for both; its own words are at hand again', async () => {
  await zhang.say('说错了的话');
  await bubble(li, '说错了的话').waitFor();
  await act(zhang, '说错了的话', '撤回');
  await bubble(li, '张伟 撤回了一条消息').waitFor();
  await bubble(zhang, '您撤回了一条消息').locator('.layim-sayagain').click();
  assert.equal(await zhang.field.inputValue(), '说错了的话');
  await zhang.field.fill('');
  assert.equal(await li.page.getByText('说错了的话').count(), 0);
  await li.page.reload();
  await li.ready();
  await li.openFriend('张伟');
  await bubble(li, '张伟 撤回了一条消息').waitFor();
  assert.equal(await li.page.getByText('说错了的话').count(), 0);
});

test('a message is passed on to a department, with who said it first', async () => {
  await act(zhang, '下午四点', '转发');
  const dialog = zhang.page.getByRole('dialog', { name: '转发给' });
  await dialog.locator('input').fill('研发中心');
  await zhang.page.keyboard.press('Enter');
  await zhang.openGroup('研发中心');
  await bubble(zhang, '下午四点').locator('.layim-chat-forwarded', { hasText: '转发自 李娜' }).waitFor();
  await li.openGroup('研发中心');
  await bubble(li, '下午四点').locator('.layim-chat-forwarded', { hasText: '转发自 李娜' }).waitFor();
});

test('who has read it in a department', async () => {
  await zhang.say('收到请回复');
  await bubble(li, '收到请回复').waitFor();
  await zhang.until(async () => {
    await act(zhang, '收到请回复', '已读情况');
    const dialog = zhang.page.getByRole('dialog', { name: '已读情况' });
    await dialog.locator('h3').first().waitFor();
    const read = await dialog.locator('section').first().locator('li').allTextContents();
    await zhang.picture('readers-server');
    await zhang.page.keyboard.press('Escape');
    assert.deepEqual(read, ['李娜']);
  });
});

test('a mention is marked in the list and in the bubble', async () => {
  await li.openFriend('张伟');
  await li.back();
  await li.page.locator('.layui-layim-tab li[lay-type=history]').click();
  await zhang.openGroup('研发中心');
  await zhang.field.pressSequentially('@李');
  await zhang.pane.locator('.layim-mentions > li', { hasText: '李娜' }).first().waitFor();
  await zhang.page.keyboard.press('Enter');
  await zhang.field.pressSequentially('请看一下');
  await zhang.page.keyboard.press('Enter');
  await li.recent('研发中心').locator('.layim-called', { hasText: '[有人@我]' }).waitFor();
  await li.picture('mentioned-phone');
  await li.recent('研发中心').click();
  await li.pane.locator('li.layim-chat-called', { hasText: '请看一下' }).waitFor();
  await li.until(async () => assert.equal(await li.page.locator('.layim-list-history .layim-called').count(), 0));
  await zhang.field.pressSequentially('@所有');
  await zhang.pane.locator('.layim-mentions > li', { hasText: '所有人' }).waitFor();
  await zhang.page.keyboard.press('Enter');
  await zhang.field.pressSequentially('开会了');
  await zhang.page.keyboard.press('Enter');
  await li.pane.locator('li.layim-chat-called', { hasText: '开会了' }).waitFor();
});

test('a draft is there on another device', async () => {
  await zhang.openFriend('李娜');
  const kept = zhang.page.waitForResponse((response) => response.url().endsWith('/api/v1/drafts') && response.request().method() === 'PUT');
  await zhang.field.fill('还没写完的话');
  assert.equal((await kept).ok(), true);
  const second = await Person.open(browser, server.url);
  await second.signIn(server.people.get('zhangwei'));
  await second.openFriend('李娜');
  await second.until(async () => assert.equal(await second.field.inputValue(), '还没写完的话'));
  second.calm();
  await second.close();
  await zhang.field.fill('');
});

test('several files at once, each with its bar; one is stopped', async () => {
  await zhang.openFriend('李娜');
  await li.openFriend('张伟');
  let release;
  const held = new Promise((resolve) => void (release = resolve));
  await zhang.page.route('**/api/v1/uploads', async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  const file = (name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`${name}\n`.repeat(5_000)) });
  await zhang.pane.locator('.layim-tool-image[data-type=file] input').setInputFiles([file('一.txt'), file('二.txt'), file('三.txt')]);
  await zhang.pane.locator('.layim-progress').nth(2).waitFor();
  assert.equal(await zhang.pane.locator('.layim-progress').count(), 3);
  await zhang.picture('uploading');
  await bubble(zhang, '二.txt').locator('[layim-event=cancelUpload]').click();
  await zhang.page.locator('.layim-toast', { hasText: '已取消发送' }).waitFor();
  release();
  await bubble(li, '三.txt').waitFor();
  const names = await li.pane.locator('.layim-file-card > cite').allTextContents();
  assert.deepEqual(names.slice(-2), ['一.txt', '三.txt']);
  await zhang.until(async () => assert.equal(await zhang.pane.locator('.layim-progress').count(), 0));
  await zhang.page.unrouteAll({ behavior: 'ignoreErrors' });
  assert.equal(await zhang.page.locator('.layim-toast.layui-show', { hasText: '正在上传' }).count(), 0);
});

test('a refused microphone is explained; an allowed one makes a voice message', async () => {
  await zhang.page.locator('.layim-chat.layui-show .layim-tool-voice').click();
  await zhang.page.locator('.layim-toast', { hasText: '浏览器不允许使用麦克风' }).waitFor();
  await zhang.context.grantPermissions(['microphone'], { origin: new URL(server.url).origin });
  await zhang.pane.locator('.layim-tool-voice').click();
  const bar = zhang.pane.locator('.layim-record');
  await bar.waitFor();
  await bar.getByText('正在录音 0:01').waitFor();
  await zhang.fits();
  await zhang.picture('recording');
  await bar.locator('[layim-event=recordCancel]').click();
  await bar.waitFor({ state: 'hidden' });
  await zhang.pane.locator('.layim-tool-voice').click();
  await bar.getByText('正在录音 0:02').waitFor();
  await bar.locator('.layim-record-send').click();
  const heard = li.pane.locator('.layim-voice').last();
  await heard.waitFor();
  assert.match(await heard.getAttribute('aria-label'), /播放语音，[23] 秒/);
  await heard.click();
  await li.until(async () => assert.notEqual(await heard.getAttribute('data-playing'), null));
  await li.until(async () => assert.equal(await heard.getAttribute('data-playing'), null));
  await li.picture('voice-phone');
});

test('pictures: one after another, nearer and farther, by keyboard', async () => {
  const draw = (colour) => zhang.page.evaluate(async (fill) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [900, 600];
    const pen = canvas.getContext('2d');
    pen.fillStyle = fill;
    pen.fillRect(0, 0, 900, 600);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
    return Array.from(new Uint8Array(await blob.arrayBuffer()));
  }, colour);
  const file = async (name, colour) => ({ name, mimeType: 'image/png', buffer: Buffer.from(await draw(colour)) });
  await zhang.pane.locator('.layim-tool-image:not([data-type=file]) input').setInputFiles([await file('a.png', '#285'), await file('b.png', '#825')]);
  await li.pane.locator('.layui-layim-photos').nth(1).waitFor();
  await li.pane.locator('.layui-layim-photos').last().click();
  const viewer = li.page.locator('.layim-viewer');
  await viewer.getByText('2 / 2').waitFor();
  await li.page.keyboard.press('ArrowLeft');
  await viewer.getByText('1 / 2').waitFor();
  await li.page.keyboard.press('+');
  assert.equal(await viewer.locator('> img').getAttribute('data-scale'), '1.50');
  await li.picture('viewer-phone');
  await li.page.keyboard.press('0');
  assert.equal(await viewer.locator('> img').getAttribute('data-scale'), '1.00');
  await li.page.keyboard.press('Escape');
  assert.equal(await viewer.count(), 0);
  await zhang.pane.locator('li[data-seq] .layui-layim-photos').nth(1).click();
  await zhang.page.locator('.layim-viewer').getByText('2 / 2').waitFor();
  await zhang.picture('viewer');
  await zhang.page.keyboard.press('Escape');
});

test('the pages never complained', () => {
  zhang.calm();
  li.calm();
});
