// A browser for the property tests: tabs that share storage, channels and locks, and can be closed in any moment.

import { Client } from '../client';
import type { Clock } from '../clock';
import { Keep, memoryShelf, type Shelf } from '../keep';
import type { Channel, LockEvents, TabsHost } from '../tabs';
import type { Chance } from './chance';
import type { FakeClock } from './fakes';
import type { ChatServer } from './server';

interface Waiting {
  tab: Tab;
  events: LockEvents;
}

export interface TabOptions {
  person: string;
  /** Kept over a reload. */
  session?: Shelf;
  /** The client is not told who is signed in. */
  isNameless?: boolean;
  /** Without channels and locks, as on pages by plain http. */
  isPlain?: boolean;
}

export class FakeBrowser {
  readonly storage = memoryShelf();
  readonly tabs: Tab[] = [];
  /** The store is full. */
  isFull = false;
  /** Locks are refused. */
  isLockless = false;
  private readonly locks = new Map<string, Waiting[]>();
  private readonly channels: { name: string; tab: Tab; hear: (message: unknown) => void; isOpen: boolean; arrival: number }[] = [];

  constructor(readonly clock: FakeClock, readonly server: ChatServer, readonly chance: Chance) {}

  get open(): Tab[] {
    return this.tabs.filter(({ isOpen }) => isOpen);
  }

  tab(options: TabOptions): Tab {
    const tab = new Tab(this, options);
    this.tabs.push(tab);
    return tab;
  }

  shelf(): Shelf {
    return {
      ...this.storage,
      setItem: (key, value) => {
        if (this.isFull) throw new Error('QuotaExceededError');
        this.storage.setItem(key, value);
      },
    };
  }

  host(tab: Tab): TabsHost {
    return {
      channel: (name, hear) => this.channel(tab, name, hear),
      lock: (name, way, events) => this.lock(tab, name, way, events),
    };
  }

  /** Whatever a closed tab held. */
  release(tab: Tab): void {
    for (const [name, queue] of [...this.locks]) this.settle(name, queue.filter((one) => one.tab !== tab));
  }

  private channel(tab: Tab, name: string, hear: (message: unknown) => void): Channel {
    const mine = { name, tab, hear, isOpen: true, arrival: 0 };
    this.channels.push(mine);
    return {
      post: (message) => {
        for (const other of this.channels.filter((one) => one !== mine && one.name === name)) {
          const copy = structuredClone(message);
          const now = this.clock.steady();
          other.arrival = Math.max(other.arrival, now + this.chance.below(5));
          this.clock.after(other.arrival - now, () => other.tab.hears(() => other.isOpen && other.hear(copy)));
        }
      },
      close: () => void (mine.isOpen = false),
    };
  }

  private lock(tab: Tab, name: string, way: 'wait' | 'steal', events: LockEvents): () => void {
    const mine = { tab, events };
    if (this.isLockless) {
      this.clock.after(1, () => tab.hears(() => events.refused()));
      return () => undefined;
    }
    const queue = this.locks.get(name) ?? [];
    if (way === 'steal') {
      const [robbed] = queue;
      if (robbed) this.clock.after(1, () => robbed.tab.hears(() => robbed.events.lost()));
      this.settle(name, [mine, ...queue.slice(1)], true);
    } else {
      this.settle(name, [...queue, mine], queue.length === 0);
    }
    return () => this.settle(name, (this.locks.get(name) ?? []).filter((one) => one !== mine));
  }

  /** Sets who holds and who waits; tells the first if it is new. */
  private settle(name: string, queue: Waiting[], isNew = this.locks.get(name)?.[0] !== queue[0]): void {
    this.locks.set(name, queue);
    const [first] = queue;
    if (!isNew || !first) return;
    this.clock.after(1, () => {
      if (this.locks.get(name)?.[0] === first) first.tab.hears(() => first.events.held());
    });
  }
}

export class Tab {
  readonly client: Client;
  readonly session: Shelf;
  readonly shown: string[] = [];
  readonly states: string[] = [];
  /** Whose cookie the browser holds. */
  cookie: string;
  isOpen = true;
  /** Hung: it neither hears nor runs anything. */
  isHung = false;
  /** In the background: its timers come a minute late. */
  isHeldBack = false;
  private held: (() => unknown)[] = [];

  constructor(private readonly browser: FakeBrowser, readonly options: TabOptions) {
    const { server, clock } = browser;
    this.session = options.session ?? memoryShelf();
    this.cookie = options.person;
    this.client = new Client({
      clock: this.clock(clock),
      keep: new Keep(browser.shelf(), this.session),
      rest: server.restFor(() => this.cookie),
      open: (events) => server.socketFor(this.cookie, this)({
        open: () => this.hears(() => events.open()),
        text: (data) => this.hears(() => events.text(data)),
        closed: (code) => this.hears(() => events.closed(code)),
      }),
      ...(options.isNameless ? {} : { person: options.person }),
      tabs: options.isPlain ? null : browser.host(this),
    });
    this.client.on('message', ({ message }) => this.shown.push(`${message.conversation}#${message.seq}`));
    this.client.on('reset', ({ id }) => this.shown.push(`reset ${id}`));
    this.client.on('state', ({ phase }) => this.states.push(phase));
    this.client.start();
  }

  /** Runs what reaches this tab, now or when it is awake again. */
  hears(run: () => unknown): void {
    if (!this.isOpen) return;
    if (this.isHung) this.held.push(run);
    else run();
  }

  wake(): void {
    this.isHung = false;
    const { held } = this;
    this.held = [];
    for (const run of held) this.hears(run);
  }

  /** Gone without a word; what it had said to the network still travels. */
  close(): void {
    this.isOpen = false;
    this.browser.release(this);
    for (const line of this.browser.server.open) if (line.owner === this) line.cut();
  }

  reload(): Tab {
    this.close();
    return this.browser.tab({ ...this.options, session: this.session });
  }

  private clock(clock: FakeClock): Clock {
    return {
      now: () => clock.now(),
      random: () => this.browser.chance.next(),
      uuid: () => clock.uuid(),
      after: (ms, run) => {
        let isOff = false;
        const timer = clock.after(this.isHeldBack ? ms + 60_000 : ms, () => this.hears(() => !isOff && run()));
        return {
          cancel: () => {
            isOff = true;
            timer.cancel();
          },
        };
      },
    };
  }
}
