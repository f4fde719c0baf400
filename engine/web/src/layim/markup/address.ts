// Which addresses may be followed, shown or opened.

/** The address if its scheme is one of `schemes`: by default the web, mail, a telephone, or a path of this site. */
export function safeAddress(address: string, schemes = ['http:', 'https:', 'mailto:', 'tel:']): string | undefined {
  try {
    const url = new URL(String(address), document.baseURI);
    return schemes.includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** The address of a picture: of the web or this site, or a small picture written into the address itself. */
export function pictureAddress(address: string | undefined): string | undefined {
  if (!address) return undefined;
  const text = String(address);
  if (/^data:image\/(?:png|jpe?g|gif|webp|svg\+xml)[;,]/i.test(text)) return text;
  return safeAddress(text, ['http:', 'https:', 'blob:']) === undefined ? undefined : text;
}
