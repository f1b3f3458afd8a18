import { carriers } from '../../domain/carriers.ts';
import type { Db } from '../database.ts';
import { raiseException } from './raise-exception.ts';

const BATCH = 100;
const trackable = carriers.filter((carrier) => carrier.trackable).map(({ code }) => code);

export interface SilenceSettings {
  /** Days from 출고완료 to the first scan, and from one scan to the next, after which a person has to look. */
  noScanDays: number;
  stalledDays: number;
}

/** Each clock by its own index; looking starts it again, so a parcel that stays silent is counted again each time. */
const silences = [
  { kind: 'no-first-scan', clock: 'greatest(looked_at, opened_at)', where: 'moved_at is null', days: 'noScanDays' },
  {
    kind: 'not-moving',
    clock: 'greatest(looked_at, moved_at)',
    where: 'moved_at is not null and tracking_level < 6',
    days: 'stalledDays',
  },
] as const;

interface Silent {
  id: number;
  carrier_code: string;
  waybill_no: string;
  delivery_no: string | null;
  pickup_no: string | null;
  since: Date;
}

/**
 * Waybills that somebody waits for and that the tracker says nothing about become exceptions: nothing is stuck in silence. What
 * was delivered by other means, or cannot be followed, is only looked at. Safe to run several times at once.
 */
export async function raiseSilent(db: Db, settings: SilenceSettings): Promise<'more' | 'none'> {
  const counts = await Promise.all(
    silences.map(({ kind, clock, where, days }) =>
      db.transaction(async (query) => {
        const due = await query<Silent & { awaited: boolean }>(
          `update waybills w set looked_at = now()
            where id in (select id from waybills where closed_at is null and ${where} and ${clock} < now() - interval '1 day' * $1
                          order by ${clock} limit $2 for update skip locked)
          returning id, carrier_code, waybill_no, delivery_no, pickup_no, coalesce(moved_at, opened_at) as since,
            carrier_code = any($3) and (
              exists (select from delivery_lines l where l.waybill_no = w.waybill_no and l.carrier_code = w.carrier_code
                         and l.state = 'shipped' and l.finished_at is null)
              or exists (select from pickups p where p.waybill_no = w.waybill_no and p.carrier_code = w.carrier_code
                            and p.state = 'instructed' and p.finished_at is null)) as awaited`,
          [settings[days], BATCH, trackable],
        );
        for (const { id, carrier_code, waybill_no, delivery_no, pickup_no, since } of due.filter(({ awaited }) => awaited))
          await raiseException(query, {
            kind,
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
