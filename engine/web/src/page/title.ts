// The number of unread messages in the page's title.

import type { Client } from '../sdk';
import { p } from './texts';

export function keepTitle(client: Client): void {
  const update = () => {
    const all = client.threads().reduce((sum, { unread }) => sum + unread, 0);
    const title = all > 0 ? `(${all > 99 ? '99+' : all}) ${p('name')}` : p('name');
    if (document.title !== title) document.title = title;
  };
  for (const name of ['thread', 'list', 'gone', 'reset'] as const) client.on(name, update);
}
