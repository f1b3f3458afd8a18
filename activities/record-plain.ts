import type { Db } from '../db/orm.ts';
import { together } from '../db/together.ts';
import type { DeliveryLine } from '../domain/delivery.ts';
import type { Entry, WrittenPlain } from './projection.ts';

/** Out of the house: its quantity is no longer in stock. */
export const hasLeft = (state: string): boolean => state === 'shipped' || state === 'delivered';

/**
 * Rows and history rows of commands in one statement, with the waybills of lines that leave. It writes only what nothing else hangs
 * on: the row is the one that the workflow decided on, nobody holds it, the request has not done this before; a line that leaves
 * brings a waybill that is free (one for all lines of its delivery that come together) and a product whose stock is not kept, any
 * other keeps the waybill it has. The row is looked up line by line (lateral): joined, PostgreSQL keeps a plan made while the table
 * was empty, and reads all of it for each line until it is next analyzed.
 */
const recordFrom = (entries: string) => `with entry as (
  select e.*, n.* from ${entries} as s (entry),
    jsonb_to_record(s.entry)
      as e (at timestamptz, by text, command text, "from" text, "requestId" text, leaves boolean, line jsonb),
    jsonb_to_record(e.line) as n ("deliveryNo" text, "lineNo" integer, state text, revision integer, canceled integer, returned integer,
      claims jsonb, "carrierCode" text, "waybillNo" text, "trackingLevel" integer, "instructedAt" timestamptz, "releasedAt" timestamptz,
      "shippedAt" timestamptz, "deliveredAt" timestamptz, "stockoutExpectedAt" timestamptz, "autoClear" boolean)),
mine as (
  select e.*, e.leaves and e."carrierCode" is not null and e."waybillNo" is not null as claims_waybill, r.sub, r.reason, r.trace_id
    from entry e cross join lateral (
      select from delivery_lines l
       where l.delivery_no = e."deliveryNo" and l.line_no = e."lineNo"
         and l.revision = e.revision - 1 and l.state = e."from" and l.finished_at is null
         and case when e.leaves
           then l.carrier_code is null and l.waybill_no is null
             and not exists (select from shipping_products p where p.shipping_product_id = l.product_id and p.stock is not null)
             and not exists (select from delivery_history h where h.request_id = e."requestId" and h.delivery_no = e."deliveryNo"
                                and h.line_no = e."lineNo" and h.command = e.command and h.voided_at is null)
           else l.carrier_code is not distinct from e."carrierCode" and l.waybill_no is not distinct from e."waybillNo" end
         for update skip locked) held
    left join requests r on r.id = e."requestId"),
claimed as (
  insert into waybills (carrier_code, waybill_no, delivery_no)
  select distinct on ("carrierCode", "waybillNo") "carrierCode", "waybillNo", "deliveryNo" from mine where claims_waybill
   order by "carrierCode", "waybillNo"
  on conflict (carrier_code, waybill_no) where closed_at is null do nothing
  returning carrier_code, waybill_no, delivery_no),
noted as (
  insert into delivery_history (delivery_no, line_no, at, by, command, from_state, to_state, revision, reason, request_id, snapshot)
  select "deliveryNo", "lineNo", at, coalesce(sub, by), command, "from", state, revision, reason, "requestId", line from mine m
   where not claims_waybill or exists (select from claimed c
      where c.carrier_code = m."carrierCode" and c.waybill_no = m."waybillNo" and c.delivery_no = m."deliveryNo")
  on conflict do nothing returning delivery_no, line_no, request_id)
update delivery_lines l set state = m.state, revision = m.revision, canceled = m.canceled, returned = m.returned, claims = m.claims,
    carrier_code = m."carrierCode", waybill_no = m."waybillNo", tracking_level = m."trackingLevel",
    instructed_at = m."instructedAt", released_at = m."releasedAt", shipped_at = m."shippedAt", delivered_at = m."deliveredAt",
    stockout_reason = case when m.state = 'awaitingShipment'
      then coalesce(case when m.command = 'report-stockout' then m.reason end, l.stockout_reason) end,
    stockout_expected_at = m."stockoutExpectedAt", auto_clear = m."autoClear",
    started_at = coalesce(l.started_at, now()), updated_at = now()
  from mine m join noted n on n.delivery_no = m."deliveryNo" and n.line_no = m."lineNo" and n.request_id = m."requestId"
 where l.delivery_no = m."deliveryNo" and l.line_no = m."lineNo"
returning l.delivery_no, l.line_no, m.trace_id`;
// Of one value PostgreSQL knows without planning anew each time that it is about one row.
const RECORD_ONE = recordFrom('(values ($1::jsonb))');
const RECORD_MANY = recordFrom('jsonb_array_elements($1::jsonb)');

interface Recorded {
  delivery_no: string;
  line_no: number;
  trace_id: string | null;
}

type LineEntry = Entry<DeliveryLine>;

/** Writes what is plain, in a crowd for many at once; null = nothing was written, it needs a transaction. */
export function createRecordPlain({ query }: Db): (entry: LineEntry) => Promise<WrittenPlain | null> {
  const write = together(
    async (entries: LineEntry[]): Promise<(WrittenPlain | null)[]> => {
      // A line's second entry, a retry beside its first, looks at what the first has written: in a transaction.
      const firsts = new Map(entries.map((entry) => [keyOf(entry), entry] as const).reverse());
      const asked = [...firsts.values()].map(askedOf);
      const rows = await (asked.length === 1
        ? query<Recorded>(RECORD_ONE, [JSON.stringify(asked[0])], 'record-plain')
        : query<Recorded>(RECORD_MANY, [JSON.stringify(asked)], 'record-plain-many'));
      const done = new Map(rows.map((row) => [`${row.delivery_no}/${row.line_no}`, row]));
      return entries.map((entry) => {
        const row = firsts.get(keyOf(entry)) === entry ? done.get(keyOf(entry)) : undefined;
        return row ? { traceId: row.trace_id } : null;
      });
    },
    { lanes: 2 },
  );
  return async (entry) => (isPlain(entry) ? write(entry) : null);
}

const keyOf = ({ row: { deliveryNo, lineNo } }: LineEntry) => `${deliveryNo}/${lineNo}`;

const askedOf = (entry: LineEntry) => {
  const { row: line, at, by, actor, command, from, requestId } = entry;
  return { at, by: by ?? actor, command, from, requestId, leaves: leaves(entry), line };
};

const leaves = ({ row, from }: LineEntry) => hasLeft(row.state) && !hasLeft(from);

/** What comes back to us gives stock back, and what is on its way again wakes its waybill: both in a transaction. */
function isPlain({ row, from, refused }: LineEntry): boolean {
  const comesBack = hasLeft(from) && !hasLeft(row.state);
  const onItsWayAgain = from === 'delivered' && row.state === 'shipped';
  return refused === undefined && row.finishedAt === null && !comesBack && !onItsWayAgain;
}
