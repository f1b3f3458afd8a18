import { z } from '@hono/zod-openapi';
import type { ListedLine } from '../../db/deliveries/list.ts';
import { lineKeyOf, toDeliveryLine } from '../../db/deliveries/row.ts';
import type { DeliveryCommand } from '../../domain/deliveries/commands.ts';
import { type DelayReason, delayReasons } from '../../domain/deliveries/delay.ts';
import { type DeliveryState, deliveryStates } from '../../domain/deliveries/line.ts';
import { allowedDeliveryCommands } from '../../domain/deliveries/machine.ts';
import { type DispatchDueBy, dueBys } from '../../domain/dispatch/policy.ts';
import { type DispatchStatus, dispatchStatuses, dispatchStatusOf } from '../../domain/dispatch/status.ts';
import { koreanDay } from '../../domain/korea.ts';
import { maskName } from '../../domain/masking.ts';
import { shownLevel } from '../../domain/tracking.ts';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { methodCode } from '../http/schemas.ts';

const at = z.iso.datetime().nullable();
export const stateSchema = z.enum(Object.keys(deliveryStates) as DeliveryState[]);

const lineKeySchema = z.object({ deliveryNo: z.string(), lineNo: z.int() });
const day = z.string().openapi({ format: 'date', example: '2026-11-24' });

/** By when a line has to leave, and how it stands against that. */
const dispatchFields = {
  dispatchDueOn: day.nullable().openapi({ description: '발송기한 (서울의 날짜)' }),
  dispatchDueBy: z
    .enum(Object.keys(dueBys) as DispatchDueBy[])
    .nullable()
    .openapi({ description: '누구의 날짜인지: 발송정책, 판매채널, 주문자의 요청일' }),
  dispatchStatus: z
    .enum(Object.keys(dispatchStatuses) as DispatchStatus[])
    .nullable()
    .openapi({ description: '아직 출고하지 않은 줄이 오늘(서울) 발송기한에 대해 어떤지' }),
  delay: z
    .object({
      expectedOn: day,
      reasonCode: z.enum(Object.keys(delayReasons) as DelayReason[]),
      noticedAt: z.iso.datetime(),
    })
    .nullable()
    .openapi({ description: '발송지연안내: 대신 알린 날과 사유' }),
};

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
    splitFrom: lineKeySchema.nullable().openapi({ description: '이 줄을 분할한 원래 줄' }),
    splitTo: z.array(lineKeySchema).openapi({ description: '이 줄에서 분할하여 남아 있는 줄' }),
    workBatchNo: z.int().nullable().openapi({ description: '들어 있거나 함께 출고한 작업차수' }),
    labelPrints: z.int().openapi({ description: '그 운송장의 라벨을 인쇄한 횟수. 2부터 재출력' }),
    ...dispatchFields,
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
      splitFrom: null,
      splitTo: [{ deliveryNo: 'D261123000007', lineNo: 3 }],
      workBatchNo: 12,
      labelPrints: 0,
      dispatchDueOn: '2026-11-24',
      dispatchDueBy: 'policy',
      dispatchStatus: 'tomorrow',
      delay: null,
      allowedCommands: ['ship', 'report-stockout', 'split', 'notify-delay', 'undo'],
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
    splitFrom: lineKeyOf(row.split_from_delivery_no, row.split_from_line_no),
    splitTo: row.split_to ?? [],
    workBatchNo: row.work_batch_no,
    labelPrints: row.label_prints,
    ...dispatchOf(row),
    allowedCommands: allowedDeliveryCommands(toDeliveryLine(row)),
    workflowId: deliveryWorkflowId(row.delivery_no, row.line_no),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** How a line stands today, in Seoul. */
export const statusOf = (row: Pick<ListedLine, 'state' | 'valid_quantity' | 'dispatch_due_on' | 'delay_expected_on'>) =>
  dispatchStatusOf(
    {
      state: row.state,
      validQuantity: row.valid_quantity,
      dispatchDueOn: row.dispatch_due_on,
      delayExpectedOn: row.delay_expected_on,
    },
    koreanDay(new Date()),
  );

function dispatchOf(row: ListedLine): Pick<LineRowWire, keyof typeof dispatchFields> {
  const { delay_expected_on: expectedOn, delay_reason_code: reasonCode, delay_noticed_at: noticedAt } = row;
  const isNoticed = expectedOn !== null && reasonCode !== null && noticedAt !== null;
  return {
    dispatchDueOn: row.dispatch_due_on,
    dispatchDueBy: row.dispatch_due_by,
    dispatchStatus: statusOf(row),
    delay: isNoticed ? { expectedOn, reasonCode, noticedAt: noticedAt.toISOString() } : null,
  };
}
