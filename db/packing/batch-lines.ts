import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { LineKey } from '../../domain/deliveries/line.ts';
import type { Condition } from '../lists.ts';
import { build, type Query, type Row } from '../statement.ts';

/** The batch in which a line is, or with which it was shipped. */
export const workBatchOf = (line: string) =>
  sql<number | null>`(select max(w.work_batch_no) from work_batch_lines w where w.delivery_no = ${sql.ref(`${line}.delivery_no`)}
     and w.line_no = ${sql.ref(`${line}.line_no`)} and w.dropped_as is null)`.as('work_batch_no');

/** The lines of a batch without those that were dropped when it ended. */
export const isOfWorkBatch = (workBatchNo: number): Condition =>
  sql<SqlBool>`(delivery_no, line_no) in (select b.delivery_no, b.line_no from work_batch_lines b
     where b.work_batch_no = ${workBatchNo} and b.dropped_as is null)`;

/** Still to be shipped, as `standingOf` of domain/packing says it; `w` and `l` are the line in its batch and itself. */
export const isStillOpen: RawBuilder<SqlBool> = sql`w.is_open and l.state = 'released' and l.valid_quantity > 0`;

/** Lines of a batch with the states of the lines themselves, and their products. */
export const linesOfWorkBatch = (query: Query, workBatchNo: number) =>
  query(
    build
      .selectFrom('work_batch_lines as w')
      .innerJoin('delivery_lines as l', (on) =>
        on.onRef('l.delivery_no', '=', 'w.delivery_no').onRef('l.line_no', '=', 'w.line_no'),
      )
      .innerJoin('order_lines as p', (on) => on.onRef('p.order_no', '=', 'l.order_no').onRef('p.line_no', '=', 'l.line_no'))
      .select(['w.is_open', 'w.dropped_as', 'l.delivery_no', 'l.line_no', 'l.order_no', 'l.product_id', 'l.place_no'])
      .select(['l.state', 'l.valid_quantity', 'l.carrier_code', 'l.waybill_no', 'p.product_name', 'p.option_name'])
      .where('w.work_batch_no', '=', workBatchNo)
      .orderBy('w.delivery_no')
      .orderBy('w.line_no'),
  );

export type WorkBatchLineRow = Awaited<ReturnType<typeof linesOfWorkBatch>>[number];

/** Why lines could not be put into a batch: what they are, and the open batch in which they are. */
export const linesNotTaken = (query: Query, lines: readonly LineKey[]) =>
  query(sql<{ asked: number; state: Row<'delivery_lines'>['state'] | null; valid: number | null; work_batch_no: number | null }>`
    select k.at::int as asked, l.state, l.valid_quantity as valid, w.work_batch_no
      from unnest(${lines.map(({ deliveryNo }) => deliveryNo)}::text[], ${lines.map(({ lineNo }) => lineNo)}::int[])
           with ordinality k (delivery_no, line_no, at)
      left join delivery_lines l using (delivery_no, line_no)
      left join work_batch_lines w on w.delivery_no = k.delivery_no and w.line_no = k.line_no and w.is_open
     order by k.at`);
