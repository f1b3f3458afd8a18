import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../../local/keeper/keeper.ts';
import type { BatchId } from '../../workflows/messages/batches.ts';
import { createHttp } from '../harness/http.ts';
import { benchToken, type RunningApi } from '../harness/programs.ts';
import { residentMb } from '../measure/cpu.ts';

export const WITHIN_MS = 600_000;
const LOOK_EVERY_MS = 20;

/** A run as the API shows it. */
export interface Run {
  runId: string;
  finishedAt: string | null;
  examined: number;
  succeeded: number;
  errors: object[];
}

/** Runs a batch over HTTP until it has finished; `onLook` is told of the run while it goes on. */
export async function runBatch(
  api: RunningApi,
  worker: Child,
  id: BatchId,
  { within = WITHIN_MS, onLook = () => {} }: { within?: number; onLook?: (run: Run, workerMb: number) => void } = {},
): Promise<{ run: Run; ms: number; workerMb: number }> {
  const http = createHttp(api.url, await benchToken());
  const from = performance.now();
  let most = 0;
  try {
    const { status, text } = await http.post(`/api/bo/v1/batches/${id}/run`, {});
    if (status !== 202) throw new Error(`run ${id}: ${status} ${text}`);
    const { runId } = JSON.parse(text) as { runId: string };
    while (performance.now() < from + within) {
      const { items } = JSON.parse((await http.get(`/api/bo/v1/batches/${id}/runs?limit=1`)).text) as { items: Run[] };
      const run = items.find((each) => each.runId === runId);
      const workerMb = residentMb(worker.pid);
      most = Math.max(most, workerMb);
      if (run) onLook(run, workerMb);
      if (run && run.finishedAt !== null) return { run, ms: performance.now() - from, workerMb: most };
      await sleep(LOOK_EVERY_MS);
    }
    throw new Error(`${id} did not finish`);
  } finally {
    http.close();
  }
}
