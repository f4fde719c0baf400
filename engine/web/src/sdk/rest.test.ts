import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rest, RestError } from './rest';
import { serverSocket } from './socket';
import { FakeClock, settle } from './testing/fakes';

interface Asked {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: unknown;
}

/** A network that answers with `answer`. */
function setup(answer: () => Response | Promise<Response>, token?: string) {
  const asked: Asked[] = [];
  const clock = new FakeClock();
  const rest = new Rest({
    base: 'https://chat.test',
    clock,
    ...(token ? { token: () => token } : {}),
    fetch: (async (url: string, init: RequestInit) => {
      const body = typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined;
      asked.push({ url, method: init.method ?? '', headers: init.headers as Record<string, string>, body });
      const stopped = new Promise<never>((_, reject) => init.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
      return Promise.race([answer(), stopped]);
    }) as typeof fetch,
  });
  return { asked, clock, rest };
}

const json = (value: unknown, status = 200, headers = {}) => new Response(JSON.stringify(value), { status, headers });

test('a message goes with its key, and with the token if there is one', async () => {
  const { asked, rest } = setup(() => json({ conversation: 'c', message: 'm', seq: 1, time: 1 }), 'secret');
  assert.equal((await rest.post('id-1', { person: 'lina' }, 'hello')).seq, 1);
  const [one] = asked;
  assert.equal(`${one?.method} ${one?.url}`, 'POST https://chat.test/api/v1/messages');
  assert.equal(one?.headers['Idempotency-Key'], 'id-1');
  assert.equal(one?.headers['Authorization'], 'Bearer secret');
  assert.deepEqual(one?.body, { to: { person: 'lina' }, body: { text: 'hello' } });
});

test('a refusal has its code and how long to wait', async () => {
  const { rest } = setup(() => json({ code: 'rate_limited', title: 'Too fast.' }, 429, { 'Retry-After': '3' }));
  await assert.rejects(rest.session(), (error: RestError) => {
    assert.deepEqual([error.code, error.status, error.message, error.retryAfter], ['rate_limited', 429, 'Too fast.', 3_000]);
    return true;
  });
});

test('no answer in time, no network, and an answer that is no JSON', async () => {
  const silent = setup(() => new Promise<Response>(() => undefined));
  const asking = assert.rejects(silent.rest.session(), (error: RestError) => error.code === 'offline' && error.status === 0);
  await silent.clock.pass(21_000);
  await asking;
  const broken = setup(() => Promise.reject(new TypeError('Failed to fetch')));
  await assert.rejects(broken.rest.session(), (error: RestError) => error.code === 'offline');
  const proxy = setup(() => new Response('<html>', { status: 502 }));
  await assert.rejects(proxy.rest.session(), (error: RestError) => error.status === 502 && error.code === 'internal');
});

test('where no cookie comes along, a socket is opened with a ticket, a new one each time', async () => {
  const opened: string[] = [];
  class FakeWebSocket {
    constructor(url: string, protocol: string) {
      opened.push(`${url} ${protocol}`);
    }
  }
  const original = globalThis.WebSocket;
  globalThis.WebSocket = FakeWebSocket as unknown as typeof WebSocket;
  try {
    let count = 0;
    const { asked, rest } = setup(() => json({ ticket: `t+${(count += 1)}`, expires_in: 30 }), 'secret');
    const open = serverSocket(rest);
    const events = { open: () => undefined, text: () => undefined, closed: () => undefined };
    await open(events);
    await open(events);
    await settle();
    assert.deepEqual(asked.map(({ method, url }) => `${method} ${url}`), Array(2).fill('POST https://chat.test/api/v1/tickets'));
    assert.deepEqual(opened, ['wss://chat.test/ws?ticket=t%2B1 webim.v1', 'wss://chat.test/ws?ticket=t%2B2 webim.v1']);
  } finally {
    globalThis.WebSocket = original;
  }
});
