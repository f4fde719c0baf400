// HTML entities: hosts of old escape what they store, and LayIM shows it as it was meant.

const ENTITY = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});/gi;

let decoder: HTMLTextAreaElement | undefined;

/** `text` with its entities as the characters they stand for. The result is text: nobody reads it as markup. */
export function decoded(text: string): string {
  return text.includes('&') ? text.replace(ENTITY, character) : text;
}

function character(entity: string): string {
  decoder ??= document.createElement('textarea');
  // One entity and nothing else, in an element that holds only text.
  decoder.innerHTML = entity;
  return decoder.value;
}
