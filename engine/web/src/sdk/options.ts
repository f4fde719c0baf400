// What a client is made of, and what it tells.

import type {
  BoardIs, HolderIs, Nack, OfferEnded, OfferMade, Presence, QueuePlace, Side, StatusName, TypedAhead, TypingBy, VisitIs, Waited, Welcome, WorkIs,
} from '../generated/types';
import type { Clock } from './clock';
import type { FeedEvents } from './feed';
import type { Keep } from './keep';
import type { Outgoing } from './lanes';
import type { LinkState } from './link';
import type { Rest } from './rest';
import type { OpenSocket } from './socket';
import type { TabsHost } from './tabs';

export interface ClientEvents extends FeedEvents {
  state: LinkState;
  welcome: Welcome;
  /** One of this person's own messages, said in any tab of this browser, changed its state. */
  outgoing: Outgoing;
  /** What this person shows to others was changed, in any tab or on another device. */
  status: StatusName;
  typing: TypingBy;
  presence: Presence;
  /** Units or people changed; the new version. */
  directory: number;
  /** Who must answer a customer now. */
  holder: HolderIs;
  /** Where one stands in the queue, as a customer. */
  queue: QueuePlace;
  /** As an agent: a customer who may be one's own. */
  offer: OfferMade;
  offer_ended: OfferEnded;
  /** An agent's state of work. */
  work: WorkIs;
  visit: VisitIs;
  /** Beside a customer's messages: notes, whispers, receipts. */
  side: Side;
  waited: Waited;
  /** What a customer is typing. */
  ahead: TypedAhead;
  board: BoardIs;
  /** The server refused something that has no state of its own. */
  refused: Nack;
}

export interface ClientOptions {
  rest?: Rest;
  clock?: Clock;
  keep?: Keep;
  open?: OpenSocket;
  /** The id of the person who is signed in, if it is known: saves a request before the first connection. */
  person?: string;
  /** How tabs find each other; `null` gives this client a connection of its own. */
  tabs?: TabsHost | null;
  /**
   * The id of the person, if known beforehand: positions are then kept over restarts, and the first `hello` resumes.
   * Only for a client that keeps the messages too; others read the list anew.
   */
  keepPositionsOf?: string;
}
