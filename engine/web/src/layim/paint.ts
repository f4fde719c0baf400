// Work that is done once for a picture on the screen, however often it is asked for.

const waiting = new Map<string, () => void>();
let isAsked = false;

/** Runs `work` before the next picture; what was asked for under the same name before is dropped. */
export function beforePaint(name: string, work: () => void): void {
  waiting.set(name, work);
  if (isAsked) return;
  isAsked = true;
  const timer = setTimeout(run, 250);
  // A page that is not looked at draws nothing: then the timer does it.
  const frame = requestAnimationFrame(run);
  function run(): void {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    isAsked = false;
    const all = [...waiting.values()];
    waiting.clear();
    for (const one of all) one();
  }
}
