// What tabs of one browser have in common: a channel between them, and a lock that one of them holds.

export interface Channel {
  /** Reaches every other tab, in order. */
  post(message: unknown): void;
  close(): void;
}

export interface LockEvents {
  /** The lock is ours. */
  held(): void;
  /** It was taken away, perhaps before `held` could be told. */
  lost(): void;
  /** There are no locks here. */
  refused(): void;
}

/** The little of the browser that the kit uses, so that a test can be one. */
export interface TabsHost {
  channel(name: string, hear: (message: unknown) => void): Channel;
  /** Waits for the lock called `name`, or takes it away; what is returned gives it up, or stops waiting. */
  lock(name: string, way: 'wait' | 'steal', events: LockEvents): () => void;
}

/** The browser's own; undefined where it has no channels or locks, as on pages by plain http. */
export function browserTabs(): TabsHost | undefined {
  if (typeof BroadcastChannel === 'undefined' || typeof navigator === 'undefined' || !navigator.locks) return undefined;
  return { channel, lock };
}

function channel(name: string, hear: (message: unknown) => void): Channel {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => hear(data);
  let isOpen = true;
  return {
    post: (message) => isOpen && channel.postMessage(message),
    close() {
      isOpen = false;
      channel.close();
    },
  };
}

function lock(name: string, way: 'wait' | 'steal', { held, lost, refused }: LockEvents): () => void {
  let isOver = false;
  let release = () => {};
  const stop = new AbortController();
  const hold = () =>
    new Promise<void>((resolve) => {
      release = resolve;
      if (isOver) resolve();
      else held();
    });
  // A lock cannot be stolen and waited for with a signal at once.
  const options = way === 'steal' ? { steal: true } : { signal: stop.signal };
  navigator.locks.request(name, options, hold).catch((error: unknown) => {
    if (isOver) return;
    if (error instanceof DOMException && error.name === 'AbortError') lost();
    else refused();
  });
  return () => {
    isOver = true;
    stop.abort();
    release();
  };
}
