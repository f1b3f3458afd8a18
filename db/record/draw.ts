import { sql } from 'kysely';
import type { EventType } from '../../domain/events/types.ts';
import { leftOf, waybillAt } from '../../domain/shipping/waybill-range.ts';
import { carriersOfPlace } from '../shipping/range-carriers.ts';
import { json, named, type Query, type Row } from '../statement.ts';
import { raiseException } from '../tracking/raise-exception.ts';
import type { LineEntry } from './delivery-line-batch.ts';
import { lineHistory } from './history.ts';
import { Refused } from './recorder.ts';

type Held = Pick<
  Row<'waybill_ranges'>,
  'range_no' | 'place_no' | 'carrier_code' | 'rule' | 'digits' | 'last_no' | 'next_no' | 'low_at' | 'low_told_at'
>;
type Drawn = Pick<Row<'waybills'>, 'carrier_code' | 'waybill_no'>;

/** Numbers that are looked at together when some of a range were used by hand. */
const AHEAD = 1_000;

/**
 * Gives a line that leaves without a waybill the next number of its place's range, in the transaction that writes the line: what is
 * rolled back has drawn nothing, and a record that was committed is found with its number when it is asked for again. The waybill is
 * written here, so that the claim that follows finds it as its own. Throws Refused where there is none to give.
 */
export async function drawn(query: Query, entry: LineEntry): Promise<LineEntry> {
  const { row: line, requestId, command, draws } = entry;
  if (!draws || line.waybillNo !== null) return entry;
  // A number drawn for a command that was done before would belong to no line.
  if (await lineHistory.done(query, [line.deliveryNo, line.lineNo], requestId, command)) return entry;
  // Lines of one delivery take turns, so that those of one command share a number, also over two workers.
  const [delivery] = await query(lockDelivery(line.deliveryNo));
  const shared = await sharedBy(query, line.deliveryNo, requestId, line.carrierCode);
  const waybill = shared ?? (await next(query, entry, delivery?.place_no ?? null));
  return { ...entry, row: { ...line, carrierCode: waybill.carrier_code, waybillNo: waybill.waybill_no } };
}

const lockDelivery = (deliveryNo: string) =>
  named(
    'draw-delivery',
    sql<Pick<Row<'deliveries'>, 'place_no'>>`select place_no from deliveries where delivery_no = ${deliveryNo} for no key update`,
  );

/** What another line of this delivery has drawn by the same command, while it has it. */
async function sharedBy(
  query: Query,
  deliveryNo: string,
  requestId: string,
  carrierCode: string | null,
): Promise<Drawn | undefined> {
  const [open] = await query(
    named(
      'draw-shared',
      sql<Drawn>`select carrier_code, waybill_no from waybills
        where delivery_no = ${deliveryNo} and drawn_by = ${requestId} and closed_at is null
          and (${carrierCode}::text is null or carrier_code = ${carrierCode}) order by id limit 1`,
    ),
  );
  return open;
}

/** The next number of the place's ranges, the oldest range first; each that turns out to have none is used up. */
async function next(query: Query, entry: LineEntry, placeNo: number | null): Promise<Drawn> {
  const carrierCode = entry.row.carrierCode ?? (await carrierOf(query, placeNo));
  for (;;) {
    const [range] = await query(lockRange(placeNo, carrierCode));
    if (!range) throw new Refused('WAYBILL_RANGE_EMPTY', (query) => passUsed(query, placeNo, carrierCode));
    const drawn = await take(query, range, entry);
    if (drawn) return drawn;
  }
}

/** The carrier where nobody named one. */
async function carrierOf(query: Query, placeNo: number | null): Promise<string> {
  const [only, ...others] = await carriersOfPlace(query, placeNo);
  if (!only) throw new Refused('WAYBILL_RANGE_EMPTY');
  if (others.length > 0) throw new Refused('WAYBILL_RANGE_AMBIGUOUS');
  return only;
}

/** Whoever draws from a range waits here until the one before has committed; of a range that ends meanwhile, the next is taken. */
const lockRange = (placeNo: number | null, carrierCode: string) =>
  named(
    'draw-range',
    sql<Held>`select range_no, place_no, carrier_code, rule, digits, last_no, next_no, low_at, low_told_at from waybill_ranges
      where place_no = ${placeNo} and carrier_code = ${carrierCode} and not paused and next_no <= last_no
      order by range_no limit 1 for no key update`,
  );

/** Takes the first number of a range that nobody has used; undefined = all that were left had been used by hand. */
async function take(query: Query, range: Held, entry: LineEntry): Promise<Drawn | undefined> {
  let at = range.next_no;
  let waybill = await claim(query, range, at, entry);
  while (!waybill && at < range.last_no) {
    at = await nextUnused(query, range, at + 1);
    if (at <= range.last_no) waybill = await claim(query, range, at, entry);
  }
  await moveOn(query, range, Math.min(at, range.last_no) + 1);
  return waybill;
}

/**
 * Ranges whose numbers were all used by hand say so themselves, instead of having some left that nobody can get: a refusal rolls back
 * what it has found.
 */
async function passUsed(query: Query, placeNo: number | null, carrierCode: string): Promise<void> {
  for (;;) {
    const [range] = await query(lockRange(placeNo, carrierCode));
    if (!range || (await nextUnused(query, range, range.next_no)) <= range.last_no) return;
    await moveOn(query, range, range.last_no + 1);
  }
}

/** Writes the waybill, unless this number was ever used: by hand, for a pickup, or by somebody who is writing it now. */
async function claim(query: Query, range: Held, number: number, { row, requestId }: LineEntry): Promise<Drawn | undefined> {
  const [taken] = await query(
    named(
      'draw-claim',
      sql<Drawn>`insert into waybills (carrier_code, waybill_no, delivery_no, range_no, drawn_by)
        select n.carrier_code, n.waybill_no, ${row.deliveryNo}, ${range.range_no}, ${requestId}
          from (values (${range.carrier_code}::text, ${waybillAt(range, number)}::text)) n (carrier_code, waybill_no)
         where not exists (select from waybills w where w.waybill_no = n.waybill_no and w.carrier_code = n.carrier_code)
        on conflict (carrier_code, waybill_no) where closed_at is null do nothing
        returning carrier_code, waybill_no`,
    ),
  );
  return taken;
}

/** The first number from here on that was never used; beyond the last when there is none. */
async function nextUnused(query: Query, range: Held, from: number): Promise<number> {
  for (let at = from; at <= range.last_no; at += AHEAD) {
    const numbers = Array.from({ length: Math.min(AHEAD, range.last_no - at + 1) }, (_, n) => at + n);
    const rows = await query(
      sql<Pick<Row<'waybills'>, 'waybill_no'>>`select waybill_no from waybills where carrier_code = ${range.carrier_code}
        and waybill_no = any(${numbers.map((number) => waybillAt(range, number))}::text[])`,
    );
    const used = new Set(rows.map((row) => row.waybill_no));
    const unused = numbers.find((number) => !used.has(waybillAt(range, number)));
    if (unused !== undefined) return unused;
  }
  return range.last_no + 1;
}

/** The numbers before `nextNo` are used. A range that runs low by that is told once: an event, and an exception for people. */
async function moveOn(query: Query, range: Held, nextNo: number): Promise<void> {
  const { range_no, carrier_code, place_no, low_at, low_told_at } = range;
  const left = leftOf({ next: nextNo, last: range.last_no });
  const isNews = left < low_at && low_told_at === null;
  await query(
    named(
      'draw-next',
      sql`update waybill_ranges set next_no = ${nextNo}, low_told_at = case when ${isNews}::boolean then now() else low_told_at end
           where range_no = ${range_no}`,
    ),
  );
  if (!isNews) return;
  const data = json({ rangeNo: range_no, carrierCode: carrier_code, placeNo: place_no, left });
  const type: EventType = 'waybill-range.low';
  await query(
    sql`insert into events (type, at, subject, data) values (${type}, now(), ${`waybill-range/${range_no}`}, ${data}::jsonb)`,
  );
  await raiseException(query, {
    kind: 'waybill-range-low',
    fid: `대역 ${range_no}`,
    carrierCode: carrier_code,
    waybillNo: waybillAt(range, Math.min(nextNo, range.last_no)),
    reason: `출하지 ${place_no}, 남은 번호 ${left}개`,
  });
}
