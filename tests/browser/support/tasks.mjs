// How long a page's longest task was, in time of the processor: what else the machine does is not counted.
import assert from 'node:assert/strict';

const MARK = 'webim-tasks';

/** Does `work` and says what the tasks of the page's main thread took meanwhile, in milliseconds, longest first. */
export async function longestTasks(page, work) {
  const client = await page.context().newCDPSession(page);
  const events = [];
  client.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await client.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'blink.user_timing', 'disabled-by-default-devtools.timeline'], excludedCategories: ['*'] },
  });
  await page.evaluate((name) => performance.mark(name), MARK);
  await work();
  const complete = new Promise((resolve) => client.once('Tracing.tracingComplete', resolve));
  await client.send('Tracing.end');
  await complete;
  await client.detach();
  const { pid, tid } = events.find(({ name }) => name === MARK) ?? {};
  assert.ok(pid, 'the trace has the page in it');
  const tasks = events.filter((one) => one.pid === pid && one.tid === tid && one.tdur !== undefined && /RunTask$/.test(one.name));
  assert.ok(tasks.length > 0, 'the trace has tasks in it');
  return tasks.map(({ tdur }) => tdur / 1_000).sort((a, b) => b - a);
}

export async function longestTask(page, work) {
  return (await longestTasks(page, work))[0];
}

export function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
