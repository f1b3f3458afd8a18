import { z } from '@hono/zod-openapi';
import type { ListedLine } from '../../db/deliveries/list.ts';
import type { Row } from '../../db/statement.ts';
import { maskName } from '../../domain/masking.ts';
import { shownLevel } from '../../domain/tracking.ts';
import { shippingFeeSchema } from '../http/order-schemas.ts';
import { methodCode } from '../http/schemas.ts';
import { stateSchema } from './line-row.ts';

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

export const shippingFeeOf = (delivery: Row<'deliveries'>): z.output<typeof shippingFeeSchema> => ({
  policyNo: delivery.fee_policy_no,
  feeType: delivery.fee_type,
  baseFee: delivery.base_fee,
  surcharge: delivery.surcharge,
  fee: delivery.fee,
  payment: delivery.payment,
});

/** A delivery with the lines to be shown, at least one. */
export function deliveryRow(delivery: Row<'deliveries'>, lines: ListedLine[], mask = true): DeliveryRowWire {
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
