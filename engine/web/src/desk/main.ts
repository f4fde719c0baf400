// The page `/desk`: agents, experts and supervisors.

import './css/desk.css';
import type { Session } from '../generated/types';
import { el } from '../layim/dom';
import { dress } from '../page/settings';
import { showSignIn } from '../page/signin';
import { lang, setLang } from '../page/texts';
import { Rest, RestError } from '../sdk';
import { withoutLayui } from '../service/layer';
import { Desk } from './desk';
import { d } from './texts';

const root = document.getElementById('app') ?? document.body;
const rest = new Rest({ headers: () => ({ 'Accept-Language': lang() }) });
const SERVING: readonly string[] = ['agent', 'supervisor', 'admin'];

function signedIn(session: Session): void {
  document.title = d('desk');
  if (session.roles.some((role) => SERVING.includes(role))) {
    new Desk(root, { rest, session, ended: () => location.reload() }).start();
    return;
  }
  const out = el('button.webim-primary', { type: 'button' }, d('signOut'));
  out.addEventListener('click', () => void rest.signOut().finally(() => location.reload()));
  root.replaceChildren(el('main.webim-signin', {}, el('div.webim-card', { role: 'alert' }, el('p', {}, d('notAgent')), out)));
}

async function begin(): Promise<void> {
  setLang(lang());
  try {
    signedIn(await rest.session());
  } catch (error) {
    if (error instanceof RestError && error.status === 401) {
      showSignIn(root, { rest, notice: undefined, done: signedIn });
      return;
    }
    const again = el('button.webim-primary', { type: 'button' }, d('retry'));
    again.addEventListener('click', () => void begin());
    root.replaceChildren(el('main.webim-signin', {}, el('div.webim-card', { role: 'alert' }, d('loadFailed'), again)));
  }
}

dress();
withoutLayui();
void begin();
