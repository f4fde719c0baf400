// The micro-markup as elements. Only what is named here can come out, with only these attributes and addresses.

import { el, icon } from '../dom';
import { faces, faceSource } from '../faces';
import { plusOptions } from '../state';
import { pictureAddress, safeAddress } from './address';
import { decoded } from './entities';
import { type Inline, parse } from './parse';

/** Classes of ours that a message may not borrow, or it could look like a part of the panel. */
const OWN_CLASS = /^(?:layui|layim|webim)-(?!code$|table$)/i;
/** What may be copied from an element in brackets, beside its class, id and data-type. */
const HARMLESS = ['title', 'align', 'colspan', 'rowspan'];

/** `text` as elements; nothing in it can run. */
export function render(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  fragment.append(...parse(text).map(node));
  return fragment;
}

/** `text` as HTML, for hosts that insert it themselves. */
export function content(text: string): string {
  return el('div', {}, render(String(text ?? ''))).innerHTML;
}

// A host of LayIM's may have escaped what it stores; what our own server stores is text to the letter.
const plain = (text: string) => (plusOptions().hostHistory ? text : decoded(text));

function node(inline: Inline): Node | string {
  switch (inline.kind) {
    case 'text':
      return plain(inline.text);
    case 'break':
      return el('br');
    case 'face':
      return el('img.layim-face', { alt: `[${inline.name}]`, title: `[${inline.name}]`, src: faceSource(faces.get(inline.name) ?? ''), draggable: 'false' });
    case 'image':
      return picture(plain(inline.src));
    case 'file':
      return link(plain(inline.href), 'layui-layim-file', icon('download-circle'), el('cite', { dir: 'auto' }, plain(inline.name)));
    case 'audio':
    case 'video':
      return media(inline.kind, plain(inline.src));
    case 'link':
      return link(plain(inline.href), undefined, plain(inline.text));
    case 'mention': {
      const made = document.createDocumentFragment();
      made.append('@', el('a.layim-mention', {}, plain(inline.name)));
      return made;
    }
    case 'element':
      return element(inline);
  }
}

function link(href: string, className: string | undefined, ...children: (Node | string)[]): Node {
  if (safeAddress(href) === undefined) return el('span', { class: className }, ...children);
  const download = className === 'layui-layim-file';
  return el('a', { class: className, href, target: '_blank', rel: 'noopener noreferrer', download }, ...children);
}

// On our own page a picture from elsewhere would tell that site who reads when: there it is shown as a link.
function picture(src: string): Node {
  const safe = pictureAddress(src);
  const isShown = safe !== undefined && (!plusOptions().hostHistory || new URL(safe, document.baseURI).origin === location.origin);
  return isShown ? el('img.layui-layim-photos', { src: safe, alt: '', loading: 'lazy', tabindex: 0 }) : link(src, undefined, src);
}

function media(kind: 'audio' | 'video', src: string): Node {
  if (safeAddress(src, ['http:', 'https:']) === undefined) return document.createTextNode(`${kind}[${src}]`);
  const name = kind === 'audio' ? 'Audio' : 'Video';
  return el(
    'div',
    { class: `layui-unselect layui-layim-${kind}`, 'layim-event': `play${name}`, 'data-src': src, role: 'button', tabindex: 0 },
    icon(kind === 'audio' ? 'play' : 'video'),
    el('p', { dir: 'auto' }, src.split('/').at(-1)),
  );
}

function element({ tag, attributes, children }: Extract<Inline, { kind: 'element' }>): Node {
  const made = document.createElement(tag);
  const classes = plain(attributes['class'] ?? '').split(/\s+/).filter((name) => /^[\w-]{1,40}$/.test(name) && !OWN_CLASS.test(name));
  if (classes.length > 0) made.className = classes.join(' ');
  const id = attributes['id'];
  if (id && /^[\w-]{1,64}$/.test(id) && !/^(?:la?y|webim|app$)/i.test(id)) made.id = id;
  const type = attributes['data-type'];
  if (type && /^[\w-]{1,64}$/.test(type)) made.dataset['type'] = type;
  for (const name of HARMLESS) if (attributes[name]) made.setAttribute(name, attributes[name].slice(0, 200));
  made.append(...children.map(node));
  return made;
}
