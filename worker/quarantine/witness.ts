import { randomUUID } from 'node:crypto';
import { liftQuarantine, quarantine, type StuckWorkflow } from '../../db/operations/quarantines.ts';
import { sendAlone } from '../../db/send-alone.ts';
import { databaseConfig } from '../../process/config/database.ts';
import { workerConfig } from '../../process/config/worker.ts';
import { createLastLog } from '../../process/log.ts';
import { leave, takeAway } from './left-files.ts';

/**
 * Loaded in the watchdog's thread (worker/fast-path/watchdog.ts), the only one that can act while workflow code does not return. The
 * quarantine is stored then, and not when the worker is killed, because the process may end before: code that fills the heap ends it.
 */
const SEND_MS = 2_000;
const url = databaseConfig(process.env).DATABASE_URL;
const { WORKFLOW_QUARANTINE_MS: forMs } = workerConfig(process.env);
/** This worker among all: what another has put is not its to lift. */
const by = randomUUID();
const log = createLastLog('worker', process.env);

let before: Promise<void> = Promise.resolve();
/** One after the other: what is stored first must not be lifted before. */
const next = (work: () => Promise<void>) => {
  before = before.then(work).catch((error: unknown) => log.error({ err: error }, 'a quarantine could not be stored'));
};

/** The file only stands in for PostgreSQL: where it cannot be written (a full disk, a read-only root), the row is sent all the same. */
const inFile = (work: () => void) => {
  try {
    work();
  } catch (error) {
    log.warn({ err: error }, 'the file of a quarantine could not be written or deleted');
  }
};

/** The code of this workflow has not returned for two seconds: from now on no other worker takes it. */
export function stuck(workflow: StuckWorkflow): void {
  log.warn({ ...workflow, forMs }, 'workflow code has not returned for two seconds: it is kept from other workers');
  next(async () => {
    inFile(() => leave(url, workflow, by, forMs));
    await sendAlone(url, quarantine(workflow, by, forMs), SEND_MS);
    inFile(() => takeAway(url, workflow.workflowId, by));
  });
}

/** It has returned after all, here. */
export function returned({ workflowId }: StuckWorkflow): void {
  log.warn({ workflowId }, 'workflow code has returned: this worker no longer keeps it from others');
  next(async () => {
    inFile(() => takeAway(url, workflowId, by));
    await sendAlone(url, liftQuarantine(workflowId, by), SEND_MS);
  });
}
