// A small player for what somebody said: one button, a bar as wide as it is long, the seconds.

import type { Part } from '../contract';
import { el, icon, set } from '../dom';
import { safeAddress } from '../markup/address';
import { t } from '../texts';
import { toast } from '../toast';

/** Pixels of the bar: at least, and for each second, and at most. */
const LEAST = 64;
const PER_SECOND = 4;
const MOST = 220;

/** The one that plays; a second one stops it. */
let playing: HTMLAudioElement | undefined;

export function seconds(count: number): string {
  const whole = Math.max(0, Math.round(count));
  return whole < 60 ? `${whole}″` : `${Math.floor(whole / 60)}′${String(whole % 60).padStart(2, '0')}″`;
}

export function voiceView({ src, seconds: length }: Extract<Part, { kind: 'voice' }>): HTMLElement {
  const time = el('span.layim-voice-time', {}, seconds(length));
  const fill = el('i');
  const bar = el('span.layim-voice-bar', { 'aria-hidden': 'true' }, fill);
  bar.style.width = `${Math.min(MOST, LEAST + length * PER_SECOND)}px`;
  const button = el('button.layim-voice', { type: 'button' }, icon('play'), bar, time);
  const name = (isPlaying: boolean) => {
    const label = t(isPlaying ? 'pauseVoice' : 'playVoice', { n: Math.round(length) });
    set(button, { 'aria-label': label, title: label, 'data-playing': isPlaying });
    button.firstElementChild?.replaceWith(icon(isPlaying ? 'pause' : 'play'));
  };
  name(false);
  let sound: HTMLAudioElement | undefined;
  const make = (): HTMLAudioElement => {
    const made = new Audio(src);
    made.addEventListener('timeupdate', () => {
      fill.style.width = `${Math.min(100, (made.currentTime / Math.max(length, 0.5)) * 100)}%`;
      time.textContent = seconds(made.paused ? length : Math.max(0, length - made.currentTime));
    });
    made.addEventListener('play', () => name(true));
    made.addEventListener('pause', () => name(false));
    made.addEventListener('ended', () => {
      fill.style.width = '0';
      time.textContent = seconds(length);
    });
    return made;
  };
  button.addEventListener('click', () => {
    if (safeAddress(src, ['http:', 'https:', 'blob:']) === undefined) return;
    sound ??= make();
    if (!sound.paused) {
      sound.pause();
      return;
    }
    if (playing !== sound) playing?.pause();
    playing = sound;
    sound.play().catch((error: unknown) => {
      if ((error as Error).name !== 'AbortError') toast(t('mediaFailed'));
    });
  });
  return button;
}
