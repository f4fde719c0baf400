// One file on its way to the server, with how far it has come.

import { RestError } from '../sdk';
import type { Problem, Upload } from '../generated/types';

export interface UploadOptions {
  base: string;
  file: File;
  headers?: Record<string, string>;
  /** From 0 to 1. */
  progress: (share: number) => void;
  signal: AbortSignal;
}

/** Sends the file; rejects with a `RestError`, whose code is `cancelled` where the signal said so. */
export function upload({ base, file, headers = {}, progress, signal }: UploadOptions): Promise<Upload> {
  return new Promise((resolve, reject) => {
    // `fetch` does not tell how far a body has come.
    const request = new XMLHttpRequest();
    request.open('POST', `${base}/api/v1/uploads`);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) => progress(total > 0 ? loaded / total : 0));
    request.addEventListener('load', () => {
      const answer = parse(request.responseText);
      if (request.status === 200 && answer) resolve(answer as Upload);
      else reject(refusal(request.status, answer as Partial<Problem> | undefined));
    });
    request.addEventListener('error', () => reject(new RestError('offline', 0, 'No answer.')));
    request.addEventListener('abort', () => reject(new RestError('cancelled', 0, 'Cancelled.')));
    signal.addEventListener('abort', () => request.abort());
    const form = new FormData();
    form.append('file', file, file.name);
    request.send(form);
  });
}

function refusal(status: number, problem: Partial<Problem> | undefined): RestError {
  return new RestError(problem?.code ?? 'internal', status, problem?.detail ?? problem?.title ?? `HTTP ${status}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
