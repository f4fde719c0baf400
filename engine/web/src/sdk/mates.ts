// The other tabs of the person: what they ask of this one while it speaks with the server, and what it asks of the one
// that does.

import type { StatusName, Welcome } from '../generated/types';
import type { Commands } from './commands';
import type { Feed } from './feed';
import { type Outgoing, unsentOf } from './lanes';
import type { Outbox } from './outbox';
import { type Here, Watchers } from './relay';
import type { Station, Told } from './station';

export interface MatesOptions {
  station: Station;
  outbox: Outbox;
  feed: Feed;
  commands: Commands;
  status: () => StatusName;
  setStatus: (status: StatusName) => void;
  /** The person has read so far. */
  marked: (conversation: string, seq: number) => void;
  /** What the leader was welcomed with, if there is a connection. */
  welcome: () => Welcome | undefined;
  /** This tab came later than the connection, or slept through its beginning. */
  joined: (welcome: Welcome) => void;
}

/** Own messages whose end is remembered. */
const SETTLED = 500;
/** This tab among those that watch. */
const SELF = '';

export class Mates {
  private watchers = new Watchers();
  private watched: string[] | undefined;
  private readonly settled = new Map<string, Outgoing>();

  constructor(private readonly options: MatesOptions) {}

  /** Asks the tab that speaks to send a message; `asked` if that may have been tried before. */
  ask(outgoing: Outgoing, asked: boolean): void {
    const { station } = this.options;
    if (!station.speaks) station.tell({ op: 'said', unsent: unsentOf(outgoing), asked });
  }

  watch(people: string[]): void {
    const { station, commands } = this.options;
    this.watched = people;
    if (station.speaks) commands.watch(this.watchers.set(SELF, people));
    else station.tell({ op: 'watch', people });
  }

  /** Remembers that a message is stored; false if that is known. */
  settle(outgoing: Outgoing): boolean {
    if (this.settled.has(outgoing.clientId)) return false;
    this.settled.set(outgoing.clientId, outgoing);
    const [oldest] = this.settled.keys();
    if (oldest !== undefined && this.settled.size > SETTLED) this.settled.delete(oldest);
    return true;
  }

  /** What was stored in `conversation` may be gone with an older database: who asks for it again gets it sent again. */
  unsettle(conversation: string): void {
    for (const [clientId, { stored }] of [...this.settled]) {
      if (stored?.conversation === conversation) this.settled.delete(clientId);
    }
  }

  /** This tab speaks from now on. */
  speak(): void {
    this.watchers = new Watchers();
    if (this.watched) this.watch(this.watched);
  }

  /** How things stand, for the tab `from`. */
  here(from: string): Here {
    const { station, outbox, feed, status, welcome } = this.options;
    return {
      op: 'here',
      state: station.state,
      welcome: station.state.phase === 'online' ? welcome() : undefined,
      status: status(),
      queue: outbox.pending(),
      heads: feed.heads(),
      isWatching: this.watchers.has(from),
    };
  }

  told({ message, from, isLeader }: { message: Told; from: string; isLeader: boolean }): void {
    const { station, outbox, commands } = this.options;
    switch (message.op) {
      case 'here':
        return isLeader ? this.learn(message) : undefined;
      case 'outgoing':
        return isLeader && !this.settled.has(message.outgoing.clientId) ? outbox.mirror(message.outgoing) : undefined;
      case 'said':
        return this.said(message);
      case 'discard':
        return outbox.discard(message.clientId);
      case 'read':
        return this.options.marked(message.conversation, message.seq);
      case 'status':
        this.options.setStatus(message.status);
        return station.speaks ? commands.setStatus(message.status) : undefined;
      case 'watch':
        return station.speaks ? commands.watch(this.watchers.set(from, message.people), true) : undefined;
      case 'leave':
        return station.speaks ? commands.watch(this.watchers.set(from, undefined)) : undefined;
      case 'typing':
        return station.speaks ? commands.typing(message.conversation) : undefined;
    }
  }

  private said({ unsent, asked }: Extract<Told, { op: 'said' }>): void {
    const { station, outbox } = this.options;
    const settled = this.settled.get(unsent.clientId);
    if (!settled) outbox.take(unsent, asked);
    else if (station.speaks) station.tell({ op: 'outgoing', outgoing: settled });
  }

  private learn({ state, welcome, status, queue, heads, isWatching }: Here): void {
    const { station, outbox, feed } = this.options;
    station.adopt(state);
    this.options.setStatus(status);
    if (welcome && !feed.isCurrent(welcome.epoch)) this.options.joined({ ...welcome, recovered: [], missed: [] });
    feed.compare(heads);
    for (const outgoing of queue) if (!this.settled.has(outgoing.clientId)) outbox.mirror(outgoing);
    const known = new Set(queue.map(({ clientId }) => clientId));
    for (const outgoing of outbox.pending()) {
      if (outgoing.state !== 'failed' && !known.has(outgoing.clientId)) this.ask(outgoing, true);
    }
    if (!isWatching && this.watched) this.watch(this.watched);
  }
}
