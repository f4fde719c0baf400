// The little HTML that hosts put into the status line and into system lines: weight and colour. What is not named here
// stays the text that it is.

import { el } from '../dom';
import { decoded } from './entities';

const TAG = /<(\/?)(span|b|strong|i|em|u|small|font|br)((?:\s+(?:style|color|class)=(?:"[^"<>]*"|'[^'<>]*'))*)\s*\/?>/gi;
const COLOUR = /(?:^|[;\s"'])color\s*[:=]\s*["']?\s*(#[\da-f]{3,8}|[a-z]{3,20}|rgba?\([\d\s.,%]{5,40}\))/i;
const DEPTH = 8;

/** `html` as elements; nothing in it can run. */
export function lineOf(html: string): DocumentFragment {
  const root = document.createDocumentFragment();
  const open: { tag: string; element: Node }[] = [];
  const here = () => open.at(-1)?.element ?? root;
  let from = 0;
  const text = (until: number) => {
    if (until > from) here().appendChild(document.createTextNode(decoded(html.slice(from, until))));
  };
  for (const match of html.matchAll(TAG)) {
    const [whole, closing, name = '', attributes = ''] = match;
    const tag = name.toLowerCase();
    const isMatched = closing ? open.at(-1)?.tag === tag : open.length < DEPTH;
    if (!isMatched) continue;
    text(match.index);
    from = match.index + whole.length;
    if (closing) {
      open.pop();
    } else {
      const element = tag === 'br' ? el('br') : coloured(tag === 'font' ? 'span' : tag, attributes);
      here().appendChild(element);
      if (tag !== 'br') open.push({ tag, element });
    }
  }
  text(html.length);
  return root;
}

function coloured(tag: string, attributes: string): HTMLElement {
  const made = document.createElement(tag);
  const colour = COLOUR.exec(attributes)?.[1];
  if (colour) made.style.color = colour;
  return made;
}
