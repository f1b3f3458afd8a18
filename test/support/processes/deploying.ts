import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { programArgs } from '../../../local/servers/servers.ts';
import { handleOf } from '../scenes/faults.ts';
import type { PlacedLine } from '../scenes/orders.ts';
import { eventually } from '../stack.ts';
import type { ProcessStack } from './process-stack.ts';

/** The bundle of second-version.ts, in this folder: for WORKFLOW_BUNDLE. */
export async function secondBundle(folder: string): Promise<string> {
  const workflowsPath = join(import.meta.dirname, 'second-version.ts');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  const bundle = join(folder, 'second.js');
  writeFileSync(bundle, code);
  return bundle;
}

/** `npm run deploy -- …` as a process of its own; its exit code and all it said. */
export function deploy({ temporalAddress, taskQueue }: ProcessStack, ...args: string[]): Promise<{ code: number; said: string }> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, TEMPORAL_ADDRESS: temporalAddress, TASK_QUEUE: taskQueue };
  return new Promise((resolve) => {
    execFile(process.execPath, [...programArgs('worker/deploy/main.ts'), ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, said: out + err }),
    );
  });
}

/** The same until it is done: a version is known shortly after its first worker has come. */
export const deployed = (stack: ProcessStack, ...args: string[]) =>
  eventually(async () => {
    const { code, said } = await deploy(stack, ...args);
    if (code !== 0) throw new Error(said);
    return said || 'done';
  });

/** The build and behavior under which a workflow had its latest task; undefined = without a version. */
export async function versioningOf({ temporal }: Pick<ProcessStack, 'temporal'>, workflowId: string) {
  const { raw } = await temporal.workflow.getHandle(workflowId).describe();
  const { deploymentVersion, behavior } = raw.workflowExecutionInfo?.versioningInfo ?? {};
  return { buildId: deploymentVersion?.buildId, behavior };
}

export const buildOf = async (stack: Pick<ProcessStack, 'temporal'>, line: PlacedLine) =>
  (await versioningOf(stack, handleOf(stack, line).workflowId)).buildId;
