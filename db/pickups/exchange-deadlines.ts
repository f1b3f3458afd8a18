import { sql } from 'kysely';
import type { DispatchTerms } from '../../domain/dispatch/policy.ts';
import { type DispatchWish, deadlineFor } from '../../domain/dispatch/settings.ts';
import { koreanDay } from '../../domain/korea.ts';
import { findDispatchSettings } from '../shipping/dispatch-settings.ts';
import { json, type Query } from '../statement.ts';

type NewLine = DispatchWish & { lineNo: number; startedAt: string; terms: DispatchTerms | null };

/**
 * Reckons the deadlines of an exchange's new lines, from their own beginning: by the policy of the line that each replaces, as it was
 * then. The channel's own day was that of the first parcel, and so was a day that has passed.
 */
export async function setExchangeDeadlines(query: Query, pickupNo: string, deliveryNo: string): Promise<void> {
  const lines = await query(sql<NewLine>`
    select n.line_no as "lineNo", n.place_no as "placeNo", n.dispatch_policy_no as "dispatchPolicyNo",
           n.requested_dispatch_on as "requestedDispatchOn", n.ordered_at::text as "startedAt", o.dispatch_terms as terms
      from (select l.line_no, d.place_no, d.ordered_at, l.dispatch_policy_no, l.requested_dispatch_on,
                   row_number() over (order by l.line_no) as nth
              from order_lines l join deliveries d on d.delivery_no = l.delivery_no where l.delivery_no = ${deliveryNo}) n
      join (select p.original_delivery_no, i.line_no, row_number() over (order by i.line_no) as nth
              from pickup_items i join pickups p on p.pickup_no = i.pickup_no where i.pickup_no = ${pickupNo}) i on i.nth = n.nth
      join delivery_lines o on o.delivery_no = i.original_delivery_no and o.line_no = i.line_no`);
  const [first] = lines;
  if (!first) return;
  const startedAt = new Date(first.startedAt);
  const numbers = (of: 'placeNo' | 'dispatchPolicyNo') => [...new Set(lines.flatMap((line) => line[of] ?? []))];
  const settings = await findDispatchSettings(query, numbers('placeNo'), numbers('dispatchPolicyNo'), koreanDay(startedAt));
  const deadlines = lines.map(({ terms, ...line }) => ({
    lineNo: line.lineNo,
    ...deadlineFor(settings, line, startedAt.toISOString(), terms?.policy ?? undefined),
  }));
  await query(sql`
    update delivery_lines l set dispatch_due_on = d."dueOn", dispatch_due_by = d."dueBy", dispatch_terms = d.terms
      from jsonb_to_recordset(${json(deadlines)}) as d ("lineNo" integer, "dueOn" date, "dueBy" text, terms jsonb)
     where l.delivery_no = ${deliveryNo} and l.line_no = d."lineNo"`);
}
