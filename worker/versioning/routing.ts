import type { Client } from '@temporalio/client';
import { isSame, type Version } from './version.ts';

/** Who gets the tasks of a task queue. */
export interface Routing {
  /** Gets them; null = workers without a version do. */
  current: Version | null;
  /** Gets the share of them that `npm run deploy -- ramp` gave it. */
  ramping: (Version & { percentage: number }) | null;
  /** Versions of workers that asked for tasks lately, one for each worker. */
  polled: Version[];
}

/**
 * What a version is to a task queue. `unversioned`: no version is current there, workers without one get everything. `waiting`: it
 * gets nothing new, and only ends what is pinned to it.
 */
export type Standing = 'unversioned' | 'current' | 'ramping' | 'waiting';

/** TaskQueueType of Temporal's API, as a number: the protocol package is CommonJS without named exports. */
const WORKFLOW_TASKS = 1;
/** A waiting worker asks again after a minute at the latest. */
const LATELY_MS = 120_000;

interface Named {
  deploymentName?: string | null;
  buildId?: string | null;
}
const named = (version: Named | null | undefined): Version | null =>
  version?.deploymentName && version.buildId ? { deploymentName: version.deploymentName, buildId: version.buildId } : null;

/** Asks Temporal's front door and matching only: Temporal's own system worker, which keeps the deployments, may be away. */
export async function routingOf(client: Client, taskQueue: string): Promise<Routing> {
  const { namespace } = client.options;
  const { versioningInfo, pollers } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: WORKFLOW_TASKS,
  });
  const since = Date.now() - LATELY_MS;
  const ramping = named(versioningInfo?.rampingDeploymentVersion);
  const lately = pollers.filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000 > since);
  return {
    current: named(versioningInfo?.currentDeploymentVersion),
    ramping: ramping && { ...ramping, percentage: versioningInfo?.rampingVersionPercentage ?? 0 },
    polled: lately.map(({ deploymentOptions }) => named(deploymentOptions)).filter((version) => version !== null),
  };
}

/** Where it is not known, a worker does as without versions: a worker too many costs little. */
export function standingOf(version: Version, routing: Routing | undefined): Standing {
  if (!routing?.current) return 'unversioned';
  if (isSame(version, routing.current)) return 'current';
  return routing.ramping && isSame(version, routing.ramping) ? 'ramping' : 'waiting';
}

/** Whether a worker of this version has asked for tasks lately. */
export const isPolled = ({ polled }: Routing, version: Version): boolean => polled.some((each) => isSame(each, version));
