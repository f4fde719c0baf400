// The customer's lanes: who holds each, where it stands in the queue, whether a visit is open.

import type { HolderIs, QueuePlace, VisitIs } from '../generated/types';
import { Emitter } from '../sdk/emitter';
import type { Client } from '../sdk';
import { shown } from '../service/face';
import type { Face, Lane } from '../service/shapes';

export interface LanesEvents {
  /** A lane came or changed. */
  lane: Lane;
  /** All were read anew. */
  all: Lane[];
}

export class Lanes extends Emitter<LanesEvents> {
  readonly all = new Map<string, Lane>();
  /** Everybody who ever held one, for names beside their messages. */
  readonly faces = new Map<string, Face>();
  /** Where one stands, as it was told last: that may come before the lane itself is read. */
  private readonly places = new Map<string, QueuePlace>();
  /** Places that the customer wants kept while they are away. */
  readonly kept = new Set<string>();

  constructor(private readonly client: Client, private readonly channel: string) {
    super();
    client.on('holder', (frame) => this.held(frame));
    client.on('queue', (frame) => this.placed(frame));
    client.on('visit', (frame) => this.visited(frame));
  }

  /** Takes lanes as the server lists them. */
  learn(lanes: Lane[]): void {
    for (const listed of lanes) {
      if (listed.channel !== this.channel) continue;
      const lane = listed.agent ? { ...listed, agent: shown(listed.agent) } : listed;
      const known = this.all.get(lane.conversation);
      // The list does not say where one stands in the queue; that was told before, and is told again.
      const place = lane.holder === 'queue' ? (lane.place ?? this.places.get(lane.conversation) ?? null) : null;
      this.all.set(lane.conversation, known && known.version > lane.version ? { ...lane, ...known } : { ...lane, place });
      this.know(lane.agent);
    }
    this.emit('all', [...this.all.values()]);
  }

  async read(): Promise<void> {
    const { items } = await this.client.rest.call<{ items: Lane[] }>('GET', '/api/v1/service/lanes');
    this.learn(items);
  }

  know(face: Face | null | undefined): void {
    if (face) this.faces.set(face.id, shown(face));
  }

  private change(conversation: string, change: (lane: Lane) => Lane): void {
    const lane = this.all.get(conversation);
    if (!lane) {
      // A lane that began on another device.
      this.read().catch(() => undefined);
      return;
    }
    const changed = change(lane);
    if (changed === lane) return;
    this.all.set(conversation, changed);
    this.emit('lane', changed);
  }

  private held({ conversation, holder, agent, lease, version, visit }: HolderIs): void {
    this.know(agent);
    this.change(conversation, (lane) => {
      if (version < lane.version) return lane;
      if (holder !== 'queue') {
        this.kept.delete(conversation);
        this.places.delete(conversation);
      }
      return { ...lane, holder, agent: agent ? shown(agent) : null, lease, version, visit: visit ?? null, place: holder === 'queue' ? (lane.place ?? null) : null };
    });
  }

  private placed(place: QueuePlace): void {
    this.places.set(place.conversation, place);
    this.change(place.conversation, (lane) => ({ ...lane, place }));
  }

  private visited({ conversation, visit, open }: VisitIs): void {
    this.change(conversation, (lane) => {
      if (open) return { ...lane, visit };
      return lane.visit === visit || lane.visit === null ? { ...lane, visit: null, place: null } : lane;
    });
  }
}
