// Chance against the list of messages: whatever comes in whatever order while one scrolls, what is drawn is a piece of the
// conversation without a gap, in order, and never too much of it. The seed of a failure is in its message.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Host, options } from '../contract/host.mjs';

let host;

before(async () => {
  host = await Host.start();
});

after(() => host?.stop());

/** Runs in the page: `steps` random moves from `seed`; gives back the first thing that is wrong. */
async function play({ seed, steps }) {
  const { layim } = window;
  let state = seed;
  const random = (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  const picture = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
  const friend = { type: 'friend', id: 100001 };
  const main = document.querySelector('.layim-chat.layui-show .layim-chat-main');
  const list = main.querySelector('ul');
  const held = new Set();
  let next = 1_000;
  let oldest = 1_000;
  const message = (seq) => ({ ...friend, username: seq % 5 ? '贤心' : '别人', avatar: '/a/1.svg', cid: `m${seq}`, seq, timestamp: 1.7e12 + seq * 3_600_000, content: `${seq}${' 字'.repeat(seq % 40)}`, mine: seq % 4 === 0, state: 'sent' });
  const receive = (seq) => {
    held.add(seq);
    layim.getMessage(message(seq));
  };
  const moves = [
    () => receive((next += 1)),
    () => { for (let n = random(30); n >= 0; n -= 1) receive((next += 1)); },
    () => { const late = [next + 3, next + 1, next + 2]; next += 3; late.forEach(receive); },
    () => {
      const begin = Math.max(1, oldest - 1 - random(60));
      const page = Array.from({ length: oldest - begin }, (_, n) => begin + n);
      for (const seq of page) held.add(seq);
      oldest = begin;
      layim.plus.older(friend, page.map(message), begin > 1);
    },
    () => (main.scrollTop -= random(3_000)),
    () => (main.scrollTop += random(3_000)),
    () => (main.scrollTop = 0),
    () => (main.scrollTop = main.scrollHeight),
    () => layim.plus.bubble(`m${oldest + random(next - oldest + 1)}`, { content: `anders ${random(1_000)}` }),
    () => layim.plus.readUpTo(friend, oldest + random(next - oldest + 1)),
    () => { const seq = (next += 1); held.add(seq); layim.getMessage({ ...message(seq), seq: undefined, cid: `own${seq}`, mine: true, state: 'waiting' }); receive((next += 1)); layim.plus.bubble(`own${seq}`, { cid: `m${seq}`, seq, state: 'sent' }); },
    () => { const item = list.querySelector('li[data-seq]'); if (item) { held.delete(Number(item.dataset.seq)); item.remove(); } },
    () => document.querySelector('.layim-chat-jump:not([hidden])')?.click(),
  ];
  receive(next);
  for (let step = 0; step < steps; step += 1) {
    const move = random(moves.length);
    moves[move]();
    if (random(3) === 0) await picture();
    await undefined;
    const drawn = [...list.querySelectorAll(':scope > li[data-seq]')].map((item) => Number(item.dataset.seq));
    const order = [...held].sort((a, b) => a - b);
    const from = order.indexOf(drawn[0]);
    const wanted = order.slice(from, from + drawn.length);
    const where = `seed ${seed}, step ${step}, move ${move}`;
    if (drawn.length === 0 && order.length === 0) continue;
    if (drawn.length === 0 || String(drawn) !== String(wanted)) return `${where}: ${drawn.slice(0, 3)}..${drawn.slice(-3)} of ${order.length}, ${drawn.find((seq, n) => seq !== wanted[n])} stands for ${wanted.find((seq, n) => seq !== drawn[n])}`;
    if (drawn.length > 400) return `${where}: ${drawn.length} are drawn`;
    for (const day of list.querySelectorAll('.layim-chat-day')) if (!day.nextElementSibling || day.nextElementSibling.matches('.layim-chat-day')) return `${where}: a day without a message`;
  }
  main.scrollTop = main.scrollHeight;
  for (let n = 0; n < 20; n += 1) {
    await picture();
    document.querySelector('.layim-chat-jump:not([hidden])')?.click();
  }
  const last = Number([...list.querySelectorAll(':scope > li[data-seq]')].at(-1).dataset.seq);
  return last === Math.max(...held) ? '' : `seed ${seed}: ends with ${last}, not ${Math.max(...held)}`;
}

for (const seed of [1, 7, 42, 2_026]) {
  test(`300 random moves from ${seed}`, async () => {
    const guest = await host.open(options({ plus: { hostHistory: true } }));
    await guest.friend();
    const wrong = await guest.page.evaluate(`(${play.toString()})({ seed: ${seed}, steps: 300 })`);
    assert.equal(wrong, '');
    await guest.close();
  });
}
