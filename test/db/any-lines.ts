import { constantFrom, integer, option, record, sample } from 'fast-check';
import type { Db } from '../../db/database.ts';
import type { LineFilter } from '../../db/deliveries/filter.ts';
import type { FoundLine, findDeliveries, findLines, LineSort } from '../../db/deliveries/list.ts';
import { REACH } from '../../db/deliveries/numbered.ts';
import { seoulDay, startOf } from '../support/clock.ts';
import { numbers } from '../support/scenes/rows.ts';

const states = ['ordered', 'instructed', 'released', 'shipped', 'canceled'] as const;
const names = ['접이식 의자', '원목 책상', '의자 커버', '랜턴 100%'];
const receivers = ['홍길동', '김민준', '이서연'];

/** Lines of some orders with one to three deliveries each, of one to three lines. */
export function anyLines(orders: number) {
  const [orderNo, deliveryNo] = [numbers('O'), numbers('D')];
  const drawn = sample(
    record({
      receiverName: constantFrom(...receivers),
      orderedIn: integer({ min: -5, max: 0 }),
      lines: constantFrom(1, 2, 3, 5),
      seed: integer({ min: 0, max: 1_000 }),
    }),
    orders,
  );
  return drawn.flatMap(({ receiverName, orderedIn, lines, seed }, at) =>
    sample(
      record({
        state: constantFrom(...states),
        productName: constantFrom(...names),
        dueIn: option(integer({ min: -2, max: 2 })),
        shippedIn: option(integer({ min: -2, max: 0 })),
      }),
      lines,
    ).map(({ state, productName, dueIn, shippedIn }, n) => ({
      ...{ orderNo: orderNo(at), deliveryNo: deliveryNo(at * 3 + ((n * seed) % 3)), lineNo: n + 1 },
      ...{
        state,
        productName,
        productId: productName.includes('커버') || productName.includes('랜턴') ? 2 : 1 + 2 * names.indexOf(productName),
        receiverName,
        canceled: state === 'canceled' ? 2 : 0,
      },
      ...{ orderedAt: startOf(seoulDay(orderedIn)), shippedAt: shippedIn === null ? null : startOf(seoulDay(shippedIn)) },
      dispatchDueOn: dueIn === null ? null : seoulDay(dueIn),
    })),
  );
}

export const pages = async (
  db: Db,
  list: typeof findLines | typeof findDeliveries,
  filter: LineFilter,
  sort: LineSort,
  descending: boolean,
  limit: number,
  reach = REACH,
  rows: FoundLine[] = [],
) => {
  for (;;) {
    const last = rows.at(-1);
    const value = (row: FoundLine) =>
      ({ orderedAt: row.ordered_at, shippedAt: row.shipped_at, dispatchDueOn: row.dispatch_due_on })[sort as 'orderedAt'];
    const instant = last && value(last);
    const after = last && {
      value: instant instanceof Date ? instant.toISOString() : (instant ?? null),
      deliveryNo: last.delivery_no,
      lineNo: last.line_no,
    };
    const page = await list(db.query, { filter, sort, descending, limit, after }, reach);
    rows.push(...page);
    if (page.length < limit) return rows;
  }
};

export const keyOf = ({ delivery_no, line_no }: FoundLine) => `${delivery_no}/${line_no}`;
