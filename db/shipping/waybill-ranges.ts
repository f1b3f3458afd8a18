import { sql } from 'kysely';
import type { LineKey } from '../../domain/deliveries/line.ts';
import { type FieldError, Problem } from '../../domain/problems.ts';
import { leftOf, lowByDefault, type NumberRange, overlap, usedOf } from '../../domain/shipping/waybill-range.ts';
import { build, instant, type Query, type Row } from '../statement.ts';
import { drawsByItself } from './range-carriers.ts';

export type WaybillRangeRow = Row<'waybill_ranges'>;

/** So many ranges are listed, the newest first. */
const MOST_LISTED = 1_000;

/** What a person says of a range. */
export interface WaybillRangeWish {
  placeNo: number;
  carrierCode: string;
  range: NumberRange;
  /** Null = as the size of the range suggests. */
  lowAt: number | null;
  paused: boolean;
  autoWaybill: boolean;
}

/** Ranges, the newest first. */
export const findWaybillRanges = (
  query: Query,
  { placeNo, carrierCode }: { placeNo?: number | undefined; carrierCode?: string | undefined },
): Promise<WaybillRangeRow[]> => {
  let ranges = build.selectFrom('waybill_ranges').selectAll().orderBy('range_no', 'desc').limit(MOST_LISTED);
  if (placeNo !== undefined) ranges = ranges.where('place_no', '=', placeNo);
  if (carrierCode !== undefined) ranges = ranges.where('carrier_code', '=', carrierCode);
  return query(ranges);
};

/** The numbers of a stored range, in the words of the domain. */
export const numbersOf = (row: WaybillRangeRow) => ({
  ...{ rule: row.rule, digits: row.digits, first: row.first_no, last: row.last_no, next: row.next_no, paused: row.paused },
});

const wrong = (...errors: FieldError[]) =>
  new Problem('BAD_REQUEST', errors.map(({ path, message }) => `${path}: ${message}`).join(', '), { errors });

/**
 * Writes a range, a new one if no number is given. The numbers that were used stay used: what made them cannot change, and the end only
 * to a number that is still to come. Throws SUPERSEDED when a later request has written this range.
 */
export async function saveWaybillRange(
  query: Query,
  rangeNo: number | null,
  wish: WaybillRangeWish,
  { by, askedAt }: { by: string; askedAt: string },
): Promise<WaybillRangeRow> {
  // Two at once would each find that they do not overlap.
  await query(sql`select pg_advisory_xact_lock(hashtext('waybill ranges'))`);
  const known = rangeNo === null ? null : await lockRange(query, rangeNo, askedAt);
  if (known) refuseUsed(known, wish);
  await refusePlace(query, rangeNo, wish);
  await refuseOverlap(query, rangeNo, wish);
  const { first, last, digits, rule } = wish.range;
  const next = known && usedOf(numbersOf(known)) > 0 ? known.next_no : first;
  const lowAt = wish.lowAt ?? lowByDefault(wish.range);
  const isLow = leftOf({ next, last }) < lowAt;
  const row = {
    ...{ place_no: wish.placeNo, carrier_code: wish.carrierCode, rule, digits, first_no: first, last_no: last, next_no: next },
    ...{ low_at: lowAt, paused: wish.paused, auto_waybill: wish.autoWaybill, by, asked_at: instant(askedAt) },
    // A range that has grown may run low again, and is told of then.
    low_told_at: isLow ? (known?.low_told_at ?? null) : null,
  };
  const [saved] = await query(
    rangeNo === null
      ? build.insertInto('waybill_ranges').values(row).returningAll()
      : build
          .updateTable('waybill_ranges')
          .set({ ...row, updated_at: sql<Date>`now()` })
          .where('range_no', '=', rangeNo)
          .returningAll(),
  );
  if (!saved) throw new Error('a range that is locked has a row');
  return saved;
}

/** Whoever draws from it has committed before, and the next one waits. */
async function lockRange(query: Query, rangeNo: number, askedAt: string): Promise<WaybillRangeRow> {
  const [row] = await query(build.selectFrom('waybill_ranges').selectAll().where('range_no', '=', rangeNo).forNoKeyUpdate());
  if (!row) throw new Problem('WAYBILL_RANGE_NOT_FOUND');
  const later = await query(
    build
      .selectFrom('waybill_ranges')
      .select('range_no')
      .where('range_no', '=', rangeNo)
      .where('asked_at', '>', instant(askedAt)),
  );
  if (later.length > 0) throw new Problem('SUPERSEDED');
  return row;
}

function refuseUsed(known: WaybillRangeRow, { carrierCode, range }: WaybillRangeWish): void {
  if (usedOf(numbersOf(known)) === 0) return;
  const message = '이미 쓴 번호가 있어 바꿀 수 없습니다';
  const changed = {
    carrierCode: carrierCode !== known.carrier_code,
    rule: range.rule !== known.rule,
    from: range.first !== known.first_no || range.digits !== known.digits,
  };
  const errors = Object.entries(changed).flatMap(([path, is]) => (is ? [{ path, message }] : []));
  if (range.last < known.next_no - 1) errors.push({ path: 'to', message: '이미 쓴 번호보다 작습니다' });
  const [first] = errors;
  if (first) throw new Problem('WAYBILL_RANGE_USED', `${first.path}: ${first.message}`, { errors });
}

/** The place must be there, and use the ranges of one carrier by itself. */
async function refusePlace(
  query: Query,
  rangeNo: number | null,
  { placeNo, carrierCode, autoWaybill }: WaybillRangeWish,
): Promise<void> {
  const places = await query(build.selectFrom('shipping_places').select('place_no').where('place_no', '=', placeNo));
  if (places.length === 0) throw wrong({ path: 'placeNo', message: '없는 출하지입니다' });
  if (!autoWaybill) return;
  const others = await query(
    build
      .selectFrom('waybill_ranges')
      .select('range_no')
      .where('place_no', '=', placeNo)
      .where('carrier_code', '!=', carrierCode)
      .where((eb) => eb.ref('auto_waybill'))
      .where('range_no', 'is distinct from', rangeNo)
      .limit(1),
  );
  if (others[0])
    throw wrong({ path: 'autoWaybill', message: `다른 택배사의 대역 ${others[0].range_no}이(가) 이 출하지의 기본입니다` });
}

async function refuseOverlap(query: Query, rangeNo: number | null, { carrierCode, range }: WaybillRangeWish): Promise<void> {
  const others = await query(
    build
      .selectFrom('waybill_ranges')
      .selectAll()
      .where('carrier_code', '=', carrierCode)
      .where('range_no', 'is distinct from', rangeNo)
      .orderBy('range_no'),
  );
  const other = others.find((row) => overlap(numbersOf(row), range));
  if (!other) return;
  const message = `대역 ${other.range_no}과(와) 겹칩니다`;
  throw new Problem('WAYBILL_RANGE_OVERLAP', `from: ${message}`, { errors: [{ path: 'from', message }] });
}

/** Those of these lines that leave with a drawn waybill when nobody gives them one: parcels of a place that uses a range by itself. */
export const linesWithAutoWaybill = (query: Query, keys: readonly LineKey[]): Promise<LineKey[]> =>
  query(
    sql<LineKey>`select l.delivery_no as "deliveryNo", l.line_no as "lineNo"
      from unnest(${keys.map(({ deliveryNo }) => deliveryNo)}::text[], ${keys.map(({ lineNo }) => lineNo)}::integer[])
             as k (delivery_no, line_no)
      join delivery_lines l using (delivery_no, line_no)
     where l.method_code = '10'
       and ${drawsByItself(sql`l`)}`,
  );
