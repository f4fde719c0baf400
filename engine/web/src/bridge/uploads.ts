// Files that are being sent: a bubble with a bar at once, then the upload, then a message like any other. One after
// another, so that they stand in the order in which they were chosen.

import type { ChatData, Incoming, Layim, Part, PlusEvents } from '../layim/contract';
import { type Client, newId, RestError } from '../sdk';
import type { Attachment, SendKind, Upload } from '../generated/types';
import { type Chat, key, target } from './book';
import { whyNot } from './refusals';
import { partOf } from './said';
import { upload } from './upload';

type As = PlusEvents['files']['as'];

interface Sending {
  cid: string;
  data: ChatData;
  file: File;
  as: As;
  seconds: number | undefined;
  at: number;
  part: Part;
  progress: number | undefined;
  reason: string | undefined;
  stop: AbortController;
}

export class Uploads {
  private readonly all = new Map<string, Sending>();
  private chain: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: Client,
    private readonly layim: Layim,
    private readonly isChinese: boolean,
    /** As an agent: the lease under which a chat is answered. */
    private readonly lease?: (chat: Chat) => number | undefined,
  ) {
    const on = <Name extends keyof PlusEvents>(name: Name, run: (payload: PlusEvents[Name]) => void) => layim.on(name, run as (payload: never) => void);
    on('files', ({ data, files, as, seconds }) => {
      for (const file of files) this.begin(data, file, as, seconds);
    });
    on('cancelUpload', ({ cid }) => this.cancel(cid));
    addEventListener('beforeunload', (event) => {
      if ([...this.all.values()].some(({ progress }) => progress !== undefined)) event.preventDefault();
    });
  }

  /** Tries a file again whose upload failed; false if it is none. */
  again(cid: string): boolean {
    const sending = this.all.get(cid);
    if (!sending) return false;
    Object.assign(sending, { reason: undefined, progress: 0, stop: new AbortController() });
    this.layim.plus?.bubble(cid, { state: 'sending', progress: 0 });
    this.queue(sending);
    return true;
  }

  /** Bubbles of what is being uploaded in a chat, or could not be. */
  pending(chat: Chat): Incoming[] {
    return [...this.all.values()].filter(({ data }) => key(data) === key(chat)).map((one) => this.incoming(one));
  }

  private begin(data: ChatData, file: File, as: As, seconds: number | undefined): void {
    const sending: Sending = {
      cid: newId(), data, file, as, seconds, at: Date.now(), part: this.preview(file, as, seconds), progress: 0, reason: undefined, stop: new AbortController(),
    };
    this.all.set(sending.cid, sending);
    this.layim.getMessage(this.incoming(sending));
    this.queue(sending);
  }

  private preview(file: File, as: As, seconds: number | undefined): Part {
    if (as === 'voice') return { kind: 'voice', src: URL.createObjectURL(file), seconds: seconds ?? 0 };
    const isPicture = as !== 'file' && /^image\/(?:png|jpeg|gif|webp)$/.test(file.type);
    if (isPicture) return { kind: 'picture', src: URL.createObjectURL(file), name: file.name };
    return { kind: 'file', src: '#', name: file.name, bytes: file.size };
  }

  private incoming({ cid, data, at, part, progress, reason }: Sending): Incoming {
    const { id, type } = data;
    return {
      id, type, cid, content: '…', timestamp: at, mine: true, fromid: this.client.me?.id ?? '', part,
      state: reason === undefined ? 'sending' : 'failed',
      ...(reason === undefined ? {} : { reason }),
      ...(progress === undefined ? {} : { progress }),
    };
  }

  private queue(sending: Sending): void {
    this.chain = this.chain.then(() => this.send(sending));
  }

  private async send(sending: Sending): Promise<void> {
    const { cid, file, stop } = sending;
    if (stop.signal.aborted) return;
    const { plus } = this.layim;
    const progress = (share: number) => {
      sending.progress = share;
      plus?.bubble(cid, { progress: share });
    };
    try {
      const done = await upload({ base: this.client.rest.base, headers: this.client.rest.authorization, file, progress, signal: stop.signal });
      if (sending.as === 'picture' && done.kind !== 'picture') throw new RestError('file_broken', 422, 'This is not a picture that can be shown.');
      this.say(sending, done);
    } catch (error) {
      this.failed(sending, error instanceof RestError ? error : new RestError('internal', 0, String(error)));
    }
  }

  private say({ cid, data, as, seconds, part: shown }: Sending, done: Upload): void {
    this.all.delete(cid);
    const kind = kindOf(as, done);
    const body: Attachment = {
      file: done.id, name: done.name, bytes: done.bytes, type: done.media_type,
      ...(done.width && done.height ? { width: done.width, height: done.height } : {}),
      ...(seconds ? { seconds } : {}),
    };
    const part = partOf({ kind, body } as Parameters<typeof partOf>[0]);
    this.layim.plus?.bubble(cid, { progress: undefined, ...(part ? { part } : {}) });
    if ('src' in shown && shown.src.startsWith('blob:')) URL.revokeObjectURL(shown.src);
    const lease = this.lease?.(data);
    const saying = { kind, body: { file: done.id, ...(seconds ? { seconds } : {}) }, looks: { kind, body }, ...(lease === undefined ? {} : { lease }) };
    this.client.send(target(data), saying, cid);
  }

  private failed(sending: Sending, { code, message }: RestError): void {
    if (code === 'cancelled') return;
    sending.progress = undefined;
    sending.reason = whyNot({ code, reason: message }, this.isChinese);
    this.layim.plus?.bubble(sending.cid, { progress: undefined, state: 'failed', reason: sending.reason });
  }

  private cancel(cid: string): void {
    const sending = this.all.get(cid);
    if (!sending) return;
    this.all.delete(cid);
    sending.stop.abort();
    this.layim.plus?.remove(cid);
    this.layim.plus?.toast(this.isChinese ? '已取消发送' : 'Not sent');
  }
}

/** What kind of message a file becomes: how it was sent, else what it is. */
function kindOf(as: As, { kind }: Upload): SendKind {
  if (as === 'voice' || as === 'file' || as === 'picture') return as;
  return kind === 'picture' || kind === 'video' ? kind : 'file';
}

