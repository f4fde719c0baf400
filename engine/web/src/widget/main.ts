// One script tag on any site: a button, and behind it a chat with the people of that site.
//
//   <script src="https://chat.example.com/widget.js" data-channel="shop" async></script>

import { Memory } from './kept';
import { Look, type Words } from './look';
import { type FromFrame, type FromHost, type HostPage, taken, type Wishes, wrapped } from './talk';

type Listener = (data: unknown) => void;

/** `window.webim`. */
interface Webim {
  open(): void;
  close(): void;
  /** Who the visitor is, as a JWT that the site's own server has signed; without one they are anybody again. */
  identify(identity?: string): void;
  /** `open`, `close`, `unread` (a number), `message`, `holder`, `visit`; returns how to stop. */
  on(name: string, listener: Listener): () => void;
}

const WORDS: Record<'zh' | 'en', Words> = {
  zh: { open: '在线咨询', close: '收起咨询', title: '在线咨询', unread: (count) => `${count} 条未读` },
  en: { open: 'Chat with us', close: 'Close the chat', title: 'Chat', unread: (count) => `${count} unread` },
};
/** Milliseconds after the page until a known visitor's chat is loaded unseen, for the number at the button. */
const LATER = 1_500;

class Widget implements Webim {
  private readonly memory: Memory;
  private readonly look: Look;
  private readonly listeners = new Map<string, Set<Listener>>();
  private isOpen = false;
  private isReady = false;

  constructor(private readonly base: string, private readonly channel: string, private readonly wishes: Wishes, lang: string, color: string) {
    this.memory = new Memory(channel);
    this.look = new Look(WORDS[lang.startsWith('zh') ? 'zh' : 'en']);
    const { brand } = this.memory.get();
    this.look.paint(color || (brand?.color ?? ''), brand?.position ?? '');
    this.look.button.addEventListener('click', () => (this.isOpen ? this.close() : this.open()));
    addEventListener('message', (event) => {
      const message = taken<FromFrame>(event, this.look.frame?.contentWindow, this.base);
      if (message) this.heard(message);
    });
    for (const name of ['popstate', 'hashchange']) addEventListener(name, () => this.tell({ op: 'page', page: page() }));
  }

  begin(): void {
    this.look.mount();
    if (this.memory.isOpen) this.open();
    else if (this.memory.get().token || this.wishes.identity) setTimeout(() => this.load(), LATER);
  }

  open(): void {
    this.show(true);
  }

  close(): void {
    this.show(false);
  }

  identify(identity?: string): void {
    this.wishes.identity = identity;
    if (!identity) this.memory.set({ token: undefined });
    if (this.isReady) this.tell({ op: 'identify', identity });
    else if (identity) this.load();
  }

  on(name: string, listener: Listener): () => void {
    const those = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, those.add(listener));
    return () => void those.delete(listener);
  }

  private show(isOpen: boolean): void {
    if (isOpen) this.load();
    if (isOpen === this.isOpen) return;
    this.isOpen = isOpen;
    this.memory.isOpen = isOpen;
    this.look.show(isOpen);
    this.look.unread(0);
    this.tell({ op: 'shown', isOpen });
    this.emit(isOpen ? 'open' : 'close', undefined);
  }

  private load(): void {
    this.look.load(`${this.base}/c/${encodeURIComponent(this.channel)}?host=${encodeURIComponent(location.origin)}`);
  }

  private tell(message: FromHost): void {
    if (this.isReady || message.op === 'hello') this.look.frame?.contentWindow?.postMessage(wrapped(message), this.base);
  }

  private heard(message: FromFrame): void {
    switch (message.op) {
      case 'ready':
        this.isReady = true;
        return this.tell({ op: 'hello', token: this.memory.get().token, page: page(), wishes: this.wishes, isOpen: this.isOpen });
      case 'token':
        return this.memory.set({ token: message.token });
      case 'unread':
        this.look.unread(message.count);
        return this.emit('unread', message.count);
      case 'close':
        return this.close();
      case 'brand':
        this.memory.set({ brand: message.brand });
        return this.look.paint(message.brand.color, message.brand.position);
      case 'event':
        return this.emit(message.name, message.data);
    }
  }

  private emit(name: string, data: unknown): void {
    for (const listener of this.listeners.get(name) ?? []) {
      try {
        listener(data);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

function page(): HostPage {
  const { href } = location;
  return { url: href.slice(0, 2_000), title: document.title.slice(0, 200), referrer: document.referrer.slice(0, 2_000), language: navigator.language };
}

function start(script: HTMLScriptElement | null): void {
  const { channel, identity, topic, agent, start: begins, lang = navigator.language, color = '' } = script?.dataset ?? {};
  const host = window as { webim?: Webim };
  // A second tag on the same page is one too many.
  if (!script || !channel || host.webim) return;
  const widget = new Widget(new URL(script.src).origin, channel, { identity, topic, agent, start: begins }, lang, color);
  host.webim = {
    open: () => widget.open(), close: () => widget.close(), identify: (token) => widget.identify(token), on: (name, listener) => widget.on(name, listener),
  };
  if (document.body) widget.begin();
  else addEventListener('DOMContentLoaded', () => widget.begin());
}

start(document.currentScript as HTMLScriptElement | null);
