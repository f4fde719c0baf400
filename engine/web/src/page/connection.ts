// The line that says how the connection is, when it is not simply there.

import { el, set } from '../layim/dom';
import type { Client, LinkState } from '../sdk';
import { p } from './texts';

/** Milliseconds that a first connection may take before it is worth a word. */
const PATIENCE = 800;
/** Milliseconds that the good news stands. */
const BACK_SHOWN = 2_500;

/** Builds the line and keeps it true. */
export function connectionLine(client: Client, ended: (word: string) => void): HTMLElement {
  const text = el('span');
  const button = el('button', { type: 'button' });
  const line = el('div.webim-connection', { role: 'status', 'aria-live': 'polite', hidden: true }, el('i', { 'aria-hidden': 'true' }), text, button);
  let wasLost = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const show = (kind: string, words: string, action?: { label: string; run: () => void }) => {
    line.hidden = false;
    set(line, { 'data-kind': kind });
    if (text.textContent !== words) text.textContent = words;
    button.hidden = action === undefined;
    button.textContent = action?.label ?? '';
    button.onclick = action?.run ?? null;
  };
  const waiting = (state: Extract<LinkState, { phase: 'waiting' }>) => {
    const seconds = Math.max(1, Math.ceil((state.retryAt - Date.now()) / 1000));
    const words = navigator.onLine ? p('waiting', { n: seconds }) : p('offline');
    show('lost', words, { label: p('now'), run: () => client.nudge() });
    timer = setTimeout(() => client.state === state && waiting(state), 1000);
  };
  const update = (state: LinkState) => {
    clearTimeout(timer);
    if (state.phase === 'online') {
      if (wasLost) show('back', p('back'));
      timer = setTimeout(() => void (line.hidden = true), wasLost ? BACK_SHOWN : 0);
      wasLost = false;
    } else if (state.phase === 'waiting') {
      wasLost = true;
      waiting(state);
    } else if (state.phase === 'connecting') {
      timer = setTimeout(() => show('connecting', p('connecting')), wasLost ? 0 : PATIENCE);
    } else if (state.phase === 'ended') {
      const words = state.word === 'too_many_connections' ? p('tooMany')
        : state.word === 'protocol_error' ? p('protocol')
        : p('ended', { reason: state.reason || state.word });
      show('ended', words, { label: p('reload'), run: () => location.reload() });
      ended(state.word);
    }
  };
  client.on('state', update);
  update(client.state);
  return line;
}
