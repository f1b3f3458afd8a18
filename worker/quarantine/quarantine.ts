import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Db } from '../../db/database.ts';
import { quarantine, quarantined } from '../../db/operations/quarantines.ts';
import { leftFiles, takeAway } from './left-files.ts';

/** Far less than Temporal waits before it gives a dead worker's task to another: 10 s. */
const LOOK_EVERY_MS = 1_000;

export interface Quarantine {
  /** Why tasks of this workflow fail at once, or null. */
  refusal: (workflowId: string) => string | null;
  stop: () => Promise<void>;
}

export interface QuarantineOptions {
  db: Db;
  databaseUrl: string;
  registry: Registry;
  log: Logger;
}

/**
 * Knows the workflows whose code has taken a worker or still holds one (witness.ts), from PostgreSQL and from what a worker on this
 * machine has left. Resolves after the first look, so that a new worker does not begin with the task that ended the last one.
 */
export async function openQuarantine({ db, databaseUrl, registry, log }: QuarantineOptions): Promise<Quarantine> {
  /** Workflow id → when it ends, by this process's clock. */
  let known = new Map<string, number>();
  const holds = (workflowId: string) => (known.get(workflowId) ?? 0) > performance.now();
  new Gauge({
    name: 'workflows_quarantined',
    help: 'Workflows whose code has not returned on a worker: their tasks fail at once for a while',
    registers: [registry],
    collect() {
      this.set([...known.keys()].filter(holds).length);
    },
  });
  const refusals = new Counter({
    name: 'workflow_quarantine_refusals_total',
    help: 'Tasks of quarantined workflows that this worker failed at once',
    registers: [registry],
  });

  /** Read once: a file that appears later is that of a running worker, which stores it itself. */
  const left = leftFiles(databaseUrl);
  for (const { until, by: _by, ...workflow } of left) {
    const leftMs = until - Date.now();
    known.set(workflow.workflowId, Math.max(known.get(workflow.workflowId) ?? 0, performance.now() + leftMs));
    log.warn({ ...workflow, leftMs }, 'quarantined workflow, left by a worker on this machine: its tasks fail at once');
  }

  const look = async () => {
    for (let one = left[0]; one; one = left[0]) {
      const { until, by, ...workflow } = one;
      if (until > Date.now()) await db.query(quarantine(workflow, by, until - Date.now()));
      takeAway(databaseUrl, workflow.workflowId, by);
      left.shift();
    }
    const rows = await quarantined(db.query);
    const now = performance.now();
    for (const { workflow_id, workflow_type, run_id, times, left_ms } of rows) {
      const facts = { workflowId: workflow_id, workflowType: workflow_type, runId: run_id, times, leftMs: Math.round(left_ms) };
      if (!known.has(workflow_id)) log.warn(facts, 'quarantined workflow: its tasks fail at once');
    }
    const current = new Map(rows.map(({ workflow_id, left_ms }) => [workflow_id, now + left_ms]));
    for (const workflowId of known.keys())
      if (!current.has(workflowId)) log.info({ workflowId }, 'no longer quarantined: its tasks are tried again');
    known = current;
  };

  const stopping = new AbortController();
  const lookOrSay = () => look().catch((error: unknown) => log.warn({ err: error }, 'quarantined workflows could not be read'));
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await sleep(LOOK_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => {});
      if (!stopping.signal.aborted) await lookOrSay();
    }
  };
  await lookOrSay();
  const running = loop();
  return {
    refusal: (workflowId) => {
      if (!holds(workflowId)) return null;
      refusals.inc();
      return `${workflowId} is quarantined: its code did not return on a worker`;
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
