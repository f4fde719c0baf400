// LayIM as a module of layui: loaded after layui.js, it is what `layui.use('layim', ...)` gives.

import './css/layim.css';
import type { Layim } from './contract';
import { layim } from './layim';
import { content } from './markup/render';
import { fullTime } from './time';

interface Layui {
  define(dependencies: string[], factory: (exports: (name: string, module: Layim) => void) => void): void;
  data: { date?: (ms: number) => string; content?: (text: string) => string };
}

const { layui } = window as unknown as { layui: Layui };
layui.define(['jquery', 'layer'], (exports) => {
  // Helpers that pages in LayIM's own frames call.
  layui.data.date = fullTime;
  layui.data.content = content;
  exports('layim', layim);
});
