// The line between head and chat: the place in the queue and what one can do about it, or that the visit is over.

import { el } from '../layim/dom';
import type { Lane } from '../service/shapes';
import { c } from './texts';

export interface PlaceOptions {
  leave(lane: Lane): void;
  keep(lane: Lane): void;
  person(lane: Lane): void;
}

export class PlaceBar {
  readonly root = el('div.webim-place', { role: 'status', 'aria-live': 'polite', hidden: true });
  private shown = '';

  constructor(private readonly options: PlaceOptions) {}

  show(lane: Lane | undefined, isKept: boolean, hasRobot: boolean): void {
    const words = lane ? wordsOf(lane, isKept) : '';
    const acts = lane ? this.acts(lane, isKept, hasRobot) : [];
    const key = JSON.stringify([lane?.conversation, words, acts.map(([label]) => label)]);
    // What is the same is not read aloud again.
    if (key === this.shown) return;
    this.shown = key;
    this.root.hidden = words === '';
    const buttons = acts.map(([label, run]) => {
      const button = el('button', { type: 'button' }, label);
      button.addEventListener('click', run);
      return button;
    });
    this.root.replaceChildren(el('span', {}, words), ...buttons);
  }

  private acts(lane: Lane, isKept: boolean, hasRobot: boolean): [string, () => void][] {
    const { leave, keep, person } = this.options;
    if (lane.holder === 'robot' || (lane.holder === 'nobody' && lane.visit && hasRobot)) return [[c('person'), () => person(lane)]];
    if (lane.holder !== 'queue' || lane.place?.leave_message) return [];
    const stay: [string, () => void][] = isKept ? [] : [[c('keep'), () => keep(lane)]];
    return [...stay, [c('leave'), () => leave(lane)]];
  }
}

function wordsOf({ holder, place, visit, last_seq: said }: Lane, isKept: boolean): string {
  if (!visit) return said > 0 ? c('ended') : '';
  if (holder === 'robot') return c('robot');
  if (holder !== 'queue') return '';
  if (place?.leave_message) return c('left');
  if (isKept) return c('kept');
  if (!place) return c('queueing');
  const { ahead, estimate_seconds: seconds } = place;
  const where = ahead === 0 ? c('next') : c('place', { n: ahead });
  if (seconds === null || seconds === undefined) return where;
  const time = seconds < 60 ? c('seconds') : c('minutes', { n: Math.ceil(seconds / 60) });
  return where + c('estimate', { time });
}
