import type { FeePolicy, FrozenTerms, ImposeType, PlaceTerms } from '../../domain/shipping/bundle-fee.ts';
import type { FeeDelivery, RemainingLine } from '../../domain/shipping/shipping-fee.ts';
import type { Query } from '../statement.ts';

/** A row of shipping_places. */
export interface ShippingPlaceRow {
  place_no: number;
  place_name: string;
  zip_code: string;
  addr1: string;
  addr2: string | null;
  is_default: boolean;
  surcharge_on: boolean;
  jeju_surcharge: number;
  remote_surcharge: number;
  impose_type: ImposeType;
}

/** A row of shipping_policies. */
export interface ShippingPolicyRow {
  policy_no: number;
  place_no: number;
  fee_type: FeePolicy['feeType'];
  fee: number;
  condition: number;
  is_prepayment: boolean;
  is_cash_on_delivery: boolean;
}

/** The terms of the places that lines name, and the place of lines that name none. */
export interface Shipping {
  terms: Map<number, PlaceTerms>;
  defaultPlaceNo: number | null;
}

/**
 * Places and those of their policies that these lines can be concerned with (named ones and defaults), in one statement: what it
 * sees is of one moment, also while somebody changes a policy.
 */
export async function findShipping(
  query: Query,
  lines: readonly { placeNo?: number | null | undefined; policyNo?: number | null | undefined }[],
): Promise<Shipping> {
  const placeNos = [...new Set(lines.flatMap(({ placeNo }) => placeNo ?? []))];
  const policyNos = [...new Set(lines.flatMap(({ policyNo }) => policyNo ?? []))];
  const rows = await query<ShippingPlaceRow & { policies: FeePolicy[] }>(
    `select p.*, coalesce(json_agg(json_build_object('policyNo', f.policy_no, 'feeType', f.fee_type, 'fee', f.fee, 'condition', f.condition,
              'isPrepayment', f.is_prepayment, 'isCashOnDelivery', f.is_cash_on_delivery, 'isDefault', f.is_default)
              order by f.policy_no) filter (where f.policy_no is not null), '[]') as policies
       from shipping_places p
       left join shipping_policies f on f.place_no = p.place_no and (f.is_default or f.policy_no = any($2))
      where p.place_no = any($1) or (p.is_default and $3)
      group by p.place_no`,
    [placeNos, policyNos, lines.some(({ placeNo }) => placeNo === null || placeNo === undefined)],
    'shipping-terms',
  );
  return {
    terms: new Map(rows.map((row) => [row.place_no, termsOf(row)])),
    defaultPlaceNo: rows.find((row) => row.is_default)?.place_no ?? null,
  };
}

const termsOf = (row: ShippingPlaceRow & { policies: FeePolicy[] }): PlaceTerms => ({
  imposeType: row.impose_type,
  jeju: row.surcharge_on ? row.jeju_surcharge : 0,
  remote: row.surcharge_on ? row.remote_surcharge : 0,
  policies: row.policies,
});

/** What is left of an order's lines, and the terms its deliveries were ordered under. An exchanged piece counts as the one sent for it. */
export async function findOrderFees(
  query: Query,
  orderNo: string,
): Promise<{ deliveries: FeeDelivery[]; lines: (RemainingLine & { validQuantity: number })[] }> {
  const deliveries = await query<{ delivery_no: string; place_no: number | null; fee_terms: FrozenTerms | null }>(
    'select delivery_no, place_no, fee_terms from deliveries where order_no = $1 order by delivery_no',
    [orderNo],
  );
  const lines = await query<{
    delivery_no: string;
    line_no: number;
    policy_no: number | null;
    unit_price: number;
    valid_quantity: number;
    quantity: number;
  }>(
    `select l.delivery_no, l.line_no, o.policy_no, o.unit_price, l.valid_quantity, l.valid_quantity - coalesce((
              select sum((claim.value ->> 'quantity')::integer) from jsonb_each(l.claims) claim where claim.value ->> 'status' = 'exchanged'
            ), 0) as quantity
       from delivery_lines l join order_lines o using (order_no, line_no) where l.order_no = $1`,
    [orderNo],
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
