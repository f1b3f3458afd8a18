import { type RawBuilder, sql } from 'kysely';
import type { AssemblyPlan } from '../../domain/assembly.ts';
import type { DeliveryLine } from '../../domain/deliveries/line.ts';
import type { Pickup } from '../../domain/pickups/pickup.ts';
import { constant, type Tables } from '../statement.ts';

type Type = 'text' | 'integer' | 'bigint' | 'boolean' | 'timestamptz' | 'jsonb';
type Columns<Field extends PropertyKey, Table extends keyof Tables> = {
  [F in Field]: readonly [column: keyof Tables[Table], type: Type];
};

/**
 * What commands change of a delivery line: field, column and type. It is the only list of them in `db/record`: the statement for what
 * is plain, the transaction's and the repair's are made of it, and a field of the line that is left out does not compile.
 */
const lineColumns = {
  state: ['state', 'text'],
  revision: ['revision', 'integer'],
  canceled: ['canceled', 'integer'],
  returned: ['returned', 'integer'],
  claims: ['claims', 'jsonb'],
  carrierCode: ['carrier_code', 'text'],
  waybillNo: ['waybill_no', 'text'],
  trackingLevel: ['tracking_level', 'integer'],
  instructedAt: ['instructed_at', 'timestamptz'],
  releasedAt: ['released_at', 'timestamptz'],
  shippedAt: ['shipped_at', 'timestamptz'],
  deliveredAt: ['delivered_at', 'timestamptz'],
  stockoutExpectedAt: ['stockout_expected_at', 'timestamptz'],
  autoClear: ['auto_clear', 'boolean'],
  finishedAt: ['finished_at', 'timestamptz'],
} as const satisfies Columns<
  Exclude<keyof DeliveryLine, 'deliveryNo' | 'lineNo' | 'orderNo' | 'kind' | 'productId' | 'methodCode' | 'quantity'>,
  'delivery_lines'
>;

/** The same of a pickup; what was inspected of its items is written beside it. */
const pickupColumns = {
  kind: ['kind', 'text'],
  convertedFromExchange: ['converted_from_exchange', 'boolean'],
  state: ['state', 'text'],
  held: ['held', 'boolean'],
  revision: ['revision', 'integer'],
  carrierCode: ['carrier_code', 'text'],
  waybillNo: ['waybill_no', 'text'],
  trackingLevel: ['tracking_level', 'integer'],
  arrivedAt: ['arrived_at', 'timestamptz'],
  instructedAt: ['instructed_at', 'timestamptz'],
  confirmedAt: ['confirmed_at', 'timestamptz'],
  completedAt: ['completed_at', 'timestamptz'],
  finishedAt: ['finished_at', 'timestamptz'],
  exchangeDeliveryNo: ['exchange_delivery_no', 'text'],
} as const satisfies Columns<
  Exclude<keyof Pickup, 'pickupNo' | 'claimNo' | 'orderNo' | 'originalDeliveryNo' | 'items'>,
  'pickups'
>;

/** The same of an assembly plan. */
const planColumns = {
  state: ['state', 'text'],
  revision: ['revision', 'integer'],
  completedQuantity: ['completed_quantity', 'bigint'],
  overdueAt: ['overdue_at', 'timestamptz'],
  finishedAt: ['finished_at', 'timestamptz'],
} as const satisfies Columns<
  Exclude<keyof AssemblyPlan, 'assemblyPlanUid' | 'assemblyProductUid' | 'shippingProductId' | 'planQuantity' | 'dueAt'>,
  'assembly_plans'
>;

/** The parts of a statement that takes the fields out of a row's JSON, there called `n`, and writes them into the columns. */
function partsOf(columns: Record<string, readonly [column: string, type: Type]>) {
  const all = Object.entries(columns);
  return {
    /** For the list of jsonb_to_record. */
    fields: constant(sql.join(all.map(([field, [, type]]) => sql`${sql.id(field)} ${sql.raw(type)}`))),
    set: constant(sql.join(all.map(([field, [column]]) => sql`${sql.id(column)} = ${sql.id('n', field)}`))),
  };
}

export const lineParts = partsOf(lineColumns);
export const pickupParts = partsOf(pickupColumns);
export const planParts = partsOf(planColumns);

/**
 * All that a command sets of the line `l` from `n`. The reason of a stockout is a text of the request, not of the line: it stays while
 * the line waits, unless one is reported now.
 */
export const setLine = (reason: RawBuilder<unknown>) => sql`${lineParts.set},
  stockout_reason = case when n.state = 'awaitingShipment' then coalesce(${reason}, l.stockout_reason) end,
  started_at = coalesce(l.started_at, now()), updated_at = now()`;
