// One delegated click on the page for everything that carries `layim-event`, and the keys that belong to it.

type Handler = (element: HTMLElement, event: Event) => void;

const handlers = new Map<string, Handler>();
/** Innermost first: the first that returns true has used the key up. */
const escapes: (() => boolean)[] = [];
const outsides: ((target: Element) => void)[] = [];

export function handle(name: string, handler: Handler): void {
  handlers.set(name, handler);
}

/** Registers what Escape closes; later registrations are asked first. */
export function onEscape(close: () => boolean): void {
  escapes.unshift(close);
}

/** Told of every click, for what closes when one clicks elsewhere. */
export function onClickAnywhere(callback: (target: Element) => void): void {
  outsides.push(callback);
}

function fire(target: EventTarget | null, event: Event): boolean {
  const element = target instanceof Element ? target.closest<HTMLElement>('[layim-event]') : null;
  const handler = element && handlers.get(element.getAttribute('layim-event') ?? '');
  if (!element || !handler) return false;
  handler(element, event);
  return true;
}

function key(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === 'Escape') {
    if (escapes.some((close) => close())) event.preventDefault();
    return;
  }
  const { target } = event;
  if (!(target instanceof HTMLElement) || !target.hasAttribute('layim-event')) return;
  if (event.key !== 'Enter' && event.key !== ' ') return;
  if (fire(target, event)) event.preventDefault();
}

/** Binds the page once. */
export function bindEvents(): void {
  document.body.addEventListener('click', (event) => {
    if (event.target instanceof Element) for (const outside of outsides) outside(event.target);
    fire(event.target, event);
  });
  document.addEventListener('keydown', key);
}

/** Moves the focus among `items` with the arrow keys; gives back whether the key was one of those. */
export function rove(event: KeyboardEvent, items: HTMLElement[], columns = 1): boolean {
  const at = items.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = {
    ArrowDown: columns, ArrowUp: -columns,
    ...(columns > 1 ? { ArrowRight: 1, ArrowLeft: -1 } : {}),
    Home: -items.length, End: items.length,
  };
  const step = steps[event.key];
  if (step === undefined || items.length === 0) return false;
  const next = items[Math.min(Math.max(at + step, 0), items.length - 1)];
  for (const item of items) item.tabIndex = item === next ? 0 : -1;
  next?.focus();
  event.preventDefault();
  return true;
}
