import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/servers/ports.ts';
import type { Bench, Part } from '../harness/bench.ts';
import { startApi, startWorker } from '../harness/programs.ts';
import { short, spreadOf } from '../measure/stats.ts';

/** Targets of issue 24, point 7. */
const PROGRAM_SECONDS = 2;
const STACK_SECONDS = 5;
const STARTS = 5;
const READY_WITHIN_MS = 300_000;
const LOOK_EVERY_MS = 20;
const ROOT = join(import.meta.dirname, '..', '..');

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
};

async function programs({ servers, report }: Bench): Promise<void> {
  const took = { API: [] as number[], worker: [] as number[] };
  // The first start of all bundles the workflows, as building an image does; it is not judged.
  for (let n = 0; n <= STARTS; n++) {
    let stop: (() => Promise<unknown>) | undefined;
    const api = await secondsOf(async () => {
      stop = (await startApi(servers, 'product')).child.stop;
    });
    await stop?.();
    const worker = await secondsOf(async () => {
      stop = (await startWorker(servers, { slots: 500, cache: 5_000 })).stop;
    });
    await stop?.();
    if (n === 0) continue;
    took.API.push(api);
    took.worker.push(worker);
  }
  for (const [name, seconds] of Object.entries(took))
    report.target(`cold start: ${name}`, spreadOf(seconds), { atMost: PROGRAM_SECONDS }, ' s');
}

/** `npm start` twice on the same folder, without sample orders. */
async function stack({ servers, report }: Bench): Promise<void> {
  const folder = join(servers.folder, 'local');
  const names = ['PORT', 'PG_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'SIMULATOR_PORT', 'RECEIVER_PORT'];
  const ports: Record<string, string> = {};
  for (const name of names) ports[name] = String(await freePort());
  const start = async () => {
    const child = await servers.keeper.spawn({
      name: 'npm-start',
      command: process.execPath,
      args: ['local/main.ts'],
      cwd: ROOT,
      env: {
        ...process.env,
        ...ports,
        DATA_DIR: folder,
        SAMPLE_DATA: 'off',
        NODE_COMPILE_CACHE: 'node_modules/.cache/compile',
      },
      logFile: join(servers.folder, 'npm-start.log'),
    });
    let ended = false;
    void child.exited.then(() => {
      ended = true;
    });
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!existsSync(join(folder, 'ready'))) {
      if (ended || performance.now() > deadline) throw new Error('npm start did not get ready');
      await sleep(LOOK_EVERY_MS);
    }
    return () => child.stop(60_000);
  };
  const seconds: number[] = [];
  for (let n = 0; n < 3; n++) {
    let stop: (() => Promise<unknown>) | undefined;
    const took = await secondsOf(async () => {
      stop = await start();
    });
    await stop?.();
    if (n > 0) seconds.push(took);
    else report.say(`the first time: ${short(took)} s, without sample orders`);
  }
  report.target('npm start, the second time', spreadOf(seconds), { atMost: STACK_SECONDS }, ' s');
}

/** How long an operator waits for a process that was started anew. */
export const startingPart: Part = { key: 'starting', title: 'Cold start of API and worker', run: programs };
export const stackPart: Part = { key: 'npm-start', title: '`npm start`, the second time', run: stack };
