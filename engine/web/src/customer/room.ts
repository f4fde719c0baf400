// A customer who has come in: their connection, their lanes, each a chat of LayIM's.

import { Bridge } from '../bridge/bridge';
import type { ChatData, Layim } from '../layim/contract';
import { el } from '../layim/dom';
import { layim as ours } from '../layim/layim';
import { connectionLine } from '../page/connection';
import { lang } from '../page/texts';
import { Client, type Keep, type Rest, RestError } from '../sdk';
import type { ChannelFace, Face, Lane } from '../service/shapes';
import type { HostPage } from '../widget/talk';
import { Lanes } from './lanes';
import type { Choice } from './start';
import { c } from './texts';

export interface RoomOptions {
  rest: Rest;
  keep: Keep;
  face: ChannelFace;
  person: string;
  name: string;
  /** Where the customer is. */
  page: () => HostPage;
  isSeen: () => boolean;
  /** The token is worth nothing any more. */
  ended: () => void;
}

/** Milliseconds between two words of what is being typed. */
const AHEAD_EVERY = 500;
/** Characters of it. */
const AHEAD = 500;

export class Room {
  readonly client: Client;
  readonly lanes: Lanes;
  readonly line: HTMLElement;
  readonly chat = el('section.webim-chats', { 'aria-label': c('agent') });
  private readonly layim: Layim = ours;
  private readonly bridge: Bridge;
  private front: string | undefined;
  private typed: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: RoomOptions) {
    const { rest, keep, person, ended } = options;
    this.client = new Client({ rest, keep, person, tabs: null });
    this.lanes = new Lanes(this.client, options.face.key);
    this.line = connectionLine(this.client, (word) => {
      if (word === 'session_ended' || word === 'deactivated') ended();
    });
    this.configure();
    this.bridge = new Bridge({
      client: this.client,
      layim: this.layim,
      lang: lang(),
      service: {
        chat: (conversation) => this.chatOf(conversation),
        face: (id) => this.faceOf(id),
        isSeen: options.isSeen,
      },
    });
    this.client.on('welcome', () => void this.lanes.read().catch(() => undefined));
    this.layim.on('draft', ({ data, text }: { data: ChatData; text: string }) => this.ahead(String(data.id), text));
  }

  start(): void {
    for (const name of ['online', 'focus']) addEventListener(name, () => this.client.nudge());
    document.addEventListener('visibilitychange', () => this.client.nudge());
    this.client.start();
  }

  /** The lane in front. */
  get current(): Lane | undefined {
    return this.front === undefined ? undefined : this.lanes.all.get(this.front);
  }

  /** Comes in, with what was chosen; resolves with the conversation. */
  async open(choice: Choice): Promise<string> {
    await this.online();
    const before = new Set(this.lanes.all.keys());
    const ack = await this.client.service.open({ channel: this.options.face.key, ...choice, page: this.options.page() });
    await this.lanes.read();
    const named = (ack as { service?: { conversation?: string } }).service?.conversation;
    const fresh = [...this.lanes.all.values()].find(({ conversation, topic }) => !before.has(conversation) || (choice.topic ? topic === choice.topic : true));
    const conversation = named ?? fresh?.conversation;
    if (conversation === undefined) throw new RestError('internal', 0, c('failed'));
    return conversation;
  }

  /** Brings a lane to the front. */
  show(conversation: string): void {
    const data = this.chatOf(conversation);
    if (!data) return;
    this.front = conversation;
    this.layim.chat(data);
    this.bridge.markSeen();
  }

  /** The lane has another holder, another name. */
  rename({ conversation }: Lane): void {
    const data = this.chatOf(conversation);
    if (data) this.layim.plus?.rename(data, data.name);
  }

  seen(): void {
    this.bridge.markSeen();
  }

  toast(text: string): void {
    this.layim.plus?.toast(text);
  }

  private configure(): void {
    const { face, person, name } = this.options;
    this.layim.config({
      brief: true,
      init: { mine: { id: person, username: name || c('me'), avatar: '/assets/avatar.svg', status: 'online' } },
      uploadImage: { url: '/layim/upload/image' },
      uploadFile: { url: '/layim/upload/file' },
      title: face.name,
      maxLength: this.client.textChars,
      voice: 'default.mp3',
      plus: {
        lang: lang(),
        dock: { panel: el('div'), chat: this.chat },
        fallbackAvatar: '/assets/avatar.svg',
        hostHistory: true,
        ownPages: true,
        actions: ['react', 'reply', 'copy', 'edit', 'recall'],
        ownFiles: true,
        voice: true,
      },
    });
    this.client.on('welcome', ({ text_chars: most }) => void (this.layim.cache().base.maxLength = most));
  }

  private chatOf(conversation: string): ChatData | undefined {
    const lane = this.lanes.all.get(conversation);
    if (!lane) return undefined;
    const { agent, title } = lane;
    return { type: 'kefu', id: conversation, name: agent?.name ?? title, avatar: agent?.avatar ?? '/assets/avatar.svg' };
  }

  private faceOf(id: string): Face {
    const { person, name } = this.options;
    if (id === person) return { id, name: name || c('me'), avatar: '/assets/avatar.svg' };
    return this.lanes.faces.get(id) ?? { id, name: c('agent'), avatar: '/assets/avatar.svg' };
  }

  /** What is typed, for who serves this lane. */
  private ahead(conversation: string, text: string): void {
    if (!this.options.face.typed_ahead || this.lanes.all.get(conversation)?.holder !== 'agent') return;
    clearTimeout(this.typed);
    this.typed = setTimeout(() => this.client.service.draft(conversation, [...text].slice(0, AHEAD).join('')), AHEAD_EVERY);
  }

  private online(): Promise<void> {
    if (this.client.state.phase === 'online') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const stop = this.client.on('state', ({ phase }) => {
        if (phase !== 'online' && phase !== 'ended') return;
        stop();
        if (phase === 'online') resolve();
        else reject(new RestError('offline', 0, c('failed')));
      });
    });
  }
}
