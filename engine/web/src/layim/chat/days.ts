// What stands around a message: the heading of its day, and whether it is joined to the one before. LayIM knows neither;
// a host that keeps LayIM's own list gets it as LayIM draws it.

import { el } from '../dom';
import { dayName, dayOf } from '../time';
import { t } from '../texts';
import type { Entry } from './entries';

/** Messages of one sender within this time (ms) stand together. */
const TOGETHER = 5 * 60_000;

export function dress(entry: Entry, before: Entry | undefined, isOurs: boolean): void {
  const { line, item } = entry;
  if (!item || !isOurs) return;
  const isNewDay = !before || dayOf(before.line.time) !== dayOf(line.time);
  if (isNewDay && !entry.heading) {
    entry.heading = el('li.layim-chat-system.layim-chat-day', {}, el('span', {}, dayName(line.time, Date.now())));
    item.before(entry.heading);
  } else if (!isNewDay && entry.heading) {
    entry.heading.remove();
    entry.heading = undefined;
  }
  const isSame = before?.line.from === line.from && before.line.mine === line.mine && !before.line.system && !before.line.recalled;
  const isJoined = !isNewDay && isSame && !line.system && !line.recalled && Math.abs(line.time - before.line.time) < TOGETHER;
  item.classList.toggle('layim-chat-joined', isJoined);
}

export function undress(entry: Entry): void {
  entry.item?.remove();
  entry.heading?.remove();
  entry.item = undefined;
  entry.heading = undefined;
}

/** What stands in place of a message that was taken back. */
export function recalledText(name: string, mine: boolean): string {
  return mine ? t('recalledMine') : t('recalled', { name });
}
