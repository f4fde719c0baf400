// Elements without markup: text goes in as text, so nothing that people write can become anything else.

type Attributes = Record<string, string | number | boolean | undefined>;
type Child = Node | string | undefined | false;

/**
 * An element from `tag.class1.class2#id`, attributes and children. An attribute that is `undefined` or `false` is left
 * out, `true` is empty.
 */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  spec: Tag | `${Tag}.${string}` | `${Tag}#${string}`,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const [, tag = 'div', id, classes = ''] = /^(\w+)(?:#([\w-]+))?((?:\.[^.]+)*)$/.exec(spec) ?? [];
  const element = document.createElement(tag) as HTMLElementTagNameMap[Tag];
  if (id) element.id = id;
  const names = classes.split('.').filter(Boolean);
  if (names.length > 0) element.className = names.join(' ');
  set(element, attributes);
  for (const child of children) {
    if (child !== undefined && child !== false) element.append(child);
  }
  return element;
}

export function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** A decorative glyph of layui's icon font. */
export function icon(name: string): HTMLElement {
  return el('i', { class: `layui-icon layui-icon-${name}`, 'aria-hidden': 'true' });
}

/** A picture of a person or group; what it shows stands beside it as text. */
export function avatar(src: string | undefined): HTMLImageElement {
  return el('img', { src: src || undefined, alt: '', loading: 'lazy', decoding: 'async', draggable: 'false' });
}

/** Attributes that make any element a button of LayIM's: clicked, or Enter or Space on it, is the event `name`. */
export function action(name: string, label?: string): Attributes {
  return { 'layim-event': name, role: 'button', tabindex: '0', 'aria-label': label, title: label };
}

/** The name safe in a class: hosts read ids from there. */
export function keyOf({ type, id }: { type: string; id: string | number }): string {
  return `${type}${id}`;
}
