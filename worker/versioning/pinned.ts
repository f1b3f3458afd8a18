import type { Client } from '@temporalio/client';
import { type Deployment, isNotFound } from './deployment.ts';
import { isPolled, type Routing } from './routing.ts';
import type { Version } from './version.ts';

const pinnedTo = ({ deploymentName, buildId }: Version) =>
  `TemporalWorkerDeploymentVersion = '${deploymentName}:${buildId}' AND TemporalWorkflowVersioningBehavior = 'Pinned' AND ExecutionStatus = 'Running'`;

/** How many running workflows are pinned to a version. */
export async function countPinned(client: Client, version: Version): Promise<number> {
  return (await client.workflow.count(pinnedTo(version))).count;
}

/** Lets the workflows that are pinned to a version go on where all others do; answers how many. They replay on that code. */
export async function unpin(client: Client, version: Version): Promise<number> {
  let moved = 0;
  for await (const { workflowId, runId } of client.workflow.list({ query: pinnedTo(version) })) {
    try {
      await client.workflowService.updateWorkflowExecutionOptions({
        namespace: client.options.namespace,
        workflowExecution: { workflowId, runId },
        workflowExecutionOptions: { versioningOverride: { autoUpgrade: true } },
        updateMask: { paths: ['versioning_override'] },
      });
      moved++;
    } catch (error) {
      // It has ended meanwhile.
      if (!isNotFound(error)) throw error;
    }
  }
  return moved;
}

/** Versions that may have workflows pinned to them, and no worker to do their work. */
export const abandoned = ({ name, versions }: Deployment, routing: Routing): Version[] =>
  versions
    .filter(({ status }) => status === 'draining')
    .map(({ buildId }) => ({ deploymentName: name, buildId }))
    .filter((version) => !isPolled(routing, version));
