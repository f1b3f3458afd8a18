import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createCallerNames } from '../../../api/operations/caller-names.ts';
import type { Query } from '../../../db/statement.ts';
import { httpOf } from '../../support/http.ts';
import { setOfTwo, shownPlan, startedPlan } from '../../support/scenes/assembly.ts';
import { command, commandLine, placeIn, placeOrder, unique } from '../../support/scenes/orders.ts';
import { commandPickup, openClaim, pickupOf, placedLine } from '../../support/scenes/pickups.ts';
import { BULK, upload, workbook } from '../../support/scenes/sheets.ts';
import { mistypedWaybill } from '../../support/scenes/tracking.ts';
import { eventually, type Stack, startStack, withoutPii } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ DELIVERY_API_PROVIDER: 'tracker' });
});
afterAll(() => stack.stop());

const person = async (sub: string, claims: object = {}, permissions: readonly string[] = withoutPii) =>
  httpOf(stack.url, await stack.token(permissions, { sub, ...claims }));
/** The name that is kept of somebody; undefined = none. */
const kept = async (sub: string) => {
  const [row] = await stack.db.query(sql<{ name: string }>`select name from caller_names where sub = ${sub}`);
  return row?.name;
};
const keptAs = (sub: string, name: string) => eventually(async () => (await kept(sub)) === name);

describe('history shows people by the name in their token', () => {
  test('lines, pickups, a job, an exception and access records', async () => {
    const sub = unique('kim');
    const kim = await person(sub, { name: ' 김관리 ' }, [...withoutPii, 'pii.read']);
    const line = await placeIn(stack, 'ordered');
    expect(await commandLine(kim, 'instruct', line)).toMatchObject({ ok: true });
    await keptAs(sub, '김관리');
    const detail = (await kim.get(`/api/bo/v1/deliveries/${line.deliveryNo}`)).body;
    expect(detail.history.map(({ by, byName }: any) => [by, byName])).toEqual([
      ['kim', null],
      [sub, '김관리'],
    ]);

    const pickupNo = await openClaim(stack, 'return', await placedLine(stack), 1);
    await commandPickup(kim, 'withdraw', pickupNo, {}, { reason: '철회' });
    expect((await pickupOf(stack, pickupNo)).history.at(-1)).toMatchObject({ by: sub, byName: '김관리' });

    const sheet = await workbook([[(await placeIn(stack, 'released')).deliveryNo, 1, '04', '999900001111']]);
    const job = await upload({ url: stack.url, token: () => stack.token(withoutPii, { sub, name: '김관리' }) }, sheet);
    expect(job.body).toMatchObject({ by: sub, byName: '김관리' });
    const jobs = (await stack.get(BULK)).body.items;
    expect(jobs.find(({ id }: any) => id === job.body.id)).toMatchObject({ by: sub, byName: '김관리' });
    expect((await stack.get(`${BULK}/${job.body.id}`)).body.byName).toBe('김관리');
    const canceled = await kim.post(`${BULK}/${job.body.id}/cancel`, undefined);
    expect([canceled.status, canceled.body.byName]).toEqual([202, '김관리']);

    const exception = await mistypedWaybill(stack);
    const resolved = await kim.post(`/api/bo/v1/tracking-exceptions/${exception.id}/resolve`, { reason: '확인함' });
    expect(resolved.body).toMatchObject({ resolvedBy: sub, resolvedByName: '김관리' });
    const { items } = (await stack.get(`/api/bo/v1/tracking-exceptions?deliveryNo=${exception.line.deliveryNo}`)).body;
    expect(items).toContainEqual(expect.objectContaining({ resolvedBy: sub, resolvedByName: '김관리' }));

    const accesses = (await kim.get(`/api/bo/v1/personal-data-accesses?sub=${sub}`)).body.items;
    expect(accesses[0]).toMatchObject({ sub, byName: '김관리' });
  });

  test('the ledger of a product and a plan of /v2', async () => {
    const sub = unique('park');
    const park = await person(sub, { name: '박가공' });
    const { coffee, uid } = await setOfTwo(park);
    await keptAs(sub, '박가공');
    const plan = await startedPlan(park, uid, 1);
    const [move] = (await stack.get(`/v2/shipping/product/${coffee}/stock`)).body.response.data_list;
    expect(move).toMatchObject({ by: sub, by_name: '박가공' });
    const { history } = await shownPlan(stack, plan);
    expect(history.map(({ by, by_name }: any) => [by, by_name])).toContainEqual([sub, '박가공']);
  });

  test('runs of batches: who started one by hand, and nobody for those of the Schedule', async () => {
    const sub = unique('admin');
    const admin = await person(sub, { name: '박관리' });
    await admin.get('/api/bo/v1/carriers');
    await keptAs(sub, '박관리');
    const [manual, scheduled] = [unique('run'), unique('run')];
    await stack.db.query(sql`
      insert into batch_runs (workflow_id, run_id, batch, trigger, by)
      values (${scheduled}, 'r', 'auto-complete', 'schedule', 'tracker'), (${manual}, 'r', 'auto-complete', 'manual', ${sub})`);
    const { items } = (await stack.get('/api/bo/v1/batches/auto-complete/runs')).body;
    const of = (id: string) => items.find(({ workflowId }: any) => workflowId === id);
    expect([of(manual), of(scheduled)]).toMatchObject([
      { by: sub, byName: '박관리' },
      { by: 'tracker', byName: null },
    ]);
    expect((await stack.get('/api/bo/v1/batches/auto-complete')).body.lastRun).toMatchObject({ by: sub, byName: '박관리' });
  });

  test('who is called otherwise now is so in all history', async () => {
    const sub = unique('lee');
    const [line] = await placeOrder(stack);
    await commandLine(await person(sub, { name: '이운영' }), 'instruct', line as never);
    await keptAs(sub, '이운영');
    await (await person(sub, { name: '이총괄' })).get('/api/bo/v1/carriers');
    await keptAs(sub, '이총괄');
    const { history } = (await stack.get(`/api/bo/v1/deliveries/${line?.deliveryNo}`)).body;
    expect(history.at(-1)).toMatchObject({ by: sub, byName: '이총괄' });
  });

  test('a machine has none, not even if a token bears its name; nor has a 고객사', async () => {
    const member = unique('member');
    await (await person('tracker', { name: '사칭' })).get('/api/bo/v1/carriers');
    await (await person(member, { name: '고객사', member_id: 70 })).get('/v2/assembly/products?item_ids=1');
    const last = unique('last');
    await (await person(last, { name: '끝' })).get('/api/bo/v1/carriers');
    await keptAs(last, '끝');
    expect([await kept('tracker'), await kept(member)]).toEqual([undefined, undefined]);
  });

  test.each([undefined, null, 7, '', ' \u200b ', { first: '김' }])('a token whose name is %p is as good as any', async (name) => {
    const sub = unique('odd');
    expect((await (await person(sub, { name })).get('/api/bo/v1/carriers')).status).toBe(200);
    expect(await kept(sub)).toBeUndefined();
  });

  test('a name that nobody could store or show is kept as far as it can be', async () => {
    const sub = unique('odd');
    await (await person(sub, { name: `\u0000\u202e홍${'길'.repeat(300)}\ud800` })).get('/api/bo/v1/carriers');
    await keptAs(sub, `홍${'길'.repeat(99)}`);
  });
});

describe('off the hot path', () => {
  /** Counts what is written; `away` makes it fail. */
  function counting() {
    const state = { written: 0, away: false };
    const query = (async () => {
      state.written += 1;
      if (state.away) throw new Error('away');
      return [];
    }) as Query;
    const warnings: object[] = [];
    const names = createCallerNames({
      query,
      log: { warn: (about: object) => warnings.push(about) } as never,
      machine: 'tracker',
    });
    return { state, names, warnings };
  }
  const kim = { sub: 'kim', name: '김관리', memberId: null };
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  test('one statement a person and process, and another when the name has changed', async () => {
    const { state, names } = counting();
    for (let times = 0; times < 1_000; times++) names(kim);
    await settled();
    expect(state.written).toBe(1);
    for (let times = 0; times < 1_000; times++) names({ ...kim, name: '김총괄' });
    expect(state.written).toBe(2);
  });

  test('a person is written when first seen, and not again with later calls', async () => {
    const sub = unique('hot');
    const api = await person(sub, { name: '바쁜 사람' });
    const [line] = await placeOrder(api);
    await keptAs(sub, '바쁜 사람');
    // A row that goes shows whether somebody writes it again.
    await stack.db.query(sql`delete from caller_names where sub = ${sub}`);
    for (const name of ['instruct', 'release']) await command(api, name, [{ deliveryNo: line?.deliveryNo }]);
    const last = unique('last');
    await (await person(last, { name: '끝' })).get('/api/bo/v1/carriers');
    await keptAs(last, '끝');
    expect(await kept(sub)).toBeUndefined();
  });

  test('while PostgreSQL is away nobody is kept waiting, and the name is kept with a later verification', async () => {
    const { state, names, warnings } = counting();
    state.away = true;
    names(kim);
    await settled();
    expect(warnings).toHaveLength(1);
    state.away = false;
    names(kim);
    names(kim);
    expect(state.written).toBe(2);
  });

  test('what a process remembers has a bound', async () => {
    const { state, names } = counting();
    for (let at = 0; at <= 10_000; at++) names({ ...kim, sub: `kim-${at}` });
    names({ ...kim, sub: 'kim-10000' });
    expect(state.written).toBe(10_001);
    names({ ...kim, sub: 'kim-0' });
    expect(state.written).toBe(10_002);
  });
});
