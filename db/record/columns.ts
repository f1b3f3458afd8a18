import { sql } from 'kysely';
import type { AssemblyPlan } from '../../domain/assembly.ts';
import type { DeliveryLine } from '../../domain/deliveries/line.ts';
import type { Pickup } from '../../domain/pickups/pickup.ts';
import type { Tables } from '../statement.ts';

type Type = 'text' | 'integer' | 'bigint' | 'boolean' | 'timestamptz' | 'date' | 'jsonb';

/**
 * The columns of a delivery line that commands change: field, column, and the type where many rows come as JSON. `db/record` has no
 * other such list: the statement for plain commands, the transaction and the repair are all made from it, and a field of the line
 * that is missing here does not compile.
 */
const lineColumns = {
  state: ['state', 'text'],
  revision: ['revision', 'integer'],
  quantity: ['quantity', 'integer'],
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
  delayExpectedOn: ['delay_expected_on', 'date'],
  delayReasonCode: ['delay_reason_code', 'text'],
  delayNoticedAt: ['delay_noticed_at', 'timestamptz'],
  lastSplit: ['last_split', 'jsonb'],
  finishedAt: ['finished_at', 'timestamptz'],
} as const satisfies Record<
  Exclude<keyof DeliveryLine, 'deliveryNo' | 'lineNo' | 'orderNo' | 'kind' | 'productId' | 'methodCode' | 'splitFrom'>,
  readonly [column: keyof Tables['delivery_lines'], type: Type]
>;

/** The same for a pickup; inspection results of its items are written separately. */
const pickupColumns = {
  kind: 'kind',
  convertedFromExchange: 'converted_from_exchange',
  convertedFromReturn: 'converted_from_return',
  state: 'state',
  held: 'held',
  revision: 'revision',
  carrierCode: 'carrier_code',
  waybillNo: 'waybill_no',
  trackingLevel: 'tracking_level',
  arrivedAt: 'arrived_at',
  instructedAt: 'instructed_at',
  confirmedAt: 'confirmed_at',
  completedAt: 'completed_at',
  finishedAt: 'finished_at',
  exchangeDeliveryNo: 'exchange_delivery_no',
} as const satisfies Record<
  Exclude<keyof Pickup, 'pickupNo' | 'claimNo' | 'orderNo' | 'originalDeliveryNo' | 'items'>,
  keyof Tables['pickups']
>;

/** The same for an assembly plan. */
const planColumns = {
  state: 'state',
  revision: 'revision',
  completedQuantity: 'completed_quantity',
  overdueAt: 'overdue_at',
  finishedAt: 'finished_at',
} as const satisfies Record<
  Exclude<keyof AssemblyPlan, 'assemblyPlanUid' | 'assemblyProductUid' | 'shippingProductId' | 'planQuantity' | 'dueAt'>,
  keyof Tables['assembly_plans']
>;

/** Writes `column = value` for each field; `given` says where the value is. */
function setter<Field extends string>(columns: Record<Field, string>) {
  const all = Object.entries(columns) as [Field, string][];
  return (given: (field: Field) => unknown) => sql.join(all.map(([field, column]) => sql`${sql.id(column)} = ${given(field)}`));
}

type LineField = keyof typeof lineColumns;
const lines = Object.entries(lineColumns) as [LineField, readonly [column: string, type: Type]][];
const setLineColumns = setter(Object.fromEntries(lines.map(([field, [column]]) => [field, column])) as Record<LineField, string>);

/** The same columns by name, and how each is given by its field: for a part that is inserted as it was split off. */
export const lineColumnNames = sql.join(lines.map(([, [column]]) => sql.id(column)));
export const lineValues = (given: (field: LineField) => unknown) =>
  sql.join(lines.map(([field, [, type]]) => sql`${given(field)}::${sql.raw(type)}`));

/** How jsonb_to_record reads the fields from a line's JSON. */
export const lineFields = sql.join(lines.map(([field, [, type]]) => sql`${sql.id(field)} ${sql.raw(type)}`));

/**
 * Everything a command sets in the line `l`. The reason of a stockout is in the request, not in the line: it is kept while the line
 * waits, unless a stockout is reported now (`stockout`).
 */
export const setLine = (given: (field: LineField) => unknown, stockout: unknown) => sql`${setLineColumns(given)},
  stockout_reason = case when ${given('state')} = 'awaitingShipment' then coalesce(${stockout}, l.stockout_reason) end,
  started_at = coalesce(l.started_at, now()), updated_at = now()`;

/** What a command sets in a pickup, and in a plan. */
export const setPickup = setter(pickupColumns);
export const setPlan = setter(planColumns);
