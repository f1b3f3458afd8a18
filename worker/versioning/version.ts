import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkerConfig } from '../../process/config/worker.ts';

/** What Temporal knows a worker's code by. */
export interface Version {
  deploymentName: string;
  buildId: string;
}

const manifest = join(import.meta.dirname, '..', '..', 'package.json');
const hashed = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

/**
 * This checkout's version. Unless the environment names it, it changes with package.json's version and with the workflow code, so
 * that a restart stays what it was (`fingerprint` of worker/bundle.ts). Each task queue has a deployment of its own: two stacks in one namespace do not meet.
 */
export function versionOf(config: WorkerConfig, taskQueue: string, fingerprint: () => string): Version {
  const { WORKER_DEPLOYMENT, WORKER_BUILD_ID, WORKFLOW_BUNDLE } = config;
  const contained = () => (WORKFLOW_BUNDLE === undefined ? fingerprint() : hashed(WORKFLOW_BUNDLE)).slice(0, 12);
  const released = () => (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
  return {
    deploymentName: WORKER_DEPLOYMENT ?? taskQueue.replaceAll(/[^\w-]/g, '-').replace(/^__/, '--'),
    buildId: WORKER_BUILD_ID ?? `${released()}-${contained()}`,
  };
}

export const isSame = (a: Version, b: Version): boolean => a.deploymentName === b.deploymentName && a.buildId === b.buildId;
