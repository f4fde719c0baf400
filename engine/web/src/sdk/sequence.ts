// The order of one conversation as this client has received it: no gap, nothing twice.

import type { Message } from '../generated/types';

export interface Place {
  seq: number;
  message: string;
}

/** How many messages may wait beyond a gap; past that, reading the conversation anew is cheaper. */
export const AHEAD_LIMIT = 1_000;

export class Sequence {
  /** The last message up to which nothing is missing. */
  at: Place | undefined;
  /** What came before what precedes it: a message, or only the place of one's own that was acknowledged. */
  private readonly ahead = new Map<number, Place & { body: Message | undefined }>();

  /** Starts again after `place`, as after reading the newest page anew. */
  restart(place: Place | undefined): void {
    this.at = place;
    this.ahead.clear();
  }

  /** Takes one message and returns those that may be shown now, in order. */
  message(message: Message): Message[] {
    return this.take(message.seq, message.message, message);
  }

  /** One's own message was stored at `place`: it is shown already, so only its number counts. */
  stored(place: Place): Message[] {
    return this.take(place.seq, place.message, undefined);
  }

  /** The number of the first missing message, if later ones wait for it. */
  hole(): number | undefined {
    return this.ahead.size > 0 && this.at ? this.at.seq + 1 : undefined;
  }

  /** Too much waits beyond the gap. */
  get overfull(): boolean {
    return this.ahead.size > AHEAD_LIMIT;
  }

  private take(seq: number, message: string, body: Message | undefined): Message[] {
    // The first that is seen of a conversation is where this client begins; what is older is history.
    this.at ??= { seq: seq - 1, message: '' };
    if (seq <= this.at.seq || this.ahead.has(seq)) return [];
    this.ahead.set(seq, { seq, message, body });
    const ready: Message[] = [];
    for (let next = this.ahead.get(this.at.seq + 1); next; next = this.ahead.get(this.at.seq + 1)) {
      this.ahead.delete(next.seq);
      this.at = { seq: next.seq, message: next.message };
      if (next.body) ready.push(next.body);
    }
    return ready;
  }
}
