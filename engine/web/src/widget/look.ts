// Button and frame on a page of somebody else's. Every style is set through the object model: a policy of the page that
// forbids inline styles does not touch those.

const COLOR = '#0b6e6a';
const SVG = 'http://www.w3.org/2000/svg';
const CHAT = 'M12 3C6.5 3 2 6.8 2 11.4c0 2.6 1.4 4.9 3.7 6.5-.1 1-.5 2.1-1.3 3.1 1.7-.1 3.2-.7 4.4-1.5 1 .2 2.1.4 3.2.4 5.5 0 10-3.8 10-8.500S17.5 3 12 3Z';
const DOWN = 'M6 9.5 12 15.5 18 9.5';

type Style = Partial<Record<keyof CSSStyleDeclaration, string>>;

function styled<Made extends HTMLElement>(element: Made, style: Style): Made {
  for (const [name, value] of Object.entries(style)) (element.style as unknown as Record<string, string>)[name] = value as string;
  return element;
}

function picture(path: string, isLine: boolean): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [name, value] of Object.entries({ viewBox: '0 0 24 24', width: '28', height: '28', 'aria-hidden': 'true' })) svg.setAttribute(name, value);
  const drawn = document.createElementNS(SVG, 'path');
  const look = isLine ? { fill: 'none', stroke: '#fff', 'stroke-width': '2.5', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' } : { fill: '#fff' };
  for (const [name, value] of Object.entries({ d: path, ...look })) drawn.setAttribute(name, value);
  svg.append(drawn);
  return svg;
}

const isPhone = () => innerWidth <= 520 || innerHeight <= 480;

export interface Words {
  open: string;
  close: string;
  title: string;
  unread(count: number): string;
}

export class Look {
  readonly button = document.createElement('button');
  frame: HTMLIFrameElement | undefined;
  private readonly root = document.createElement('div');
  private readonly badge = document.createElement('span');
  private isOpen = false;
  private side: 'left' | 'right' = 'right';
  private overflow: string | undefined;

  constructor(private readonly words: Words) {
    const { button, badge, root } = this;
    button.type = 'button';
    styled(root, { position: 'fixed', zIndex: '2147483000', bottom: '0', width: '0', height: '0' });
    styled(button, {
      position: 'fixed', bottom: 'max(20px, env(safe-area-inset-bottom))', width: '58px', height: '58px', padding: '0', border: '0', borderRadius: '50%',
      boxShadow: '0 6px 22px rgba(10, 40, 45, 0.32)', cursor: 'pointer', display: 'flex', alignItems: 'center', justifyContent: 'center', margin: '0',
    });
    styled(badge, {
      position: 'absolute', top: '-3px', right: '-3px', minWidth: '20px', height: '20px', padding: '0 5px', boxSizing: 'border-box', borderRadius: '10px',
      background: '#c62828', color: '#fff', font: '600 12px/20px system-ui, sans-serif', textAlign: 'center', display: 'none',
    });
    this.paint(COLOR, 'right');
    this.unread(0);
    root.append(button);
    addEventListener('resize', () => this.place());
  }

  /** Puts the button onto the page. */
  mount(): void {
    document.body.append(this.root);
    this.draw();
  }

  paint(color: string, side: string): void {
    this.side = side === 'left' ? 'left' : 'right';
    styled(this.button, { background: /^#[\da-f]{6}$/i.test(color) ? color : COLOR, left: '', right: '', [this.side]: '20px' });
    this.place();
  }

  unread(count: number): void {
    const { badge, button, words } = this;
    badge.textContent = count > 99 ? '99+' : String(count);
    badge.style.display = count > 0 && !this.isOpen ? 'block' : 'none';
    button.setAttribute('aria-label', this.isOpen ? words.close : count > 0 ? `${words.open} (${words.unread(count)})` : words.open);
  }

  /** The frame, made at first need. */
  load(src: string): HTMLIFrameElement {
    if (this.frame) return this.frame;
    const frame = styled(document.createElement('iframe'), { position: 'fixed', border: '0', background: '#fff', colorScheme: 'normal', display: 'none' });
    frame.title = this.words.title;
    frame.allow = 'microphone; autoplay; clipboard-write';
    frame.src = src;
    this.frame = frame;
    this.root.append(frame);
    this.place();
    return frame;
  }

  show(isOpen: boolean): void {
    this.isOpen = isOpen;
    this.draw();
    if (isOpen) this.frame?.focus();
    else if (document.activeElement === this.frame) this.button.focus();
  }

  private draw(): void {
    const { button, badge, isOpen } = this;
    button.replaceChildren(picture(isOpen ? DOWN : CHAT, isOpen), badge);
    button.setAttribute('aria-expanded', String(isOpen));
    this.place();
  }

  private place(): void {
    const { frame, button, isOpen, side } = this;
    const fills = isOpen && isPhone();
    button.style.display = fills ? 'none' : 'flex';
    this.hold(fills);
    if (!frame) return;
    styled(frame, {
      display: isOpen ? 'block' : 'none',
      top: fills ? '0' : 'auto', left: '', right: '', bottom: fills ? '0' : '92px',
      width: fills ? '100%' : 'min(392px, calc(100vw - 32px))', height: fills ? '100%' : 'min(640px, calc(100vh - 112px))',
      borderRadius: fills ? '0' : '16px', boxShadow: fills ? 'none' : '0 16px 56px rgba(10, 40, 45, 0.3)',
      [side]: fills ? '0' : '20px',
    });
  }

  /** While the chat fills a phone, the page behind it does not scroll. */
  private hold(holds: boolean): void {
    const { style } = document.documentElement;
    if (holds && this.overflow === undefined) {
      this.overflow = style.overflow;
      style.overflow = 'hidden';
    } else if (!holds && this.overflow !== undefined) {
      style.overflow = this.overflow;
      this.overflow = undefined;
    }
  }
}
