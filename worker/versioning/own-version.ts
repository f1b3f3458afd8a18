import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Ensure } from '../../process/ensuring.ts';
import { type Deployment, describeDeployment, makeCurrent } from './deployment.ts';
import { abandoned, unpin } from './pinned.ts';
import { isPolled, type Routing, routingOf, type Standing } from './routing.ts';
import type { Version } from './version.ts';

/** Its name in `/readyz` and the log. */
export const OWN_VERSION = 'version';
const LOOK_FOR_IT_MS = 100;
const EVERY_MS = 30_000;

/** Temporal knows a version shortly after its first worker has asked for tasks, which goes on beside this. */
async function deploymentWith(client: Client, version: Version, deadline: number): Promise<Deployment> {
  for (;;) {
    const deployment = await describeDeployment(client, version.deploymentName);
    if (deployment?.versions.some(({ buildId }) => buildId === version.buildId)) return deployment;
    if (Date.now() + LOOK_FOR_IT_MS > deadline) throw new Error(`Temporal does not know version ${version.buildId} yet`);
    await sleep(LOOK_FOR_IT_MS);
  }
}

/** Makes this process's version current, where nobody else does: `npm start` and Compose have one version at a time. */
export const ownVersionIn =
  (client: Client, version: Version): Ensure =>
  (deadline) =>
    client.withDeadline(deadline, async () => {
      await makeCurrent(client, await deploymentWith(client, version, deadline), version.buildId);
    });

export interface OwnVersionOptions {
  client: Client;
  version: Version;
  taskQueue: string;
  log: Logger;
  /** Called when this version gets nothing, and the current one has no worker any more. */
  again: () => void;
}

/**
 * After the last worker of another version has gone: becomes current when that one was, and takes over what was pinned to it, which
 * would wait for ever.
 */
export function succeed({ client, version, taskQueue, log, again }: OwnVersionOptions) {
  const takeOver = async () => {
    const routing = await routingOf(client, taskQueue);
    const deployment = await describeDeployment(client, version.deploymentName);
    for (const left of deployment ? abandoned(deployment, routing) : []) {
      const moved = await unpin(client, left);
      if (moved > 0) log.warn({ ...left, moved }, 'workflows of a version without workers go on with this one');
    }
  };
  let triedAt = Number.NEGATIVE_INFINITY;
  let before: Standing | undefined;
  return (standing: Standing, routing: Routing | undefined): void => {
    const isTime = standing !== before || performance.now() - triedAt > EVERY_MS;
    before = standing;
    if (!isTime) return;
    triedAt = performance.now();
    if (standing === 'waiting' && routing?.current && !isPolled(routing, routing.current)) again();
    if (standing !== 'current') return;
    client
      .withDeadline(Date.now() + EVERY_MS, takeOver)
      .catch((error: unknown) => log.warn({ err: error }, 'it is not known what other versions left, asking again soon'));
  };
}
