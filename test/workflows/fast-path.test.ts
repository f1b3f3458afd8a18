import { describe, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { openFastPath } from '../../worker/fast-path/open.ts';
import { shapeProblem } from '../../worker/fast-path/sdk-shape.ts';
import { versionProblem } from '../../worker/fast-path/sdk-version.ts';

describe('the fast path knows one SDK', () => {
  test('which is the one installed', () => {
    expect(versionProblem()).toBeNull();
    expect(shapeProblem()).toBeNull();
  });

  test('another version is named, and the SDK stays as it is', () => {
    expect(versionProblem('1.99.0')).toMatch(/^@temporalio\/worker is 1\.99\.0, not \d/);
  });

  test('what changed in its code is named, and the SDK stays as it is', () => {
    const own: unknown = Reflect.get(Worker, 'createWorkflowCreator');
    Reflect.set(Worker, 'createWorkflowCreator', async () => {});
    expect(shapeProblem()).toContain("debugMode means the worker's own thread");
    Reflect.set(Worker, 'createWorkflowCreator', own);
    expect(shapeProblem()).toBeNull();
  });
});

// The worker of a process begins anew whenever Temporal was away.
test('a process that is on the fast path stays on it, whichever of its workers asks', async () => {
  const first = await openFastPath({ watchdog: false });
  expect(first.on).toBe(process.env.WORKFLOW_FAST_PATH !== 'off');
  expect(await openFastPath({ watchdog: false })).toEqual(first);
});
