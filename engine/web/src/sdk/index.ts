// The client kit: everything a program needs to chat through webim, without a page.

export { Client } from './client';
export type { ClientEvents, ClientOptions } from './options';
export { type Clock, realClock } from './clock';
export { type Deed, isSaid, type Looks, type Saying, textOf } from './deed';
export { newId } from '../ids';
export { Keep, memoryShelf, type Shelf, storageShelf } from './keep';
export type { Failure, Outgoing, OutgoingState } from './lanes';
export type { LinkState } from './link';
export { Rest, RestError, type RestOptions } from './rest';
export { Service } from './service';
export { type OpenSocket, serverSocket, webSocket } from './socket';
export { browserTabs, type TabsHost } from './tabs';
export type { Thread } from './thread';
export type * from '../generated/types';
