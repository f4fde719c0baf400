// Requests to the REST interface, with the server's refusals as errors.

import type {
  Conversation, Conversations, Drafts, History, PersonCard, Problem, Readers, Session, SignIn, Stored, Target, Ticket,
} from '../generated/types';
import { type Clock, realClock } from './clock';
import { requestOf } from './deed';
import type { Outgoing } from './lanes';

/** A refusal, or `offline` where no answer came. */
export class RestError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    /** Milliseconds to wait, where the server says so. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

export interface RestOptions {
  /** Such as `https://chat.example.com`; empty for the page's own host. */
  base?: string;
  /** A bearer token, for where the cookie does not come along; sockets are then opened with tickets. */
  token?: () => string | undefined;
  /** Added to each request. */
  headers?: () => Record<string, string>;
  /** Milliseconds until an answer is given up. */
  timeout?: number;
  fetch?: typeof fetch;
  clock?: Clock;
}

/** LayIM's envelope: anything but 0 is a refusal, and `msg` says which. */
interface Envelope<T> {
  code: number;
  msg: string;
  data?: T | null;
}

export class Rest {
  constructor(private readonly options: RestOptions = {}) {}

  /** Where the server is, such as `https://chat.example.com`. */
  get base(): string {
    return this.options.base || (typeof location === 'undefined' ? '' : location.origin);
  }

  /** A token of its own says who asks, rather than a cookie that all tabs share. */
  get hasToken(): boolean {
    return this.options.token?.() !== undefined;
  }

  /** The headers that say who asks, where that is not left to a cookie: for requests that are not made here. */
  get authorization(): Record<string, string> {
    const token = this.options.token?.();
    return token === undefined ? {} : { Authorization: `Bearer ${token}` };
  }

  signIn(body: SignIn): Promise<Session> {
    return this.call('POST', '/api/v1/session', body);
  }

  session(): Promise<Session> {
    return this.call('GET', '/api/v1/session');
  }

  signOut(): Promise<void> {
    return this.call('DELETE', '/api/v1/session');
  }

  /** A ticket for one socket. */
  ticket(): Promise<Ticket> {
    return this.call('POST', '/api/v1/tickets');
  }

  /** Says `text`; the same `clientId` again is the same message. */
  post(clientId: string, to: Target, text: string): Promise<Stored> {
    return this.perform(clientId, { to, text });
  }

  /** Does what an outgoing message says: the same `clientId` again is the same deed. */
  perform(clientId: string, outgoing: Pick<Outgoing, 'to' | 'text' | 'deed'>): Promise<Stored> {
    const { method, path, body } = requestOf(outgoing);
    return this.call(method, path, body, { 'Idempotency-Key': clientId });
  }

  /** Who of a unit has read the message. */
  readers(conversation: string, seq: number): Promise<Readers> {
    return this.call('GET', `/api/v1/conversations/${encodeURIComponent(conversation)}/messages/${seq}/readers`);
  }

  /** What was written on any device and not sent. */
  drafts(): Promise<Drafts> {
    return this.call('GET', '/api/v1/drafts');
  }

  /** Keeps a draft; an empty one goes. */
  draft(to: Target, text: string): Promise<void> {
    return this.call('PUT', '/api/v1/drafts', { to, text });
  }

  conversations(after?: string): Promise<Conversations> {
    return this.call('GET', `/api/v1/conversations${query({ after, limit: 100 })}`);
  }

  conversation(id: string): Promise<Conversation> {
    return this.call('GET', `/api/v1/conversations/${encodeURIComponent(id)}`);
  }

  history(id: string, range: { before?: number; after?: number; limit?: number }): Promise<History> {
    return this.call('GET', `/api/v1/conversations/${encodeURIComponent(id)}/messages${query(range)}`);
  }

  person(id: string): Promise<PersonCard> {
    return this.call('GET', `/api/v1/people/${encodeURIComponent(id)}`);
  }

  /** A request in LayIM's envelope; a `code` that is not 0 is an error. */
  async layim<T>(path: string, fields: Record<string, string | number | undefined> = {}): Promise<T> {
    const envelope = await this.call<Envelope<T>>('GET', `${path}${query(fields)}`);
    if (envelope.code !== 0 || !envelope.data) throw new RestError('layim', envelope.code, envelope.msg);
    return envelope.data;
  }

  async call<T>(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<T> {
    const { base = '', headers, token, timeout = 20_000, fetch: request = fetch, clock = realClock } = this.options;
    const bearer = token?.();
    const stop = new AbortController();
    const timer = clock.after(timeout, () => stop.abort());
    let response: Response;
    let text: string;
    try {
      response = await request(base + path, {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        headers: {
          Accept: 'application/json',
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
          ...headers?.(),
          ...more,
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: stop.signal,
      });
      text = await response.text();
    } catch (error) {
      throw new RestError('offline', 0, error instanceof Error ? error.message : String(error));
    } finally {
      timer.cancel();
    }
    const json = parse(text);
    if (response.ok) return json as T;
    throw refusal(response, json as Partial<Problem> | undefined);
  }
}

function refusal(response: Response, problem: Partial<Problem> | undefined): RestError {
  const seconds = Number(response.headers.get('Retry-After')) || 0;
  const wait = problem?.retry_after ?? (seconds > 0 ? seconds * 1000 : undefined);
  const message = problem?.detail ?? problem?.title ?? response.statusText;
  return new RestError(problem?.code ?? 'internal', response.status, message, wait);
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function query(fields: Record<string, string | number | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
