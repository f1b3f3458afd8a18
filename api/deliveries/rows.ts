import { z } from '@hono/zod-openapi';
import type { ListedLine } from '../../db/deliveries/list.ts';
import { toDeliveryLine } from '../../db/deliveries/row.ts';
import type { DeliveryCommand } from '../../domain/deliveries/commands.ts';
import { type DeliveryState, deliveryStates } from '../../domain/deliveries/line.ts';
import { allowedDeliveryCommands } from '../../domain/deliveries/machine.ts';
import { maskName } from '../../domain/masking.ts';
import { shownLevel } from '../../domain/tracking.ts';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { shippingFeeSchema } from '../http/order-schemas.ts';
import { methodCode } from '../http/schemas.ts';

const at = z.iso.datetime().nullable();
export const stateSchema = z.enum(Object.keys(deliveryStates) as DeliveryState[]);

export const lineRowSchema = z
  .object({
    deliveryNo: z.string(),
    lineNo: z.int(),
    orderNo: z.string(),
    orderedAt: z.iso.datetime(),
    kind: z.enum(['order', 'exchange']),
    productId: z.int(),
    productName: z.string(),
    optionName: z.string().nullable(),
    quantity: z.int(),
    validQuantity: z.int(),
    unitPrice: z.int(),
    placeNo: z.int().nullable(),
    methodCode,
    carrierCode: z.string().nullable(),
    waybillNo: z.string().nullable(),
    state: stateSchema,
    stateName: z.string(),
    revision: z.int(),
    trackingLevel: z.int().nullable(),
    receiverName: z.string(),
    instructedAt: at,
    releasedAt: at,
    shippedAt: at,
    deliveredAt: at,
    stockoutReason: z.string().nullable(),
    stockoutExpectedAt: at,
    allowedCommands: z.array(z.string()),
    workflowId: z.string(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('LineRow', {
    example: {
      deliveryNo: 'D261123000001',
      lineNo: 1,
      orderNo: 'S20261123-0001',
      orderedAt: '2026-11-23T00:00:00.000Z',
      kind: 'order',
      productId: 43897,
      productName: '캠핑 의자',
      optionName: '카키',
      quantity: 2,
      validQuantity: 2,
      unitPrice: 39000,
      placeNo: 176042,
      methodCode: '10',
      carrierCode: null,
      waybillNo: null,
      state: 'released',
      stateName: '출고지시',
      revision: 3,
      trackingLevel: null,
      receiverName: '홍*동',
      instructedAt: '2026-11-23T01:00:00.000Z',
      releasedAt: '2026-11-23T02:00:00.000Z',
      shippedAt: null,
      deliveredAt: null,
      stockoutReason: null,
      stockoutExpectedAt: null,
      allowedCommands: ['ship', 'report-stockout', 'undo'],
      workflowId: 'delivery-D261123000001-1',
      updatedAt: '2026-11-23T02:00:00.123Z',
    },
  });
export type LineRowWire = z.output<typeof lineRowSchema>;

const iso = (date: Date | null) => date?.toISOString() ?? null;

/** A line as the lists and details show it; `mask` hides the receiver's name. */
export function lineRow(row: ListedLine, mask = true): LineRowWire & { allowedCommands: DeliveryCommand[] } {
  return {
    deliveryNo: row.delivery_no,
    lineNo: row.line_no,
    orderNo: row.order_no,
    orderedAt: row.ordered_at.toISOString(),
    kind: row.kind,
    productId: row.product_id,
    productName: row.product_name,
    optionName: row.option_name,
    quantity: row.quantity,
    validQuantity: row.valid_quantity,
    unitPrice: row.unit_price,
    placeNo: row.place_no,
    methodCode: row.method_code,
    carrierCode: row.carrier_code,
    waybillNo: row.waybill_no,
    state: row.state,
    stateName: deliveryStates[row.state],
    revision: row.revision,
    trackingLevel: shownLevel(row.tracking_level, row.waybill_level),
    receiverName: mask ? (maskName(row.receiver_name) ?? '') : row.receiver_name,
    instructedAt: iso(row.instructed_at),
    releasedAt: iso(row.released_at),
    shippedAt: iso(row.shipped_at),
    deliveredAt: iso(row.delivered_at),
    stockoutReason: row.stockout_reason,
    stockoutExpectedAt: iso(row.stockout_expected_at),
    allowedCommands: allowedDeliveryCommands(toDeliveryLine(row)),
    workflowId: deliveryWorkflowId(row.delivery_no, row.line_no),
    updatedAt: row.updated_at.toISOString(),
  };
}

export const deliveryRowSchema = z
  .object({
    deliveryNo: z.string(),
    orderNo: z.string(),
    orderedAt: z.iso.datetime(),
    placeNo: z.int().nullable(),
    methodCode,
    carrierCode: z.string().nullable(),
    waybillNo: z.string().nullable().openapi({ description: '가장 최근 운송장' }),
    waybills: z.array(
      z.object({
        carrierCode: z.string(),
        waybillNo: z.string(),
        lineNos: z.array(z.int()),
        trackingLevel: z.int().nullable(),
      }),
    ),
    lineCount: z.int(),
    states: z.array(stateSchema),
    receiverName: z.string(),
    shippingFee: shippingFeeSchema,
    updatedAt: z.iso.datetime(),
  })
  .openapi('DeliveryRow');
export type DeliveryRowWire = z.output<typeof deliveryRowSchema>;

/** A row of `deliveries`. */
export interface DeliveryRecord {
  delivery_no: string;
  order_no: string;
  place_no: number | null;
  method_code: ListedLine['method_code'];
  ordered_at: Date;
  fee_policy_no: number | null;
  fee_type: number | null;
  base_fee: number;
  surcharge: number;
  fee: number;
  payment: 'prepaid' | 'collect' | 'none';
}

export const shippingFeeOf = (delivery: DeliveryRecord): z.output<typeof shippingFeeSchema> => ({
  policyNo: delivery.fee_policy_no,
  feeType: delivery.fee_type,
  baseFee: delivery.base_fee,
  surcharge: delivery.surcharge,
  fee: delivery.fee,
  payment: delivery.payment,
});

/** A delivery with its lines (those that count), at least one. */
export function deliveryRow(delivery: DeliveryRecord, lines: ListedLine[], mask = true): DeliveryRowWire {
  const waybills = new Map<string, DeliveryRowWire['waybills'][number] & { shippedAt: number }>();
  for (const line of lines) {
    if (line.carrier_code === null || line.waybill_no === null) continue;
    const key = `${line.carrier_code}/${line.waybill_no}`;
    const known = waybills.get(key);
    const shippedAt = line.shipped_at?.getTime() ?? 0;
    waybills.set(key, {
      carrierCode: line.carrier_code,
      waybillNo: line.waybill_no,
      lineNos: [...(known?.lineNos ?? []), line.line_no],
      trackingLevel: shownLevel(known?.trackingLevel, line.tracking_level, line.waybill_level),
      shippedAt: Math.max(known?.shippedAt ?? 0, shippedAt),
    });
  }
  const latest = [...waybills.values()].sort((a, b) => b.shippedAt - a.shippedAt)[0];
  const receiver = lines[0]?.receiver_name ?? '';
  return {
    deliveryNo: delivery.delivery_no,
    orderNo: delivery.order_no,
    orderedAt: delivery.ordered_at.toISOString(),
    placeNo: delivery.place_no,
    methodCode: delivery.method_code,
    carrierCode: latest?.carrierCode ?? null,
    waybillNo: latest?.waybillNo ?? null,
    waybills: [...waybills.values()].map(({ shippedAt: _, ...waybill }) => waybill),
    lineCount: lines.length,
    states: [...new Set(lines.map((line) => line.state))],
    receiverName: mask ? (maskName(receiver) ?? '') : receiver,
    shippingFee: shippingFeeOf(delivery),
    updatedAt: new Date(Math.max(...lines.map((line) => line.updated_at.getTime()))).toISOString(),
  };
}
