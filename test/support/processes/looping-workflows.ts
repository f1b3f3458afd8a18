/** The worker's workflows, and others that do what ours never do: loop for ever, log, change globals: for tests of the fast path and of the quarantine. */
import { log, sleep } from '@temporalio/workflow';

export * from '../../../workflows/index.ts';

export async function loops(): Promise<void> {
  for (;;);
}

/** Waits for ever for what is there already. */
export async function loopsAwaiting(): Promise<void> {
  for (;;) await null;
}

/** Stands still for so long in one call: the sandbox's own clock does not run meanwhile. */
function stand(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

export async function slow(): Promise<string> {
  stand(4_000);
  return 'done';
}

/** Fills the heap in one call, after some seconds: V8 ends the process, unless the watchdog comes first. */
export async function fillsHeap(): Promise<void> {
  stand(3_500);
  const kept: unknown[] = [];
  for (;;) kept.push(new Array(100_000).fill(1.5));
}

export async function logs(): Promise<void> {
  await sleep(1);
  log.warn('after a quiet activation');
  await sleep(1);
  await sleep(1);
  log.warn('after two more');
}

/** Leaves a global of its own for the time of some naps, and answers what it and a built-in then are. */
export async function litters(mine: string | null): Promise<unknown[]> {
  const global: Record<string, unknown> = globalThis;
  if (mine !== null) {
    global.litter = mine;
    global.Intl = mine;
  }
  const seen = [];
  for (let nap = 0; nap < 3; nap++) {
    await sleep(1);
    seen.push(global.litter, typeof global.Intl);
  }
  return seen;
}
