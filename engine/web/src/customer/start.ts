// Before the first word: the greeting, and what or whom one may choose.

import { avatar, el } from '../layim/dom';
import { lang } from '../page/texts';
import type { AgentFace, ChannelFace } from '../service/shapes';
import { c } from './texts';

export interface Choice {
  topic?: string;
  agent?: string;
}

export interface StartOptions {
  face: ChannelFace;
  /** Asked when the card is shown; the channel may not list anybody. */
  agents: () => Promise<AgentFace[]>;
  choose(choice: Choice): Promise<void>;
}

/** The greeting in the customer's language, or in the first that the channel has. */
export function greeting({ greeting: all }: ChannelFace): string {
  const own = Object.keys(all).find((one) => one.toLowerCase().startsWith(lang().slice(0, 2)));
  return all[own ?? ''] ?? Object.values(all)[0] ?? '';
}

export function startCard(options: StartOptions): HTMLElement {
  const { face } = options;
  const busy = (button: HTMLButtonElement, choice: Choice) => {
    button.addEventListener('click', () => {
      const buttons = [...card.querySelectorAll('button')];
      for (const one of buttons) one.disabled = true;
      options.choose(choice).finally(() => {
        for (const one of buttons) one.disabled = false;
      });
    });
    return button;
  };
  const isRefusing = !face.open && face.when_closed === 'refuse';
  const words = greeting(face);
  const topics = face.topics.map((topic) => busy(el('button.webim-topic', { type: 'button', disabled: isRefusing }, topic.name), { topic: topic.id }));
  const agents = el('ul.webim-agents');
  const section = el('section', { hidden: true, 'aria-label': c('chooseAgent') }, el('h2', {}, c(face.mode === 'expert' ? 'chooseExpert' : 'chooseAgent')), agents);
  const card = el(
    'div.webim-start',
    {},
    words !== '' && el('p.webim-greeting', { dir: 'auto' }, words),
    !face.open && el('p.webim-closed', {}, isRefusing ? c('refused') : c('closedNow'), opens(face)),
    topics.length > 0 && el('section', {}, el('h2', {}, c('beginAsk')), el('div.webim-topics', {}, ...topics)),
    (topics.length === 0 || face.mode === 'service') && busy(el('button.webim-primary', { type: 'button', disabled: isRefusing }, c('begin')), {}),
    section,
  );
  if (face.lists_agents && !isRefusing) {
    options.agents().then((all) => {
      section.hidden = all.length === 0;
      agents.replaceChildren(...all.map((agent) => el('li', {}, busy(agentButton(agent), { agent: agent.id }))));
    }, () => undefined);
  }
  return card;
}

function agentButton({ name, avatar: picture, online }: AgentFace): HTMLButtonElement {
  return el(
    'button.webim-agent',
    { type: 'button', class: `webim-agent${online ? '' : ' webim-away'}` },
    avatar(picture),
    el('b', { dir: 'auto' }, name),
    el('span', {}, c(online ? 'online' : 'offline')),
  );
}

function opens({ opens_at: at }: ChannelFace): string {
  if (!at) return '';
  const time = new Date(at).toLocaleString(lang(), { weekday: 'short', hour: '2-digit', minute: '2-digit' });
  return c('opensAt', { time });
}
