import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bulkWorkflowId } from '../../workflows/messages/bulk-shipment.ts';
import { buildOf, deploy, deployed, secondBundle, versioningOf } from '../support/processes/deploying.ts';
import { type ApiProcess, type ProcessStack, startProcesses, type WorkerProcess } from '../support/processes/process-stack.ts';
import { expectSame, historyOf, holdRows, recordsWaiting } from '../support/scenes/faults.ts';
import { command, type PlacedLine, placeOrder, unique, uniqueWaybill } from '../support/scenes/orders.ts';
import { csv, ended, start, upload } from '../support/scenes/sheets.ts';
import { eventually, signToken, withoutPii } from '../support/stack.ts';

/*
 * One story on a Temporal of its own: workers without a current version, then a first and a second version live at once, whose
 * bulk shipments do not replay with each other. Lines are in the middle of their lives at each step.
 */
const LINES = 24;
const IN_SHEET = 4;
const PINNED = 1;
const AUTO_UPGRADE = 2;
let stack: ProcessStack;
let api: ApiProcess;
let first: WorkerProcess;
let lines: PlacedLine[];
/** Shipped by the sheet; the others by commands. */
let inSheet: PlacedLine[];
let others: PlacedLine[];
let job: string;
let letGo: () => Promise<void>;

beforeAll(async () => {
  stack = await startProcesses({ own: ['temporal'] });
  [api, first] = await Promise.all([stack.startApi(), stack.startWorker({ WORKER_BUILD_ID: 'first' })]);
  lines = await placeOrder(api, Array(LINES).fill({}));
  [inSheet, others] = [lines.slice(0, IN_SHEET), lines.slice(IN_SHEET)];
});
afterAll(() => stack.stop());

/** As a client does it: what is pending is asked again under its key, and nothing may be refused. */
async function all(name: string, these: PlacedLine[], fieldsOf: () => object = () => ({})): Promise<void> {
  const asked = these.map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo, ...fieldsOf() }));
  const key = { 'idempotency-key': unique(name) };
  const results = await eventually(async () => {
    const { status, body } = await command(api, name, asked, { reason: '시험' }, key);
    const isPending = status !== 200 || body.results.some(({ error }: any) => error?.code === 'COMMAND_PENDING');
    return !isPending && body.results;
  });
  expect(results.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([]);
}
/** A sheet that ships these lines; answers its job. */
async function uploaded(these: PlacedLine[]): Promise<string> {
  const sheet = csv(these.map(({ deliveryNo, lineNo }) => [deliveryNo, lineNo, '04', uniqueWaybill()]));
  return (await upload({ url: api.url, token: () => signToken(withoutPii) }, sheet, { name: '출고.csv' })).body.id;
}
const builds = async (these: PlacedLine[]) => [...new Set(await Promise.all(these.map((line) => buildOf(stack, line))))].sort();

test('before any version is current, workers work without one', async () => {
  await all('instruct', lines);
  expect(await builds(lines)).toEqual([undefined]);
  const [line] = (await placeOrder(api)) as [PlacedLine];
  await all('instruct', [line]);
  await all('release', [line]);
  const id = await uploaded([line]);
  expect((await start(api, id)).status).toBe(202);
  expect(await ended(api, id)).toMatchObject({ state: 'completed', succeeded: 1, failed: 0 });
  expect(await deployed(stack, 'status')).toContain('현재 버전이 아직 없어');
});

test('lines that began without a version go on under the first one', async () => {
  expect(await deployed(stack, 'current', 'first')).toContain('first 버전이 현재 버전입니다');
  await all('release', lines);
  expect(await builds(lines)).toEqual(['first']);
  const { deliveryNo, lineNo } = lines[0] as PlacedLine;
  expect(await versioningOf(stack, `delivery-${deliveryNo}-${lineNo}`)).toEqual({ buildId: 'first', behavior: AUTO_UPGRADE });
});

test('a ramp gives a second version a part of the lines', async () => {
  job = await uploaded(inSheet);
  letGo = await holdRows(stack.databaseUrl, inSheet.slice(0, 1));
  expect((await start(api, job)).status).toBe(202);
  await recordsWaiting(stack, 1);
  expect(await versioningOf(stack, bulkWorkflowId(job))).toEqual({ buildId: 'first', behavior: PINNED });

  const second = await stack.startWorker({ WORKER_BUILD_ID: 'second', WORKFLOW_BUNDLE: await secondBundle(stack.folder) });
  expect(await deployed(stack, 'ramp', '50', 'second')).toContain('second 버전이 50 %를 받습니다');
  await all('report-stockout', others);
  expect(await builds(others)).toEqual(['first', 'second']);
  // A rollout may take no worker of the first yet.
  const statuses = await Promise.all([first, second].map(async ({ url }) => (await fetch(`${url}/current`)).status));
  expect(statuses).toEqual([200, 503]);
});

test('made current amid commands, the second version has every line, and the bulk shipment ends on the first', async () => {
  await Promise.all([all('clear-stockout', others), deployed(stack, 'current', 'second')]);
  await all('report-stockout', others);
  expect(await builds(others)).toEqual(['second']);
  await letGo();
  expect(await ended(api, job)).toMatchObject({ state: 'completed', succeeded: IN_SHEET, failed: 0 });
  expect(await versioningOf(stack, bulkWorkflowId(job))).toEqual({ buildId: 'first', behavior: PINNED });
  await all('deliver', inSheet);
  expect(await builds(inSheet)).toEqual(['second']);
});

test('a rollback amid commands brings every line back to the first version', async () => {
  const [, said] = await Promise.all([all('clear-stockout', others), deployed(stack, 'rollback')]);
  expect(said).toContain('second에서 first 버전으로 돌아왔습니다');
  await all('ship', others, () => ({ carrierCode: '04', waybillNo: uniqueWaybill() }));
  expect(await builds(others)).toEqual(['first']);
  // There was none before the first.
  const again = await deploy(stack, 'rollback');
  expect([again.code, again.said]).toEqual([1, expect.stringContaining('앞의 버전을 알 수 없습니다')]);
});

test('the share of a ramp is taken back', async () => {
  await deployed(stack, 'ramp', '0.1', 'second');
  // Another share of the same version counts from when it is said, too.
  await deployed(stack, 'ramp', '100', 'second');
  await all('deliver', others);
  expect(await builds(others)).toEqual(['second']);
  expect(await deployed(stack, 'rollback')).toContain('second 버전은 이제 새 일을 받지 않습니다');
  await all('reopen', others);
  expect(await builds(others)).toEqual(['first']);
});

test('what nobody knows is refused, and says why', async () => {
  const { code, said } = await deploy(stack, 'current', 'third');
  expect([code, said]).toEqual([1, expect.stringContaining('third 버전의 worker가 아직 온 적이 없습니다')]);
  expect((await deploy(stack, 'forward')).code).toBe(64);
  expect((await deployed(stack, 'status')).split('\n')).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/first {2}현재, worker 1/),
      expect.stringMatching(/second {2}끝나는 중, worker 1/),
    ]),
  );
});

test('nothing was lost or done twice', async () => {
  const begun = ['order', 'instruct', 'release'];
  const course = ['report-stockout', 'clear-stockout', 'report-stockout', 'clear-stockout', 'ship', 'deliver', 'reopen'];
  for (const line of inSheet) expect(await historyOf(stack, line)).toEqual([...begun, 'ship', 'deliver']);
  for (const line of others) expect(await historyOf(stack, line)).toEqual([...begun, ...course]);
  for (const line of lines) await expectSame(stack, line);
  expect(await (await fetch(first.url)).json()).toEqual({ status: 'polling', missing: [] });
});
