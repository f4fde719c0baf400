// LayIM's micro-markup, read into a tree. Nothing here decides what is safe: `render` makes only elements it knows.

import { faces } from '../faces';

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'break' }
  | { kind: 'face'; name: string }
  | { kind: 'image'; src: string }
  | { kind: 'file'; href: string; name: string }
  | { kind: 'audio' | 'video'; src: string }
  | { kind: 'link'; href: string; text: string }
  | { kind: 'mention'; name: string }
  | { kind: 'element'; tag: string; attributes: Record<string, string>; children: Inline[] };

/** The elements that may be written in brackets. */
const TAGS = 'code|pre|div|span|p|table|thead|th|tbody|tr|td|ul|li|ol|dl|dt|dd|h2|h3|h4|h5';
/** Elements inside one another; deeper ones stay text. */
const DEPTH = 12;

const token = new RegExp(
  [
    String.raw`face\[([^\s[\]]{1,8})\]`,
    String.raw`img\[([^\s[\]]+)\]`,
    String.raw`file\(([^\s()]+)\)\[([^\]\n]*)\]`,
    String.raw`(audio|video)\[([^\s[\]]+)\]`,
    String.raw`a\(([^\s()]+)\)\[([^\]\n]*)\]`,
    String.raw`@([^\s@[\]]{1,40})(?=\s|$)`,
    String.raw`\[(\/?)(${TAGS})((?:\s+[\w-]+(?:=(?:"[^"\]]*"|'[^'\]]*'|[^\s\]"']+))?)*)\s*\]`,
    String.raw`(\r?\n)`,
  ].join('|'),
  'g',
);

/** The tree of `text`. */
export function parse(text: string): Inline[] {
  const root: Inline[] = [];
  const open: { opening: string; node: Extract<Inline, { kind: 'element' }>; siblings: Inline[] }[] = [];
  const here = () => open.at(-1)?.node.children ?? root;
  let from = 0;
  for (const match of text.matchAll(token)) {
    plain(here(), text.slice(from, match.index));
    from = match.index + match[0].length;
    const [whole, , , , , , , , , , closing, tag, attributes = ''] = match;
    if (tag === undefined) {
      const inline = simple(match);
      if (inline) here().push(inline);
      else plain(here(), whole);
    } else if (!closing && open.length < DEPTH) {
      const node: Extract<Inline, { kind: 'element' }> = { kind: 'element', tag, attributes: named(attributes), children: [] };
      open.push({ opening: whole, node, siblings: here() });
    } else if (closing && open.at(-1)?.node.tag === tag) {
      const closed = open.pop();
      if (closed) closed.siblings.push(closed.node);
    } else {
      plain(here(), whole);
    }
  }
  plain(here(), text.slice(from));
  // What was opened and never closed was not meant as an element.
  for (let left = open.pop(); left; left = open.pop()) {
    plain(left.siblings, left.opening);
    for (const child of left.node.children) {
      if (child.kind === 'text') plain(left.siblings, child.text);
      else left.siblings.push(child);
    }
  }
  return root;
}

function simple(match: RegExpExecArray): Inline | undefined {
  const [, face, image, file, fileName, media, mediaSrc, href, linkText, mention, , , , newline] = match;
  if (face !== undefined) return faces.has(face) ? { kind: 'face', name: face } : undefined;
  if (image !== undefined) return { kind: 'image', src: image };
  if (file !== undefined) return { kind: 'file', href: file, name: fileName || file };
  if (mediaSrc !== undefined) return { kind: media as 'audio' | 'video', src: mediaSrc };
  if (href !== undefined) return { kind: 'link', href, text: linkText || href };
  if (mention !== undefined) return isAddress(match) ? undefined : { kind: 'mention', name: mention };
  return newline === undefined ? undefined : { kind: 'break' };
}

/** An @ inside a word is an e-mail address. */
function isAddress(match: RegExpExecArray): boolean {
  return match.index > 0 && /[\w.]/.test(match.input[match.index - 1] ?? '');
}

function plain(into: Inline[], text: string): void {
  if (text === '') return;
  const last = into.at(-1);
  if (last?.kind === 'text') last.text += text;
  else into.push({ kind: 'text', text });
}

function named(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', double, single, bare] of text.matchAll(/([\w-]+)(?:=(?:"([^"]*)"|'([^']*)'|(\S+)))?/g)) {
    attributes[name.toLowerCase()] = double ?? single ?? bare ?? '';
  }
  return attributes;
}

/** The text as one line without markup, for lists. */
export function summary(text: string, words: { image: string; file: string }): string {
  const flat = (nodes: Inline[]): string =>
    nodes
      .map((node) => {
        switch (node.kind) {
          case 'text': return node.text;
          case 'break': return ' ';
          case 'face': return faces.get(node.name) ?? '';
          case 'image': return words.image;
          case 'file': return `${words.file} ${node.name}`;
          case 'audio': case 'video': return words.file;
          case 'link': return node.text;
          case 'mention': return `@${node.name}`;
          case 'element': return flat(node.children);
        }
      })
      .join('');
  // A list shows a few dozen characters; what a person can paste is thousands.
  return flat(parse(text.slice(0, 400))).replace(/\s+/g, ' ').trim().slice(0, 120);
}
