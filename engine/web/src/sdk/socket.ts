// The little of WebSocket that the kit uses, so that a test can be one.

import type { Rest } from './rest';

/** The subprotocol the server speaks. */
export const SUBPROTOCOL = 'webim.v1';

export interface SocketEvents {
  open(): void;
  text(data: string): void;
  /** Called once, also when it never opened. */
  closed(code: number): void;
}

export interface Socket {
  send(text: string): void;
  close(): void;
}

/** Opens a socket; may ask for a ticket first. A rejection counts as a failed attempt. */
export type OpenSocket = (events: SocketEvents) => Promise<Socket> | Socket;

/** Opens sockets at the server that `rest` speaks to: by the cookie, or by a ticket where there is none. */
export function serverSocket(rest: Rest): OpenSocket {
  return webSocket(async () => {
    const address = `${rest.base.replace(/^http/, 'ws')}/ws`;
    const isHome = typeof location !== 'undefined' && rest.base === location.origin;
    if (isHome && !rest.hasToken) return address;
    return `${address}?ticket=${encodeURIComponent((await rest.ticket()).ticket)}`;
  });
}

/** Opens browser sockets at `address()`. */
export function webSocket(address: () => string | Promise<string>): OpenSocket {
  return async (events) => {
    const socket = new WebSocket(await address(), SUBPROTOCOL);
    socket.onopen = () => events.open();
    socket.onmessage = (event) => {
      if (typeof event.data === 'string') events.text(event.data);
    };
    socket.onclose = (event) => events.closed(event.code);
    return { send: (text) => socket.send(text), close: () => socket.close() };
  };
}
