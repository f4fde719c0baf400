// The page `/c/{channel}`: a customer's chat, alone or in the frame that the widget shows.

import './css/customer.css';
import { el, icon, set } from '../layim/dom';
import { dress } from '../page/settings';
import { lang, otherLang, setLang } from '../page/texts';
import { Keep, RestError } from '../sdk';
import { withoutLayui } from '../service/layer';
import type { ChannelFace, Lane } from '../service/shapes';
import { Door, type Guest } from './door';
import { type Hello, Host } from './host';
import { confirm, type Entry, menu } from './menu';
import { PlaceBar } from './place';
import { Room } from './room';
import { type Choice, startCard } from './start';
import { c } from './texts';
import { Timeline } from './timeline';

const channel = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const root = document.getElementById('app') ?? document.body;
const host = new Host(new URLSearchParams(location.search).get('host') ?? '', channel);

class Page {
  private room: Room | undefined;
  private entering: Promise<Room> | undefined;
  private timeline: Timeline | undefined;
  private readonly name = el('b', { dir: 'auto' });
  private readonly status = el('span');
  private readonly picture = el('img', { alt: '' });
  private readonly lanes = el('nav.webim-lanes', { hidden: true });
  private readonly stage = el('main.webim-stage');
  private readonly place: PlaceBar;
  private view: 'start' | 'lane' | 'all' = 'start';

  constructor(private readonly door: Door, private readonly face: ChannelFace, private readonly hello: Hello) {
    this.place = new PlaceBar({
      leave: (lane) => this.move((room) => room.client.service.leaveQueue(lane.conversation)),
      keep: (lane) => this.move(async (room) => {
        await room.client.service.keepPlace(lane.conversation);
        room.lanes.kept.add(lane.conversation);
        this.draw();
      }),
      person: (lane) => this.move((room) => room.client.service.person(lane.conversation)),
    });
    this.paint();
  }

  private get title(): string {
    return this.face.branding.title || this.face.name;
  }

  /** The frame came into sight. */
  seen(): void {
    this.room?.seen();
  }

  private paint(): void {
    const { color = '', logo = '' } = this.face.branding;
    if (/^#[\da-f]{6}$/i.test(color)) document.documentElement.style.setProperty('--webim-brand', color);
    this.picture.src = logo || '/assets/icon.svg';
    this.picture.addEventListener('error', () => (this.picture.src = '/assets/avatar.svg'), { once: true });
    const close = host.isFramed && el('button.webim-icon', { type: 'button', 'aria-label': c('close'), title: c('close') }, icon('down'));
    if (close) close.addEventListener('click', () => host.close());
    const head = el('header.webim-head', {}, this.picture, el('div', {}, this.name, this.status), menu(() => this.entries()), close);
    root.replaceChildren(el('div.webim-customer', {}, head, this.lanes, this.place.root, this.stage));
    document.title = this.title;
    this.draw();
  }

  /** Somebody who was here before, or is known to the host's site. */
  async welcome(guest: Guest): Promise<void> {
    const room = this.enter(guest);
    await room.lanes.read().catch(() => undefined);
    const open = [...room.lanes.all.values()].sort((a, b) => Number(Boolean(b.visit)) - Number(Boolean(a.visit)));
    if (open[0]) this.show(open[0].conversation);
  }

  /** The card before the first word; or at once, where the host's page has chosen. */
  begin(): void {
    const { topic, agent, start } = this.hello.wishes;
    if (!this.room?.current && (topic || agent || start)) void this.choose({ ...(topic ? { topic } : {}), ...(agent ? { agent } : {}) });
    else if (!this.room?.current) this.cards();
  }

  private cards(): void {
    this.view = 'start';
    this.stage.replaceChildren(startCard({
      face: this.face,
      // Only who has come in may ask who is there.
      agents: async () => {
        await this.entered();
        return this.door.agents();
      },
      choose: (choice) => this.choose(choice),
    }));
    this.draw();
  }

  private async choose(choice: Choice): Promise<void> {
    try {
      const room = await this.entered();
      const conversation = await room.open(choice);
      this.show(conversation);
      if (this.hello.wishes.start === 'person') await room.client.service.person(conversation).catch(() => undefined);
    } catch (error) {
      this.complain(error);
    }
  }

  /** Come in, once: the card asks who is there while somebody already presses its button. */
  private entered(): Promise<Room> {
    if (this.room) return Promise.resolve(this.room);
    this.entering ??= this.door.enter().then((guest) => this.room ?? this.enter(guest)).finally(() => {
      this.entering = undefined;
    });
    return this.entering;
  }

  private enter({ person, name }: Guest): Room {
    const room = new Room({
      rest: this.door.rest, keep: Keep.browser(), face: this.face, person, name,
      page: () => this.hello.page,
      isSeen: () => host.isOpen,
      ended: () => {
        this.door.forget();
        location.reload();
      },
    });
    this.room = room;
    this.timeline = new Timeline(room.client, room.lanes, (conversation) => this.show(conversation));
    this.place.root.before(room.line);
    room.lanes.on('all', () => this.draw());
    room.lanes.on('lane', (lane) => this.changed(lane));
    room.client.on('thread', () => host.unread(room.client.threads().reduce((sum, { unread }) => sum + unread, 0)));
    room.client.on('message', ({ message }) => host.event('message', { conversation: message.conversation, seq: message.seq }));
    room.start();
    return room;
  }

  private changed(lane: Lane): void {
    this.room?.rename(lane);
    host.event('holder', { conversation: lane.conversation, holder: lane.holder, agent: lane.agent?.name });
    this.draw();
  }

  private show(conversation: string): void {
    const { room } = this;
    if (!room) return;
    this.view = 'lane';
    void this.timeline?.show(false);
    if (room.chat.parentElement !== this.stage) this.stage.replaceChildren(room.chat, ...(this.timeline ? [this.timeline.root] : []));
    room.chat.hidden = false;
    room.show(conversation);
    this.draw();
  }

  private showAll(): void {
    const { room, timeline } = this;
    if (!room || !timeline) return;
    this.view = 'all';
    this.stage.replaceChildren(room.chat, timeline.root);
    room.chat.hidden = true;
    void timeline.show(true);
    this.draw();
  }

  private draw(): void {
    const lane = this.view === 'lane' ? this.room?.current : undefined;
    this.name.textContent = lane?.agent?.name ?? (this.view === 'all' ? c('all') : this.title);
    this.status.textContent = lane ? statusOf(lane) : this.face.open ? '' : c('closedNow');
    this.place.show(lane, lane ? this.room?.lanes.kept.has(lane.conversation) === true : false, this.face.robot);
    this.drawLanes();
  }

  private drawLanes(): void {
    const all = [...(this.room?.lanes.all.values() ?? [])];
    const isExpert = this.face.mode === 'expert';
    this.lanes.hidden = !(isExpert && all.length > 0) && all.length < 2;
    const chip = (label: string, isHere: boolean, unread: number, run: () => void) => {
      const made = el('button', { type: 'button', 'aria-pressed': String(isHere) }, el('span', { dir: 'auto' }, label), unread > 0 && el('em', {}, String(unread)));
      made.addEventListener('click', run);
      return made;
    };
    const chips = all.map((lane) => {
      const isHere = this.view === 'lane' && this.room?.current?.conversation === lane.conversation;
      const label = lane.agent && isExpert ? `${lane.title} · ${lane.agent.name}` : lane.title;
      return chip(label, isHere, this.room?.client.thread(lane.conversation)?.unread ?? 0, () => this.show(lane.conversation));
    });
    const more = isExpert ? [chip(`+ ${c('another')}`, this.view === 'start', 0, () => this.cards())] : [];
    this.lanes.replaceChildren(...(all.length > 1 ? [chip(c('all'), this.view === 'all', 0, () => this.showAll())] : []), ...chips, ...more);
  }

  private entries(): Entry[] {
    const { room } = this;
    const lane = room?.current;
    const { service } = room?.client ?? {};
    const entries: Entry[] = [];
    if (lane?.visit && this.face.robot && lane.holder === 'robot') {
      entries.push({ label: c('person'), icon: 'service', run: () => this.move(() => service?.person(lane.conversation)) });
    }
    if (lane?.visit) {
      entries.push({ label: c('end'), icon: 'close', run: () => confirm(c('end'), c('ended'), () => this.move(() => service?.close(lane.conversation))) });
    }
    if (room && (this.face.topics.length > 0 || this.face.lists_agents)) entries.push({ label: c('another'), icon: 'add-1', run: () => this.cards() });
    entries.push({
      label: c('language'), icon: 'website', run: () => {
        setLang(otherLang());
        location.reload();
      },
    });
    if (room) entries.push({ label: c('forget'), icon: 'delete', run: () => confirm(c('forget'), c('forgetAsk'), () => void this.forgetMe()) });
    return entries;
  }

  private async forgetMe(): Promise<void> {
    try {
      // The token is revoked: nobody who finds it is this visitor.
      await this.door.rest.signOut();
    } catch (error) {
      if (!(error instanceof RestError) || error.status === 0) return this.complain(error);
    }
    this.room?.client.forget();
    this.room?.client.stop();
    this.door.forget();
    location.reload();
  }

  private move(run: (room: Room) => Promise<unknown> | undefined): void {
    if (this.room) Promise.resolve(run(this.room)).catch((error: unknown) => this.complain(error));
  }

  private complain(error: unknown): void {
    const words = error instanceof RestError && error.code !== 'offline' ? error.message : c('failed');
    if (this.room?.current) this.room.toast(words);
    else this.stage.prepend(el('p.webim-error', { role: 'alert' }, words));
  }
}

function statusOf({ holder, agent, visit, place }: Lane): string {
  if (!visit) return '';
  if (holder === 'agent') return agent ? c('serves', { name: agent.name }) : '';
  if (holder === 'robot') return c('robot');
  if (holder === 'queue') return place?.leave_message ? c('left') : c('queueing');
  return c('nobody');
}

async function begin(): Promise<void> {
  setLang(lang());
  root.replaceChildren(el('p.webim-wait', { role: 'status' }, c('loading')));
  try {
    const hello = await host.meet();
    const door = new Door(channel, host, hello);
    const face = await door.face();
    const page = new Page(door, face, hello);
    const { color = '', title = '', position = '' } = face.branding;
    host.brand({ color, title: title || face.name, position });
    host.listen({
      shown: (isOpen) => isOpen && page.seen(),
      page: (at) => Object.assign(hello.page, at),
      identify: () => location.reload(),
    });
    const guest = await door.known(face);
    if (guest) await page.welcome(guest);
    else if (face.audience === 'members') throw new RestError('not_authenticated', 401, c('members'));
    page.begin();
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  const isUnknown = error instanceof RestError && error.status === 404;
  const again = el('button.webim-primary', { type: 'button', hidden: isUnknown }, c('retry'));
  again.addEventListener('click', () => void begin());
  const words = isUnknown ? c('unknown') : error instanceof RestError && error.status > 0 ? error.message : c('failed');
  const close = el('button.webim-link', { type: 'button', hidden: !host.isFramed }, c('close'));
  close.addEventListener('click', () => host.close());
  root.replaceChildren(el('div.webim-wait', { role: 'alert' }, el('p', {}, words), again, close));
}

addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.defaultPrevented && host.isFramed && !document.querySelector('.layim-dialog')) host.close();
});
set(document.documentElement, { 'data-framed': host.isFramed });
dress();
withoutLayui();
void begin();
