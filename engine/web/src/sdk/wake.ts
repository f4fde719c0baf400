// What the browser says about the page and the machine.

export interface WakeEvents {
  /** A good moment to look whether the connection lives: the network is back, the page is looked at, the machine woke. */
  woke(): void;
  /** The page goes. */
  leaving(): void;
}

/** Listens until the returned function is called; outside a browser there is nothing to hear. */
export function listenToPage({ woke, leaving }: WakeEvents): () => void {
  if (typeof document === 'undefined') return () => {};
  const pairs: [EventTarget, string, () => void][] = [
    [window, 'online', woke],
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
