import { sql } from 'kysely';
import type { Query, Row } from '../statement.ts';

type Owner = Pick<Row<'waybills'>, 'carrier_code' | 'waybill_no' | 'delivery_no' | 'pickup_no'>;

/** Whose these waybills are, where they are open: the delivery that has it first (others may share it), or the pickup. */
export const waybillOwners = (query: Query, waybills: readonly { carrierCode: string; waybillNo: string }[]): Promise<Owner[]> =>
  query(sql<Owner>`
    select w.carrier_code, w.waybill_no, w.delivery_no, w.pickup_no
      from unnest(${waybills.map(({ carrierCode }) => carrierCode)}::text[], ${waybills.map(({ waybillNo }) => waybillNo)}::text[])
             as asked (carrier_code, waybill_no)
      join waybills w on w.carrier_code = asked.carrier_code and w.waybill_no = asked.waybill_no and w.closed_at is null`);
