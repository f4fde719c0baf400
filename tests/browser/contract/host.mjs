// A host that knows only LayIM: a small server with answers in LayIM's shapes, layui from npm, and a LayIM. By default
// that is ours, built here; WEBIM_LAYIM names a folder with another one (layim.js, and layim.css where it has one).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, Person } from '../support/browser.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const web = fileURLToPath(new URL('../../../engine/web/', import.meta.url));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json', '.mp3': 'audio/mpeg' };

export const isOurs = !process.env.WEBIM_LAYIM;
const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#4a8"/></svg>';

/** The people of the host, as LayIM's init names them. */
export function people() {
  return {
    mine: { username: '纸飞机', id: 100000, status: 'online', sign: '在深邃的编码世界', avatar: '/a/mine.svg' },
    friend: [
      {
        groupname: '前端', id: 1, online: 2,
        list: [
          { username: '贤心', id: 100001, avatar: '/a/1.svg', sign: '这些都是测试数据' },
          { username: '子晴', id: '108101', avatar: '/a/2.svg', sign: '微电商达人', status: 'offline' },
        ],
      },
      { groupname: '网红', id: 2, list: [{ username: '罗玉凤', id: 121286, avatar: '/a/3.svg', sign: '在自己实力不济的时候' }] },
      { groupname: '空', id: 3, list: [] },
    ],
    group: [{ groupname: '前端群', id: 101, avatar: '/a/g.svg' }, { groupname: 'Fly社区', id: 102, avatar: '/a/g.svg' }],
  };
}

/** Options of an ordinary host; `more` on top. */
export const options = (more = {}) => ({ init: people(), voice: false, copyright: true, ...more });

async function ourLayim() {
  const folder = await mkdtemp(path.join(tmpdir(), 'webim-layim-'));
  const built = spawnSync(process.execPath, [path.join(web, 'build.mjs'), '--layim', folder], { encoding: 'utf8' });
  assert.equal(built.status, 0, built.stderr);
  return folder;
}

export class Host {
  /** Starts server and browser. */
  static async start() {
    const host = new Host();
    host.folder = process.env.WEBIM_LAYIM ?? (host.built = await ourLayim());
    host.seen = [];
    host.answers = new Map();
    host.answerUsually();
    host.server = createServer((request, response) => void host.serve(request, response)).listen(0, '127.0.0.1');
    await once(host.server, 'listening');
    host.url = `http://127.0.0.1:${host.server.address().port}`;
    host.browser = await launch();
    return host;
  }

  answerUsually() {
    const data = people();
    this.answers.clear();
    this.answer('/init', { code: 0, msg: '', data });
    this.answer('/members', { code: 0, msg: '', data: { owner: data.mine, members: 12, list: [data.mine, { username: '马小云', id: 168168, avatar: '/a/4.svg', sign: '让天下没有难写的代码' }, ...data.friend[0].list] } });
    this.answer('/image', { code: 0, msg: '', data: { src: '/a/sent.svg' } });
    this.answer('/file', { code: 0, msg: '', data: { src: '/a/sent.svg', name: '报告.pdf' } });
  }

  /** What the server says at `address` from now on. */
  answer(address, body) {
    this.answers.set(address, body);
  }

  /** Requests to `address`, the latest last. */
  requests(address) {
    return this.seen.filter(({ pathname }) => pathname === address);
  }

  async serve(request, response) {
    const { pathname, searchParams } = new URL(request.url, 'http://host');
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    this.seen.push({ pathname, method: request.method, query: Object.fromEntries(searchParams), type: request.headers['content-type'] ?? '', body: Buffer.concat(chunks).toString() });
    const send = (type, body, status = 200, cache = 'no-store') => response.writeHead(status, { 'content-type': type, 'cache-control': cache }).end(body);
    if (this.answers.has(pathname)) {
      const answer = this.answers.get(pathname);
      send(types['.json'], typeof answer === 'string' ? answer : JSON.stringify(answer));
      return;
    }
    if (pathname === '/favicon.ico') {
      send(types['.svg'], '', 204);
      return;
    }
    if (pathname.startsWith('/a/')) {
      send(types['.svg'], svg);
      return;
    }
    if (pathname.endsWith('.mp3')) {
      send(types['.mp3'], '');
      return;
    }
    if (pathname.startsWith('/page/')) {
      send(types['.html'], `<!doctype html><title>page</title><p id="here">${pathname}</p><script>document.title = String(typeof parent.layui.layim.cache)</script>`);
      return;
    }
    const file = pathname.startsWith('/layui/') ? path.join(web, 'node_modules/layui/dist', pathname.slice(7))
      : pathname.startsWith('/layim/') ? path.join(this.folder, pathname.slice(7))
      : path.join(here, pathname);
    const body = await readFile(file).catch(() => undefined);
    send(types[path.extname(file)] ?? 'application/octet-stream', body ?? '', body ? 200 : 404, 'max-age=600');
  }

  /** A fresh page of the host's; LayIM is loaded and not configured. With `before` it has a browser of its own. */
  async page({ before } = {}) {
    const isShared = before === undefined;
    const person = isShared ? (this.shared ??= await this.person()) : await this.person();
    this.seen.length = 0;
    await before?.(person.page);
    this.count = (this.count ?? 0) + 1;
    await person.page.goto(`${this.url}/host.html${isShared ? `?fresh=${this.count}` : ''}`);
    return new Guest(person, this, isShared);
  }

  person() {
    return Person.open(this.browser, this.url);
  }

  /** The same, configured and ready. */
  async open(given = options(), settings = {}) {
    const guest = await this.page(settings);
    await guest.page.evaluate((its) => window.begin(its), given);
    return guest;
  }

  async stop() {
    await this.browser?.close();
    this.server?.closeAllConnections();
    this.server?.close();
    if (this.built) await rm(this.built, { recursive: true, force: true });
  }
}

/** One page of the host's, and what a person does there. */
export class Guest {
  constructor(person, host, isShared) {
    Object.assign(this, { person, host, isShared, page: person.page });
    person.networkMayFail = false;
  }

  $(selector, having) {
    return this.page.locator(selector, having);
  }

  /** Calls a method of LayIM's with data that may cross into the page. */
  call(name, ...given) {
    return this.page.evaluate(([method, those]) => window.plain(window.layim[method](...those)), [name, given]);
  }

  /** What was heard of an event, each time its payload. */
  async heard(name) {
    const all = await this.page.evaluate(() => window.heard);
    return all.filter(([heard]) => heard === name).map(([, ...payload]) => payload);
  }

  async until(check) {
    return this.person.until(check);
  }

  async count(selector, expected) {
    await this.until(async () => assert.equal(await this.$(selector).count(), expected, selector));
  }

  /** The pane in front. */
  get pane() {
    return this.$('.layim-chat.layui-show');
  }

  get field() {
    return this.$('div.layui-show .layim-chat-textarea textarea');
  }

  async say(text) {
    await this.field.fill(text);
    await this.$('.layim-chat.layui-show .layim-send-btn').click();
  }

  /** Opens the first group of friends and the chat with one of them. */
  async friend(id = 100001) {
    await this.call('chat', { name: '贤心', username: '贤心', type: 'friend', avatar: '/a/1.svg', id, sign: '这些都是测试数据' });
    await this.pane.waitFor();
  }

  /** Waits until a layer that comes or goes has come to rest at this size. */
  async rests(selector, expected) {
    await this.until(async () => {
      const { x, y, width, height } = (await this.$(selector).boundingBox()) ?? {};
      const right = this.page.viewportSize().width - x - width;
      const found = { x, y, width, height, right };
      for (const [name, value] of Object.entries(expected)) assert.ok(Math.abs(found[name] - value) <= 1, `${name} is ${found[name]}, not ${value}`);
    });
  }

  /** Texts of the messages in front. */
  texts() {
    return this.$('.layim-chat.layui-show .layim-chat-main li .layim-chat-text').allTextContents();
  }

  /** What LayIM keeps on the device. */
  local() {
    return this.page.evaluate(() => JSON.parse(localStorage.getItem('layim') ?? '{}'));
  }

  async close() {
    this.person.calm();
    await this.leave();
  }

  /** The same for a page that had reason to complain. */
  async leave() {
    this.person.errors = [];
    if (this.isShared) await this.page.unrouteAll();
    else await this.person.close();
  }
}
