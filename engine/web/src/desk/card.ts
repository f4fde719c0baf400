// Who the customer is: tags, page, device, why this agent, past visits.

import { el } from '../layim/dom';
import { fullTime, shortTime } from '../layim/time';
import { safeAddress } from '../layim/markup/address';
import type { ServedDetail, VisitItem } from '../service/shapes';
import { d, lasting } from './texts';

export interface CardOptions {
  put(change: { tags?: string[]; blocked?: boolean }): Promise<void>;
}

export function cardView(detail: ServedDetail, { put }: CardOptions): HTMLElement {
  const { card, assignments, visits } = detail;
  const { url = '', title = '', referrer = '' } = card.page;
  const receipt = assignments[0];
  const block = el('button.webim-small.webim-danger', { type: 'button' }, d(card.blocked ? 'unblock' : 'block'));
  block.addEventListener('click', () => void put({ blocked: !card.blocked }));
  const fields: [string, Node | string][] = [
    [d('page'), link(url, title)],
    [d('referrer'), link(referrer, '')],
    [d('device'), card.device],
    [d('language'), card.language],
    [d('external'), card.external_id ?? ''],
    [d('came'), shortTime(card.came_at, Date.now())],
    [d('seen'), shortTime(card.seen_at, Date.now())],
    ...Object.entries(card.attributes),
  ];
  const shown = fields.filter(([, value]) => value !== '');
  return el(
    'div.webim-card-view',
    {},
    receipt && el('section.webim-why', {}, el('h3', {}, d('why')), el('p', { dir: 'auto' }, receipt.sentence)),
    el('section', {}, el('h3', {}, d('tags')), tags(card.tags, put)),
    el('dl', {}, ...shown.flatMap(([name, value]) => [el('dt', { dir: 'auto' }, name), el('dd', { dir: 'auto' }, value)])),
    el('section', {}, el('h3', {}, d('visits')), visits.length > 0 ? el('ol.webim-visits', {}, ...visits.map(visit)) : el('p.webim-hint', {}, d('noVisits'))),
    el('footer', {}, card.blocked && el('b.webim-blocked', {}, d('blocked')), block),
  );
}

function tags(all: string[], put: CardOptions['put']): HTMLElement {
  const field = el('input', { type: 'text', maxlength: 60, placeholder: d('addTag'), 'aria-label': d('addTag') });
  field.addEventListener('keydown', (event) => {
    const tag = field.value.trim();
    if (event.key !== 'Enter' || event.isComposing || tag === '') return;
    event.preventDefault();
    void put({ tags: [...new Set([...all, tag])] });
  });
  const shown = all.map((tag) => {
    const remove = el('button', { type: 'button', 'aria-label': `${d('close')} ${tag}` }, '×');
    remove.addEventListener('click', () => void put({ tags: all.filter((other) => other !== tag) }));
    return el('span.webim-tag', { dir: 'auto' }, tag, remove);
  });
  return el('div.webim-tags', {}, ...shown, field);
}

function link(address: string, title: string): Node | string {
  const safe = safeAddress(address);
  if (!safe || address === '') return title || address;
  return el('a', { href: safe, target: '_blank', rel: 'noreferrer noopener' }, title || address);
}

function visit({ opened_at: opened, closed_at: closed, agent, waited, handled, transfers }: VisitItem): HTMLElement {
  const facts = [
    d(closed ? 'visitClosed' : 'visitOpen'),
    agent?.name,
    waited > 0 ? d('visitWaited', { time: lasting(waited) }) : undefined,
    handled > 0 ? d('visitHandled', { time: lasting(handled) }) : undefined,
    transfers > 0 ? d('visitTransfers', { n: transfers }) : undefined,
  ];
  return el('li', {}, el('time', {}, fullTime(opened)), el('span', { dir: 'auto' }, facts.filter(Boolean).join(' · ')));
}
