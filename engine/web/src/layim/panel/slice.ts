// A long list of which only the entries in sight, and a few more, are made.

/** Height of an entry in pixels; the style sheet keeps to it. */
const ROW = 56;
/** Entries made above and below what is in sight. */
const SPARE = 8;

export class Slice {
  private readonly made = new Map<number, HTMLElement>();

  constructor(
    private readonly list: HTMLElement,
    private readonly scroller: HTMLElement,
    private readonly count: number,
    private readonly make: (at: number) => HTMLElement,
  ) {
    this.pad(0, 0);
  }

  /** Makes what has come into sight and drops what has left it. */
  draw(): void {
    const view = this.scroller.getBoundingClientRect();
    const { top, height } = this.list.getBoundingClientRect();
    if (view.height === 0 || height === 0) return;
    const above = view.top - top;
    const from = Math.min(Math.max(Math.floor(above / ROW) - SPARE, 0), this.count);
    const to = Math.max(Math.min(Math.ceil((above + view.height) / ROW) + SPARE, this.count), from);
    let wasFocused = false;
    for (const [at, item] of this.made) {
      if (at >= from && at < to) continue;
      wasFocused ||= item === document.activeElement;
      item.remove();
      this.made.delete(at);
    }
    let next: Element | null = null;
    for (let at = to - 1; at >= from; at -= 1) {
      let item = this.made.get(at);
      if (!item) {
        item = this.make(at);
        this.made.set(at, item);
        this.list.insertBefore(item, next);
      }
      next = item;
    }
    this.pad(from, to);
    // Who was there with the keyboard is still in the list. Not earlier: it measures, and half a list is too short.
    if (wasFocused) this.scroller.focus({ preventScroll: true });
  }

  private pad(from: number, to: number): void {
    this.list.style.paddingTop = `${from * ROW}px`;
    this.list.style.paddingBottom = `${(this.count - to) * ROW}px`;
  }
}
