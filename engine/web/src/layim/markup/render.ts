// The micro-markup as elements. Only what is named here can come out, with only these attributes and addresses.

import { el, icon } from '../dom';
import { faces } from '../faces';
import { type Inline, parse } from './parse';

/** Classes of ours that a message may not borrow, or it could look like a part of the panel. */
const OWN_CLASS = /^(?:layui|layim|webim)-(?!code$|table$)/i;

/** `text` as elements; nothing in it can run. */
export function render(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  fragment.append(...parse(text).map(node));
  return fragment;
}

/** `text` as HTML, for hosts that insert it themselves. */
export function content(text: string): string {
  return el('div', {}, render(String(text))).innerHTML;
}

function node(inline: Inline): Node | string {
  switch (inline.kind) {
    case 'text':
      return inline.text;
    case 'break':
      return el('br');
    case 'face':
      return el('span.layim-face', { role: 'img', title: `[${inline.name}]`, 'aria-label': `[${inline.name}]` }, faces.get(inline.name));
    case 'image':
      return picture(inline.src);
    case 'file':
      return link(inline.href, 'layui-layim-file', icon('download-circle'), el('cite', {}, inline.name));
    case 'audio':
    case 'video':
      return media(inline.kind, inline.src);
    case 'link':
      return link(inline.href, undefined, inline.text);
    case 'mention':
      return el('span.layim-mention', {}, `@${inline.name}`);
    case 'element':
      return element(inline);
  }
}

/** The address if it is one that may be followed: the web, mail, a telephone, or a path of this site. */
export function safeAddress(address: string, schemes = ['http:', 'https:', 'mailto:', 'tel:']): string | undefined {
  try {
    const url = new URL(address, document.baseURI);
    return schemes.includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

function link(href: string, className: string | undefined, ...children: (Node | string)[]): Node {
  const safe = safeAddress(href);
  if (safe === undefined) return el('span', { class: className }, ...children);
  const download = className === 'layui-layim-file';
  return el('a', { class: className, href: safe, target: '_blank', rel: 'noopener noreferrer', download }, ...children);
}

// A picture from elsewhere would tell that site who reads when: it is shown as a link.
function picture(src: string): Node {
  const safe = safeAddress(src, ['http:', 'https:']);
  const isOurs = safe !== undefined && new URL(safe).origin === location.origin;
  return isOurs ? el('img.layui-layim-photos', { src: safe, alt: '', loading: 'lazy' }) : link(src, undefined, src);
}

function media(kind: 'audio' | 'video', src: string): Node {
  const safe = safeAddress(src, ['http:', 'https:']);
  if (safe === undefined) return document.createTextNode(src);
  const name = kind === 'audio' ? 'Audio' : 'Video';
  return el(
    'div',
    { class: `layui-unselect layui-layim-${kind}`, 'layim-event': `play${name}`, 'data-src': safe, role: 'button', tabindex: 0 },
    icon(kind === 'audio' ? 'play' : 'video'),
    el('p', {}, src.split('/').at(-1)),
  );
}

function element({ tag, attributes, children }: Extract<Inline, { kind: 'element' }>): Node {
  const made = document.createElement(tag);
  const classes = (attributes['class'] ?? '').split(/\s+/).filter((name) => /^[\w-]{1,40}$/.test(name) && !OWN_CLASS.test(name));
  if (classes.length > 0) made.className = classes.join(' ');
  const id = attributes['id'];
  if (id && /^[\w-]{1,64}$/.test(id) && !/^la?y/i.test(id)) made.id = id;
  const type = attributes['data-type'];
  if (type && /^[\w-]{1,64}$/.test(type)) made.dataset['type'] = type;
  made.append(...children.map(node));
  return made;
}
