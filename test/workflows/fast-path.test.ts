import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openFastPath } from '../../worker/fast-path/open.ts';
import { versionProblem } from '../../worker/fast-path/sdk-version.ts';

/** In a process of its own: where a worker has run, patch.ts has changed the SDK. */
const inFreshProcess = async (program: string): Promise<any> => {
  const options = { cwd: join(import.meta.dirname, '..', '..'), env: { PATH: process.env.PATH } };
  const args = ['--input-type=module', '--eval', program];
  return JSON.parse((await promisify(execFile)(process.execPath, args, options)).stdout);
};

describe('the fast path knows one SDK', () => {
  let asInstalled: string | null;
  let changed: string | null;
  let restored: string | null;
  beforeAll(async () => {
    [asInstalled, changed, restored] = await inFreshProcess(`
      import { Worker } from '@temporalio/worker';
      import { shapeProblem } from './worker/fast-path/sdk-shape.ts';
      const own = Reflect.get(Worker, 'createWorkflowCreator');
      const found = [own, async () => {}, own].map((value) => {
        Reflect.set(Worker, 'createWorkflowCreator', value);
        return shapeProblem();
      });
      console.log(JSON.stringify(found));`);
  });

  test('which is the one installed', () => {
    expect(versionProblem()).toBeNull();
    expect(asInstalled).toBeNull();
  });

  test('another version is named, and the SDK stays as it is', () => {
    expect(versionProblem('1.99.0')).toMatch(/^@temporalio\/worker is 1\.99\.0, not \d/);
  });

  test('what changed in its code is named, and the SDK stays as it is', () => {
    expect(changed).toContain("debugMode means the worker's own thread");
    expect(restored).toBeNull();
  });
});

// The worker of a process begins anew whenever Temporal was away.
test('a process that is on the fast path stays on it, whichever of its workers asks', async () => {
  const first = await openFastPath({ watchdog: null });
  expect(first.on).toBe(process.env.WORKFLOW_FAST_PATH !== 'off');
  expect(await openFastPath({ watchdog: null })).toEqual(first);
});
