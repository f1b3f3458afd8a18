import { sql } from 'kysely';
import type { FeePolicy, PlaceTerms } from '../../domain/shipping/bundle-fee.ts';
import type { FeeDelivery, RemainingLine } from '../../domain/shipping/shipping-fee.ts';
import { build, named, type Query, type Row } from '../statement.ts';

/** The terms of the places that lines name, and the default place for lines that name none. */
export interface Shipping {
  terms: Map<number, PlaceTerms>;
  defaultPlaceNo: number | null;
}

type PlaceRow = Row<'shipping_places'> & { policies: FeePolicy[] };

/**
 * The places of these lines, with the policies that may apply (named ones and defaults), in one statement, so that all of it is
 * from one moment even while somebody changes a policy.
 */
export async function findShipping(
  query: Query,
  lines: readonly { placeNo?: number | null | undefined; policyNo?: number | null | undefined }[],
): Promise<Shipping> {
  const placeNos = [...new Set(lines.flatMap(({ placeNo }) => placeNo ?? []))];
  const policyNos = [...new Set(lines.flatMap(({ policyNo }) => policyNo ?? []))];
  const anyUnnamed = lines.some(({ placeNo }) => placeNo === null || placeNo === undefined);
  const rows = await query(
    named(
      'shipping-terms',
      sql<PlaceRow>`
        select p.*, coalesce(json_agg(json_build_object('policyNo', f.policy_no, 'feeType', f.fee_type, 'fee', f.fee,
                 'condition', f.condition, 'isPrepayment', f.is_prepayment, 'isCashOnDelivery', f.is_cash_on_delivery,
                 'isDefault', f.is_default) order by f.policy_no) filter (where f.policy_no is not null), '[]') as policies
          from shipping_places p
          left join shipping_policies f on f.place_no = p.place_no and (f.is_default or f.policy_no = any(${policyNos}))
         where p.place_no = any(${placeNos}) or (p.is_default and ${anyUnnamed})
         group by p.place_no`,
    ),
  );
  return {
    terms: new Map(rows.map((row) => [row.place_no, termsOf(row)])),
    defaultPlaceNo: rows.find((row) => row.is_default)?.place_no ?? null,
  };
}

const termsOf = (row: PlaceRow): PlaceTerms => ({
  imposeType: row.impose_type,
  jeju: row.surcharge_on ? row.jeju_surcharge : 0,
  remote: row.surcharge_on ? row.remote_surcharge : 0,
  policies: row.policies,
});

type RemainingRow = Pick<Row<'delivery_lines'>, 'delivery_no' | 'line_no' | 'valid_quantity'> &
  Pick<Row<'order_lines'>, 'policy_no' | 'unit_price'> & { quantity: number };

/**
 * What is left of an order's lines, each with all its parts, and the terms of its deliveries. An exchanged piece counts as the one sent
 * for it.
 */
export async function findOrderFees(
  query: Query,
  orderNo: string,
): Promise<{ deliveries: FeeDelivery[]; lines: (RemainingLine & { validQuantity: number })[] }> {
  const deliveries = await query(
    build
      .selectFrom('deliveries')
      .select(['delivery_no', 'place_no', 'fee_terms'])
      .where('order_no', '=', orderNo)
      .orderBy('delivery_no'),
  );
  const lines = await query(
    sql<RemainingRow>`
      select r.delivery_no, r.line_no, o.policy_no, o.unit_price, sum(l.valid_quantity)::int as valid_quantity,
             sum(l.valid_quantity - coalesce((
               select sum((claim.value ->> 'quantity')::integer) from jsonb_each(l.claims) claim where claim.value ->> 'status' = 'exchanged'
             ), 0))::int as quantity
        from delivery_lines l
        join delivery_lines r on r.order_no = l.order_no and r.line_no = coalesce(l.root_line_no, l.line_no)
        join order_lines o on o.order_no = r.order_no and o.line_no = r.line_no
       where l.order_no = ${orderNo} group by r.delivery_no, r.line_no, o.policy_no, o.unit_price`,
  );
  return {
    deliveries: deliveries.map((row) => ({ deliveryNo: row.delivery_no, placeNo: row.place_no, terms: row.fee_terms })),
    lines: lines.map((row) => ({
      deliveryNo: row.delivery_no,
      lineNo: row.line_no,
      policyNo: row.policy_no,
      unitPrice: row.unit_price,
      validQuantity: row.valid_quantity,
      quantity: row.quantity,
    })),
  };
}
