import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { onOneDay, seoulDay } from '../../support/clock.ts';
import { cancel, commandLine, type PlacedLine, placeIn, unique } from '../../support/scenes/orders.ts';
import { insertRows } from '../../support/scenes/rows.ts';
import { downloaded } from '../../support/scenes/sheets.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const LINES = '/api/bo/v1/delivery-lines';
const totalOf = async (asked: string): Promise<number> => (await stack.get(`${LINES}?${asked}&count=true&limit=1`)).body.total;
const performance = (asked: string) => stack.get(`/api/bo/v1/dispatch-performance?${asked}`);

describe('GET /summary: dispatch', () => {
  test('each number is the total of its list, of all places and of each', () =>
    onOneDay(async () => {
      const rows = [-3, -1, 0, 0, 1, 2, null].flatMap((days) =>
        (['ordered', 'released', 'shipped'] as const).map((state) => ({
          deliveryNo: unique('DS'),
          state,
          placeNo: days === -3 ? 9_001 : 9_002,
          dispatchDueOn: days === null ? null : seoulDay(days),
        })),
      );
      const missed = { deliveryNo: unique('DS'), dispatchDueOn: seoulDay(-5), delayExpectedOn: seoulDay(-1), placeNo: 9_003 };
      await insertRows(stack.db, [...rows, missed]);
      const { dispatch } = (await stack.get('/api/bo/v1/summary')).body;
      const { late, today, tomorrow, noticeMissed } = dispatch;
      const totals = await Promise.all(['late', 'today', 'tomorrow', 'notice-missed'].map((due) => totalOf(`due=${due}`)));
      expect([late, today, tomorrow, noticeMissed]).toEqual(totals);
      expect([late, today, tomorrow, noticeMissed].every((count) => count > 0)).toBe(true);
      for (const place of dispatch.places) {
        const of = (due: string) => totalOf(`due=${due}&placeNo=${place.placeNo}`);
        expect([place.placeNo, await of('late'), await of('today')]).toEqual([place.placeNo, place.late, place.today]);
      }
      expect(dispatch.places).toContainEqual({ placeNo: 9_001, late: 2, today: 0, closeTime: null });
      expect(dispatch.places).toContainEqual({ placeNo: 9_002, late: 2, today: 4, closeTime: null });
    }));
});

describe('GET /dispatch-performance', () => {
  const due = (line: PlacedLine, days: number, placeNo: number) =>
    stack.db.query(sql`update delivery_lines set dispatch_due_on = ${seoulDay(days)}, dispatch_due_by = 'policy', place_no = ${placeNo}
      where delivery_no = ${line.deliveryNo} and line_no = ${line.lineNo}`);

  test('its figures are those of the history rows', () =>
    onOneDay(async () => {
      const placeNo = Date.now();
      const undone = await placeIn(stack, 'shipped');
      await commandLine(stack, 'undo', undone, { reason: '잘못 출고' });
      const gone = await placeIn(stack, 'released');
      await cancel(stack, [gone]);
      const lines = [undone, gone];
      for (const state of ['ordered', 'released', 'shipped', 'shipped', 'delivered'] as const)
        lines.push(await placeIn(stack, state));
      for (const [at, line] of lines.entries()) await due(line, [-1, -1, 0, -2, -1, 0, 1][at] ?? 0, placeNo);
      // By what was done: the last step that was neither refused nor taken back says where a line is, and since when.
      const rows = await stack.db.query(sql<{ date: string; due: number; onTime: number; late: number; open: number }>`
        with last as (
          select distinct on (h.delivery_no, h.line_no) h.delivery_no, h.line_no, h.to_state from delivery_history h
           where h.refused is null and h.voided_at is null and h.revision is not null order by h.delivery_no, h.line_no, h.revision desc),
        left_on as (
          select l.dispatch_due_on as day, last.to_state, (select (max(s.at) at time zone 'Asia/Seoul')::date from delivery_history s
                   where s.delivery_no = l.delivery_no and s.line_no = l.line_no and s.command = 'ship' and s.refused is null
                     and last.to_state in ('shipped', 'delivered')) as left_on
            from delivery_lines l join last using (delivery_no, line_no) where l.place_no = ${placeNo} and last.to_state <> 'canceled')
        select day as date, count(*) as due, count(*) filter (where left_on <= day) as "onTime",
               count(*) filter (where left_on > day or left_on is null and day < ${seoulDay()}::date) as late,
               count(*) filter (where left_on is null and day >= ${seoulDay()}::date) as open
          from left_on group by day order by day`);
      const { status, body } = await performance(`from=${seoulDay(-3)}&to=${seoulDay(2)}&placeNo=${placeNo}`);
      expect(status).toBe(200);
      expect(body.items.map(({ date }: any) => date)).toEqual([-3, -2, -1, 0, 1, 2].map((days) => seoulDay(days)));
      expect(body.items.filter((day: any) => day.due > 0)).toEqual(rows);
      const nothing = { due: 0, onTime: 0, late: 0, open: 0 };
      expect(body.items[0]).toEqual({ date: seoulDay(-3), ...nothing });
      expect(body).toMatchObject({
        onTimeRate: 0.4,
        places: [{ placeNo, due: 6, onTime: 2, late: 3, open: 1, onTimeRate: 0.4 }],
      });
      const before = await performance(`from=${seoulDay(-3)}&to=${seoulDay(-3)}&placeNo=${placeNo}`);
      expect(before.body).toEqual({ items: [{ date: seoulDay(-3), ...nothing }], onTimeRate: null, places: [] });
    }));

  test.each([
    ['from=2026-11-02&to=2026-11-01', 'to'],
    ['from=2026-01-01&to=2026-04-03', 'to'],
    ['from=2026-02-30&to=2026-04-03', 'from'],
    ['from=2026-01-01', 'to'],
  ])('%s is 400 and names the field', async (asked, path) => {
    expect(await performance(asked)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', errors: [{ path }] } });
  });

  test('92 days can be asked', async () => {
    expect((await performance('from=2026-01-01&to=2026-04-02')).body.items).toHaveLength(92);
  });
});

test('the export ends with 발송기한 and 발송상태, masked or not', () =>
  onOneDay(async () => {
    const deliveryNo = unique('DX');
    await insertRows(stack.db, [{ deliveryNo, dispatchDueOn: seoulDay(-1) }]);
    for (const more of ['', `&unmasked=true&reason=${encodeURIComponent('송장 출력')}`]) {
      const path = `${LINES}/export.xlsx?deliveryNo=${deliveryNo}${more}`;
      const rows = await downloaded(stack, path, ['delivery.read', 'pii.read']);
      expect(rows.map((row) => row.slice(-2))).toEqual([
        ['발송기한', '발송상태'],
        [seoulDay(-1), '지연'],
      ]);
    }
  }));
