// The supervisor's board: channels, agents, who waits and who is served, and what can be done about it.

import type { WorkStateName } from '../generated/types';
import { avatar, el } from '../layim/dom';
import type { AgentItem, Board as BoardShape } from '../service/shapes';
import type { Book } from './book';
import { d, lasting } from './texts';
import { stateOf } from './transfer';

export interface BoardOptions {
  book: Book;
  /** Reads a conversation along, unseen. */
  read(conversation: string): void;
  take(conversation: string): void;
  failed(error: unknown): void;
}

const STATES: WorkStateName[] = ['ready', 'occupied', 'break', 'wrap_up'];

export class Board {
  readonly root = el('div.webim-board', { hidden: true, role: 'region', 'aria-label': d('board') });
  private isReading = false;
  private isStale = false;

  constructor(private readonly options: BoardOptions) {
    options.book.client.on('board', () => void this.read());
    options.book.client.on('work', () => void this.read());
  }

  show(shown: boolean): void {
    this.root.hidden = !shown;
    if (shown) void this.read();
  }

  /** One reading at a time; what changes meanwhile is read after it. */
  async read(): Promise<void> {
    if (this.root.hidden) return;
    if (this.isReading) {
      this.isStale = true;
      return;
    }
    this.isReading = true;
    try {
      this.draw(await this.options.book.board());
    } catch (error) {
      this.options.failed(error);
    }
    this.isReading = false;
    if (this.isStale) {
      this.isStale = false;
      void this.read();
    }
  }

  private draw({ channels, agents, waiting, serving }: BoardShape): void {
    const { read, take } = this.options;
    const names = new Map(channels.map(({ key, name }) => [key, name]));
    const now = Date.now();
    const agentNames = new Map(agents.map(({ id, name }) => [id, name]));
    this.root.replaceChildren(
      el('section.webim-figures', {}, ...channels.map((channel) => el(
        'article', { 'data-channel': channel.key },
        el('h3', { dir: 'auto' }, channel.name),
        figure(d('waiting'), String(channel.waiting), channel.waiting > 0),
        figure(d('serving'), String(channel.served), false),
        figure(d('longest'), channel.longest_wait > 0 ? lasting(channel.longest_wait) : '–', channel.longest_wait > 120_000),
      ))),
      el('section', {}, el('h2', {}, d('waiting')), waiting.length === 0 ? el('p.webim-hint', {}, d('queueEmpty')) : el('ul.webim-rows', {}, ...waiting.map((one) => el(
        'li', { 'data-conversation': one.conversation }, avatar(one.customer.avatar), el('b', { dir: 'auto' }, one.customer.name),
        el('span', {}, `${names.get(one.channel) ?? one.channel} · ${d('waits', { time: lasting(now - one.since) })}`),
        button(d('read'), () => read(one.conversation)), button(d('take'), () => take(one.conversation)),
      )))),
      el('section', {}, el('h2', {}, d('serving')), el('ul.webim-rows', {}, ...serving.map((one) => el(
        'li', { 'data-conversation': one.conversation }, avatar(one.customer.avatar), el('b', { dir: 'auto' }, one.customer.name),
        el('span', { class: one.waiting_since ? 'webim-late' : undefined }, `${agentNames.get(one.agent) ?? ''} · ${one.waiting_since ? d('waits', { time: lasting(now - one.waiting_since) }) : lasting(now - one.since)}`),
        button(d('read'), () => read(one.conversation)), button(d('takeOver'), () => take(one.conversation)),
      )))),
      el('section', {}, el('h2', {}, d('agents')), agents.length === 0 ? el('p.webim-hint', {}, d('noAgents')) : el('ul.webim-rows', {}, ...agents.map((agent) => this.agent(agent)))),
    );
  }

  private agent(agent: AgentItem): HTMLElement {
    const states = el('select', { 'aria-label': `${d('state')} ${agent.name}` }, ...STATES.map((state) => el('option', { value: state, selected: state === agent.state }, d(state))));
    states.addEventListener('change', () => {
      this.options.book.client.service.state({ state: states.value as WorkStateName, agent: agent.id }).catch((error: unknown) => {
        this.options.failed(error);
        void this.read();
      });
    });
    return el('li', { 'data-agent': agent.id }, avatar(agent.avatar), el('b', { dir: 'auto' }, agent.name), stateOf(agent), states);
  }
}

function figure(label: string, value: string, isWarm: boolean): HTMLElement {
  return el('div', { class: isWarm ? 'webim-warm' : undefined }, el('b', {}, value), el('span', {}, label));
}

function button(label: string, run: () => void): HTMLElement {
  const made = el('button.webim-small', { type: 'button' }, label);
  made.addEventListener('click', run);
  return made;
}
