// Giving a customer to somebody else: whom, with what note, and how much of the record.

import type { HistoryName, TransferTarget } from '../generated/types';
import { openDialog, layer } from '../layim/dialog';
import { avatar, el } from '../layim/dom';
import type { AgentItem, Served } from '../service/shapes';
import type { Book } from './book';
import { d, type DeskText } from './texts';

export interface Transfer {
  to: TransferTarget;
  note: string;
  history: HistoryName;
  force: boolean;
}

export interface TransferOptions {
  book: Book;
  one: Served;
  topics: { id: string; name: string }[];
  hasRobot: boolean;
  /** Rejects with the sentence to show. */
  send(transfer: Transfer): Promise<void>;
}

export function transferDialog({ book, one, topics, hasRobot, send }: TransferOptions): void {
  const note = el('textarea', { rows: 2, maxlength: 2_000, 'aria-label': d('note'), placeholder: d('note') });
  const history = el('select', { 'aria-label': d('history') }, ...(['all', 'visit', 'none'] as const).map((value) => el('option', { value }, d(({ all: 'historyAll', visit: 'historyVisit', none: 'historyNone' } as const)[value]))));
  const force = el('input', { type: 'checkbox' });
  const error = el('p.webim-error', { role: 'alert' });
  const go = el('button.webim-primary', { type: 'button', disabled: true }, d('send'));
  let to: TransferTarget | undefined;
  const option = (target: TransferTarget, ...children: (Node | string)[]) => {
    const radio = el('input', { type: 'radio', name: 'webim-to' });
    radio.addEventListener('change', () => {
      to = target;
      go.disabled = false;
    });
    return el('li', {}, el('label', {}, radio, ...children));
  };
  const group = (title: DeskText, items: HTMLElement[]) => (items.length > 0 ? el('section', {}, el('h3', {}, d(title)), el('ul', {}, ...items)) : undefined);
  const agents = [...book.agents.values()].filter(({ id }) => id !== one.agent?.id).sort(byRoom);
  const content = el(
    'div.webim-transfer',
    {},
    el(
      'div.webim-targets', {},
      group('toAgent', agents.map((agent) => option({ agent: agent.id } as TransferTarget, avatar(agent.avatar), el('b', { dir: 'auto' }, agent.name), stateOf(agent)))),
      group('toTeam', book.teams.map(({ id, name }) => option({ team: id } as TransferTarget, name))),
      group('toTopic', topics.filter(({ id }) => id !== one.topic).map(({ id, name }) => option({ topic: id } as TransferTarget, name))),
      group('queue', [
        option({ queue: true } as TransferTarget, d('toQueue')),
        option({ former: true } as TransferTarget, d('toFormer')),
        ...(hasRobot ? [option({ robot: true } as TransferTarget, d('toRobot'))] : []),
      ]),
    ),
    note,
    el('label.webim-field', {}, d('history'), history),
    el('label.webim-check', {}, force, d('force')),
    error,
    el('footer', {}, go),
  );
  const index = openDialog({ title: d('transferTitle', { name: one.customer.name }), content, width: 460, isModal: true, id: 'webim-transfer', closeLabel: d('close') });
  go.addEventListener('click', () => {
    if (!to) return;
    go.disabled = true;
    error.textContent = '';
    send({ to, note: note.value.trim(), history: history.value as HistoryName, force: force.checked }).then(
      () => layer().close(index),
      (reason: unknown) => {
        go.disabled = false;
        error.textContent = reason instanceof Error ? reason.message : String(reason);
      },
    );
  });
}

/** Who can take a customer now comes first, the least loaded before others. */
function byRoom(a: AgentItem, b: AgentItem): number {
  const rank = ({ connected, state, load, capacity }: AgentItem) => (!connected ? 2 : state === 'ready' && load < capacity ? 0 : 1);
  return rank(a) - rank(b) || a.load / a.capacity - b.load / b.capacity || a.name.localeCompare(b.name);
}

export function stateOf({ connected, state, load, capacity }: AgentItem): HTMLElement {
  const words = connected ? d(state) : d('away');
  return el('span', { class: `webim-shift webim-shift-${connected ? state : 'away'}` }, words, ' ', el('em', {}, d('load', { load, capacity })));
}
