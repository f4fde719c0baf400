// The desk: customers at the left, the chat in the middle, who they are and what is said among agents at the right.

import { Bridge } from '../bridge/bridge';
import type { Session, WorkStateName } from '../generated/types';
import type { ChatData, Layim } from '../layim/contract';
import { el, icon, set } from '../layim/dom';
import { layim as ours } from '../layim/layim';
import { quiet } from '../page/art';
import { connectionLine } from '../page/connection';
import { chosen } from '../page/settings';
import { lang } from '../page/texts';
import { confirm, type Entry, menu } from '../customer/menu';
import { Client, type Outgoing, type Rest, RestError } from '../sdk';
import type { Served } from '../service/shapes';
import { chatActs, holder, pageEntries } from './acts';
import { Board } from './board';
import { Book } from './book';
import { offerCanned } from './canned';
import { cardView } from './card';
import { List } from './list';
import { Offers } from './offers';
import { SideView } from './side';
import { d } from './texts';
import { transferDialog } from './transfer';

export interface DeskOptions {
  rest: Rest;
  session: Session;
  ended(): void;
}

interface ChannelItem {
  key: string;
  name: string;
  topics: { id: string; name: string }[];
  config?: { robot?: string | null };
}

const STATES: WorkStateName[] = ['ready', 'occupied', 'break', 'wrap_up'];

export class Desk {
  private readonly client: Client;
  private readonly book: Book;
  private readonly layim: Layim = ours;
  private readonly list: List;
  private readonly side: SideView;
  private readonly board: Board;
  private readonly chat = el('section.webim-chats', { 'aria-label': d('mine') });
  private readonly bar = el('div.webim-bar', { role: 'status', hidden: true });
  private readonly card = el('div.webim-card-place');
  private readonly info: HTMLElement;
  private readonly state = el('select.webim-state', { 'aria-label': d('state') }, ...STATES.map((state) => el('option', { value: state }, d(state))));
  private readonly acts = el('div.webim-acts', { role: 'toolbar' });
  private current: string | undefined;
  private channels: ChannelItem[] = [];
  private readonly joined = new Set<string>();

  constructor(private readonly root: HTMLElement, private readonly options: DeskOptions) {
    const { rest, session } = options;
    this.client = new Client({ rest, person: session.person.id, tabs: null });
    this.book = new Book(this.client);
    this.book.know(session.person);
    const failed = (error: unknown) => this.failed(error);
    this.list = new List({
      book: this.book,
      open: (one) => this.open(one),
      take: ({ conversation }) => void this.take(conversation),
      current: () => this.current,
    });
    this.side = new SideView({ book: this.book, isSupervisor: this.isSupervisor, failed });
    this.board = new Board({ book: this.book, read: (conversation) => void this.read(conversation), take: (conversation) => void this.take(conversation), failed });
    this.info = this.infoView();
    const offers = new Offers({ answer: (offer, accept, reason) => this.answer(offer.offer, offer.conversation, accept, reason) });
    this.book.on('offers', (all) => offers.show(all));
    this.paint(offers.root);
    this.configure();
    this.listen();
  }

  start(): void {
    for (const name of ['online', 'focus']) addEventListener(name, () => this.client.nudge());
    document.addEventListener('visibilitychange', () => this.client.nudge());
    this.client.start();
  }

  private get isSupervisor(): boolean {
    return this.options.session.roles.some((role) => role === 'supervisor' || role === 'admin');
  }

  private paint(offers: HTMLElement): void {
    const { person } = this.options.session;
    const line = connectionLine(this.client, (word) => {
      if (word === 'session_ended' || word === 'deactivated') this.options.ended();
    });
    const boardButton = el('button.webim-small', { type: 'button', 'aria-pressed': 'false', 'data-board': '' }, d('board'));
    boardButton.addEventListener('click', () => this.showBoard(this.board.root.hidden === true, boardButton));
    this.state.addEventListener('change', () => {
      this.client.service.state({ state: this.state.value as WorkStateName }).catch((error: unknown) => {
        this.failed(error);
        this.drawState();
      });
    });
    const head = el(
      'header.webim-desk-head', {},
      el('img', { src: person.avatar, alt: '' }), el('b', { dir: 'auto' }, person.name), this.state,
      this.isSupervisor && boardButton,
      menu(() => this.pageEntries()),
    );
    const middle = el('div.webim-middle', {}, this.bar, this.chat);
    this.chat.append(el('div.webim-empty', {}, quiet() as unknown as Node, el('h2', {}, d('emptyTitle')), el('p', {}, d('emptyText'))));
    const left = el('aside.webim-left', {}, head, this.list.root);
    this.root.replaceChildren(el('div.webim-service', {}, line, el('main.webim-columns', {}, left, middle, this.info, this.board.root), offers));
  }

  private infoView(): HTMLElement {
    const tabs = (['card', 'side'] as const).map((name) => {
      const made = el('button', { type: 'button', 'data-tab': name, 'aria-pressed': String(name === 'card') }, d(name));
      made.addEventListener('click', () => show(name));
      return made;
    });
    const show = (name: string) => {
      this.card.hidden = name !== 'card';
      this.side.root.hidden = name !== 'side';
      for (const tab of tabs) set(tab, { 'aria-pressed': String(tab.dataset['tab'] === name) });
    };
    const close = el('button.webim-icon.webim-info-close', { type: 'button', 'aria-label': d('close') }, icon('close'));
    close.addEventListener('click', () => this.showInfo(false));
    this.side.root.hidden = true;
    return el('aside.webim-info', { hidden: true }, el('nav.webim-tabs', {}, ...tabs, close), this.card, this.side.root);
  }

  private configure(): void {
    const { person } = this.options.session;
    this.layim.config({
      brief: true,
      init: { mine: { id: person.id, username: person.name, avatar: person.avatar, status: 'online' } },
      uploadImage: { url: '/layim/upload/image' },
      uploadFile: { url: '/layim/upload/file' },
      title: d('desk'),
      maxLength: this.client.textChars,
      voice: chosen().sound ? 'default.mp3' : false,
      plus: {
        lang: lang(), dock: { panel: el('div'), chat: this.chat }, fallbackAvatar: '/assets/avatar.svg', hostHistory: true, ownPages: true,
        actions: ['react', 'reply', 'copy', 'edit', 'recall'], ownFiles: true, voice: true,
      },
    });
    new Bridge({
      client: this.client, layim: this.layim, lang: lang(),
      service: {
        chat: (conversation) => this.chatOf(conversation),
        face: (id) => this.book.faces.get(id),
        lease: (conversation) => this.book.served.get(conversation)?.lease,
      },
    });
  }

  private listen(): void {
    const { client, book, layim } = this;
    client.on('welcome', ({ text_chars: most }) => {
      layim.cache().base.maxLength = most;
      void this.watch();
      void this.side.read().catch(() => undefined);
      const one = this.current === undefined ? undefined : book.served.get(this.current);
      if (one) this.adopt(one);
      void this.readChannels();
    });
    book.on('agents', () => this.drawState());
    book.on('one', (one) => {
      if (one.conversation === this.current) this.drawChat(one);
    });
    book.on('list', () => {
      const one = this.current === undefined ? undefined : book.served.get(this.current);
      if (one) this.drawChat(one);
    });
    client.on('outgoing', (outgoing) => this.stale(outgoing));
    client.on('waited', ({ conversation }) => {
      const one = book.served.get(conversation);
      if (one) layim.notice({ title: d('desk'), content: d('waited', { name: one.customer.name, time: '' }) });
    });
    client.on('offer_ended', ({ outcome, reason }) => {
      if (outcome !== 'accepted') layim.plus?.toast(d('offerEnded', { outcome: d(outcome) }) + (reason ? `: ${reason}` : ''));
    });
    layim.on('chatAway', () => this.root.classList.remove('webim-talking'));
  }

  private chatOf(conversation: string): ChatData | undefined {
    const one = this.book.served.get(conversation);
    return one && { type: 'kefu', id: conversation, name: one.customer.name, avatar: one.customer.avatar };
  }

  private open(one: Served): void {
    const data = this.chatOf(one.conversation);
    if (!data) return;
    this.current = one.conversation;
    this.showBoard(false);
    this.chat.querySelector(':scope > .webim-empty')?.remove();
    this.adopt(one);
    this.layim.chat(data);
    this.root.classList.add('webim-talking');
    this.dressPane(one);
    this.drawChat(one);
    this.list.draw();
    void this.watch();
    void this.side.show(one.conversation).catch((error: unknown) => this.failed(error));
    void this.drawCard(one.conversation);
    if (matchMedia('(min-width: 1101px)').matches) this.showInfo(true);
  }

  /** A conversation of others is not in the client's own list: it is read along. */
  private adopt({ conversation: id, customer, last, last_seq, read_seq, unread }: Served): void {
    this.client.adopt({ id, kind: 'service', title: customer.name, last_seq, read_seq, unread, ...(last ? { last } : {}) });
  }

  /** A pane that is new gets what only the desk has: buttons in its title, replies by `/`. */
  private dressPane(one: Served): void {
    const pane = this.chat.querySelector<HTMLElement>(`.layim-chat[data-key="kefu${CSS.escape(one.conversation)}"]`);
    const title = pane?.querySelector('.layim-chat-title');
    title?.append(this.acts);
    const field = pane?.querySelector('textarea');
    if (!field || field.dataset['canned']) return;
    field.dataset['canned'] = 'yes';
    offerCanned(field, {
      replies: () => this.book.canned,
      fields: () => ({ customer: this.book.served.get(one.conversation)?.customer.name ?? '', agent: this.options.session.person.name, channel: this.channelName(one.channel) }),
    });
  }

  private drawChat(one: Served): void {
    const data = this.chatOf(one.conversation);
    const { plus } = this.layim;
    if (!data || !plus) return;
    const ahead = this.book.ahead.get(one.conversation);
    const isMine = one.holder === 'agent' && one.agent?.id === this.book.me;
    const mayWrite = isMine || this.joined.has(one.conversation);
    plus.rename(data, data.name);
    plus.status(data, ahead ? d('ahead', { text: ahead }) : `${this.channelName(one.channel)} · ${holder(one, this.book.me)}`);
    plus.closed(data, mayWrite ? undefined : one.visit ? d(this.isSupervisor ? 'reading' : 'notMine') : d('visitClosed'));
    this.drawBar(one);
    this.drawActs(one, isMine);
  }

  private drawBar(one: Served): void {
    const wait = one.waiting_since ? Date.now() - one.waiting_since : 0;
    this.bar.hidden = wait < 60_000;
    this.bar.textContent = this.bar.hidden ? '' : d('waited', { name: one.customer.name, time: String(Math.round(wait / 60_000)) + ' min' });
  }

  private drawActs(one: Served, isMine: boolean): void {
    const { service } = this.client;
    const rights = { isMine, isSupervisor: this.isSupervisor, isJoined: this.joined.has(one.conversation) };
    this.acts.replaceChildren(...chatActs(one, rights, {
      take: () => void this.take(one.conversation),
      join: () => void this.join(one),
      transfer: () => void this.transfer(one),
      end: () => confirm(d('end'), d('endAsk'), () => void service.close(one.conversation).catch((error: unknown) => this.failed(error))),
      info: () => this.showInfo(this.info.hidden === true),
    }));
  }

  private async drawCard(conversation: string): Promise<void> {
    try {
      const detail = await this.book.detail(conversation);
      if (this.current !== conversation) return;
      this.card.replaceChildren(cardView(detail, {
        put: async (change) => {
          try {
            await this.client.rest.call('PUT', `/api/v1/customers/${encodeURIComponent(detail.card.id)}`, change);
            await this.drawCard(conversation);
          } catch (error) {
            this.failed(error);
          }
        },
      }));
    } catch (error) {
      this.failed(error);
    }
  }

  private async transfer(one: Served): Promise<void> {
    await this.book.readAgents().catch(() => undefined);
    const channel = this.channels.find(({ key }) => key === one.channel);
    transferDialog({
      book: this.book, one, topics: channel?.topics ?? [], hasRobot: Boolean(channel?.config?.robot),
      send: async ({ to, note, history, force }) => {
        const now = this.book.served.get(one.conversation) ?? one;
        await this.client.service.transfer({ conversation: one.conversation, lease: now.lease, to, note, history, ...(force ? { force } : {}) });
        this.layim.plus?.toast(d('offered'));
      },
    });
  }

  private async take(conversation: string): Promise<void> {
    try {
      await this.client.service.take(conversation);
      await this.read(conversation);
    } catch (error) {
      this.failed(error);
    }
  }

  /** Opens any conversation, as one who looks. */
  private async read(conversation: string): Promise<void> {
    try {
      const one = await this.book.detail(conversation);
      this.book.learn(one);
      this.list.show('mine');
      this.open(one);
    } catch (error) {
      this.failed(error);
    }
  }

  private async join(one: Served): Promise<void> {
    const isOn = !this.joined.has(one.conversation);
    try {
      await this.client.service.join(one.conversation, isOn);
      if (isOn) this.joined.add(one.conversation);
      else this.joined.delete(one.conversation);
      this.drawChat(this.book.served.get(one.conversation) ?? one);
    } catch (error) {
      this.failed(error);
    }
  }

  private async answer(offer: string, conversation: string, accept: boolean, reason: string): Promise<void> {
    try {
      await this.client.service.answer({ offer, accept, ...(reason ? { reason } : {}) });
      if (accept) await this.read(conversation);
    } catch (error) {
      this.failed(error);
    }
  }

  /** Somebody else has the customer by now: the words stay, as a draft. */
  private stale({ failure, text, to, clientId }: Outgoing): void {
    if (failure?.code !== 'lease_stale' && failure?.code !== 'lease_required') return;
    if (!('conversation' in to) || !to.conversation) return;
    const data = this.chatOf(to.conversation);
    if (!data) return;
    this.client.discard(clientId);
    this.layim.plus?.remove(clientId);
    this.layim.plus?.draft(data, text);
    this.layim.plus?.toast(d('stale', { name: failure.reason }));
    this.book.detail(to.conversation).then((one) => {
      this.book.learn(one);
      this.book.emit('one', one);
    }, () => undefined);
  }

  private async watch(): Promise<void> {
    const conversations = this.current === undefined ? [] : [this.current];
    await this.client.service.watch({ conversations, board: this.isSupervisor }).catch(() => undefined);
  }

  private async readChannels(): Promise<void> {
    try {
      this.channels = (await this.client.rest.call<{ items: ChannelItem[] }>('GET', '/api/v1/channels')).items;
    } catch {
      // Keys stand for names.
    }
  }

  private channelName(key: string): string {
    return this.channels.find((channel) => channel.key === key)?.name ?? key;
  }

  private drawState(): void {
    const own = this.book.agents.get(this.book.me);
    this.state.hidden = own === undefined;
    if (own) this.state.value = own.state;
    set(this.state, { 'data-state': own?.state });
  }

  private showBoard(shown: boolean, button = this.root.querySelector<HTMLElement>('[data-board]')): void {
    this.board.show(shown);
    this.root.classList.toggle('webim-boarding', shown);
    if (button) set(button, { 'aria-pressed': String(shown) });
  }

  private showInfo(shown: boolean): void {
    this.info.hidden = !shown;
    this.root.classList.toggle('webim-informed', shown);
  }

  private pageEntries(): Entry[] {
    return pageEntries(() => {
      this.client.stop();
      this.client.forget();
      void this.options.rest.signOut().finally(() => this.options.ended());
    });
  }

  private failed(error: unknown): void {
    const reason = error instanceof RestError && error.code === 'offline' ? d('loadFailed') : error instanceof Error ? error.message : String(error);
    this.layim.plus?.toast(d('failed', { reason }));
  }
}
