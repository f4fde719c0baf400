// What the desk knows: the customers of this agent and others that are looked at, the agents, who waits. Kept true by
// what the server says.

import type { Message, OfferMade, WorkIs } from '../generated/types';
import { type Client, isSaid, type Thread } from '../sdk';
import { Emitter } from '../sdk/emitter';
import { shown } from '../service/face';
import type { AgentItem, Board, Canned, Face, Served, ServedDetail, Team, Waiting } from '../service/shapes';

export interface BookEvents {
  /** The list, or an entry of it. */
  list: undefined;
  one: Served;
  queue: Waiting[];
  agents: AgentItem[];
  offers: OfferMade[];
}

/** Milliseconds over which readings of the queue are gathered. */
const GATHER = 300;

export class Book extends Emitter<BookEvents> {
  readonly served = new Map<string, Served>();
  readonly agents = new Map<string, AgentItem>();
  readonly offers = new Map<string, OfferMade>();
  readonly faces = new Map<string, Face>();
  readonly ahead = new Map<string, string>();
  canned: Canned[] = [];
  teams: Team[] = [];
  waiting: Waiting[] = [];
  /** Whether customers without contact for long are listed. */
  withHidden = false;
  query = '';
  next: string | undefined;
  /** Offers that ended. */
  private readonly over = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  constructor(readonly client: Client) {
    super();
    client.on('welcome', () => void this.readAll());
    client.on('holder', (frame) => {
      this.know(frame.agent);
      const { conversation, holder, agent, lease, version, visit } = frame;
      this.change(conversation, (one) => (version < one.version ? one : { ...one, holder, agent: agent ?? null, lease, version, visit: visit ?? null }));
      this.queueSoon();
    });
    client.on('visit', ({ conversation, visit, open }) => {
      this.change(conversation, (one) => ({ ...one, visit: open ? visit : null, waiting_since: open ? (one.waiting_since ?? null) : null }));
      this.queueSoon();
    });
    client.on('waited', ({ conversation, since }) => this.change(conversation, (one) => ({ ...one, waiting_since: since })));
    client.on('ahead', ({ conversation, text }) => {
      this.ahead.set(conversation, text);
      this.change(conversation, (one) => ({ ...one }));
    });
    client.on('work', (work) => this.worked(work));
    client.on('offer', (offer) => void this.offered(offer));
    client.on('offer_ended', ({ offer }) => {
      this.over.add(offer);
      if (this.offers.delete(offer)) this.emit('offers', [...this.offers.values()]);
    });
    client.on('message', ({ message }) => this.said(message));
    client.on('thread', (thread) => this.counted(thread));
  }

  get me(): string {
    return this.client.me?.id ?? '';
  }

  know(face: Face | null | undefined): void {
    if (face) this.faces.set(face.id, shown(face));
  }

  /** In the order of the list: who waits on top, then the newest contact. */
  sorted(): Served[] {
    const rank = (one: Served) => (one.waiting_since ? 0 : 1);
    return [...this.served.values()]
      .filter((one) => this.withHidden || !one.hidden || one.visit)
      .sort((a, b) => rank(a) - rank(b) || (rank(a) === 0 ? (a.waiting_since ?? 0) - (b.waiting_since ?? 0) : b.contact_at - a.contact_at));
  }

  async readAll(): Promise<void> {
    await Promise.allSettled([this.readList(), this.readQueue(), this.readAgents(), this.readCanned(), this.readTeams()]);
  }

  async readList(more = false): Promise<void> {
    this.asked += 1;
    const turn = this.asked;
    const search = new URLSearchParams({ ...(this.withHidden ? { hidden: 'true' } : {}), ...(this.query ? { q: this.query } : {}), ...(more && this.next ? { after: this.next } : {}) });
    const page = await this.client.rest.call<{ items: Served[]; next?: string | null }>('GET', `/api/v1/service/customers?${search}`);
    if (turn !== this.asked) return;
    if (!more) this.served.clear();
    for (const one of page.items) this.learn(one);
    this.next = page.next ?? undefined;
    this.emit('list', undefined);
  }

  learn(one: Served): void {
    this.know(one.customer);
    this.know(one.agent);
    this.served.set(one.conversation, { ...one, customer: shown(one.customer) });
  }

  async detail(conversation: string): Promise<ServedDetail> {
    const detail = await this.client.rest.call<ServedDetail>('GET', `/api/v1/service/conversations/${encodeURIComponent(conversation)}`);
    this.know(detail.customer);
    this.know(detail.agent);
    for (const { agent } of [...detail.visits, ...detail.assignments]) this.know(agent);
    return detail;
  }

  async readQueue(): Promise<void> {
    const { items } = await this.client.rest.call<{ items: Waiting[] }>('GET', '/api/v1/service/queue');
    for (const { customer } of items) this.know(customer);
    this.waiting = items.map((one) => ({ ...one, customer: shown(one.customer) }));
    this.emit('queue', this.waiting);
  }

  async readAgents(): Promise<void> {
    const { items } = await this.client.rest.call<{ items: AgentItem[] }>('GET', '/api/v1/agents');
    this.agents.clear();
    for (const agent of items) {
      this.agents.set(agent.id, shown(agent));
      this.know(agent);
    }
    this.emit('agents', items);
  }

  async board(): Promise<Board> {
    const board = await this.client.rest.call<Board>('GET', '/api/v1/service/board');
    const faced = <One extends { customer: Face }>(one: One): One => ({ ...one, customer: shown(one.customer) });
    return { ...board, agents: board.agents.map(shown), waiting: board.waiting.map(faced), serving: board.serving.map(faced) };
  }

  queueSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.readQueue().catch(() => undefined);
    }, GATHER);
  }

  private async readCanned(): Promise<void> {
    this.canned = (await this.client.rest.call<{ items: Canned[] }>('GET', '/api/v1/canned')).items;
  }

  private async readTeams(): Promise<void> {
    this.teams = (await this.client.rest.call<{ items: Team[] }>('GET', '/api/v1/teams')).items;
  }

  private change(conversation: string, change: (one: Served) => Served): void {
    const one = this.served.get(conversation);
    if (!one) {
      this.lookSoon(conversation);
      return;
    }
    const changed = change(one);
    if (changed === one) return;
    this.served.set(conversation, changed);
    this.emit('one', changed);
  }

  private readonly looking = new Set<string>();

  /** A customer who is new to this agent. */
  private lookSoon(conversation: string): void {
    if (this.looking.has(conversation)) return;
    this.looking.add(conversation);
    this.detail(conversation)
      .then((one) => {
        this.learn(one);
        this.emit('one', one);
      }, () => undefined)
      .finally(() => this.looking.delete(conversation));
  }

  private said(message: Message): void {
    if (!isSaid(message)) return;
    this.change(message.conversation, (one) => {
      // The system's lines are no answer.
      if (!message.sender) return { ...one, last: message, last_seq: message.seq };
      const isCustomers = message.sender === one.customer.id;
      if (isCustomers) this.ahead.delete(one.conversation);
      return {
        ...one, last: message, last_seq: message.seq, contact_at: message.time, hidden: false,
        waiting_since: isCustomers ? (one.waiting_since ?? message.time) : null,
      };
    });
  }

  /** Numbers, and what one said oneself: that comes back as no message. */
  private counted({ id, unread, readSeq, last }: Thread): void {
    if (!this.served.has(id)) return;
    this.change(id, (one) => {
      const isAnswer = last !== undefined && last.sender === this.me && last.seq > (one.last?.seq ?? 0);
      if (one.unread === unread && !isAnswer) return one;
      return { ...one, unread, read_seq: readSeq, ...(isAnswer ? { last, last_seq: last.seq, contact_at: last.time, waiting_since: null } : {}) };
    });
  }

  /** What is offered, with who gives it and their note: the frame may come before those are stored. */
  private async offered(made: OfferMade): Promise<void> {
    let offer = made;
    if (made.kind === 'transfer' && !made.from) {
      const detail = await this.detail(made.conversation).catch(() => undefined);
      if (detail?.offer?.offer === made.offer) offer = { ...made, ...detail.offer };
    }
    if (this.over.has(offer.offer)) return;
    this.know(offer.customer);
    this.know(offer.from);
    this.offers.set(offer.offer, { ...offer, customer: shown(offer.customer) });
    this.emit('offers', [...this.offers.values()]);
  }

  private worked({ agent, state, connected, load, capacity }: WorkIs): void {
    const known = this.agents.get(agent);
    if (!known) return void this.readAgents().catch(() => undefined);
    this.agents.set(agent, { ...known, state, connected, load, capacity });
    this.emit('agents', [...this.agents.values()]);
  }
}
