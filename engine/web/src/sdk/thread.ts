// What this client knows of one conversation: its place in the order, and the numbers beside its name.

import type { Conversation, Message, Recovered } from '../generated/types';
import { isSaid } from './deed';
import { Sequence } from './sequence';

export class Thread {
  readonly sequence = new Sequence();
  /** Kind, title and partner, once they have been read. */
  info: Conversation | undefined;
  /** The newest message seen or told of. */
  last: Message | undefined;
  lastSeq = 0;
  readSeq = 0;
  /** Messages of others beyond `readSeq`. */
  unread = 0;
  /** The newest unread message that calls this person. */
  mentioned: number | undefined;
  /** In a direct conversation, how far the other has read. */
  peerReadSeq = 0;
  /** `unread` is the server's own count up to here; only what comes after is counted by this client. */
  private countedTo = 0;

  constructor(readonly id: string) {}

  /** The list or a single look brought this. */
  inform(info: Conversation): void {
    this.info = info;
    this.peerReadSeq = Math.max(this.peerReadSeq, info.peer_read_seq ?? 0);
    if (info.last && info.last_seq >= this.lastSeq) this.last = info.last;
    if (info.last_seq >= this.lastSeq) this.mentioned = info.mentioned ?? undefined;
    if (info.last_seq >= this.lastSeq) this.count(info);
    // A client that stands somewhere gets there message by message; jumping would drop what is still on its way.
    if (!this.sequence.at) this.sequence.restart({ seq: info.last_seq, message: info.last?.message ?? '' });
  }

  /** The server's own numbers. */
  count({ last_seq, read_seq, unread }: Pick<Recovered, 'last_seq' | 'read_seq' | 'unread'>): void {
    this.lastSeq = Math.max(this.lastSeq, last_seq);
    this.countedTo = Math.max(this.countedTo, last_seq);
    if (read_seq < this.readSeq) {
      // A mark of ours has not reached the server yet: its count is too high by what lies below the mark.
      this.unread = Math.min(unread, Math.max(0, this.lastSeq - this.readSeq));
      return;
    }
    this.readSeq = read_seq;
    this.unread = unread;
  }

  /** A message took its place in the order. */
  shown(message: Message, mine: boolean, me?: string): void {
    this.lastSeq = Math.max(this.lastSeq, message.seq);
    if (!isSaid(message)) {
      this.amend(message);
      return;
    }
    if (message.seq >= (this.last?.seq ?? 0)) this.last = message;
    const isNew = !mine && message.seq > this.readSeq;
    if (isNew && message.kind !== 'system' && message.seq > this.countedTo) this.unread += 1;
    const { mention } = message;
    if (isNew && mention && (mention.everyone || (me !== undefined && mention.people?.includes(me)))) this.mentioned = message.seq;
  }

  /** What was said last is said otherwise, or taken back. */
  private amend(change: Message): void {
    if (change.refers === this.mentioned && change.kind === 'recall') this.mentioned = undefined;
    if (!this.last || change.refers !== this.last.seq) return;
    if (change.kind === 'edit') this.last = { ...this.last, kind: 'text', body: change.body };
    if (change.kind === 'recall') this.last = { ...this.last, kind: 'recalled', body: {} };
  }

  /** The person has read up to `seq`; true if that is news. */
  read(seq: number): boolean {
    if (seq <= this.readSeq) return false;
    this.readSeq = seq;
    if (seq >= this.lastSeq) this.unread = 0;
    this.heeded(seq);
    return true;
  }

  /** A call up to `seq` has been heard. */
  heeded(seq: number): void {
    if (seq >= (this.mentioned ?? Infinity)) this.mentioned = undefined;
  }
}
