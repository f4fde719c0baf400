// The client kit: everything a program needs to chat through webim, without a page.

export { Client, type ClientEvents, type ClientOptions } from './client';
export { type Clock, realClock } from './clock';
export { Keep, memoryShelf } from './keep';
export type { LinkState } from './link';
export type { Failure, Outgoing, OutgoingState } from './outbox';
export { Rest, RestError, type RestOptions } from './rest';
export { type OpenSocket, webSocket } from './socket';
export type { Thread } from './thread';
export type * from '../generated/types';
