// Who the customer is to the server: a visitor with a token, a user of the host's site, or somebody of the staff.

import { Rest, RestError } from '../sdk';
import { shown } from '../service/face';
import type { AgentFace, ChannelFace, Visitor } from '../service/shapes';
import { lang } from '../page/texts';
import type { Hello, Host } from './host';

export interface Guest {
  person: string;
  name: string;
}

export class Door {
  readonly rest: Rest;
  private token: string | undefined;
  private isStaff = false;

  constructor(private readonly channel: string, private readonly host: Host, private readonly hello: Hello) {
    this.token = hello.token;
    this.rest = new Rest({ token: () => (this.isStaff ? undefined : this.token), headers: () => ({ 'Accept-Language': lang() }) });
  }

  private get path(): string {
    return `/api/v1/channels/${encodeURIComponent(this.channel)}`;
  }

  /** The channel as anybody may see it. */
  face(): Promise<ChannelFace> {
    return new Rest({ headers: () => ({ 'Accept-Language': lang() }) }).call('GET', this.path);
  }

  async agents(): Promise<AgentFace[]> {
    return (await this.rest.call<{ items: AgentFace[] }>('GET', `${this.path}/agents`)).items.map(shown);
  }

  /** Who comes back: by the host's word, by the token, or as staff. Undefined for somebody new. */
  async known({ audience }: ChannelFace): Promise<Guest | undefined> {
    if (this.hello.wishes.identity) return this.enter();
    if (this.token !== undefined) {
      try {
        return guest(await this.rest.session());
      } catch (error) {
        if (!(error instanceof RestError) || (error.status !== 401 && error.status !== 403)) throw error;
        this.forget();
      }
    }
    if (audience === 'customers') return undefined;
    try {
      this.isStaff = true;
      return guest(await this.rest.session());
    } catch (error) {
      this.isStaff = false;
      if (error instanceof RestError && error.status === 401) return undefined;
      throw error;
    }
  }

  /** Comes in as a new visitor, or as who the host's site says. */
  async enter(): Promise<Guest> {
    const { page, wishes } = this.hello;
    const { identity } = wishes;
    const { person, name, token } = await this.rest.call<Visitor>('POST', `${this.path}/visitors`, { ...(identity ? { identity } : {}), page });
    this.token = token;
    this.isStaff = false;
    this.host.keep(token);
    return { person, name };
  }

  forget(): void {
    this.token = undefined;
    this.host.keep(undefined);
  }
}

function guest({ person: { id, name } }: { person: { id: string; name: string } }): Guest {
  return { person: id, name };
}
