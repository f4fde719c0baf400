// UUIDs in the order of time (version 7): neighbours in time are neighbours in the server's index, so that one page
// of it takes them all. That they are unique rests on 62 random bits alone, never on the clock.

/** Milliseconds by which a clock may be set back before ids follow it: less is noise, and their order is worth more. */
const NOISE = 10_000;
const LATEST = 2 ** 48 - 1;

/** A maker of ids from a clock and a source of random bytes; each id is greater than the one before. */
export function timeOrdered(now: () => number, fill: (bytes: Uint8Array) => void): () => string {
  let last = -Infinity;
  let count = 0;
  return () => {
    const bytes = new Uint8Array(16);
    fill(bytes);
    const time = Math.min(LATEST, Math.max(0, Math.trunc(now()) || 0));
    if (time > last || time < last - NOISE) {
      last = time;
      // Half of the room is left for those that follow in the same millisecond.
      count = (((bytes[6] ?? 0) << 8) | (bytes[7] ?? 0)) & 0x7ff;
    } else if (count < 0xfff) {
      count += 1;
    } else {
      last += 1;
      count = 0;
    }
    const view = new DataView(bytes.buffer);
    view.setUint32(0, Math.floor(last / 0x10000));
    view.setUint16(4, last % 0x10000);
    view.setUint16(6, 0x7000 | count);
    view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  };
}

/** With this machine's clock and randomness; `randomUUID` would need a secure origin, and a first trial is plain http. */
export const newId = timeOrdered(Date.now, (bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>));
