// What can be done about a customer, in the title of their chat, and about the page itself.

import type { Entry } from '../customer/menu';
import { el, icon } from '../layim/dom';
import { choose, nextTheme } from '../page/settings';
import { otherLang, setLang } from '../page/texts';
import type { Served } from '../service/shapes';
import { d } from './texts';

export interface Rights {
  isMine: boolean;
  isSupervisor: boolean;
  /** A supervisor who answers beside the agent. */
  isJoined: boolean;
}

export interface Moves {
  take(): void;
  join(): void;
  transfer(): void;
  end(): void;
  info(): void;
}

/** The buttons that this person has for this customer. */
export function chatActs(one: Served, { isMine, isSupervisor, isJoined }: Rights, moves: Moves): HTMLElement[] {
  const act = (glyph: string, label: string, run: () => void) => {
    const made = el('button.webim-icon', { type: 'button', 'aria-label': label, title: label }, icon(glyph));
    made.addEventListener('click', run);
    return made;
  };
  const mayMove = isMine || isSupervisor;
  const isOpen = Boolean(one.visit);
  const acts = [
    !isMine && isOpen && act('service', d(one.holder === 'agent' ? 'takeOver' : 'take'), moves.take),
    !isMine && isOpen && isSupervisor && act('dialogue', d(isJoined ? 'leaveJoin' : 'join'), moves.join),
    mayMove && isOpen && act('release', d('transfer'), moves.transfer),
    mayMove && isOpen && act('ok-circle', d('end'), moves.end),
    act('about', d('card'), moves.info),
  ];
  return acts.filter((shown): shown is HTMLButtonElement => shown !== false);
}

/** What the menu of the page offers. */
export function pageEntries(signOut: () => void): Entry[] {
  return [
    { label: d('dark'), icon: 'light', run: () => choose({ theme: nextTheme() }) },
    {
      label: d('other'), icon: 'website', run: () => {
        setLang(otherLang());
        location.reload();
      },
    },
    { label: d('chatPage'), icon: 'dialogue', run: () => location.assign('/') },
    { label: d('signOut'), icon: 'logout', run: signOut },
  ];
}

/** Who serves a customer, for the line under their name. */
export function holder({ holder: who, agent, visit }: Served, me: string): string {
  if (!visit) return d('visitClosed');
  if (who === 'agent') return agent && agent.id !== me ? d('servedBy', { name: agent.name }) : d('me');
  return d(who === 'queue' ? 'inQueue' : who === 'robot' ? 'robot' : 'nobody');
}
