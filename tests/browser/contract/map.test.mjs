// The map of the contract is whole: no line without a test, no test without a line, no name left out.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const map = await readFile(new URL('../contract.md', import.meta.url), 'utf8');
const rows = [...map.matchAll(/^\| (?!line \|)(?!-)(.+?) \| (.*?) \|$/gm)].map(([, line, title]) => ({ line, title: title.trim() }));

/** Titles as written; what a loop puts in stands for anything. */
async function titles() {
  const found = [];
  for (const file of (await readdir(here)).filter((name) => name.endsWith('.test.mjs') && name !== 'map.test.mjs')) {
    const source = await readFile(here + file, 'utf8');
    for (const [, quote, title] of source.matchAll(/^ *test\((['`"])((?:\\.|(?!\1).)*)\1/gm)) {
      const plain = title.replaceAll(`\\${quote}`, quote);
      const pattern = plain.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+?');
      found.push({ title: plain, matches: new RegExp(`^${pattern}$`) });
    }
  }
  return found;
}

test('each line of the contract names a test that there is', async () => {
  const all = await titles();
  assert.ok(rows.length > 90, `${rows.length} lines`);
  const missing = rows.filter(({ title }) => !all.some(({ matches }) => matches.test(title)));
  assert.deepEqual(missing, []);
});

test('each test stands in a line of the contract', async () => {
  const missing = (await titles()).filter(({ matches }) => !rows.some(({ title }) => matches.test(title)));
  assert.deepEqual(missing.map(({ title }) => title), []);
});

test('no option, event, method or place of behaviour is left out', () => {
  const lines = rows.map(({ line }) => line).join('\n');
  const names = {
    options: 'init members uploadImage uploadFile tool isAudio isVideo brief title min right minRight initSkin skin isfriend isgroup copyright notice voice msgbox find chatLog maxLength mine',
    events: 'ready online sign setSkin sendMessage members chatChange tool(alias)',
    methods: 'config on chat setChatMin setChatStatus getMessage notice add setFriendGroup msgbox addList removeList setFriendStatus content cache thisChat',
    markup: 'face[..] img[URL] file(URL)[name] audio[URL] video[URL] a(URL)[text] @name',
    behaviour: 'status tab spread search closeSearch msgbox find skin about setSkin chat tabChat closeChat closeThisChat groupMembers send setSend face image media extend playAudio playVideo chatLog menuHistory',
  };
  const missing = Object.values(names).flatMap((list) => list.split(' ')).filter((name) => !lines.includes(name));
  assert.deepEqual(missing, []);
});
