// The page around the frame: it keeps the token, says where the customer is, and hears what it may show.

import { type Brand, type FromFrame, type FromHost, type HostPage, taken, type Wishes, wrapped } from '../widget/talk';

export interface Hello {
  token: string | undefined;
  page: HostPage;
  wishes: Wishes;
  isOpen: boolean;
}

/** Milliseconds until a page that frames this one, and says nothing, is taken for one without our script. */
const PATIENCE = 4_000;

export interface HostListener {
  shown(isOpen: boolean): void;
  page(page: HostPage): void;
  identify(identity: string | undefined): void;
}

export class Host {
  isOpen = true;
  private listener: HostListener | undefined;

  /** `origin` is the host page's, as its script named it; the server lets only allowed ones frame this page. */
  constructor(private readonly origin: string, private readonly channel: string) {}

  /** Whether a script of ours on another page shows this one. */
  get isFramed(): boolean {
    return this.origin !== '' && parent !== window;
  }

  /** What the host says first; what this page knows itself, where there is none. */
  meet(): Promise<Hello> {
    if (!this.isFramed) return Promise.resolve(this.alone());
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(this.alone()), PATIENCE);
      addEventListener('message', (event) => {
        const message = taken<FromHost>(event, parent, this.origin);
        if (!message) return;
        if (message.op === 'hello') {
          clearTimeout(timer);
          this.isOpen = message.isOpen;
          resolve(message);
        } else {
          this.heard(message);
        }
      });
      this.tell({ op: 'ready' });
    });
  }

  listen(listener: HostListener): void {
    this.listener = listener;
  }

  keep(token: string | undefined): void {
    if (this.isFramed) {
      this.tell({ op: 'token', token });
      return;
    }
    try {
      if (token) localStorage.setItem(this.key, token);
      else localStorage.removeItem(this.key);
    } catch {
      // Lasts as long as the page.
    }
  }

  unread(count: number): void {
    this.tell({ op: 'unread', count });
  }

  close(): void {
    this.tell({ op: 'close' });
  }

  brand(brand: Brand): void {
    this.tell({ op: 'brand', brand });
  }

  event(name: string, data: unknown): void {
    this.tell({ op: 'event', name, data });
  }

  private get key(): string {
    return `webim.visitor.${this.channel}`;
  }

  private alone(): Hello {
    let token: string | undefined;
    try {
      token = localStorage.getItem(this.key) ?? undefined;
    } catch {
      // A visitor of one page.
    }
    const query = new URLSearchParams(location.search);
    const wish = (name: string) => query.get(name) ?? undefined;
    // A fragment stays in the browser, which a token in the query would not.
    const identity = /[#&]identity=([^&]+)/.exec(location.hash)?.[1];
    if (identity) history.replaceState(null, '', location.pathname + location.search);
    const page = { url: location.href.slice(0, 2_000), title: document.title.slice(0, 200), referrer: document.referrer.slice(0, 2_000), language: navigator.language };
    return { token, page, wishes: { identity, topic: wish('topic'), agent: wish('agent'), start: wish('start') }, isOpen: true };
  }

  private heard(message: Exclude<FromHost, { op: 'hello' }>): void {
    if (message.op === 'shown') {
      this.isOpen = message.isOpen;
      this.listener?.shown(message.isOpen);
    } else if (message.op === 'page') {
      this.listener?.page(message.page);
    } else {
      this.listener?.identify(message.identity);
    }
  }

  private tell(message: FromFrame): void {
    if (this.isFramed) parent.postMessage(wrapped(message), this.origin);
  }
}
