import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { placeIn, unique } from '../../support/scenes/orders.ts';
import { insertRows } from '../../support/scenes/rows.ts';
import { downloaded } from '../../support/scenes/sheets.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const LINES = '/api/bo/v1/delivery-lines/export.xlsx';
const PICKUPS = '/api/bo/v1/pickups/export.xlsx';
const withPii = ['delivery.read', 'pickup.read', 'pii.read', 'audit.read'];

describe('Excel export of the lists with their own filters', () => {
  test('lines: masked, in the list’s order, over several pages', async () => {
    const own = unique('EX');
    await insertRows(
      stack.db,
      Array.from({ length: 1_205 }, (_, at) => ({
        deliveryNo: `${own}-${String(at).padStart(5, '0')}`,
        orderNo: own,
        lineNo: at + 1,
        productName: '=1+1',
      })),
    );
    const rows = await downloaded(stack, `${LINES}?orderNo=${own}&sort=deliveryNo`);
    expect(rows).toHaveLength(1_206);
    expect(rows[0]?.slice(0, 3)).toEqual(['배송번호', '순번', '주문번호']);
    expect(rows.slice(1).map((row) => row[1])).toEqual(Array.from({ length: 1_205 }, (_, at) => at + 1));
    expect(rows[1]).toEqual(expect.arrayContaining(['홍*동', "'=1+1"]));
    expect(JSON.stringify(rows)).not.toMatch(/홍길동|010-1234/);
    expect((await stack.get(`${LINES}?nonsense=1`)).status).toBe(400);
    expect(await downloaded(stack, `${LINES}?orderNo=${own}&state=shipped`)).toHaveLength(1);
  });

  test('unmasked only with pii.read and a reason, and logged with every number in one row', async () => {
    const own = unique('EX');
    await insertRows(
      stack.db,
      [1, 2].map((at) => ({ deliveryNo: `${own}-${at}`, orderNo: own, lineNo: at })),
    );
    const path = `${LINES}?orderNo=${own}&unmasked=true`;
    expect((await stack.get(`${path}&reason=x`)).status).toBe(403);
    const token = await stack.token(withPii);
    expect(await stack.get(path, { token })).toMatchObject({ status: 400, body: { code: 'REASON_REQUIRED' } });
    const rows = await downloaded(stack, `${path}&reason=${encodeURIComponent('송장 출력')}`, withPii);
    expect(rows[1]).toEqual(expect.arrayContaining(['홍길동', '010-1234-5678', '06236', '서울']));
    const accesses = await stack.get(`/api/bo/v1/personal-data-accesses?subject=${own}-2`, { token });
    expect(accesses.body.items).toMatchObject([
      { sub: 'kim', reason: '송장 출력', subjects: expect.arrayContaining([`${own}-1`, `${own}-2`]) },
    ]);
  });

  test('pickups', async () => {
    const line = await placeIn(stack, 'shipped');
    const claimNo = unique('C');
    const items = [{ lineNo: line.lineNo, quantity: 1, reasonCode: 'DEFECT' }];
    const claim = await stack.post('/api/order/v1/claims', { claimNo, kind: 'return', orderNo: line.orderNo, items });
    const { pickupNo } = claim.body.pickups[0];
    const masked = await downloaded(stack, `${PICKUPS}?claimNo=${claimNo}`);
    expect(masked[1]).toEqual(expect.arrayContaining([pickupNo, claimNo, '반품', '반품접수']));
    expect(JSON.stringify(masked)).not.toContain('010-1234');
    const open = await downloaded(stack, `${PICKUPS}?claimNo=${claimNo}&unmasked=true&reason=x`, withPii);
    expect(open[1]).toEqual(expect.arrayContaining([pickupNo, '홍길동', '010-1234-5678']));
    expect(open).toHaveLength(2);
  });

  test('more than 100,000 rows are refused before a byte is sent', async () => {
    const own = unique('BIG');
    await insertRows(stack.db, [{ deliveryNo: own, orderNo: own, lineNo: 100_002, placeNo: 77 }]);
    await stack.db.query(sql`insert into order_lines (order_no, line_no, delivery_no, product_id, product_name, quantity, unit_price, place_no, method_code)
       select ${own}, at, ${own}, 1, '의자', 1, 1, 77, '20' from generate_series(1, 100001) at`);
    await stack.db.query(sql`insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state, revision, quantity, started_at)
       select ${own}, at, ${own}, 'order', 1, 77, '20', now(), 'ordered', 1, 1, now() from generate_series(1, 100001) at`);
    expect(await stack.get(`${LINES}?placeNo=77`)).toMatchObject({ status: 400, body: { code: 'EXPORT_TOO_LARGE' } });
  });
});
