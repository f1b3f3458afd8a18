import { sql } from 'kysely';
import type { LineKey } from '../../domain/deliveries/line.ts';
import { anyOf } from '../lists.ts';
import { build, named, type Query, type Row } from '../statement.ts';
import type { DeliveryLineRow } from './row.ts';

/** One line's whole row. */
export async function findLine(query: Query, deliveryNo: string, lineNo: number): Promise<DeliveryLineRow | undefined> {
  const one = build.selectFrom('delivery_lines').selectAll().where('delivery_no', '=', deliveryNo).where('line_no', '=', lineNo);
  return (await query(one))[0];
}

/** Those of these lines whose workflow is not marked as started. */
export const linesWithoutStart = (query: Query, keys: readonly LineKey[]): Promise<DeliveryLineRow[]> =>
  query(
    named(
      'lines-without-start',
      sql<DeliveryLineRow>`select l.*
        from unnest(${keys.map(({ deliveryNo }) => deliveryNo)}::text[], ${keys.map(({ lineNo }) => lineNo)}::integer[])
               as k (delivery_no, line_no)
        join delivery_lines l using (delivery_no, line_no) where l.started_at is null`,
    ),
  );

/** All lines of an order. */
export const linesOfOrder = (query: Query, orderNo: string): Promise<DeliveryLineRow[]> =>
  query(build.selectFrom('delivery_lines').selectAll().where('order_no', '=', orderNo));

/** Deliveries by their numbers, without their lines. */
export const deliveriesByNo = (query: Query, deliveryNos: string[]): Promise<Row<'deliveries'>[]> =>
  query(build.selectFrom('deliveries').selectAll().where('delivery_no', '=', anyOf(deliveryNos)));

/** All deliveries of an order, without their lines. */
export const deliveriesOfOrder = (query: Query, orderNo: string): Promise<Row<'deliveries'>[]> =>
  query(build.selectFrom('deliveries').selectAll().where('order_no', '=', orderNo).orderBy('delivery_no'));

/** Who did what to a delivery's lines, oldest first, without rows voided by a repair. */
export const historyOf = (query: Query, deliveryNo: string) =>
  query(
    build
      .selectFrom('delivery_history')
      .select(['line_no', 'at', 'by', 'command', 'from_state', 'to_state', 'revision', 'reason', 'refused'])
      .where('delivery_no', '=', deliveryNo)
      .where('voided_at', 'is', null)
      .orderBy('at')
      .orderBy('id'),
  );

/** The columns of a line that a command needs. */
export type CommandedLine = Pick<
  DeliveryLineRow,
  'delivery_no' | 'line_no' | 'state' | 'revision' | 'valid_quantity' | 'started_at' | 'finished_at'
>;
const commanded = sql`l.delivery_no, l.line_no, l.state, l.revision, l.valid_quantity, l.started_at, l.finished_at`;

/** One line of a command. Most commands send this statement, so its plan is kept. */
export const findCommanded = (query: Query, deliveryNo: string, lineNo: number): Promise<CommandedLine[]> =>
  query(
    named(
      'command-target',
      sql<CommandedLine>`select ${commanded} from delivery_lines l where delivery_no = ${deliveryNo} and line_no = ${lineNo}`,
    ),
  );

/** The lines of a command; without a lineNo all lines of the delivery. */
export const findAllCommanded = (
  query: Query,
  asked: readonly { deliveryNo: string; lineNo?: number | undefined }[],
): Promise<CommandedLine[]> =>
  query(
    named(
      'command-targets',
      sql<CommandedLine>`select ${commanded}
        from unnest(${asked.map(({ deliveryNo }) => deliveryNo)}::text[], ${asked.map(({ lineNo }) => lineNo ?? null)}::integer[])
               as t (delivery_no, line_no)
        join delivery_lines l on l.delivery_no = t.delivery_no and (t.line_no is null or l.line_no = t.line_no)
       order by l.delivery_no, l.line_no`,
    ),
  );
