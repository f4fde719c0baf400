// Desktop notices.

import { safeAddress } from './markup/address';

export interface Notice {
  title?: string;
  content?: string;
  avatar?: string;
}

/** Shows a notice; the first time the browser asks the person whether they want any. */
export function notify(notice: Notice, clicked?: () => void): void {
  if (typeof Notification === 'undefined') return;
  if (Notification.permission === 'granted') show(notice, clicked);
  else if (Notification.permission !== 'denied') {
    void Notification.requestPermission().then((said) => {
      if (said === 'granted') show(notice, clicked);
    });
  }
}

function show({ title = '', content = '', avatar }: Notice, clicked?: () => void): void {
  const icon = avatar ? safeAddress(avatar, ['http:', 'https:', 'data:']) : undefined;
  try {
    const shown = new Notification(String(title), { body: String(content), ...(icon ? { icon } : {}) });
    shown.onclick = () => {
      window.focus();
      shown.close();
      clicked?.();
    };
  } catch {
    // Some browsers know notices only from a service worker.
  }
}
