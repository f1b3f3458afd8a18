import { sql } from 'kysely';
import { carriers } from '../../domain/carriers.ts';
import type { Db } from '../database.ts';
import type { Row } from '../statement.ts';
import { raiseException } from './raise-exception.ts';

const BATCH = 100;
const trackable = carriers.filter((carrier) => carrier.trackable).map(({ code }) => code);

export interface SilenceSettings {
  /** Days from 출고완료 to the first scan, and from one scan to the next, after which a person has to look. */
  noScanDays: number;
  stalledDays: number;
}

/** Each clock has its own index. A check restarts the clock, so a parcel that stays silent is counted again each time. */
const silences = [
  { kind: 'no-first-scan', days: 'noScanDays', clock: sql`greatest(looked_at, opened_at)`, is: sql`moved_at is null` },
  {
    kind: 'not-moving',
    days: 'stalledDays',
    clock: sql`greatest(looked_at, moved_at)`,
    is: sql`moved_at is not null and tracking_level < 6`,
  },
] as const;

type Silent = Pick<Row<'waybills'>, 'id' | 'carrier_code' | 'waybill_no' | 'delivery_no' | 'pickup_no'> & {
  since: Date;
  /** Something waits for it, and its carrier can be tracked. */
  awaited: boolean;
};

/** Marks silent waybills as checked and returns them, the longest silent first. */
const lookAt = ({ clock, is }: (typeof silences)[number], days: number) =>
  sql<Silent>`
    update waybills w set looked_at = now()
     where id in (select id from waybills where closed_at is null and ${is} and ${clock} < now() - interval '1 day' * ${days}
                   order by ${clock} limit ${BATCH} for update skip locked)
    returning id, carrier_code, waybill_no, delivery_no, pickup_no, coalesce(moved_at, opened_at) as since,
      carrier_code = any(${trackable}) and (
        exists (select from delivery_lines l where l.waybill_no = w.waybill_no and l.carrier_code = w.carrier_code
                   and l.state = 'shipped' and l.finished_at is null)
        or exists (select from pickups p where p.waybill_no = w.waybill_no and p.carrier_code = w.carrier_code
                      and p.state = 'instructed' and p.finished_at is null)) as awaited`;

/**
 * Raises exceptions for waybills that something waits for and that the tracker reports nothing about. Those delivered by other
 * means, or of carriers without tracking, are only marked as checked. Safe to run several times at once.
 */
export async function raiseSilent(db: Db, settings: SilenceSettings): Promise<'more' | 'none'> {
  const counts = await Promise.all(
    silences.map((silence) =>
      db.transaction(async (query) => {
        const due = await query(lookAt(silence, settings[silence.days]));
        for (const { id, carrier_code, waybill_no, delivery_no, pickup_no, since } of due.filter(({ awaited }) => awaited))
          await raiseException(query, {
            kind: silence.kind,
            fid: delivery_no ?? pickup_no ?? '',
            deliveryNo: delivery_no,
            pickupNo: pickup_no,
            carrierCode: carrier_code,
            waybillNo: waybill_no,
            reason: `${new Date(since.getTime() + 9 * 3_600_000).toISOString().slice(0, 10)}부터`,
            waybillId: id,
          });
        return due.length;
      }),
    ),
  );
  return counts.some((count) => count === BATCH) ? 'more' : 'none';
}
