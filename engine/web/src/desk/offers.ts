// Customers whom the agent is offered: who, by whom, until when, and the last words.

import type { OfferMade } from '../generated/types';
import { shortText } from '../bridge/said';
import { avatar, el } from '../layim/dom';
import { lang } from '../page/texts';
import { d } from './texts';

export interface OffersOptions {
  answer(offer: OfferMade, accept: boolean, reason: string): Promise<void>;
}

export class Offers {
  readonly root = el('div.webim-offers', { 'aria-live': 'assertive' });
  private readonly cards = new Map<string, HTMLElement>();

  constructor(private readonly options: OffersOptions) {
    setInterval(() => this.count(), 500);
  }

  show(offers: OfferMade[]): void {
    const ids = new Set(offers.map(({ offer }) => offer));
    for (const [id, card] of [...this.cards]) {
      if (ids.has(id)) continue;
      card.remove();
      this.cards.delete(id);
    }
    for (const offer of offers) if (!this.cards.has(offer.offer)) this.add(offer);
    this.count();
  }

  private add(offer: OfferMade): void {
    const { customer, kind, from, note, preview = [] } = offer;
    const reason = el('input', { type: 'text', maxlength: 200, placeholder: d('declineWhy'), 'aria-label': d('declineWhy') });
    const accept = el('button.webim-primary', { type: 'button' }, d('accept'));
    const decline = el('button.webim-link', { type: 'button' }, d('decline'));
    const answer = (isAccepted: boolean) => {
      accept.disabled = true;
      decline.disabled = true;
      this.options.answer(offer, isAccepted, reason.value.trim()).finally(() => {
        accept.disabled = false;
        decline.disabled = false;
      });
    };
    accept.addEventListener('click', () => answer(true));
    decline.addEventListener('click', () => answer(false));
    const title = kind === 'transfer' ? d('offerTransfer', { name: from?.name ?? '' }) : d('offerAssignment');
    const card = el(
      'section.webim-offer',
      { 'aria-label': title, 'data-until': offer.until, 'data-offer': offer.offer },
      el('header', {}, avatar(customer.avatar), el('div', {}, el('b', { dir: 'auto' }, customer.name), el('span', {}, `${title} · ${offer.channel}`)), el('em.webim-countdown', {})),
      note ? el('p.webim-offer-note', { dir: 'auto' }, note) : undefined,
      preview.length > 0 && el('ul', {}, ...preview.map((message) => el('li', { dir: 'auto' }, shortText(message, lang().startsWith('zh'))))),
      kind === 'transfer' && reason,
      el('footer', {}, decline, accept),
    );
    this.cards.set(offer.offer, card);
    this.root.append(card);
    accept.focus();
  }

  private count(): void {
    for (const card of this.cards.values()) {
      const left = Math.max(0, Math.ceil((Number(card.dataset['until']) - Date.now()) / 1_000));
      const countdown = card.querySelector('.webim-countdown');
      const text = d('seconds', { n: left });
      if (countdown && countdown.textContent !== text) countdown.textContent = text;
    }
  }
}
