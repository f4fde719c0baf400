// The two drawings of the page, made of elements.

const SVG = 'http://www.w3.org/2000/svg';

function shape(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function drawing(viewBox: string, className: string, shapes: SVGElement[]): SVGElement {
  const svg = shape('svg', { viewBox, class: className, 'aria-hidden': 'true', focusable: 'false' });
  svg.append(...shapes);
  return svg;
}

/** The mark: a speech bubble with three points. */
export function mark(): SVGElement {
  return drawing('0 0 64 64', 'webim-mark', [
    shape('rect', { width: 64, height: 64, rx: 18, fill: '#0b6e6a' }),
    shape('path', { d: 'M14 18h36a4 4 0 0 1 4 4v18a4 4 0 0 1-4 4H31l-10 9v-9h-7a4 4 0 0 1-4-4V22a4 4 0 0 1 4-4Z', fill: '#fff' }),
    shape('circle', { cx: 22, cy: 31, r: 3.4, fill: '#0b6e6a' }),
    shape('circle', { cx: 32, cy: 31, r: 3.4, fill: '#46a79f' }),
    shape('circle', { cx: 42, cy: 31, r: 3.4, fill: '#e7a33e' }),
  ]);
}

/** Two bubbles over a desk, for where no chat is open. */
export function quiet(): SVGElement {
  return drawing('0 0 240 170', 'webim-quiet', [
    shape('ellipse', { cx: 120, cy: 150, rx: 92, ry: 9, fill: '#e4ecec' }),
    shape('path', { d: 'M44 34h92a14 14 0 0 1 14 14v38a14 14 0 0 1-14 14H78l-22 20v-20H44a14 14 0 0 1-14-14V48a14 14 0 0 1 14-14Z', fill: '#d5ebe7' }),
    shape('rect', { x: 50, y: 54, width: 62, height: 7, rx: 3.5, fill: '#7fbdb4' }),
    shape('rect', { x: 50, y: 70, width: 40, height: 7, rx: 3.5, fill: '#a6d3cc' }),
    shape('path', { d: 'M118 72h74a13 13 0 0 1 13 13v30a13 13 0 0 1-13 13h-8v17l-19-17h-47a13 13 0 0 1-13-13V85a13 13 0 0 1 13-13Z', fill: '#fff', stroke: '#cfdcdc', 'stroke-width': 2 }),
    shape('circle', { cx: 137, cy: 100, r: 5, fill: '#0b6e6a' }),
    shape('circle', { cx: 155, cy: 100, r: 5, fill: '#46a79f' }),
    shape('circle', { cx: 173, cy: 100, r: 5, fill: '#e7a33e' }),
  ]);
}
