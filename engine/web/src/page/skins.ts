// The background that somebody has chosen goes with them: the server keeps it for their other devices.

import type { Skin } from '../generated/types';
import type { Layim } from '../layim/contract';
import type { Client } from '../sdk';
import { p } from './texts';

/** Milliseconds between two looks at what another device may have chosen. */
const PAUSE = 10_000;

/** Tells the server what is chosen here, and takes over what was chosen elsewhere when one comes to this page. */
export function keepSkin(client: Client, layim: Layim): void {
  const { rest } = client;
  let looked = Number.NEGATIVE_INFINITY;
  let shown: string | undefined;
  const look = async () => {
    if (document.visibilityState !== 'visible' || performance.now() - looked < PAUSE) return;
    looked = performance.now();
    try {
      const skin = await rest.layim<Skin | null>('/layim/skin');
      // Nothing was ever chosen with the server: what this device has stays.
      if (!skin) return;
      const { filename: name = '', src = '' } = skin;
      if (shown === `${name} ${src}`) return;
      shown = `${name} ${src}`;
      layim.plus?.skin({ name, src });
    } catch {
      // The next look finds it.
    }
  };
  layim.on('setSkin', (filename: string, src: string) => {
    shown = undefined;
    const skin: Skin = { filename, src: src.startsWith('data:') ? '' : src };
    rest.call('POST', '/layim/skin', skin).catch(() => layim.plus?.toast(p('skinNotKept')));
  });
  client.on('welcome', () => void look());
  addEventListener('focus', () => void look());
  document.addEventListener('visibilitychange', () => void look());
  if (client.me) void look();
}
