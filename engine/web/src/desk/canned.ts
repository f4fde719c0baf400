// Replies at hand: `/` at the beginning of a text offers them, with the customer's and the agent's names filled in.

import { el, set } from '../layim/dom';
import type { Canned } from '../service/shapes';
import { d } from './texts';

export interface CannedOptions {
  replies: () => Canned[];
  fields: () => Record<string, string>;
}

/** Replies offered at a time. */
const SHOWN = 8;

/** Binds the picker to a field. */
export function offerCanned(textarea: HTMLTextAreaElement, { replies, fields }: CannedOptions): void {
  const list = el('ul.webim-canned', { role: 'listbox', 'aria-label': d('canned'), hidden: true });
  textarea.parentElement?.prepend(list);
  let found: Canned[] = [];
  let at = 0;
  const close = () => {
    list.hidden = true;
    found = [];
  };
  const choose = (reply: Canned) => {
    const known = fields();
    textarea.value = reply.text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => known[name] ?? whole);
    close();
    textarea.dispatchEvent(new Event('input', { bubbles: true }));
    textarea.focus();
  };
  const draw = () => {
    list.hidden = found.length === 0;
    list.replaceChildren(...found.map((reply, n) => {
      const item = el('li', { role: 'option', 'aria-selected': String(n === at) }, el('b', {}, `/${reply.shortcut}`), el('span', { dir: 'auto' }, reply.title || reply.text));
      item.addEventListener('mousedown', (event) => {
        event.preventDefault();
        choose(reply);
      });
      return item;
    }));
  };
  textarea.addEventListener('input', () => {
    const asked = /^\/(\S*)$/.exec(textarea.value)?.[1]?.toLowerCase();
    const fits = ({ shortcut, title }: Canned) => shortcut.toLowerCase().startsWith(asked ?? '') || title.toLowerCase().includes(asked ?? '');
    found = asked === undefined ? [] : replies().filter(fits).slice(0, SHOWN);
    at = 0;
    draw();
  });
  // Before LayIM's own keys: Enter chooses here, and does not send.
  textarea.addEventListener('keydown', (event) => {
    const reply = found[at];
    if (!reply || event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') at = (at + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % found.length;
    else if (event.key === 'Enter' || event.key === 'Tab') choose(reply);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (found.length > 0) draw();
  }, true);
  textarea.addEventListener('blur', close);
  set(textarea, { 'aria-autocomplete': 'list' });
}
