// Who is who: the cards of the directory, and of others as they turn up.

import type { Init, PersonCard } from '../generated/types';
import type { Client } from '../sdk';

export interface Face {
  name: string;
  avatar: string;
}

/** Cards asked for one by one that are kept. */
const KEPT = 2_000;

export class People {
  private readonly directory = new Map<string, Face>();
  private readonly others = new Map<string, Promise<Face>>();

  constructor(
    private readonly client: Client,
    /** Knows those whom no directory names, such as customers. */
    private readonly other?: (person: string) => Face | undefined,
  ) {}

  /** Takes the contacts of a panel. */
  learn({ friend, mine }: Init): void {
    this.directory.clear();
    for (const { list } of friend) {
      for (const { id, username, avatar } of list) this.directory.set(id, { name: username, avatar });
    }
    this.directory.set(mine.id, { name: mine.username, avatar: mine.avatar });
  }

  /** The card, if it is at hand. */
  known(id: string): Face | undefined {
    return this.directory.get(id) ?? this.other?.(id);
  }

  /** The card; a plain one for somebody who cannot be asked about. */
  async find(id: string): Promise<Face> {
    const known = this.known(id) ?? this.others.get(id);
    if (known) return known;
    const asked = this.client.rest.person(id).then(face, () => {
      this.others.delete(id);
      return { name: '…', avatar: `/avatars/${id}.svg` };
    });
    this.others.set(id, asked);
    const [oldest] = this.others.keys();
    if (oldest !== undefined && this.others.size > KEPT) this.others.delete(oldest);
    return asked;
  }
}

function face({ name, avatar }: PersonCard): Face {
  return { name, avatar };
}
