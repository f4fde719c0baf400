// The sign-in form.

import type { Session } from '../generated/types';
import { el, icon, set } from '../layim/dom';
import { type Rest, RestError } from '../sdk';
import { mark } from './art';
import { lang, otherLang, p, setLang } from './texts';

export interface SignInOptions {
  rest: Rest;
  /** Shown above the form, such as that the session has ended. */
  notice: string | undefined;
  done(session: Session): void;
}

/** Puts the form into `root`. */
export function showSignIn(root: HTMLElement, options: SignInOptions, typed = { login: '', password: '' }): void {
  document.title = `${p('signIn')} · ${p('name')}`;
  const login = el('input', { id: 'webim-login', name: 'login', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', maxlength: 200 });
  const password = el('input', { id: 'webim-password', name: 'password', type: 'password', autocomplete: 'current-password', maxlength: 1000 });
  login.value = typed.login;
  password.value = typed.password;
  const message = el('p.webim-error', { role: 'alert', id: 'webim-error' }, options.notice ?? '');
  const submit = el('button.webim-primary', { type: 'submit' }, p('signIn'));
  const form = el(
    'form.webim-card',
    { novalidate: true, 'aria-labelledby': 'webim-title' },
    mark() as unknown as Node,
    el('h1', { id: 'webim-title' }, p('name')),
    el('p.webim-tagline', {}, p('tagline')),
    message,
    el('label', { for: 'webim-login' }, p('login')),
    login,
    el('label', { for: 'webim-password' }, p('password')),
    el('div.webim-field', {}, password, eye(password)),
    submit,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send({ options, login, password, message, submit });
  });
  const language = el('button.webim-link', { type: 'button', lang: otherLang() }, p('otherLanguage'));
  language.addEventListener('click', () => {
    setLang(otherLang());
    showSignIn(root, { ...options, notice: undefined }, { login: login.value, password: password.value });
  });
  root.replaceChildren(el('main.webim-signin', {}, form, el('p.webim-foot', {}, language)));
  (typed.login === '' ? login : password).focus();
}

function eye(password: HTMLInputElement): HTMLElement {
  const button = el('button.webim-eye', { type: 'button', 'aria-label': p('showPassword'), title: p('showPassword'), 'aria-pressed': 'false' }, icon('eye'));
  button.addEventListener('click', () => {
    const shown = password.type === 'password';
    password.type = shown ? 'text' : 'password';
    const label = p(shown ? 'hidePassword' : 'showPassword');
    set(button, { 'aria-label': label, title: label, 'aria-pressed': String(shown) });
    button.replaceChildren(icon(shown ? 'eye-invisible' : 'eye'));
    password.focus();
  });
  return button;
}

interface Parts {
  options: SignInOptions;
  login: HTMLInputElement;
  password: HTMLInputElement;
  message: HTMLElement;
  submit: HTMLButtonElement;
}

async function send(parts: Parts): Promise<void> {
  const { options, login, password, message, submit } = parts;
  if (login.value.trim() === '' || password.value === '') {
    message.textContent = p('needBoth');
    (login.value.trim() === '' ? login : password).focus();
    return;
  }
  message.textContent = '';
  set(submit, { disabled: true });
  submit.textContent = p('signingIn');
  try {
    options.done(await options.rest.signIn({ login: login.value.trim(), password: password.value, device: lang() === 'en' ? 'Browser' : '浏览器' }));
  } catch (error) {
    refuse(parts, error);
  }
}

function refuse({ password, message, submit }: Parts, error: unknown): void {
  submit.textContent = p('signIn');
  const refusal = error instanceof RestError ? error : new RestError('internal', 0, String(error));
  if (refusal.code === 'login_throttled') {
    countDown(message, submit, Math.ceil((refusal.retryAfter ?? 30_000) / 1000));
    return;
  }
  set(submit, { disabled: false });
  message.textContent =
    refusal.code === 'login_failed' ? p('wrong')
    : refusal.code === 'offline' ? p('unreachable')
    : p('failed', { reason: refusal.message });
  password.select();
}

function countDown(message: HTMLElement, submit: HTMLButtonElement, seconds: number): void {
  if (!submit.isConnected) return;
  if (seconds <= 0) {
    message.textContent = '';
    set(submit, { disabled: false });
    return;
  }
  message.textContent = p('throttled', { n: seconds });
  setTimeout(() => countDown(message, submit, seconds - 1), 1000);
}
