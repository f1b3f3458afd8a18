import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { named, type Query } from '../statement.ts';

/**
 * The carriers whose numbers a place can give to whoever names none: that of the ranges which the place uses by itself, else of all its
 * ranges. Ranges that are used up count, so that their end is not another carrier's beginning.
 */
export async function carriersOfPlace(query: Query, placeNo: number | null): Promise<string[]> {
  const carriers = await query(
    named(
      'draw-carriers',
      sql<{ carrier_code: string; auto: boolean }>`
        select carrier_code, bool_or(auto_waybill) as auto from waybill_ranges
         where place_no = ${placeNo} and not paused group by carrier_code order by carrier_code`,
    ),
  );
  const chosen = carriers.filter(({ auto }) => auto);
  return (chosen.length > 0 ? chosen : carriers).map(({ carrier_code }) => carrier_code);
}

/** Whether the place of a line gives its next number to whoever names none. */
export const drawsByItself = (line: RawBuilder<unknown>) => sql<SqlBool>`exists (select from waybill_ranges r
  where r.place_no = ${line}.place_no and r.auto_waybill and not r.paused)`;

/** Whether a line's waybill was drawn from a range, not typed. */
export const isDrawn = (line: RawBuilder<unknown>) => sql<SqlBool>`exists (select from waybills w
  where w.carrier_code = ${line}.carrier_code and w.waybill_no = ${line}.waybill_no and w.range_no is not null)`;
