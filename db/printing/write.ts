import { sql } from 'kysely';
import type { PrintKind } from '../../domain/printing/print.ts';
import type { Db } from '../database.ts';

/** One delivery on the paper; the waybill of its label, null on a list. */
export interface PrintedDelivery {
  deliveryNo: string;
  carrierCode: string | null;
  waybillNo: string | null;
}

export interface Print {
  kind: PrintKind;
  by: string;
  /** Of the request: the same when it is repeated. */
  requestKey: string;
  bodyHash: string;
  deliveries: readonly PrintedDelivery[];
}

/** Under which copies are counted: of two prints of one label at once, one has to be the second. A few ms for 500 labels. */
const COPIES_LOCK = 8_004;

/** Where `recordPrint` finds the copy of a delivery or, of a label, of a waybill. */
export const copyKey = ({ deliveryNo, carrierCode, waybillNo }: PrintedDelivery): string =>
  waybillNo === null ? deliveryNo : `${carrierCode}/${waybillNo}`;

/**
 * Counts a print before its first byte is sent, in one transaction, and returns how often each delivery (each waybill of a label,
 * whatever deliveries share it) has been printed with this one. A process that dies after it has counted a print that nobody may
 * hold: the next one then says 재출력, which makes somebody look; the other way round two parcels could leave under one label. A
 * repeat of the request counts nothing and gets the numbers of the first; null = its key was used for something else.
 */
export function recordPrint(db: Db, { kind, by, requestKey, bodyHash, deliveries }: Print): Promise<Map<string, number> | null> {
  const columns = [
    deliveries.map(({ deliveryNo }) => deliveryNo),
    deliveries.map(({ carrierCode }) => carrierCode),
    deliveries.map(({ waybillNo }) => waybillNo),
  ].map((values) => sql`${values}::text[]`);
  return db.transaction(async (query) => {
    await query(sql`select pg_advisory_xact_lock(${COPIES_LOCK})`);
    const [used] = await query(
      sql<{ body_hash: string }>`select body_hash from prints where request_key = ${requestKey} limit 1`,
    );
    if (used && used.body_hash !== bodyHash) return null;
    await query(sql`
      insert into prints (kind, delivery_no, carrier_code, waybill_no, copy, by, request_key, body_hash)
      select ${kind}, t.delivery_no, t.carrier_code, t.waybill_no,
             1 + coalesce(case when t.waybill_no is null
               then (select max(p.copy) from prints p where p.delivery_no = t.delivery_no and p.kind = ${kind})
               else (select max(p.copy) from prints p where p.waybill_no = t.waybill_no and p.carrier_code = t.carrier_code)
             end, 0), ${by}, ${requestKey}, ${bodyHash}
        from unnest(${sql.join(columns)}) as t (delivery_no, carrier_code, waybill_no)
       where not exists (select from prints p where p.request_key = ${requestKey} and p.delivery_no = t.delivery_no
                            and p.waybill_no is not distinct from t.waybill_no
                            and p.carrier_code is not distinct from t.carrier_code)`);
    const rows = await query(sql<{ delivery_no: string; carrier_code: string | null; waybill_no: string | null; copy: number }>`
      select delivery_no, carrier_code, waybill_no, copy from prints where request_key = ${requestKey}`);
    return new Map(
      rows.map((row) => [
        copyKey({ deliveryNo: row.delivery_no, carrierCode: row.carrier_code, waybillNo: row.waybill_no }),
        row.copy,
      ]),
    );
  });
}
