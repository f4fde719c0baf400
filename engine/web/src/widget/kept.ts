// What the host's page keeps for the widget: the visitor's token, whether the chat is open in this tab, how it looks.

import type { Brand } from './talk';

export interface Kept {
  token?: string | undefined;
  brand?: Brand | undefined;
}

function of(shelf: 'localStorage' | 'sessionStorage'): Storage | undefined {
  try {
    return window[shelf];
  } catch {
    return undefined;
  }
}

/** A store that forbids everything costs the memory, never the chat. */
export class Memory {
  private readonly name: string;
  private kept: Kept;

  constructor(channel: string) {
    this.name = `webim.widget.${channel}`;
    this.kept = this.read();
  }

  get(): Kept {
    return this.kept;
  }

  set(change: Kept): void {
    this.kept = { ...this.kept, ...change };
    try {
      of('localStorage')?.setItem(this.name, JSON.stringify(this.kept));
    } catch {
      // Lasts as long as the page.
    }
  }

  get isOpen(): boolean {
    try {
      return of('sessionStorage')?.getItem(this.name) === 'open';
    } catch {
      return false;
    }
  }

  set isOpen(isOpen: boolean) {
    try {
      of('sessionStorage')?.setItem(this.name, isOpen ? 'open' : 'closed');
    } catch {
      // The next page begins closed.
    }
  }

  private read(): Kept {
    try {
      const kept = JSON.parse(of('localStorage')?.getItem(this.name) ?? '{}') as Kept | null;
      return typeof kept === 'object' && kept !== null ? kept : {};
    } catch {
      return {};
    }
  }
}
