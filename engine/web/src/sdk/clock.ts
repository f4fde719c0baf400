// Time and chance, handed in so that tests own them.

import { newId } from '../ids';

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Runs `run` once, `ms` milliseconds from now, unless cancelled. */
  after(ms: number, run: () => void): Timer;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** A UUID that is greater than the one before: see `ids`. */
  uuid(): string;
}

/** The browser's (and node's) own clock. */
export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const handle = setTimeout(run, ms);
    return { cancel: () => clearTimeout(handle) };
  },
  random: () => Math.random(),
  uuid: newId,
};
