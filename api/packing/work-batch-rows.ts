import { z } from '@hono/zod-openapi';
import type { WorkBatchLineRow } from '../../db/packing/batch-lines.ts';
import type { ListedWorkBatch } from '../../db/packing/list.ts';
import { deliveryStates } from '../../domain/deliveries/line.ts';
import {
  type BatchStanding,
  type DropReason,
  dropReasons,
  isDropped,
  standingOf,
  type WorkBatchState,
  workBatchStates,
} from '../../domain/packing/work-batch.ts';
import { byNameSchema } from '../deliveries/history.ts';
import { stateSchema } from '../deliveries/line-row.ts';
import { positiveId } from '../http/schemas.ts';

export const workBatchState = z.enum(Object.keys(workBatchStates) as WorkBatchState[]);
export const workBatchNoParam = z.object({
  workBatchNo: positiveId.openapi({ param: { name: 'workBatchNo', in: 'path' }, type: 'integer', example: 12 }),
});
const at = z.iso.datetime();

const fields = {
  workBatchNo: z.int(),
  state: workBatchState,
  stateName: z.string(),
  owner: z.string().openapi({ description: '맡은 사람' }),
  ownerName: byNameSchema,
  placeNo: z.int().nullable().openapi({ description: '출하지. 줄마다 다르면 null' }),
  createdBy: z.string(),
  createdAt: at,
  completedAt: at.nullable(),
  counts: z.object({
    lines: z.int(),
    open: z.int().openapi({ description: '아직 출고하지 않은 줄' }),
    shipped: z.int(),
    dropped: z.int().openapi({ description: '취소, 결품 들로 빠진 줄' }),
  }),
};

const example = {
  workBatchNo: 12,
  state: 'picking',
  stateName: workBatchStates.picking,
  owner: 'kim',
  ownerName: '김관리',
  placeNo: 176042,
  createdBy: 'kim',
  createdAt: '2026-11-23T01:00:00.000Z',
  completedAt: null,
  counts: { lines: 2, open: 1, shipped: 0, dropped: 1 },
} as const;

export const workBatchSchema = z.object(fields).openapi('WorkBatch', { example });

const lineFields = {
  deliveryNo: z.string(),
  lineNo: z.int(),
  orderNo: z.string(),
  productId: z.int(),
  productName: z.string(),
  optionName: z.string().nullable(),
  validQuantity: z.int(),
  state: stateSchema,
  stateName: z.string(),
  carrierCode: z.string().nullable(),
  waybillNo: z.string().nullable(),
};

const lineExample = {
  deliveryNo: 'D261123000001',
  lineNo: 1,
  orderNo: 'S20261123-0001',
  productId: 43897,
  productName: '캠핑 의자',
  optionName: '카키',
  validQuantity: 2,
  state: 'released',
  stateName: deliveryStates.released,
  carrierCode: null,
  waybillNo: null,
} as const;

export const wholeWorkBatchSchema = z
  .object({
    ...fields,
    lines: z.array(z.object(lineFields)).openapi({ description: '출고할 줄과 출고한 줄' }),
    dropped: z
      .array(z.object({ ...lineFields, why: z.enum(Object.keys(dropReasons) as DropReason[]), whyName: z.string() }))
      .openapi({ description: '빠진 줄과 까닭. 완료되기 전에는 줄의 지금 상태에서 읽습니다' }),
  })
  .openapi('WholeWorkBatch', {
    example: {
      ...example,
      lines: [lineExample],
      dropped: [
        {
          ...lineExample,
          lineNo: 2,
          validQuantity: 0,
          state: 'canceled',
          stateName: deliveryStates.canceled,
          why: 'canceled',
          whyName: dropReasons.canceled,
        },
      ],
    },
  });

/** A batch as lists show it; `names` are those of people. */
export function workBatchOf(row: ListedWorkBatch, names: Map<string, string>): z.output<typeof workBatchSchema> {
  return {
    workBatchNo: row.work_batch_no,
    state: row.state,
    stateName: workBatchStates[row.state],
    owner: row.owner,
    ownerName: names.get(row.owner) ?? null,
    placeNo: row.place_no,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    completedAt: row.completed_at?.toISOString() ?? null,
    counts: { lines: row.lines, open: row.open, shipped: row.shipped, dropped: row.lines - row.open - row.shipped },
  };
}

/** How a line stands in its batch: by itself while the batch is open, else as it stood at the end. */
export function standingIn(row: Pick<WorkBatchLineRow, 'is_open' | 'dropped_as' | 'state' | 'valid_quantity'>): BatchStanding {
  if (row.is_open) return standingOf({ state: row.state, validQuantity: row.valid_quantity });
  return row.dropped_as ?? 'shipped';
}

const lineOf = (row: WorkBatchLineRow) => ({
  deliveryNo: row.delivery_no,
  lineNo: row.line_no,
  orderNo: row.order_no,
  productId: row.product_id,
  productName: row.product_name,
  optionName: row.option_name,
  validQuantity: row.valid_quantity,
  state: row.state,
  stateName: deliveryStates[row.state],
  carrierCode: row.carrier_code,
  waybillNo: row.waybill_no,
});

/** The lines of a batch, those that fell out apart. */
export function linesOf(rows: WorkBatchLineRow[]): Pick<z.output<typeof wholeWorkBatchSchema>, 'lines' | 'dropped'> {
  const standing = rows.map((row) => ({ row, why: standingIn(row) }));
  return {
    lines: standing.filter(({ why }) => !isDropped(why)).map(({ row }) => lineOf(row)),
    dropped: standing.flatMap(({ row, why }) => (isDropped(why) ? [{ ...lineOf(row), why, whyName: dropReasons[why] }] : [])),
  };
}
