// The page `/`: sign in, then chat.

import './css/page.css';
import type { Session } from '../generated/types';
import { el } from '../layim/dom';
import { Rest, RestError } from '../sdk';
import { withoutEval } from './layui';
import { dress } from './settings';
import { showSignIn } from './signin';
import { lang, p, setLang } from './texts';
import { showWorkspace } from './workspace';

/** What the page says after it was loaded anew. */
const NOTICE = 'webim.notice';

const root = document.getElementById('app') ?? document.body;
const rest = new Rest({ headers: () => ({ 'Accept-Language': lang() }) });

// LayIM is one for a page: a new person gets a new page.
function ended(notice: string | undefined): void {
  try {
    if (notice) sessionStorage.setItem(NOTICE, notice);
  } catch {
    // Then the form comes without a word.
  }
  location.reload();
}

function takeNotice(): string | undefined {
  try {
    const notice = sessionStorage.getItem(NOTICE) ?? undefined;
    sessionStorage.removeItem(NOTICE);
    return notice;
  } catch {
    return undefined;
  }
}

function signedIn(session: Session): void {
  showWorkspace(root, { rest, session, ended });
}

async function begin(): Promise<void> {
  setLang(lang());
  try {
    signedIn(await rest.session());
  } catch (error) {
    if (error instanceof RestError && error.status === 401) {
      showSignIn(root, { rest, notice: takeNotice(), done: signedIn });
      return;
    }
    const again = el('button.webim-primary', { type: 'button' }, p('retry'));
    again.addEventListener('click', () => void begin());
    root.replaceChildren(el('main.webim-signin', {}, el('div.webim-card', { role: 'alert' }, p('unreachable'), again)));
  }
}

dress();
withoutEval();
void begin();
