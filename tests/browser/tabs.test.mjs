// Several tabs of one person in one browser: one socket for all, the same chat in each, and none is missed when it goes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person } from './support/browser.mjs';
import { Server } from './support/server.mjs';

let server;
let browser;
let zhang;
let li;
/** Sockets of Zhang's browser that are open. */
const sockets = new Set();

function count(page) {
  page.on('websocket', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
}

/** Another tab of the same browser. */
async function another(person) {
  const page = await person.context.newPage();
  page.setDefaultTimeout(30_000);
  const tab = new Person(person.context, page, server.url);
  await page.goto(server.url);
  await tab.ready();
  await tab.openFriend('李娜');
  return tab;
}

before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  zhang = await Person.open(browser, server.url);
  zhang.context.on('page', count);
  count(zhang.page);
  li = await Person.open(browser, server.url);
  await zhang.signIn(server.people.get('zhangwei'));
  await li.signIn(server.people.get('lina'));
  await zhang.openFriend('李娜');
  await li.openFriend('张伟');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test('two tabs share one socket and show the same', async () => {
  const tab = await another(zhang);
  await zhang.say('from the first tab');
  await tab.bubble('from the first tab').waitFor();
  await tab.say('from the second tab');
  await zhang.bubble('from the second tab').waitFor();
  await li.say('to both');
  const all = ['me: from the first tab', 'me: from the second tab', 'them: to both'];
  for (const page of [zhang, tab]) await page.until(async () => assert.deepEqual((await page.messages()).slice(-3), all));
  await li.until(async () => {
    assert.deepEqual((await li.messages()).slice(-3), ['them: from the first tab', 'them: from the second tab', 'me: to both']);
  });
  await tab.until(async () => assert.equal(sockets.size, 1));
  tab.calm();
  await tab.page.close();
});

test('when the tab with the socket closes, another takes over, and nothing is lost', async () => {
  const tab = await another(zhang);
  const before = await tab.messages();
  await zhang.say('the last word of the first tab');
  await zhang.page.close();
  zhang = tab;
  await li.say('are you still there?');
  await zhang.say('yes');
  await li.bubble('yes').waitFor();
  await zhang.until(async () => {
    assert.deepEqual((await zhang.messages()).slice(before.length).sort(), [
      'me: the last word of the first tab', 'me: yes', 'them: are you still there?',
    ].sort());
  });
  await li.until(async () => assert.equal(await li.bubble('the last word of the first tab').count(), 1));
  zhang.calm();
});

test('the client kit alone: a token, tickets, and requests where no socket opens', async () => {
  const { page } = li;
  const { login, password } = server.people.get('lina');
  const person = await zhang.page.evaluate(async () => (await (await fetch('/api/v1/session')).json()).person.id);
  await page.addScriptTag({ url: new URL('/assets/webim-sdk.js', server.url).href });
  const said = await page.evaluate(async ({ login, password, person }) => {
    const { Client, Keep, memoryShelf, Rest } = globalThis.WebimSdk;
    let token;
    const rest = new Rest({ token: () => token });
    const session = await rest.signIn({ login, password, bearer: true });
    token = session.token;
    const make = (more) => new Client({ rest, person: session.person.id, tabs: null, keep: new Keep(memoryShelf(), memoryShelf()), ...more });
    const said = (client, text) => new Promise((resolve) => {
      client.on('outgoing', (outgoing) => outgoing.text === text && outgoing.stored && resolve(outgoing.stored.seq));
      client.send({ person }, text);
    });
    const client = make();
    await new Promise((resolve) => {
      client.on('state', ({ phase }) => phase === 'online' && resolve());
      client.start();
    });
    const bySocket = await said(client, 'with a ticket');
    client.stop();
    const blocked = make({ open: () => Promise.reject(new Error('no sockets here')) });
    blocked.start();
    const byRequest = await said(blocked, 'without a socket');
    blocked.stop();
    return { bySocket, byRequest };
  }, { login, password, person });
  assert.equal(said.byRequest, said.bySocket + 1);
  await zhang.bubble('without a socket').waitFor();
  zhang.calm();
});
