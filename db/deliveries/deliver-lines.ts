import { sql } from 'kysely';
import type { DueLine } from '../../workflows/messages/batches.ts';
import { build, named, type Query, type Row } from '../statement.ts';

/** A line, and the outcome of this run's command; `done` false = none yet. */
type ShownLine = Pick<Row<'delivery_lines'>, 'delivery_no' | 'line_no' | 'state'> &
  Pick<Row<'delivery_history'>, 'refused'> & { done: boolean };

/** The effect of a run's deliver command on these lines. */
export const shownDelivered = (query: Query, runKey: string, lines: DueLine[]) =>
  query(
    named(
      'deliver-look',
      sql<ShownLine>`
        select l.delivery_no, l.line_no, l.state, h.id is not null as done, h.refused
          from unnest(${lines.map(({ deliveryNo }) => deliveryNo)}::text[], ${lines.map(({ lineNo }) => lineNo)}::int[])
                 n (delivery_no, line_no)
          join delivery_lines l using (delivery_no, line_no)
          left join delivery_history h on h.request_id = ${runKey} and h.delivery_no = l.delivery_no and h.line_no = l.line_no
            and h.command = 'deliver' and h.voided_at is null`,
    ),
  );

/** A page of shipped lines of every method but 택배, by key; only rows old enough not to be ahead of their workflows. */
export const linesWithoutParcel = (query: Query, [deliveryNo, lineNo]: [string, number], rowAgeSeconds: number, most: number) =>
  query(
    build
      .selectFrom('delivery_lines')
      .select(['delivery_no', 'line_no'])
      .where('state', '=', sql.lit('shipped' as const))
      .where('method_code', '<>', sql.lit('10' as const))
      .where(sql<boolean>`(delivery_no, line_no) > (${deliveryNo}, ${lineNo})`)
      .where('updated_at', '<=', sql<Date>`now() - interval '1 second' * ${rowAgeSeconds}`)
      .orderBy('delivery_no')
      .orderBy('line_no')
      .limit(most),
  );
