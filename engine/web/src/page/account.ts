// The dialog about one's own account: password, devices, what others may see.

import { openDialog } from '../layim/dialog';
import { el, icon, set } from '../layim/dom';
import { fullTime } from '../layim/time';
import { type Rest, RestError } from '../sdk';
import { p } from './texts';

/** One sign-in on one device, as the server lists it. */
interface Device {
  id: string;
  device: string;
  created_at: number;
  seen_at: number;
  online: boolean;
  current: boolean;
}

export interface AccountOptions {
  rest: Rest;
  /** Every device is signed out, this one too. */
  ended(): void;
  toast(text: string): void;
}

const SESSIONS = '/api/v1/me/sessions';
const SETTINGS = '/api/v1/me/settings';

export function openAccount(options: AccountOptions): void {
  const content = el('div.webim-account', {}, password(options), privacy(options), devices(options));
  openDialog({ title: p('account'), content, width: 460, isModal: true, id: 'webim-account', closeLabel: p('close') });
}

function why(error: unknown): string {
  const { code, message } = error instanceof RestError ? error : new RestError('internal', 0, String(error));
  const known = { password_wrong: p('passwordWrong'), login_throttled: p('passwordThrottled'), offline: p('unreachable') } as Record<string, string>;
  return known[code] ?? (code === 'password_weak' ? weak(message) : message);
}

/** Which rule a new password does not keep; the server's detail begins with its name. */
function weak(detail: string): string {
  const [rule = ''] = /^\w+/.exec(detail) ?? [];
  const n = /\d+/.exec(detail)?.[0] ?? '8';
  const rules = {
    min_length: p('weakShort', { n }), max_length: p('weakLong'), login: p('weakName'), name: p('weakName'), common: p('weakCommon'), same: p('weakSame'),
  } as Record<string, string>;
  return rules[rule] ?? detail;
}

function field(id: string, label: string, autocomplete: string): HTMLInputElement {
  return el('input.layui-input', { id, type: 'password', 'aria-label': label, placeholder: label, autocomplete, maxlength: 1000 });
}

function password({ rest, toast }: AccountOptions): HTMLElement {
  const old = field('webim-old', p('passwordOld'), 'current-password');
  const fresh = field('webim-new', p('passwordNew'), 'new-password');
  const again = field('webim-again', p('passwordAgain'), 'new-password');
  const message = el('p.webim-error', { role: 'alert' });
  const submit = el('button.webim-primary', { type: 'submit' }, p('passwordChange'));
  const form = el('form', { novalidate: true, 'aria-label': p('passwordTitle') }, el('h3', {}, p('passwordTitle')), old, fresh, again, message, submit);
  const fail = (text: string, at: HTMLInputElement) => {
    message.textContent = text;
    at.focus();
  };
  const send = async () => {
    if (old.value === '' || fresh.value === '') return fail(p('passwordNeed'), old.value === '' ? old : fresh);
    if (fresh.value !== again.value) return fail(p('passwordDiffers'), again);
    set(submit, { disabled: true });
    message.textContent = '';
    try {
      await rest.call('PUT', '/api/v1/me/password', { old: old.value, new: fresh.value });
      form.reset();
      toast(p('passwordDone'));
    } catch (error) {
      const isOld = error instanceof RestError && error.code === 'password_wrong';
      fail(why(error), isOld ? old : fresh);
    } finally {
      set(submit, { disabled: false });
    }
    return undefined;
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });
  return form;
}

function privacy({ rest, toast }: AccountOptions): HTMLElement {
  const box = el('input', { type: 'checkbox', id: 'webim-last-seen', disabled: true });
  rest.call<{ show_last_seen: boolean }>('GET', SETTINGS).then(
    ({ show_last_seen: shown }) => {
      box.checked = shown;
      box.disabled = false;
    },
    () => undefined,
  );
  box.addEventListener('change', () => {
    rest.call('PUT', SETTINGS, { show_last_seen: box.checked }).catch((error: unknown) => {
      box.checked = !box.checked;
      toast(why(error));
    });
  });
  return el('section', {}, el('h3', {}, p('privacy')), el('label.webim-check', { for: 'webim-last-seen' }, box, p('showLastSeen')));
}

function devices(options: AccountOptions): HTMLElement {
  const list = el('ul.webim-devices', { 'aria-live': 'polite' }, el('li', {}, p('loadingDevices')));
  const others = el('button.webim-link', { type: 'button' }, p('endOthers'));
  const all = el('button.webim-link.webim-danger', { type: 'button' }, p('endAll'));
  const { rest, toast } = options;
  const draw = async () => {
    try {
      const { items } = await rest.call<{ items: Device[] }>('GET', SESSIONS);
      list.replaceChildren(...items.map((device) => deviceItem(device, () => void end(`${SESSIONS}/${device.id}`))));
      others.hidden = items.length < 2;
    } catch (error) {
      list.replaceChildren(el('li', { role: 'alert' }, why(error)));
    }
  };
  const end = async (path: string) => {
    try {
      await rest.call('DELETE', path);
      await draw();
    } catch (error) {
      toast(why(error));
    }
  };
  others.addEventListener('click', () => void end(`${SESSIONS}?keep=current`));
  all.addEventListener('click', () => void rest.call('DELETE', SESSIONS).then(options.ended, (error: unknown) => toast(why(error))));
  void draw();
  return el('section', {}, el('h3', {}, p('devices')), list, el('p.webim-device-acts', {}, others, all));
}

function deviceItem({ device, online, current, seen_at: seen, created_at: begun }: Device, end: () => void): HTMLElement {
  const name = device === '' ? p('deviceUnnamed') : device;
  const state = current ? p('deviceThis') : online ? p('deviceOnline') : p('deviceSeen', { time: fullTime(seen) });
  const button = el('button', { type: 'button', 'aria-label': `${p('deviceEnd')}: ${name}` }, p('deviceEnd'));
  button.addEventListener('click', end);
  return el('li', {}, icon('cellphone'), el('span', { dir: 'auto' }, el('b', {}, name), el('small', { title: p('deviceBegun', { time: fullTime(begun) }) }, state)), !current && button);
}
