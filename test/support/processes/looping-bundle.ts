import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** The bundle of looping-workflows.ts, in this folder: for WORKFLOW_BUNDLE. */
export async function loopingBundle(folder: string): Promise<string> {
  const workflowsPath = join(import.meta.dirname, 'looping-workflows.ts');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  const bundle = join(folder, 'looping.js');
  writeFileSync(bundle, code);
  return bundle;
}

/** What a program has logged so far. */
export const loggedOf = (logFile: string): any[] =>
  readFileSync(logFile, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
