import { workflowInfo } from '@temporalio/workflow';

/**
 * For workflows of minutes or hours: each ends on the version of the worker that began it (docs/operating.md#versions-of-workers),
 * while lines, pickups and plans move on, as the worker tells Temporal. From a worker without a version, whose build the SDK names
 * and whose deployment it does not, Temporal refuses a behavior.
 */
export const pinned = () =>
  workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'PINNED' as const } : {};
