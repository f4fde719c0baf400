// How long to wait before trying again: exponential with jitter, so that thousands of clients that lost the same
// server do not come back in the same moment.

/** Shortest first wait in milliseconds. */
const FIRST = 400;
/** Longest wait in milliseconds. */
const LONGEST = 10_000;

/** Milliseconds before attempt number `attempt` (from 0): between half and all of the doubled base. */
export function backoff(attempt: number, random: () => number): number {
  const full = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 10));
  return Math.round(full / 2 + (full / 2) * random());
}
