// Builds the browser side: scripts and styles bundled and minified, file names stamped with their content, layui
// beside them, each file also compressed.
//
//   node build.mjs [--out DIR]     the pages, into dist by default
//   node build.mjs --layim DIR     our LayIM alone, under the names that pages of others know
//   node build.mjs --sdk DIR       the client kit as a package for npm, and as one script; fails if it has grown too large
//   node build.mjs --tests DIR     the unit tests, built into DIR and run
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/** What the pages load; the names that stay the same are for pages of others. */
const bundles = { app: 'src/page/main.ts', layim: 'src/layim/main.ts', customer: 'src/customer/main.ts', desk: 'src/desk/main.ts' };
/** The pages, and where they are in the build. */
const pages = ['index.html', 'customer.html', 'desk.html'];
/** Parts of layui that are served; of its icon font only what browsers of today read. */
const layuiFiles = ['layui.js', 'css/layui.css', 'font/iconfont.woff2'];
/** Most bytes of the client kit as one script, with gzip. */
const sdkLimit = 25 * 1024;
/** Most bytes of the script that sites of others load, with gzip. */
const widgetLimit = 8 * 1024;
const browsers = ['es2020', 'chrome90', 'firefox90', 'safari15'];
const compressible = new Set(['.css', '.html', '.js', '.json', '.svg']);

function option(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

async function files(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

async function runTests(out) {
  await rm(out, { recursive: true, force: true });
  const entryPoints = (await files(path.join(here, 'src'))).filter((file) => file.endsWith('.test.ts'));
  await build({ entryPoints, outdir: out, bundle: true, platform: 'node', format: 'esm', sourcemap: 'inline', outExtension: { '.js': '.mjs' } });
  // Without arguments, and from there, every version of the runner since node 20 finds the same files.
  return spawnSync(process.execPath, ['--test'], { cwd: out, stdio: 'inherit' }).status ?? 1;
}

function bundle(names, outdir, write = false) {
  return build({
    entryPoints: names.map((name) => ({ in: path.join(here, bundles[name]), out: name })),
    outdir,
    write,
    bundle: true,
    minify: true,
    format: 'iife',
    target: browsers,
    charset: 'utf8',
    legalComments: 'none',
  });
}

/** The client kit alone: `iife` is one script with the global `WebimSdk`, `esm` is for bundlers and modules. */
async function bundleSdk(format) {
  const { outputFiles } = await build({
    entryPoints: [path.join(here, 'src/sdk/index.ts')],
    write: false,
    bundle: true,
    minify: true,
    format,
    globalName: format === 'iife' ? 'WebimSdk' : undefined,
    target: browsers,
    charset: 'utf8',
    legalComments: 'none',
  });
  return outputFiles[0].contents;
}

/** The one script for sites of others. */
async function bundleWidget() {
  const { outputFiles } = await build({
    entryPoints: [path.join(here, 'src/widget/main.ts')],
    write: false, bundle: true, minify: true, format: 'iife', target: browsers, charset: 'utf8', legalComments: 'none',
  });
  const script = outputFiles[0].contents;
  const size = gzipSync(script, { level: 9 }).length;
  if (size > widgetLimit) throw new Error(`the widget's script has ${size} bytes with gzip; it may have ${widgetLimit}`);
  return script;
}

function tsc(...options) {
  const program = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  const { status } = spawnSync(process.execPath, [program, ...options], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the types of the client kit are wrong');
}

async function buildSdk(out) {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const script = await bundleSdk('iife');
  const size = gzipSync(script, { level: 9 }).length;
  if (size > sdkLimit) throw new Error(`the client kit has ${size} bytes with gzip; it may have ${sdkLimit}`);
  await writeFile(path.join(out, 'webim-sdk.js'), script);
  await writeFile(path.join(out, 'webim-sdk.mjs'), await bundleSdk('esm'));
  for (const name of ['package.json', 'README.md']) await cp(path.join(here, 'sdk', name), path.join(out, name));
  await cp(path.join(here, '../../LICENSE'), path.join(out, 'LICENSE'));
  const types = path.join(out, 'types');
  tsc('-p', path.join(here, 'sdk'), '--outDir', types);
  // Whoever resolves as node does wants the endings of files.
  for (const file of await files(types)) {
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/((?:from|import\()\s*['"]\.{1,2}\/[^'"]+?)(?:\.ts)?(['"])/g, '$1.js$2'));
  }
  // As a user's program finds the package: by its name, with the types that it ships.
  const example = path.join(out, 'example.mts');
  await cp(path.join(here, 'sdk/example.mts'), example);
  tsc('--ignoreConfig', '--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom', '--module', 'node16', '--types', '', example);
  await rm(example);
  console.log(`the client kit: ${size} bytes with gzip, of ${sdkLimit}`);
}

function stamp(bytes) {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 10);
}

async function buildPages(out) {
  await rm(out, { recursive: true, force: true });
  await mkdir(path.join(out, 'assets'), { recursive: true });
  const names = {};
  for (const file of await files(path.join(here, 'static'))) {
    const name = path.relative(path.join(here, 'static'), file);
    if (!pages.includes(name)) await cp(file, path.join(out, 'assets', name));
  }
  const result = await bundle(Object.keys(bundles), out);
  for (const { path: file, contents } of result.outputFiles) {
    const { name, ext } = path.parse(file);
    names[`${name}${ext}`] = `/assets/${name}-${stamp(contents)}${ext}`;
    await writeFile(path.join(out, names[`${name}${ext}`]), contents);
    // Pages of others name our LayIM by an address that stays.
    if (name === 'layim') await writeFile(path.join(out, 'assets', `layim${ext}`), contents);
  }
  await writeFile(path.join(out, 'assets/webim-sdk.js'), await bundleSdk('iife'));
  names.layui = await copyLayui(out);
  await writeFile(path.join(out, 'widget.js'), await bundleWidget());
  for (const page of pages) {
    const html = await readFile(path.join(here, 'static', page), 'utf8');
    await writeFile(path.join(out, page), html.replace(/\{\{([\w.]+)\}\}/g, (_, name) => {
      if (!names[name]) throw new Error(`static/${page} names ${name}, which is not built`);
      return names[name];
    }));
  }
  await compress(out);
}

async function copyLayui(out) {
  const dist = path.dirname(require.resolve('layui'));
  const { version } = JSON.parse(await readFile(path.join(dist, '../package.json'), 'utf8'));
  const folder = `/assets/layui-${version}`;
  for (const file of layuiFiles) await cp(path.join(dist, file), path.join(out, folder, file));
  return folder;
}

async function compress(out) {
  for (const file of await files(out)) {
    if (!compressible.has(path.extname(file))) continue;
    const bytes = await readFile(file);
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
    await writeFile(`${file}.br`, brotli);
    await writeFile(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

const tests = option('--tests');
const layim = option('--layim');
const sdk = option('--sdk');
if (layim) await bundle(['layim'], path.resolve(layim), true);
else if (sdk) await buildSdk(path.resolve(sdk));
else if (tests) process.exitCode = await runTests(path.resolve(tests));
else await buildPages(path.resolve(option('--out') ?? path.join(here, 'dist')));
