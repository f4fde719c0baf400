// The message box: what the system has to say to one person.

import { openDialog } from '../layim/dialog';
import { el } from '../layim/dom';
import type { Rest } from '../sdk';
import { p } from './texts';

interface Notice {
  id: string;
  content: string;
  time: string;
}

interface Page {
  code: number;
  msg: string;
  pages: number;
  data: Notice[];
}

export function openBox(rest: Rest): void {
  const list = el('ul.webim-box', { 'aria-live': 'polite' }, el('li', {}, p('loadingBox')));
  openDialog({ title: p('box'), content: list, width: 480, height: 420, isModal: true, id: 'layui-layim-msgbox', closeLabel: p('close') });
  const read = async (number: number): Promise<void> => {
    const { code, msg, pages, data } = await rest.call<Page>('GET', `/layim/msgbox?page=${number}`);
    if (code !== 0) throw new Error(msg);
    const items = data.map(({ content, time }) => el('li', {}, el('p', { dir: 'auto' }, content), el('time', {}, time)));
    if (number === 1) list.replaceChildren(...(items.length > 0 ? items : [el('li.webim-none', {}, p('boxEmpty'))]));
    else list.append(...items);
    if (number >= pages) return;
    const more = el('li', {}, el('button.webim-link', { type: 'button' }, p('boxMore')));
    more.addEventListener('click', () => {
      more.remove();
      void read(number + 1);
    });
    list.append(more);
  };
  read(1).catch(() => list.replaceChildren(el('li', { role: 'alert' }, p('unreachable'))));
}
