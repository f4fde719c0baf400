// The page of one who is signed in: the panel at the side, the chats beside it, the connection above.

import { Bridge } from '../bridge/bridge';
import type { Init, Session } from '../generated/types';
import { el, set } from '../layim/dom';
import type { Layim } from '../layim/contract';
import { Client, type Rest } from '../sdk';
import { openAccount } from './account';
import { quiet } from './art';
import { openBox } from './box';
import { connectionLine } from './connection';
import { keepSkin } from './skins';
import { choose, chosen, nextTheme, switches } from './settings';
import { lang, otherLang, p, setLang } from './texts';
import { keepTitle } from './title';

export interface WorkspaceOptions {
  rest: Rest;
  session: Session;
  /** The session is over; the reason is for the sign-in form. */
  ended(notice: string | undefined): void;
}

interface Layui {
  use(module: 'layim', callback: (layim: Layim) => void): void;
}

/** Connects, reads the contacts, and fills `root`. */
export function showWorkspace(root: HTMLElement, options: WorkspaceOptions): void {
  document.title = p('name');
  const client = new Client({ rest: options.rest, person: options.session.person.id });
  const panel = el('section.webim-side', { 'aria-label': p('panel') });
  const chat = el('section.webim-chats', { 'aria-label': p('chats') }, emptyChat());
  const line = connectionLine(client, (word) => {
    if (word === 'session_ended') options.ended(p('signedOut'));
    if (word === 'deactivated') options.ended(p('deactivated'));
  });
  root.replaceChildren(el('div.webim-desk', {}, line, el('main.webim-work', {}, panel, chat)));
  client.on('welcome', ({ me }) => {
    // Somebody else has signed in in another tab: this page is no longer theirs.
    if (me.id !== options.session.person.id) location.reload();
  });
  addEventListener('online', () => client.nudge());
  addEventListener('focus', () => client.nudge());
  document.addEventListener('visibilitychange', () => client.nudge());
  keepTitle(client);
  client.start();
  void fillPanel({ client, panel, chat, options });
}

interface Parts {
  client: Client;
  panel: HTMLElement;
  chat: HTMLElement;
  options: WorkspaceOptions;
}

async function fillPanel(parts: Parts): Promise<void> {
  const { client, panel, options } = parts;
  panel.replaceChildren(el('div.webim-wait', { role: 'status' }, el('i.layim-spin', { 'aria-hidden': 'true' }), p('loading'), skeleton()));
  let init: Init;
  try {
    init = await options.rest.layim<Init>('/layim/init');
  } catch {
    const again = el('button.webim-primary', { type: 'button' }, p('retry'));
    again.addEventListener('click', () => void fillPanel(parts));
    panel.replaceChildren(el('div.webim-wait', { role: 'alert' }, p('loadFailed'), again));
    return;
  }
  (window as unknown as { layui: Layui }).layui.use('layim', (layim) => {
    panel.replaceChildren();
    configure(layim, parts, init);
    if (!layim.plus) panel.replaceWith(stranger(parts));
    new Bridge({ client, layim, init, lang: lang() });
    keepSkin(client, layim);
  });
}

function configure(layim: Layim, { client, panel, chat, options }: Parts, init: Init): void {
  layim.config({
    init: { ...init, friend: opened(init) },
    members: { url: '/layim/members' },
    uploadImage: { url: '/layim/upload/image' },
    uploadFile: { url: '/layim/upload/file' },
    chatLog: '/layim/chatlog',
    msgbox: '/layim/msgbox',
    title: p('name'),
    maxLength: client.textChars,
    voice: chosen().sound ? 'default.mp3' : false,
    notice: chosen().notice,
    plus: {
      lang: lang(),
      dock: { panel, chat },
      fallbackAvatar: '/assets/avatar.svg',
      hostHistory: true,
      ownPages: true,
      skins: { upload: { url: '/layim/upload/image' } },
      mentions: true,
      actions: ['react', 'reply', 'forward', 'copy', 'edit', 'recall', 'readers'],
      isQuiet: () => !client.leads,
      ownFiles: true,
      voice: true,
      menu: [
        ...switches(),
        { alias: 'account', title: p('account'), icon: 'set' },
        { alias: 'language', title: p('otherLanguage'), icon: 'website' },
        { alias: 'signout', title: p('signOut'), icon: 'logout' },
      ],
    },
  });
  client.on('welcome', ({ text_chars }) => void (layim.cache().base.maxLength = text_chars));
  layim.on('menu', (alias: string) => {
    if (alias === 'language') {
      setLang(otherLang());
      location.reload();
    } else if (alias === 'signout') {
      layim.plus?.forgetDrafts();
      void signOut(client, options);
    } else if (alias === 'account') {
      openAccount({ rest: options.rest, ended: () => options.ended(undefined), toast: (text) => layim.plus?.toast(text) });
    } else {
      void turn(alias, layim, panel);
    }
  });
  layim.on('box', () => openBox(options.rest));
  drawSwitches(panel);
}

/** One of the switches was pressed. */
async function turn(alias: string, layim: Layim, panel: HTMLElement): Promise<void> {
  const { base } = layim.cache();
  if (alias === 'theme') {
    choose({ theme: nextTheme() });
  } else if (alias === 'sound') {
    choose({ sound: !chosen().sound });
    base.voice = chosen().sound ? 'default.mp3' : false;
  } else if (alias === 'notice') {
    const isAllowed = chosen().notice || (typeof Notification !== 'undefined' && (await Notification.requestPermission()) === 'granted');
    if (!isAllowed) layim.plus?.toast(p('noticeDenied'));
    choose({ notice: isAllowed && !chosen().notice });
    base.notice = chosen().notice;
  }
  drawSwitches(panel);
}

function drawSwitches(panel: HTMLElement): void {
  for (const { alias, icon, title } of switches()) {
    const item = panel.querySelector(`.layim-tool-${alias}`);
    if (!item) continue;
    item.className = `layui-icon layui-icon-${icon} layim-tool-${alias}`;
    set(item, { title, 'aria-label': title });
  }
  const { notice, sound } = chosen();
  set(panel.querySelector('.layim-tool-notice') ?? panel, { 'aria-pressed': String(notice) });
  set(panel.querySelector('.layim-tool-sound') ?? panel, { 'aria-pressed': String(sound) });
}

async function signOut(client: Client, options: WorkspaceOptions): Promise<void> {
  client.stop();
  client.forget();
  try {
    await options.rest.signOut();
  } finally {
    options.ended(undefined);
  }
}

/** Another LayIM has a panel of its own, which floats, and no place for what only this page can do. */
function stranger({ client, options }: Parts): HTMLElement {
  const button = (label: string, run: () => void) => {
    const made = el('button.webim-link', { type: 'button' }, label);
    made.addEventListener('click', run);
    return made;
  };
  return el(
    'nav.webim-stranger',
    { 'aria-label': p('panel') },
    button(p('account'), () => openAccount({ rest: options.rest, ended: () => options.ended(undefined), toast: (text) => alert(text) })),
    button(p('otherLanguage'), () => {
      setLang(otherLang());
      location.reload();
    }),
    button(p('signOut'), () => void signOut(client, options)),
  );
}

/** One's own departments, and what they lie in, are open at first. */
function opened({ friend, group }: Init): Init['friend'] {
  const byId = new Map(friend.map((one) => [one.id, one]));
  const open = new Set<string>();
  for (const { id } of group) {
    for (let at = byId.get(id); at && !open.has(at.id); at = at.parent ? byId.get(at.parent) : undefined) open.add(at.id);
  }
  const isTop = (one: Init['friend'][number]) => one.parent === null;
  return friend.map((one) => ({ ...one, spread: open.has(one.id) || isTop(one) }));
}

function emptyChat(): HTMLElement {
  return el(
    'div.webim-empty',
    {},
    quiet() as unknown as Node,
    el('h2', {}, p('emptyTitle')),
    el('p', {}, p('emptyText')),
  );
}

function skeleton(): HTMLElement {
  const row = () => el('div.webim-bone', { 'aria-hidden': 'true' }, el('i'), el('span'));
  return el('div', {}, row(), row(), row(), row(), row(), row());
}
