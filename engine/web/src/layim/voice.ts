// The sound of a message: two soft notes, made here, so that no file is needed. A host may name a sound of its own.

import { safeAddress } from './markup/address';
import { cache } from './state';

/** Milliseconds between two sounds: many messages at once are one sound. */
const PAUSE = 1_200;
const OURS = 'default.mp3';

let context: AudioContext | undefined;
let last = 0;

export function ring(): void {
  const { voice = OURS } = cache.base;
  const now = Date.now();
  if (voice === false || now - last < PAUSE) return;
  last = now;
  try {
    if (voice === OURS) chime();
    else void file(String(voice))?.play().catch(() => undefined);
  } catch {
    // A browser without sound, or one that wants a click first.
  }
}

function chime(): void {
  context ??= new AudioContext();
  // Before the first click a browser keeps it still.
  if (context.state === 'suspended') void context.resume().catch(() => undefined);
  const start = context.currentTime;
  for (const [pitch, at] of [[659.25, 0], [880, 0.11]] as const) {
    const tone = context.createOscillator();
    const loud = context.createGain();
    tone.type = 'sine';
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0, start + at);
    loud.gain.linearRampToValueAtTime(0.12, start + at + 0.015);
    loud.gain.exponentialRampToValueAtTime(0.0008, start + at + 0.32);
    tone.connect(loud).connect(context.destination);
    tone.start(start + at);
    tone.stop(start + at + 0.34);
  }
}

function file(name: string): HTMLAudioElement | undefined {
  const { dir = '' } = (window as { layui?: { cache?: { dir?: string } } }).layui?.cache ?? {};
  const address = safeAddress(`${dir}css/modules/layim/voice/${name}`, ['http:', 'https:']);
  return address === undefined ? undefined : new Audio(address);
}
