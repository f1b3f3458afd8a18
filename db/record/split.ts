import { sql } from 'kysely';
import { type DeliveryLine, validQuantity } from '../../domain/deliveries/line.ts';
import { calendarOf } from '../../domain/dispatch/calendar.ts';
import { type Deadline, deadlineOfPart } from '../../domain/dispatch/deadline.ts';
import { lineEvent } from '../../domain/events/event.ts';
import { koreanDay, numberOf } from '../../domain/korea.ts';
import { noted } from '../events/noted.ts';
import { joinWorkBatch } from '../packing/write.ts';
import { lockOrder } from '../pickups/exchange.ts';
import { findCalendar } from '../shipping/dispatch-settings.ts';
import { json, named, type Query, type Row } from '../statement.ts';
import { lineColumnNames, lineValues } from './columns.ts';
import type { LineEntry } from './delivery-line-batch.ts';
import type { Step } from './history.ts';
import type { Asker } from './recorder.ts';

/** The first step of a part's own history. */
const PART = 'split';

/** A part as it is inserted, by the transaction that has drawn its numbers. */
export interface Born {
  line: DeliveryLine;
  deadline: Deadline;
}

type Drawn = Pick<Row<'order_lines'>, 'line_no'> & { n: number; deadline: Deadline };

/** Gives the part that an entry splits off its numbers, under the order's lock; the line notes them, so that a repeat tells the same. */
export async function numbered(query: Query, entry: LineEntry): Promise<LineEntry> {
  const { row: line, part } = entry;
  if (!part) return entry;
  await lockOrder(query, line.orderNo);
  const [drawn] = await query(draw(line));
  if (!drawn) throw new Error('a line that is locked has a row');
  const key = { deliveryNo: numberOf('D', drawn.n, new Date()), lineNo: drawn.line_no };
  const lastSplit = { revision: line.revision, ...key, state: part.state, validQuantity: validQuantity(part) };
  const born = { line: { ...key, ...part }, deadline: await countedAnew(query, drawn.deadline, entry.at) };
  return { ...entry, row: { ...line, lastSplit }, born };
}

const draw = ({ deliveryNo, lineNo, orderNo }: DeliveryLine) =>
  named(
    'record-part-numbers',
    sql<Drawn>`
      select nextval('delivery_no_seq') as n, (select max(line_no) + 1 from order_lines where order_no = ${orderNo}) as line_no,
             json_build_object('dueOn', dispatch_due_on, 'dueBy', dispatch_due_by, 'terms', dispatch_terms) as deadline
        from delivery_lines where delivery_no = ${deliveryNo} and line_no = ${lineNo}`,
  );

/** Only a day by policy needs the calendar. */
async function countedAnew(query: Query, deadline: Deadline, at: string): Promise<Deadline> {
  if (deadline.dueBy !== 'policy') return deadline;
  const placeNo = deadline.terms?.placeNo ?? null;
  const facts = await findCalendar(query, placeNo === null ? [] : [placeNo], koreanDay(new Date(at)));
  return deadlineOfPart(deadline, at, calendarOf(facts, placeNo));
}

/**
 * Inserts what was split off: a delivery of the same order, place, method and fee terms, the order's next line, and the line's row as
 * it begins, with its first history row. Everything that no command changes is the line's own, which has been written already. That the
 * line was overdue holds for a part with the same day; the part is in the line's open batch of work (작업차수).
 */
export async function insertPart(
  query: Query,
  entry: LineEntry,
  { line: part, deadline }: Born,
  { sub, reason }: Asker,
): Promise<void> {
  const { row: line, requestId, by, actor, at, command, from } = entry;
  const { deliveryNo, lineNo, claims, lastSplit: _, ...plain } = part;
  const fields = { ...plain, claims: JSON.stringify(claims), lastSplit: null };
  const stockout = command === 'report-stockout' ? reason : null;
  const event = lineEvent(part, PART);
  const columns = {
    ...{ at: sql`${at}`, by: sql`${sub ?? by ?? actor}`, command: sql`${PART}`, from: sql`${from}`, to: sql`${part.state}` },
    ...{ revision: sql`1`, reason: sql`${reason}`, requestId: sql`${requestId}`, snapshot: sql`${JSON.stringify(part)}` },
    ...{ type: sql`${event?.type ?? null}`, data: sql`${event && JSON.stringify(event.data)}` },
  };
  const statement = sql`
    with line as (
      select * from delivery_lines where delivery_no = ${line.deliveryNo} and line_no = ${line.lineNo}
    ), sent as (
      insert into deliveries (delivery_no, order_no, kind, place_no, method_code, ordered_at, fee_terms, split_from_delivery_no)
      select ${deliveryNo}, d.order_no, d.kind, d.place_no, d.method_code, d.ordered_at, d.fee_terms, d.delivery_no
        from deliveries d join line on line.delivery_no = d.delivery_no
    ), bought as (
      insert into order_lines (order_no, line_no, delivery_no, product_id, product_name, option_name, quantity, unit_price, place_no,
                               method_code, policy_no, dispatch_policy_no, requested_dispatch_on,
                               split_from_delivery_no, split_from_line_no, root_line_no)
      select o.order_no, ${lineNo}::int, ${deliveryNo}, o.product_id, o.product_name, o.option_name, ${part.quantity}::int, o.unit_price,
             o.place_no, o.method_code, o.policy_no, o.dispatch_policy_no, o.requested_dispatch_on,
             l.delivery_no, l.line_no, coalesce(l.root_line_no, l.line_no)
        from order_lines o join line l using (order_no, line_no)
    ), part as (
      insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, stockout_reason,
                                  dispatch_due_on, dispatch_due_by, dispatch_terms, overdue_at,
                                  split_from_delivery_no, split_from_line_no, root_line_no, ${lineColumnNames})
      select ${deliveryNo}, ${lineNo}::int, l.order_no, l.kind, l.product_id, l.place_no, l.method_code, l.ordered_at,
             case when ${part.state}::text = 'awaitingShipment' then coalesce(${stockout}::text, l.stockout_reason) end,
             ${deadline.dueOn}::date, ${deadline.dueBy}::text, ${deadline.terms && json(deadline.terms)}::jsonb,
             case when coalesce(l.delay_expected_on, l.dispatch_due_on) >= coalesce(l.delay_expected_on, ${deadline.dueOn}::date)
                  then l.overdue_at end,
             l.delivery_no, l.line_no, coalesce(l.root_line_no, l.line_no), ${lineValues((field) => fields[field])}
        from line l
    ),
    ${noted('delivery_history', [sql`${deliveryNo}::text`, sql`${lineNo}::int`], columns, sql``)}
    select from line`;
  await query(named('record-part', statement));
  await joinWorkBatch(query, line, part);
}

/** The end of the part that an entry takes back: what the part's own request does, as of this moment. */
export const mergeWith = ({ merged, by, actor, at }: LineEntry): LineEntry | undefined =>
  merged && { row: merged.line, from: merged.line.state, command: 'merge', requestId: merged.requestId, actor, by, at };

/** A split and a merge are two rows' step: neither can be taken back on one side alone. */
export const isShared = ({ command, revision, snapshot }: Step<DeliveryLine>): boolean =>
  command === 'merge' || command === 'absorb' || snapshot.lastSplit?.revision === revision;
