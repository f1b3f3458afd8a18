import { type RawBuilder, sql } from 'kysely';
import type { DeliveryLine } from '../../domain/deliveries/line.ts';
import { lineEvent } from '../../domain/events/event.ts';
import type { RecordEntry } from '../../workflows/messages/delivery.ts';
import { together } from '../batching.ts';
import type { Db } from '../database.ts';
import { noted } from '../events/noted.ts';
import { prepared, type Query, type Row } from '../statement.ts';
import { lineFields, setLine } from './columns.ts';
import type { Asker, RowEntry, WrittenPlain } from './recorder.ts';
import type { Born } from './split.ts';

/** States in which the quantity is no longer in stock. */
export const hasLeft = (state: string): boolean => state === 'shipped' || state === 'delivered';

/** What makes a command plain: the line keeps its waybill; or it leaves, with a waybill that nobody has. */
interface Way {
  name: string;
  /** Condition on the row `l` and the entry `e`. */
  where: RawBuilder<unknown>;
  /** A CTE that claims the waybills that rows of `mine` may have. */
  claimed?: RawBuilder<unknown>;
  /** Condition on `mine n` after that. */
  after?: RawBuilder<unknown>;
}

const STAYS: Way = {
  name: 'record-plain',
  where: sql`l.carrier_code is not distinct from e."carrierCode" and l.waybill_no is not distinct from e."waybillNo"`,
};

/**
 * Its product's stock is not counted and the waybill is free; lines of one delivery in the same batch may share it. Among different
 * deliveries the first one gets it. History is checked first: a waybill claimed for a repeated request would stay without a line.
 */
const LEAVES: Way = {
  name: 'record-leaving',
  where: sql`l.carrier_code is null and l.waybill_no is null
      and not exists (select from shipping_products p where p.shipping_product_id = l.product_id and p.stock is not null and p.for_orders)
      and not exists (select from delivery_history h where h.request_id = e."requestId" and h.delivery_no = e."deliveryNo"
                         and h.line_no = e."lineNo" and h.command = e.command and h.voided_at is null)`,
  claimed: sql`claimed as (
  insert into waybills (carrier_code, waybill_no, delivery_no)
  select distinct on ("carrierCode", "waybillNo") "carrierCode", "waybillNo", "deliveryNo" from mine
   where "carrierCode" is not null and "waybillNo" is not null order by "carrierCode", "waybillNo", asked
  on conflict (carrier_code, waybill_no) where closed_at is null do nothing
  returning carrier_code, waybill_no, delivery_no),`,
  after: sql`where "carrierCode" is null or "waybillNo" is null or exists (select from claimed c
     where c.carrier_code = n."carrierCode" and c.waybill_no = n."waybillNo" and c.delivery_no = n."deliveryNo")`,
};

const NOTHING = sql``;

/** What of an entry `n` is noted in the history, and told. */
const columns = {
  ...{ at: sql`n.at`, by: sql`coalesce(n.sub, n.by)`, command: sql`n.command`, from: sql`n."from"`, to: sql`n.state` },
  ...{ revision: sql`n.revision`, reason: sql`n.reason`, requestId: sql`n."requestId"`, snapshot: sql`n.line` },
  ...{ type: sql`n.type`, data: sql`n.data` },
};

type WrittenRow = Pick<Row<'delivery_lines'>, 'delivery_no' | 'line_no'> & Pick<Asker, 'trace_id'>;

/**
 * Writes rows, history rows and events of commands in one statement, but only in the plain case: the row is as the workflow knew it, nobody
 * has locked it, and the request has not done this before. Everything else is left to the transaction. Rows are looked up entry by
 * entry (lateral), because with a join, a plan made for a table never analyzed scans the whole table every time until it is.
 */
const recordFrom = (
  entries: RawBuilder<unknown>,
  { where, claimed = NOTHING, after = NOTHING }: Way,
) => sql<WrittenRow>`with entry as (
  select s.asked, e.*, n.* from ${entries} as s (entry, asked),
    jsonb_to_record(s.entry) as e (at timestamptz, by text, command text, "from" text, "requestId" text, line jsonb, type text, data jsonb),
    jsonb_to_record(e.line) as n ("deliveryNo" text, "lineNo" integer, ${lineFields})),
mine as (
  select e.*, r.sub, r.reason, r.trace_id
    from entry e cross join lateral (
      select from delivery_lines l
       where l.delivery_no = e."deliveryNo" and l.line_no = e."lineNo"
         and l.revision = e.revision - 1 and l.state = e."from" and l.finished_at is null and ${where}
         for update skip locked) held
    left join requests r on r.id = e."requestId"),
${claimed}
${noted('delivery_history', [sql`n."deliveryNo"`, sql`n."lineNo"`], columns, sql`from mine n ${after}`)}
update delivery_lines l set ${setLine((field) => sql.id('n', field), sql`case when n.command = 'report-stockout' then n.reason end`)}
  from mine n join noted on noted.delivery_no = n."deliveryNo" and noted.line_no = n."lineNo" and noted.request_id = n."requestId"
 where l.delivery_no = n."deliveryNo" and l.line_no = n."lineNo"
returning l.delivery_no, l.line_no, n.trace_id`;

/** The entry of a line. */
export interface LineEntry extends RowEntry<DeliveryLine>, Pick<RecordEntry, 'combine' | 'draws' | 'part' | 'merged'> {
  /** The part with its numbers, of an entry that is being written. */
  born?: Born;
}

type Writer = (entry: LineEntry) => Promise<WrittenPlain | null>;

/** Writes plain commands, under load many at once; null = nothing was written, a transaction is needed. */
export function createRecordPlain({ query }: Db): Writer {
  // Writing waits for a waybill that is being claimed or freed: other lines that leave wait too, lines that stay do not.
  const stay = writer(query, STAYS);
  const leave = writer(query, LEAVES);
  return async (entry) => {
    if (!isPlain(entry)) return null;
    return hasLeft(entry.row.state) && !hasLeft(entry.from) ? leave(entry) : stay(entry);
  };
}

function writer(query: Query, way: Way): Writer {
  // With a single value PostgreSQL knows that it is one row, without planning again each time.
  const one = prepared<{ entry: string }, WrittenRow>(way.name, (of) =>
    recordFrom(sql`(values (${of('entry')}::jsonb, 1))`, way),
  );
  const many = prepared<{ entries: string }, WrittenRow>(`${way.name}-many`, (of) =>
    recordFrom(sql`jsonb_array_elements(${of('entries')}::jsonb) with ordinality`, way),
  );
  return together(
    async (entries: LineEntry[]): Promise<(WrittenPlain | null)[]> => {
      // A line's second entry (a retry in the same batch as its first) must see what the first wrote, so it needs a transaction.
      const firsts = new Map<string, LineEntry>();
      for (const entry of entries) if (!firsts.has(keyOf(entry))) firsts.set(keyOf(entry), entry);
      const asked = [...firsts.values()].map(askedOf);
      const rows = await query(
        asked.length === 1 ? one({ entry: JSON.stringify(asked[0]) }) : many({ entries: JSON.stringify(asked) }),
      );
      const done = new Map(rows.map((row) => [`${row.delivery_no}/${row.line_no}`, row]));
      return entries.map((entry) => {
        const row = firsts.get(keyOf(entry)) === entry ? done.get(keyOf(entry)) : undefined;
        return row ? { traceId: row.trace_id } : null;
      });
    },
    { lanes: 2 },
  );
}

const keyOf = ({ row: { deliveryNo, lineNo } }: LineEntry) => `${deliveryNo}/${lineNo}`;

const askedOf = ({ row: line, at, by, actor, command, from, requestId }: LineEntry) => ({
  at,
  by: by ?? actor,
  command,
  from,
  requestId,
  line,
  ...lineEvent(line, command),
});

/** Returning goods restores stock, a parcel in transit again wakes its waybill, a part has rows of its own, a waybill is drawn: all need a transaction. */
function isPlain({ row, from, refused, draws, part, merged }: LineEntry): boolean {
  const comesBack = hasLeft(from) && !hasLeft(row.state);
  const onItsWayAgain = from === 'delivered' && row.state === 'shipped';
  const isAlone = part === undefined && merged === undefined && !draws;
  return isAlone && refused === undefined && row.finishedAt === null && !comesBack && !onItsWayAgain;
}
