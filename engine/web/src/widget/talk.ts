// What the script on a host's page and the frame with the chat say to each other, by postMessage.

/** The page that the customer is on, as agents see it. */
export interface HostPage {
  url: string;
  title: string;
  referrer: string;
  language: string;
}

/** What the host asks for. */
export interface Wishes {
  identity?: string | undefined;
  topic?: string | undefined;
  agent?: string | undefined;
  start?: string | undefined;
}

export type FromHost =
  | { op: 'hello'; token: string | undefined; page: HostPage; wishes: Wishes; isOpen: boolean }
  | { op: 'shown'; isOpen: boolean }
  | { op: 'page'; page: HostPage }
  | { op: 'identify'; identity: string | undefined };

export interface Brand {
  color: string;
  title: string;
  position: string;
}

export type FromFrame =
  | { op: 'ready' }
  /** Kept by the host's script, since the frame's own storage may be blocked; without one it is forgotten. */
  | { op: 'token'; token: string | undefined }
  | { op: 'unread'; count: number }
  | { op: 'close' }
  | { op: 'brand'; brand: Brand }
  /** For those whom `webim.on` has named. */
  | { op: 'event'; name: string; data: unknown };

/** The mark of ours on a message: pages are spoken to by many. */
const MARK = 'webim';

export function wrapped(message: FromHost | FromFrame): Record<string, unknown> {
  return { [MARK]: 1, ...message };
}

/** The message, if it is one of ours from `source` at `origin`. */
export function taken<Message>(event: MessageEvent, source: Window | null | undefined, origin: string): Message | undefined {
  if (!source || event.source !== source || event.origin !== origin) return undefined;
  const data = event.data as Record<string, unknown> | null;
  return typeof data === 'object' && data !== null && data[MARK] === 1 ? (data as Message) : undefined;
}
