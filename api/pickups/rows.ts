import { z } from '@hono/zod-openapi';
import type { ListedPickup } from '../../db/pickups/list.ts';
import { exchangeOf, type PickupItemRow, toPickup } from '../../db/pickups/row.ts';
import { allowedPickupCommands } from '../../domain/pickups/machine.ts';
import { faultOf, pickupStateName, reasonCodes } from '../../domain/pickups/pickup.ts';
import { shownLevel } from '../../domain/tracking.ts';
import { pickupWorkflowId } from '../../workflows/messages/pickup.ts';
import { pickupStateSchema } from './commands.ts';

const at = z.iso.datetime().nullable();
const fault = z.enum(['buyer', 'seller']).nullable();

const itemSchema = z.object({
  lineNo: z.int(),
  productId: z.int(),
  productName: z.string(),
  optionName: z.string().nullable(),
  quantity: z.int(),
  reasonCode: z.enum(Object.keys(reasonCodes) as (keyof typeof reasonCodes)[]),
  reasonName: z.string(),
  reason: z.string().nullable(),
  exchangeTo: z.object({ productId: z.int(), productName: z.string(), optionName: z.string().nullable() }).nullable(),
  restock: z.int().nullable(),
  dispose: z.int().nullable(),
  fault,
});

const returnFeeSchema = z.object({
  amount: z.int().openapi({ description: '회수(교환은 왕복) 배송비' }),
  bearer: fault.openapi({ description: '부담하는 쪽: 판매자 귀책이 하나라도 있으면 seller' }),
  feeBefore: z.int().openapi({ description: '접수할 때 주문의 배송비' }),
  feeAfter: z.int().openapi({ description: '반품하고 남는 상품으로 계산한 주문의 배송비' }),
});

export const pickupRowSchema = z
  .object({
    pickupNo: z.string(),
    claimNo: z.string(),
    orderNo: z.string(),
    originalDeliveryNo: z.string(),
    exchangeDeliveryNo: z.string().nullable(),
    kind: z.enum(['return', 'exchange']),
    convertedFromExchange: z.boolean(),
    convertedFromReturn: z.boolean(),
    state: pickupStateSchema,
    stateName: z.string(),
    held: z.boolean(),
    holdReason: z.string().nullable(),
    returnsToBuyer: z.boolean().openapi({ description: '반품불가·접수철회: 상품은 구매자에게 돌아갑니다.' }),
    revision: z.int(),
    carrierCode: z.string().nullable(),
    waybillNo: z.string().nullable(),
    trackingLevel: z.int().nullable(),
    arrivedAt: at,
    items: z.array(itemSchema),
    returnFee: returnFeeSchema,
    requestedAt: z.iso.datetime(),
    instructedAt: at,
    confirmedAt: at,
    completedAt: at,
    allowedCommands: z.array(z.string()),
    workflowId: z.string(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('PickupRow', {
    example: {
      pickupNo: 'P261123000001',
      claimNo: 'C20261123-0001',
      orderNo: 'S20261123-0001',
      originalDeliveryNo: 'D261123000001',
      exchangeDeliveryNo: null,
      kind: 'return',
      convertedFromExchange: false,
      convertedFromReturn: false,
      state: 'confirmed',
      stateName: '회수확인',
      held: false,
      holdReason: null,
      returnsToBuyer: false,
      revision: 3,
      carrierCode: '04',
      waybillNo: '681234567890',
      trackingLevel: 6,
      arrivedAt: '2026-11-23T05:00:00.000Z',
      items: [
        {
          lineNo: 1,
          productId: 43897,
          productName: '캠핑 의자',
          optionName: '카키',
          quantity: 1,
          reasonCode: 'DEFECT',
          reasonName: '상품불량',
          reason: '다리가 휘어 있음',
          exchangeTo: null,
          restock: null,
          dispose: null,
          fault: 'seller',
        },
      ],
      returnFee: { amount: 2500, bearer: 'seller', feeBefore: 0, feeAfter: 2500 },
      requestedAt: '2026-11-23T01:00:00.000Z',
      instructedAt: '2026-11-23T02:00:00.000Z',
      confirmedAt: '2026-11-23T06:00:00.000Z',
      completedAt: null,
      allowedCommands: ['complete', 'convert-to-exchange', 'refuse', 'hold'],
      workflowId: 'pickup-P261123000001',
      updatedAt: '2026-11-23T06:00:00.120Z',
    },
  });
export type PickupRowWire = z.output<typeof pickupRowSchema>;

const iso = (date: Date | null) => date?.toISOString() ?? null;

/**
 * The cost of a pickup and who pays: the seller if any item is the seller's fault. An exchange is transported twice and takes
 * nothing off the order; a withdrawn pickup was not transported, and a withdrawn or refused one does not change the order's fee.
 */
function returnFeeOf(row: ListedPickup, items: PickupItemRow[]): z.output<typeof returnFeeSchema> {
  const faults = items.map((item) => item.fault ?? faultOf(item.reason_code));
  const bearer = faults.includes('seller') ? 'seller' : faults.includes('buyer') ? 'buyer' : null;
  const journeys = row.state === 'withdrawn' ? 0 : row.kind === 'exchange' ? 2 : 1;
  const returns = row.kind === 'return' && row.state !== 'withdrawn' && row.state !== 'refused';
  const { collection_fee: once, fee_before: feeBefore, fee_after: feeAfter } = row;
  return { amount: journeys * once, bearer, feeBefore, feeAfter: returns ? feeAfter : feeBefore };
}

/** A pickup as in lists and details, without personal data. */
export function pickupRow(row: ListedPickup, items: PickupItemRow[]): PickupRowWire {
  return {
    pickupNo: row.pickup_no,
    claimNo: row.claim_no,
    orderNo: row.order_no,
    originalDeliveryNo: row.original_delivery_no,
    exchangeDeliveryNo: row.exchange_delivery_no,
    kind: row.kind,
    convertedFromExchange: row.converted_from_exchange,
    convertedFromReturn: row.converted_from_return,
    state: row.state,
    stateName: pickupStateName(row.state, row.kind),
    held: row.held,
    holdReason: row.hold_reason,
    returnsToBuyer: row.state === 'refused' || row.state === 'withdrawn',
    revision: row.revision,
    carrierCode: row.carrier_code,
    waybillNo: row.waybill_no,
    trackingLevel: shownLevel(row.tracking_level, row.waybill_level),
    arrivedAt: iso(row.arrived_at),
    items: items.map((item) => ({
      lineNo: item.line_no,
      productId: item.product_id,
      productName: item.product_name,
      optionName: item.option_name,
      quantity: item.quantity,
      reasonCode: item.reason_code,
      reasonName: reasonCodes[item.reason_code],
      reason: item.reason,
      exchangeTo: exchangeOf(row, item),
      restock: item.restock,
      dispose: item.dispose,
      fault: item.fault,
    })),
    returnFee: returnFeeOf(row, items),
    requestedAt: row.requested_at.toISOString(),
    instructedAt: iso(row.instructed_at),
    confirmedAt: iso(row.confirmed_at),
    completedAt: iso(row.completed_at),
    allowedCommands: allowedPickupCommands(toPickup(row, items)),
    workflowId: pickupWorkflowId(row.pickup_no),
    updatedAt: row.updated_at.toISOString(),
  };
}
