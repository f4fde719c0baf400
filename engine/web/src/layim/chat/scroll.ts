// Where one is in a list of messages. While one looks at the newest, the list follows what comes; a hand on the wheel,
// the bar or a key stops that.

/** Pixels from the end that count as being there. */
const NEAR = 60;
/** Pixels from what is drawn at which more is drawn. */
const SOON = 600;

export interface ScrollEvents {
  /** Whether the newest message is drawn at all. */
  isNewest(): boolean;
  /** One has scrolled; `arrived` when that led to the newest. */
  moved(arrived: boolean): void;
  /** The list or the place for it has another size. */
  grown(): void;
}

export class Scroll {
  isStuck = true;
  /** The page itself is about to scroll: until it has, what `scroll` says is old. */
  private isPending = false;

  constructor(private readonly main: HTMLElement, list: HTMLElement, private readonly events: ScrollEvents) {
    main.addEventListener('scroll', () => this.scrolled(), { passive: true });
    const byHand = () => void (this.isPending = false);
    main.addEventListener('wheel', ({ deltaY }) => {
      byHand();
      if (deltaY < 0) this.isStuck = this.isShort;
    }, { passive: true });
    for (const name of ['touchmove', 'pointerdown', 'keydown']) main.addEventListener(name, byHand, { passive: true });
    const observer = new ResizeObserver(() => {
      if (this.isStuck) this.down();
      events.grown();
    });
    observer.observe(main);
    observer.observe(list);
  }

  get isNearTop(): boolean {
    return this.main.scrollTop < SOON;
  }

  get isNearBottom(): boolean {
    return this.distance < SOON;
  }

  /** There is a place, and it is not filled. */
  get isShort(): boolean {
    return this.main.clientHeight > 0 && this.main.scrollHeight <= this.main.clientHeight + NEAR;
  }

  private get distance(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.main;
    return scrollHeight - scrollTop - clientHeight;
  }

  /** Stays at the newest, with the next picture: many messages are one movement. */
  keep(again = this.isStuck): void {
    this.isStuck = again;
    if (this.isPending || !again) return;
    this.isPending = true;
    requestAnimationFrame(() => {
      if (!this.isPending) return;
      this.isPending = false;
      if (this.isStuck) this.down();
    });
  }

  /** Changes what is above without moving what is read. */
  hold(change: () => void): void {
    const { scrollHeight, scrollTop } = this.main;
    change();
    if (this.main.scrollHeight !== scrollHeight) this.main.scrollTop = scrollTop + this.main.scrollHeight - scrollHeight;
  }

  /** Something else than the newest is about to be looked at. */
  free(): void {
    this.isPending = false;
    this.isStuck = false;
  }

  /** Looks anew where one is. */
  settle(): void {
    this.isStuck = this.distance < NEAR && this.events.isNewest();
  }

  private down(): void {
    if (this.main.clientHeight > 0) this.main.scrollTop = this.main.scrollHeight;
  }

  private scrolled(): void {
    if (this.isPending) return;
    const was = this.isStuck;
    this.isStuck = this.distance < NEAR && this.events.isNewest();
    this.events.moved(this.isStuck && !was);
  }
}
