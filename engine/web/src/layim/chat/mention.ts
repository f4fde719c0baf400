// Whom one means by `@`: the members of the group whose names begin as one writes, or hold it.

import type { Friend, Id, Mention } from '../contract';
import { avatar, el, set } from '../dom';
import { pictureAddress } from '../markup/address';
import { cache, same } from '../state';
import { t } from '../texts';

/** Names offered at a time. */
const SHOWN = 7;
/** The id of nobody: all of them. */
const EVERYONE = '*';
/** What stands before the caret while one writes a name. */
const BEGUN = /(?:^|\s)@([^\s@]{0,20})$/u;

let made = 0;

export class MentionView {
  readonly root = el('ul.layim-mentions', { id: `layim-mentions-${(made += 1)}`, role: 'listbox', 'aria-label': t('mention'), hidden: true });
  private people: Friend[] = [];
  /** Names that were chosen, and whom they mean. */
  private readonly meant = new Map<string, Id>();
  private at = 0;
  /** Counts what was asked, so that a late answer to an old question is dropped. */
  private asked = 0;

  constructor(private readonly textarea: HTMLTextAreaElement, private readonly members: () => Promise<Friend[]>, private readonly everyone = false) {
    set(textarea, { 'aria-autocomplete': 'list', 'aria-controls': this.root.id });
    textarea.addEventListener('input', () => void this.update());
    textarea.addEventListener('blur', () => this.close());
    // The field keeps the focus; a click would take it.
    this.root.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      const item = event.target instanceof Element ? event.target.closest<HTMLElement>('li') : null;
      if (item) this.choose(Number(item.dataset['at']));
    });
  }

  private async update(): Promise<void> {
    const wanted = this.begun();
    this.asked += 1;
    const { asked } = this;
    if (wanted === undefined) {
      this.close();
      return;
    }
    const all = await this.members().catch((): Friend[] => []);
    if (asked !== this.asked) return;
    const name = (friend: Friend) => String(friend.username).toLowerCase();
    const fitting = all.filter((friend) => !same(friend.id, cache.mine.id) && name(friend).includes(wanted));
    fitting.sort((a, b) => Number(name(b).startsWith(wanted)) - Number(name(a).startsWith(wanted)));
    const toEveryone = t('everyone');
    const isAll = this.everyone && toEveryone.includes(wanted);
    const toAll: Friend = { id: EVERYONE, username: toEveryone, avatar: '' };
    this.people = [...(isAll ? [toAll] : []), ...fitting].slice(0, SHOWN);
    this.at = 0;
    this.draw();
  }

  private begun(): string | undefined {
    const { value, selectionStart } = this.textarea;
    return BEGUN.exec(value.slice(0, selectionStart))?.[1]?.toLowerCase();
  }

  private draw(): void {
    this.root.hidden = this.people.length === 0;
    this.root.replaceChildren(
      ...this.people.map(({ username, avatar: src }, at) =>
        el(
          'li',
          { id: `${this.root.id}-${at}`, role: 'option', 'data-at': at, 'aria-selected': String(at === this.at), class: at === this.at ? 'layim-this' : undefined },
          src === '' ? el('b.layim-mention-all', { 'aria-hidden': 'true' }, '@') : avatar(pictureAddress(src)),
          el('span', { dir: 'auto' }, String(username)),
        ),
      ),
    );
    set(this.textarea, { 'aria-activedescendant': this.people.length > 0 && `${this.root.id}-${this.at}` });
  }

  close(): boolean {
    const was = !this.root.hidden;
    this.people = [];
    this.draw();
    return was;
  }

  private choose(at: number): void {
    const { textarea } = this;
    const begun = this.begun();
    const chosen = this.people[at];
    this.close();
    if (begun === undefined || chosen === undefined) return;
    const name = chosen.username;
    this.meant.set(name, chosen.id);
    textarea.setRangeText(`@${name} `, textarea.selectionStart - begun.length - 1, textarea.selectionStart, 'end');
    textarea.dispatchEvent(new Event('input'));
    textarea.focus();
  }

  /** Whom `text` calls, as far as they were chosen here; from then on nobody was. */
  take(text: string): Mention | undefined {
    const said = [...this.meant].filter(([name]) => text.split(`@${name}`).slice(1).some((rest) => /^(?:\s|$)/u.test(rest)));
    this.meant.clear();
    if (said.length === 0) return undefined;
    const people = said.map(([, id]) => id).filter((id) => id !== EVERYONE);
    const everyone = said.some(([, id]) => id === EVERYONE);
    return { ...(people.length > 0 ? { people } : {}), ...(everyone ? { everyone } : {}) };
  }

  /** Takes the keys that belong to the list while it is open; true if the key was one. */
  key(event: KeyboardEvent): boolean {
    if (this.root.hidden || event.isComposing) return false;
    const count = this.people.length;
    if (event.key === 'ArrowDown') this.at = (this.at + 1) % count;
    else if (event.key === 'ArrowUp') this.at = (this.at + count - 1) % count;
    else if (event.key === 'Enter' || event.key === 'Tab') this.choose(this.at);
    else if (event.key === 'Escape') this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    if (count > 0 && !this.root.hidden) this.draw();
    return true;
  }
}
