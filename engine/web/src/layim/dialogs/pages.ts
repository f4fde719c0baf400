// The host's own pages: message box, find, chat log.

import type { ChatData } from '../contract';
import { openPage } from '../dialog';
import { handle } from '../events';
import { safeAddress } from '../markup/address';
import { cache, emit, plusOptions } from '../state';
import { t } from '../texts';
import { toast } from '../toast';

/** An address of a page; one that would run here instead is refused with a word. */
function pageAddress(address: string): string | undefined {
  const safe = safeAddress(address, ['http:', 'https:']);
  if (safe === undefined) toast(t('badAddress'));
  return safe;
}

/** The host's page of everything that was said in a chat. */
export function openLog(data: ChatData): void {
  const { chatLog } = cache.base;
  if (!chatLog) return;
  const query = new URLSearchParams({ id: String(data.id), type: data.type }).toString();
  const address = pageAddress(`${chatLog}${chatLog.includes('?') ? '&' : '?'}${query}`);
  if (!address) return;
  openPage({ title: t('logWith', { name: data.name }), address, width: 450, isAside: true, id: 'layui-layim-chatlog', closeLabel: t('close') });
}

export function bindPages(front: () => ChatData | undefined, opened: () => void): void {
  handle('msgbox', () => {
    if (plusOptions().ownPages) {
      opened();
      emit('box', undefined);
      return;
    }
    const address = pageAddress(cache.base.msgbox ?? '');
    if (!address) return;
    opened();
    openPage({ title: t('msgbox'), address, width: 600, height: 520, id: 'layui-layim-msgbox', closeLabel: t('close') });
  });
  handle('find', () => {
    const address = pageAddress(cache.base.find ?? '');
    if (address) openPage({ title: t('find'), address, width: 1000, height: 520, id: 'layui-layim-find', closeLabel: t('close') });
  });
  handle('chatLog', () => {
    const data = front();
    if (data && plusOptions().ownPages) emit('log', data);
    else if (data) openLog(data);
  });
}
