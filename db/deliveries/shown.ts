import { type AliasedExpression, sql } from 'kysely';
import type { LineKey } from '../../domain/deliveries/line.ts';
import { anyOf } from '../lists.ts';
import { workBatchOf } from '../packing/batch-lines.ts';
import { labelPrintsOf } from '../printing/find.ts';
import { build, type Query, type Row } from '../statement.ts';
import { waybillLevelOf } from '../tracking/waybill-level.ts';
import { isListed } from './line.ts';

/** All lines of these deliveries by number; `onlyListed` leaves out canceled and wholly returned ones. */
export function linesOfDeliveries(query: Query, deliveryNos: string[], onlyListed: boolean) {
  const lines = build.selectFrom('delivery_lines').selectAll().where('delivery_no', '=', anyOf(deliveryNos));
  const wanted = onlyListed ? lines.where(isListed) : lines;
  return query(shown(wanted.as('l')).orderBy('l.delivery_no').orderBy('l.line_no'));
}

/** What was split off a line itself and is still on its own. */
const partsOf = (line: string) =>
  sql<LineKey[] | null>`(select jsonb_agg(jsonb_build_object('deliveryNo', s.delivery_no, 'lineNo', s.line_no) order by s.line_no)
     from delivery_lines s where s.split_from_delivery_no = ${sql.ref(`${line}.delivery_no`)}
      and s.split_from_line_no = ${sql.ref(`${line}.line_no`)} and s.valid_quantity > 0)`.as('split_to');

/** These lines with product and receiver, and the tracker's level of their waybills. */
export const shown = (lines: AliasedExpression<Row<'delivery_lines'>, 'l'>) =>
  build
    .selectFrom(lines)
    .innerJoin('order_lines as p', (on) => on.onRef('p.order_no', '=', 'l.order_no').onRef('p.line_no', '=', 'l.line_no'))
    .innerJoin('orders as r', 'r.order_no', 'l.order_no')
    .selectAll('l')
    .select(['p.product_name', 'p.option_name', 'p.unit_price', 'r.receiver_name'])
    .select([waybillLevelOf('l'), partsOf('l'), workBatchOf('l'), labelPrintsOf('l').as('label_prints')]);
