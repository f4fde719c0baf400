// All lanes in one: what was said in any of them, in the order of time.

import type { Message } from '../generated/types';
import { shortText } from '../bridge/said';
import { el } from '../layim/dom';
import { shortTime } from '../layim/time';
import { lang } from '../page/texts';
import { type Client, isSaid } from '../sdk';
import type { Lanes } from './lanes';
import { c } from './texts';

/** Messages of a lane that are read, and all that are shown. */
const PAGE = 50;
const SHOWN = 300;

export class Timeline {
  readonly root = el('div.webim-timeline', { hidden: true, tabindex: 0, 'aria-label': c('all') });
  private readonly list = el('ul', { role: 'log' });
  private readonly messages = new Map<string, Message>();

  constructor(private readonly client: Client, private readonly lanes: Lanes, private readonly go: (conversation: string) => void) {
    this.root.append(el('p.webim-hint', {}, c('allHint')), this.list);
    client.on('message', ({ message }) => this.take([message]));
    client.on('outgoing', ({ stored }) => {
      if (stored && !this.root.hidden) void this.read();
    });
  }

  async show(shown: boolean): Promise<void> {
    this.root.hidden = !shown;
    if (shown) await this.read();
  }

  private async read(): Promise<void> {
    const pages = await Promise.allSettled([...this.lanes.all.keys()].map((lane) => this.client.history(lane, { limit: PAGE })));
    this.take(pages.flatMap((page) => (page.status === 'fulfilled' ? page.value.items : [])));
  }

  private take(messages: Message[]): void {
    for (const message of messages) {
      if (isSaid(message) && this.lanes.all.has(message.conversation)) this.messages.set(message.message, message);
    }
    if (!this.root.hidden) this.draw();
  }

  private draw(): void {
    const { root } = this;
    const isAtEnd = root.scrollHeight - root.scrollTop - root.clientHeight < 80;
    const all = [...this.messages.values()].sort((a, b) => a.time - b.time || (a.message < b.message ? -1 : 1)).slice(-SHOWN);
    this.list.replaceChildren(...(all.length > 0 ? all.map((message) => this.item(message)) : [el('li.webim-none', {}, c('empty'))]));
    if (isAtEnd) root.scrollTop = root.scrollHeight;
  }

  private item(message: Message): HTMLElement {
    const lane = this.lanes.all.get(message.conversation);
    const isMine = message.sender === this.client.me?.id;
    const name = !message.sender ? '' : isMine ? c('me') : (this.lanes.faces.get(message.sender ?? '')?.name ?? c('agent'));
    const button = el(
      'button',
      { type: 'button' },
      el('span.webim-lane-tag', {}, lane?.title ?? ''),
      el('b', { dir: 'auto' }, name),
      el('time', { datetime: new Date(message.time).toISOString() }, shortTime(message.time, Date.now())),
      el('span.webim-words', { dir: 'auto' }, shortText(message, lang().startsWith('zh'))),
    );
    button.addEventListener('click', () => this.go(message.conversation));
    return el('li', { class: isMine ? 'webim-mine' : undefined }, button);
  }
}
