// The row of tools above the place to write: faces, files, the host's own, the log.

import type { ChatData } from '../contract';
import { askMedia } from '../dialogs/media';
import { action, el, icon, set } from '../dom';
import { Refused, upload } from '../requests';
import { cache, emit, plusOptions } from '../state';
import { t } from '../texts';
import { toast } from '../toast';
import { Recorder } from './recorder';

export interface ToolsOptions {
  data: ChatData;
  /** Puts text at the caret, and may send all there is. */
  insert(text: string): void;
  send(): void;
}

export interface Tools {
  root: HTMLElement;
  face: HTMLElement;
  /** Sends files that were pasted or dropped; false if the host takes none of them. */
  take(files: File[]): boolean;
  recorder: Recorder | undefined;
}

export function toolsView(options: ToolsOptions): Tools {
  const { base } = cache;
  const face = el('span.layui-icon.layui-icon-face-smile.layim-tool-face', { ...action('face', t('face')), 'aria-expanded': 'false' });
  const image = base.uploadImage && uploadTool('image', options);
  const file = base.uploadFile && uploadTool('file', options);
  const canRecord = plusOptions().voice && typeof MediaRecorder !== 'undefined';
  const recorder = canRecord ? new Recorder(({ file: voice, seconds }) => give(options, [voice], 'voice', seconds)) : undefined;
  const audio = base.isAudio && mediaTool('audio');
  const video = base.isVideo && mediaTool('video');
  const own = (Array.isArray(base.tool) ? base.tool : []).map(({ alias, title, icon: glyph }) =>
    el('span', { class: `layui-icon layim-tool-${String(alias)}`, ...action('extend', String(title ?? '')), 'lay-filter': String(alias) }, character(glyph)),
  );
  const log = base.chatLog && el('span.layim-tool-log', action('chatLog', t('chatLog')), icon('log'), t('chatLog'));
  const root = el(
    'div.layui-unselect.layim-chat-tool',
    { 'data-json': encodeURIComponent(JSON.stringify(options.data)), role: 'toolbar', 'aria-label': t('input', { name: options.data.name }) },
    face, image, file, recorder?.tool, audio, video, ...own, log || undefined,
  );
  const take = (files: File[]): boolean => {
    if (plusOptions().ownFiles) return give(options, files, undefined);
    const pictures = files.filter(({ type }) => base.uploadImage && type.startsWith('image/'));
    for (const picture of pictures) void send('image', picture, options, image as HTMLElement);
    return pictures.length > 0;
  };
  return { root, face, take, recorder };
}

/** Leaves files to the host; true if there are any. */
function give({ data }: ToolsOptions, files: File[], as: 'picture' | 'file' | 'voice' | undefined, seconds?: number): boolean {
  if (files.length > 0) emit('files', { data, files, as, ...(seconds === undefined ? {} : { seconds }) });
  return files.length > 0;
}

/** The sign that an entity such as `&#xe64e;` of the icon font names; a plain sign stays what it is. */
function character(glyph: string | undefined): string {
  const text = String(glyph ?? '');
  const [, hexadecimal, decimal] = /^&#(?:x([\da-f]{1,6})|(\d{1,7}));?$/i.exec(text) ?? [];
  const code = hexadecimal ? Number.parseInt(hexadecimal, 16) : Number(decimal);
  if (Number.isNaN(code)) return [...text].slice(0, 2).join('');
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function uploadTool(kind: 'image' | 'file', options: ToolsOptions): HTMLElement {
  const input = el('input', { type: 'file', name: 'file', tabindex: -1, 'aria-hidden': 'true', accept: kind === 'image' ? 'image/*' : undefined, multiple: plusOptions().ownFiles });
  const glyph = kind === 'image' ? 'picture' : 'folder';
  const tool = el(
    'span',
    { class: `layui-icon layui-icon-${glyph} layim-tool-image`, ...action('image', t(kind)), 'data-type': kind === 'file' ? 'file' : undefined },
    input,
  );
  input.addEventListener('change', () => {
    const all = [...(input.files ?? [])];
    const [chosen] = all;
    input.value = '';
    if (plusOptions().ownFiles) give(options, all, kind === 'image' ? 'picture' : 'file');
    else if (chosen) void send(kind, chosen, options, tool);
  });
  // The field lies over the glyph; its own click must not come back through the page's.
  input.addEventListener('click', (event) => event.stopPropagation());
  return tool;
}

function mediaTool(kind: 'audio' | 'video'): HTMLElement {
  const glyph = kind === 'audio' ? 'headset' : 'video';
  return el('span', { class: `layui-icon layui-icon-${glyph} layim-tool-${kind}`, ...action('media', t(kind === 'audio' ? 'askAudio' : 'askVideo')), 'data-type': kind });
}

/** Asks for an address and sends it as the host's kind of message. */
export function sendMedia(tool: HTMLElement, { insert, send: go }: Pick<ToolsOptions, 'insert' | 'send'>): void {
  const kind = tool.dataset['type'] === 'video' ? 'video' : 'audio';
  askMedia(kind, (address) => {
    insert(`${kind}[${address}]`);
    go();
  });
}

async function send(kind: 'image' | 'file', file: File, { insert, send: go }: ToolsOptions, tool: HTMLElement): Promise<void> {
  const request = kind === 'image' ? cache.base.uploadImage : cache.base.uploadFile;
  if (!request) return;
  tool.classList.add('layim-busy');
  set(tool, { 'aria-busy': 'true' });
  const done = toast(t('uploading'));
  try {
    const { src, name } = await upload<{ src?: unknown; name?: unknown }>(request, file);
    const address = typeof src === 'string' ? src.trim() : '';
    // What would end the mark around it cannot be part of it.
    if (address === '' || (kind === 'image' ? /[\s[\]]/ : /[\s()]/).test(address)) {
      toast(t('uploadBad'));
      return;
    }
    const label = String(name ?? file.name).replace(/[\]\r\n]/g, ' ').trim();
    insert(kind === 'image' ? `img[${address}]` : `file(${address})[${label}]`);
    go();
  } catch (error) {
    toast(error instanceof Refused ? error.message : t('uploadFailed', { reason: String((error as Error).message ?? error) }));
  } finally {
    done();
    tool.classList.remove('layim-busy');
    set(tool, { 'aria-busy': undefined });
  }
}

