// LayIM as a module of layui: loaded after layui.js, it is what `layui.use('layim', ...)` gives.

import './css/layim.css';
import type { Layim } from './contract';
import { el } from './dom';
import { layim } from './layim';
import { content } from './markup/render';
import { fullTime } from './time';

interface Layui {
  define(dependencies: string[], factory: (exports: (name: string, module: Layim) => void) => void): void;
  data: { date?: (ms: number) => string; content?: (text: string) => string };
}

const { layui } = window as unknown as { layui: Layui };

// A page that changes nothing but the script's address gets the styles as well; the mark is LayIM's.
const { currentScript } = document;
const isDressed = getComputedStyle(document.documentElement).getPropertyValue('--im-ink') !== '';
if (currentScript instanceof HTMLScriptElement && currentScript.src !== '' && !isDressed) {
  const href = new URL('layim.css', currentScript.src).href;
  document.head.append(el('link', { rel: 'stylesheet', id: 'layuicss-skinlayimcss', href }));
}

layui.define(['jquery', 'layer'], (exports) => {
  // Helpers that pages in LayIM's own frames call.
  layui.data.date = fullTime;
  layui.data.content = content;
  exports('layim', layim);
});
