// Where a client that keeps the messages itself stands, over restarts.

import type { Clock } from './clock';
import type { Feed } from './feed';
import type { Keep } from './keep';

/** Milliseconds between two writings. */
const EVERY = 2_000;

export interface PositionsOptions {
  clock: Clock;
  keep: Keep;
  feed: Feed;
  person: string;
}

export class Positions {
  private isWaiting = false;

  constructor(private readonly options: PositionsOptions) {
    const kept = options.keep.resume(options.person);
    if (kept) options.feed.restore(kept);
  }

  /** Something took its place; it is written in a while. */
  changed(): void {
    if (this.isWaiting) return;
    this.isWaiting = true;
    const { clock, keep, feed, person } = this.options;
    clock.after(EVERY, () => {
      this.isWaiting = false;
      const resume = feed.resume();
      if (resume) keep.setResume(person, resume);
    });
  }
}
