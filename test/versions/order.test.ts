import { describe, expect, test } from '@jest/globals';
import { workerConfig } from '../../process/config/worker.ts';
import { fingerprint } from '../../worker/bundle.ts';
import { orderOf } from '../../worker/deploy/order.ts';
import { standingOf } from '../../worker/versioning/routing.ts';
import { versionOf } from '../../worker/versioning/version.ts';
import * as workflows from '../../workflows/index.ts';
import { pinned } from '../../workflows/pinned.ts';

describe('npm run deploy', () => {
  const read = (line: string) => orderOf(line.split(' '));

  test('understands each of its orders', () => {
    expect(read('status')).toEqual({ verb: 'status' });
    expect(read('current')).toEqual({ verb: 'current', buildId: null, force: false });
    expect(read('current 1.2-abc --force')).toEqual({ verb: 'current', buildId: '1.2-abc', force: true });
    expect(read('ramp 10')).toEqual({ verb: 'ramp', percentage: 10, buildId: null, force: false });
    expect(read('ramp 2.5 abc')).toEqual({ verb: 'ramp', percentage: 2.5, buildId: 'abc', force: false });
    expect(read('rollback')).toEqual({ verb: 'rollback', force: false });
    expect(read('unpin abc')).toEqual({ verb: 'unpin', buildId: 'abc' });
  });

  test.each([
    '',
    'forward',
    'ramp',
    'ramp all',
    'ramp 101',
    'ramp -1',
    'ramp 10 a b',
    'unpin',
    'rollback a',
    'current a b',
    'current --hard',
  ])('does nothing on "%s"', (line) => {
    expect(read(line)).toBeNull();
  });
});

describe('the version of a worker', () => {
  const of = (environment: Record<string, string>, queue = 'delivery-back-office') =>
    versionOf(workerConfig(environment), queue, fingerprint);

  test('stays the same over restarts, and is named by its task queue', () => {
    expect(of({})).toEqual(of({}));
    expect(of({})).toEqual({
      deploymentName: 'delivery-back-office',
      buildId: expect.stringMatching(/^\d+\.\d+\.\d+-[0-9a-f]{12}$/),
    });
    // Temporal takes no other letters, and it is quoted in a query.
    expect(of({}, "__a.b:c'd").deploymentName).toBe('--a-b-c-d');
  });

  test('is what the environment says', () => {
    const given = { WORKER_DEPLOYMENT: 'delivery', WORKER_BUILD_ID: 'v7+4e3f' };
    expect(of(given)).toEqual({ deploymentName: 'delivery', buildId: 'v7+4e3f' });
  });

  test.each<Record<string, string>>([
    { WORKER_DEPLOYMENT: 'a.b' },
    { WORKER_DEPLOYMENT: '__a' },
    { WORKER_BUILD_ID: '__a' },
    { WORKER_BUILD_ID: 'a b' },
  ])('is refused at the start where Temporal would refuse it: %j', (environment) => {
    expect(() => of(environment)).toThrow(Object.keys(environment)[0]);
  });

  test('stands as the task queue says, and where that is not known as without versions', () => {
    const [mine, other] = ['mine', 'other'].map((buildId) => ({ deploymentName: 'd', buildId })) as [any, any];
    const routing = { current: null, ramping: null, polled: [] };
    expect(standingOf(mine, undefined)).toBe('unversioned');
    expect(standingOf(mine, routing)).toBe('unversioned');
    expect(standingOf(mine, { ...routing, current: mine })).toBe('current');
    expect(standingOf(mine, { ...routing, current: other })).toBe('waiting');
    expect(standingOf(mine, { ...routing, current: other, ramping: mine })).toBe('ramping');
    expect(standingOf(mine, { ...routing, current: { ...mine, deploymentName: 'e' } })).toBe('waiting');
  });
});

test('what is short is pinned; lives of months move on', () => {
  const isPinned = (workflow: object) =>
    (workflow as { workflowDefinitionOptions?: unknown }).workflowDefinitionOptions === pinned;
  const names = (kept: boolean) =>
    Object.entries(workflows)
      .filter(([, workflow]) => isPinned(workflow) === kept)
      .map(([name]) => name)
      .sort();
  expect(names(true)).toEqual([
    'autoComplete',
    'bulkShipment',
    'erasePersonalData',
    'markOverdue',
    'recalculation',
    'waybillRegistration',
  ]);
  expect(names(false)).toEqual(['assemblyPlan', 'delivery', 'pickup']);
});
