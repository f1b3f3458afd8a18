import type { Bench, Part } from '../harness/bench.ts';
import { insertShipped, startLines } from '../harness/due-lines.ts';
import { type Runner, type Stack, settleAll, startOurs } from '../harness/stack.ts';
import { residentMb } from '../measure/cpu.ts';
import { short, spreadOf } from '../measure/stats.ts';
import { runBatch } from './run-batch.ts';

/** Targets of issue 24, points 6 and 7. */
const WORKER_MB = 700;
const WITHIN_MS = 7_200_000;
/** The lines were shipped days ago, so a worker has none of them in its cache, and room for few. */
const SETTINGS = { slots: 500, cache: 2_000 };
const LOOKS = 10;

/** 배송완료지시배치 over many due lines in one run: is its memory bounded? Starting their workflows takes most of the time. */
export const manyDuePart: Part = {
  key: 'due-lines',
  title: 'Auto-complete: very many due lines in one run, and the memory of the worker',
  run: async (bench) => {
    const ours = await startOurs(bench.servers, SETTINGS);
    try {
      await measure(bench, ours);
    } finally {
      await ours.stop();
    }
  },
};

async function measure({ servers, sizes, report }: Bench, ours: Runner & Pick<Stack, 'api'>): Promise<void> {
  const count = sizes.manyDue;
  const from = performance.now();
  const rows = await insertShipped(servers, `M${Date.now().toString(36)}-`, count, '20');
  await startLines(servers, rows);
  await settleAll(servers, [ours]);
  const seconds = (performance.now() - from) / 1000;
  const before = residentMb(ours.worker.pid);
  report.say(
    `${count} workflows started in ${short(seconds)} s; worker ${short(before)} MB, API ${short(residentMb(ours.api.child.pid))} MB`,
  );
  let looked = 0;
  let most = 0;
  const onLook = ({ succeeded }: { succeeded: number }, workerMb: number) => {
    most = Math.max(most, workerMb);
    const share = Math.floor((succeeded * LOOKS) / count);
    if (share <= looked) return;
    looked = share;
    report.say(`  ${succeeded} delivered: worker ${short(workerMb)} MB, ${short(most)} MB at most since the look before`);
    most = 0;
  };
  const { run, ms, workerMb } = await runBatch(ours.api, ours.worker, 'auto-complete', { within: WITHIN_MS, onLook });
  if (run.succeeded !== count)
    throw new Error(`of ${count}: ${run.succeeded} counted, ${JSON.stringify(run.errors.slice(0, 3))}`);
  report.say(`${count} lines in ${short(ms / 60_000)} minutes, ${short((count * 1000) / ms)}/s`);
  report.target(`auto-complete of ${count} lines: the worker at most`, spreadOf([workerMb]), { atMost: WORKER_MB }, ' MB');
}
