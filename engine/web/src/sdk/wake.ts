// What the browser says about the page and the machine.

export interface WakeEvents {
  /** A good moment to look whether the connection lives: the page is looked at, the machine woke. */
  woke(): void;
  /** The network is back. */
  connected(): void;
  /** The page goes. */
  leaving(): void;
}

/** Listens until the returned function is called; outside a browser there is nothing to hear. */
export function listenToPage({ woke, connected, leaving }: WakeEvents): () => void {
  if (typeof document === 'undefined') return () => {};
  const pairs: [EventTarget, string, () => void][] = [
    [window, 'online', connected],
    [window, 'focus', woke],
    [window, 'pageshow', woke],
    [document, 'visibilitychange', woke],
    [document, 'resume', woke],
    [window, 'pagehide', leaving],
  ];
  for (const [target, name, run] of pairs) target.addEventListener(name, run);
  return () => {
    for (const [target, name, run] of pairs) target.removeEventListener(name, run);
  };
}
