// Beside the customer's messages: notes, whispers, receipts, transfers. Nothing of it ever reaches the customer.

import type { Side } from '../generated/types';
import { el } from '../layim/dom';
import { shortTime } from '../layim/time';
import { lang } from '../page/texts';
import type { SidePage } from '../service/shapes';
import type { Book } from './book';
import { d, type DeskText } from './texts';

export interface SideOptions {
  book: Book;
  /** Whether this person may whisper. */
  isSupervisor: boolean;
  failed(error: unknown): void;
}

const KINDS: Record<Side['kind'], DeskText> = {
  note: 'sideNote', whisper: 'sideWhisper', receipt: 'sideReceipt', transfer: 'sideTransfer', system: 'sideSystem', robot: 'sideRobot',
};

/** What becomes of a transfer. */
const STEPS: Record<string, DeskText> = {
  offered: 'stepOffered', accepted: 'stepAccepted', declined: 'stepDeclined', timed_out: 'stepTimedOut', cancelled: 'stepCancelled', committed: 'stepCommitted',
};

export class SideView {
  readonly root: HTMLElement;
  private readonly list = el('ol.webim-side-list', { role: 'log', 'aria-label': d('notes') });
  private readonly field = el('textarea', { rows: 2, maxlength: 2_000, placeholder: d('addNote'), 'aria-label': d('addNote') });
  private readonly entries = new Map<number, Side>();
  private conversation: string | undefined;
  private readonly sentences = new Map<string, Promise<string | undefined>>();

  constructor(private readonly options: SideOptions) {
    const note = el('button.webim-small', { type: 'button' }, d('addNote'));
    const whisper = el('button.webim-small.webim-whisper', { type: 'button' }, d('addWhisper'));
    note.addEventListener('click', () => void this.say(false));
    whisper.addEventListener('click', () => void this.say(true));
    this.root = el(
      'div.webim-beside',
      {},
      el('p.webim-hint', {}, d('notes')),
      this.list,
      el('div.webim-note', {}, this.field, el('div', {}, options.isSupervisor && whisper, note)),
    );
    options.book.client.on('side', (entry) => {
      if (entry.conversation === this.conversation) this.take([entry]);
    });
  }

  async show(conversation: string): Promise<void> {
    if (conversation === this.conversation) return;
    this.conversation = conversation;
    this.entries.clear();
    this.list.replaceChildren();
    this.field.value = '';
    await this.read();
  }

  /** After a lost connection. */
  async read(): Promise<void> {
    const { conversation } = this;
    if (conversation === undefined) return;
    const { items } = await this.options.book.client.rest.call<SidePage>('GET', `/api/v1/service/conversations/${encodeURIComponent(conversation)}/side?limit=100`);
    if (conversation === this.conversation) this.take(items);
  }

  private take(entries: Side[]): void {
    for (const entry of entries) this.entries.set(entry.seq, entry);
    const sorted = [...this.entries.values()].sort((a, b) => a.seq - b.seq);
    this.list.replaceChildren(...sorted.map((entry) => this.item(entry)));
    this.list.scrollTop = this.list.scrollHeight;
  }

  private item({ kind, author, text, time, about }: Side): HTMLElement {
    const words = el('p', { dir: 'auto' }, kind === 'transfer' && text in STEPS ? d(STEPS[text] as DeskText) : text);
    if (kind === 'receipt' && about) void this.explain(about, words);
    const name = author ? (this.options.book.faces.get(author)?.name ?? '') : '';
    return el(
      'li',
      { class: `webim-entry webim-entry-${kind}` },
      el('header', {}, el('b', {}, d(KINDS[kind])), name !== '' && el('span', { dir: 'auto' }, name), el('time', {}, shortTime(time, Date.now()))),
      words,
    );
  }

  /** A receipt in a sentence, instead of the word for it. */
  private async explain(assignment: string, words: HTMLElement): Promise<void> {
    const known = this.sentences.get(assignment) ?? this.options.book.client.rest
      .call<{ sentence_zh: string; sentence_en: string }>('GET', `/api/v1/assignments/${encodeURIComponent(assignment)}/why`)
      .then((why) => (lang() === 'en' ? why.sentence_en : why.sentence_zh), () => undefined);
    this.sentences.set(assignment, known);
    const sentence = await known;
    if (sentence) words.textContent = sentence;
  }

  private async say(isWhisper: boolean): Promise<void> {
    const { conversation, field } = this;
    const text = field.value.trim();
    if (conversation === undefined || text === '') return field.focus();
    const { service } = this.options.book.client;
    try {
      await (isWhisper ? service.whisper(conversation, text) : service.note(conversation, text));
      if (field.value.trim() === text) field.value = '';
    } catch (error) {
      this.options.failed(error);
    }
  }
}
