// The host's own addresses, asked as LayIM asks them: `{code, msg, data}`, where 0 is success.

import type { Request } from './contract';

/** What the host said instead of data; its message is for the person. */
export class Refused extends Error {}

interface Answer<Data> {
  code?: number | string;
  msg?: string;
  data?: Data;
}

/** Asks `request.url` with the data it names and `more`. */
export async function ask<Data>(request: Partial<Request> & { url: string }, more: Record<string, string> = {}): Promise<Data> {
  const method = (request.type ?? 'get').toUpperCase();
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...request.data, ...more })) fields.set(name, String(value));
  if (method !== 'GET') return answer<Data>(await fetch(request.url, { method, credentials: 'same-origin', body: fields }));
  // LayIM's own way past a cache.
  fields.set('_', String(Date.now()));
  const address = `${request.url}${request.url.includes('?') ? '&' : '?'}${fields.toString()}`;
  return answer<Data>(await fetch(address, { method, credentials: 'same-origin' }));
}

/** Sends a file as LayIM does: a form with the field `file`. */
export async function upload<Data>(request: Partial<Request> & { url: string }, file: File): Promise<Data> {
  const form = new FormData();
  form.append('file', file, file.name);
  const method = (request.type ?? 'post').toUpperCase();
  return answer<Data>(await fetch(request.url, { method, credentials: 'same-origin', body: form }));
}

async function answer<Data>(response: Response): Promise<Data> {
  const said = (await response.json()) as Answer<Data>;
  if (Number(said.code) !== 0) throw new Refused(said.msg ?? `${said.code ?? response.status}`);
  return (said.data ?? {}) as Data;
}
