// Recording what one says: a click begins, and the bar ends it; a button that is held ends it by letting go.

import { action, el, icon, set } from '../dom';
import { handle } from '../events';
import { t } from '../texts';
import { toast } from '../toast';

/** Longest recording in seconds, and the shortest worth sending. */
const LONGEST = 300;
const SHORTEST = 0.8;
/** Milliseconds after which a pressed button is a held one. */
const HELD = 600;
const KINDS = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];

export interface Recording {
  file: File;
  seconds: number;
}

export class Recorder {
  readonly tool = el('span.layui-icon.layui-icon-mike.layim-tool-voice', { ...action('record', t('record')), 'aria-pressed': 'false' });
  /** Lies over the place to write while one records. */
  readonly bar: HTMLElement;
  private readonly time = el('span', { role: 'timer' });
  private recorder: MediaRecorder | undefined;
  private chunks: Blob[] = [];
  private begun = 0;
  private timer: ReturnType<typeof setInterval> | undefined;
  private isAsking = false;
  private pressed = 0;

  constructor(private readonly done: (recording: Recording) => void) {
    const send = el('button.layim-record-send', { type: 'button', 'layim-event': 'recordSend', title: t('recordSend') }, icon('release'), t('recordSend'));
    const cancel = el('button', { type: 'button', 'layim-event': 'recordCancel', title: t('recordCancel') }, icon('close'), t('recordCancel'));
    this.bar = el('div.layim-record', { hidden: true, role: 'group', 'aria-label': t('record') }, el('i', { 'aria-hidden': 'true' }), this.time, cancel, send);
    this.tool.addEventListener('pointerdown', () => void (this.pressed = Date.now()));
    this.tool.addEventListener('pointerup', () => {
      if (this.recorder && Date.now() - this.pressed > HELD) this.stop(true);
    });
    // A finger that rests would open the browser's own menu.
    this.tool.addEventListener('contextmenu', (event) => event.preventDefault());
    this.tool.addEventListener('pointerdown', (event) => {
      if (event.pointerType === 'touch') void this.start();
    });
  }

  get isOn(): boolean {
    return this.recorder !== undefined;
  }

  /** The button was clicked. */
  toggle(): void {
    if (this.recorder) {
      if (Date.now() - this.begun > HELD) this.stop(true);
    } else {
      void this.start();
    }
  }

  private async start(): Promise<void> {
    if (this.recorder || this.isAsking) return;
    this.isAsking = true;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const kind = KINDS.find((one) => MediaRecorder.isTypeSupported(one));
      const recorder = new MediaRecorder(stream, kind ? { mimeType: kind } : {});
      this.chunks = [];
      recorder.addEventListener('dataavailable', ({ data }) => void (data.size > 0 && this.chunks.push(data)));
      recorder.start(1_000);
      this.recorder = recorder;
      this.begun = Date.now();
      this.timer = setInterval(() => this.tick(), 200);
      this.show(true);
    } catch (error) {
      const { name, message } = error as Error;
      const isDenied = name === 'NotAllowedError' || name === 'SecurityError';
      toast(isDenied ? t('recordDenied') : t('recordFailed', { reason: message || name }));
    } finally {
      this.isAsking = false;
    }
  }

  private tick(): void {
    const seconds = Math.floor((Date.now() - this.begun) / 1000);
    const text = t('recording', { time: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}` });
    if (this.time.textContent !== text) this.time.textContent = text;
    if (seconds >= LONGEST) this.stop(true);
  }

  /** Ends the recording, to send it or to throw it away; false if there is none. */
  stop(isSent: boolean): boolean {
    const { recorder } = this;
    if (!recorder) return false;
    const seconds = (Date.now() - this.begun) / 1000;
    this.recorder = undefined;
    clearInterval(this.timer);
    this.show(false);
    recorder.addEventListener('stop', () => {
      for (const track of recorder.stream.getTracks()) track.stop();
      const type = (recorder.mimeType || 'audio/webm').split(';')[0] ?? '';
      if (!isSent) return;
      if (seconds < SHORTEST) toast(t('recordShort'));
      else this.done({ file: new File(this.chunks, `voice.${type.split('/')[1] ?? 'webm'}`, { type }), seconds: Math.max(1, Math.round(seconds)) });
    });
    recorder.stop();
    return true;
  }

  private show(isOn: boolean): void {
    const hadFocus = this.bar.contains(document.activeElement);
    this.bar.hidden = !isOn;
    this.tool.classList.toggle('layim-recording', isOn);
    set(this.tool, { 'aria-pressed': String(isOn) });
    if (isOn) {
      this.tick();
      this.bar.querySelector<HTMLElement>('.layim-record-send')?.focus();
    } else if (hadFocus) {
      this.tool.focus();
    }
  }
}

/** Binds the buttons; `front` is the recorder of the chat in front. */
export function bindRecorder(front: () => Recorder | undefined): void {
  handle('record', () => front()?.toggle());
  handle('recordSend', () => void front()?.stop(true));
  handle('recordCancel', () => void front()?.stop(false));
}
