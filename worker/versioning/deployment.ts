import type { Client } from '@temporalio/client';
import type { Version } from './version.ts';

/** Of a version, as Temporal says it. */
export type VersionStatus = 'current' | 'ramping' | 'draining' | 'drained' | 'inactive';

export interface KnownVersion {
  buildId: string;
  status: VersionStatus;
  /** When its first worker came, in ms since 1970. */
  createdAt: number;
}

/** A deployment as Temporal has it now. */
export interface Deployment {
  name: string;
  current: string | null;
  ramping: { buildId: string; percentage: number } | null;
  /** The newest first. */
  versions: KnownVersion[];
  /** A change that carries it is refused when somebody else has changed the deployment meanwhile. */
  conflictToken: Uint8Array;
}

/** gRPC status. */
const NOT_FOUND = 5;
const STATUS: Record<number, VersionStatus> = { 1: 'inactive', 2: 'current', 3: 'ramping', 4: 'draining', 5: 'drained' };
/** Key of a version's metadata: the build that was current before it, which a rollback makes current again. */
const REPLACED = 'replaced';

export const isNotFound = (error: unknown): boolean => (error as { code?: unknown }).code === NOT_FOUND;
const identity = `${process.pid} of npm run deploy or a worker`;

/** Null when no worker of it has ever come. Asks Temporal's own system worker, as all of these functions do. */
export async function describeDeployment(client: Client, name: string): Promise<Deployment | null> {
  const { namespace } = client.options;
  try {
    const answer = await client.workflowService.describeWorkerDeployment({ namespace, deploymentName: name });
    const { routingConfig, versionSummaries } = answer.workerDeploymentInfo ?? {};
    const versions = (versionSummaries ?? []).map(({ deploymentVersion, status, createTime }) => ({
      buildId: deploymentVersion?.buildId ?? '',
      status: STATUS[status ?? 0] ?? 'inactive',
      createdAt: Number(createTime?.seconds ?? 0) * 1_000,
    }));
    const ramping = routingConfig?.rampingDeploymentVersion?.buildId;
    return {
      name,
      current: routingConfig?.currentDeploymentVersion?.buildId || null,
      ramping: ramping ? { buildId: ramping, percentage: routingConfig?.rampingVersionPercentage ?? 0 } : null,
      versions: versions.sort((a, b) => b.createdAt - a.createdAt),
      conflictToken: answer.conflictToken,
    };
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

export interface Change {
  /** Also when the version's workers do not poll every task queue that the current one's poll. */
  force?: boolean;
}

/** Makes this build current, and ends a ramp to it. What it replaces is written down first, for `replacedBy`. */
export async function makeCurrent(
  client: Client,
  deployment: Deployment,
  buildId: string,
  { force }: Change = {},
): Promise<void> {
  const { name, current } = deployment;
  if (current === buildId) return;
  if (current !== null) await rememberReplaced(client, { deploymentName: name, buildId }, current);
  await setCurrent(client, deployment, buildId, { force });
}

/** The same without writing down what it replaces: the way back is not a step forward. */
export async function setCurrent(client: Client, deployment: Deployment, buildId: string, { force }: Change = {}): Promise<void> {
  await client.workflowService.setWorkerDeploymentCurrentVersion({
    namespace: client.options.namespace,
    deploymentName: deployment.name,
    buildId,
    identity,
    conflictToken: deployment.conflictToken,
    ignoreMissingTaskQueues: force ?? false,
  });
}

/** Gives this build a share of the tasks; 0 % ends a ramp. */
export async function setRamp(
  client: Client,
  deployment: Deployment,
  buildId: string,
  percentage: number,
  { force }: Change = {},
): Promise<void> {
  await client.workflowService.setWorkerDeploymentRampingVersion({
    namespace: client.options.namespace,
    deploymentName: deployment.name,
    buildId: percentage === 0 ? '' : buildId,
    percentage,
    identity,
    conflictToken: deployment.conflictToken,
    ignoreMissingTaskQueues: force ?? false,
  });
}

async function rememberReplaced(client: Client, version: Version, replaced: string): Promise<void> {
  await client.workflowService.updateWorkerDeploymentVersionMetadata({
    namespace: client.options.namespace,
    deploymentVersion: version,
    upsertEntries: {
      [REPLACED]: { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify(replaced)) },
    },
  });
}

/** The build that was current before this one; null when that is not known, or Temporal has forgotten it. */
export async function replacedBy(client: Client, deployment: Deployment, buildId: string): Promise<string | null> {
  const { workerDeploymentVersionInfo } = await client.workflowService.describeWorkerDeploymentVersion({
    namespace: client.options.namespace,
    deploymentVersion: { deploymentName: deployment.name, buildId },
  });
  const data = workerDeploymentVersionInfo?.metadata?.entries?.[REPLACED]?.data;
  if (!data) return null;
  const replaced: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
  return deployment.versions.find((each) => each.buildId === replaced)?.buildId ?? null;
}
