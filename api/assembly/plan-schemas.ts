import { z } from '@hono/zod-openapi';
import type { PlanHistoryRow } from '../../db/assembly/find.ts';
import type { ListedPlan } from '../../db/assembly/list.ts';
import type { Named } from '../../db/operations/callers.ts';
import { type PlanCommand, planMachine, planStates, planStatus } from '../../domain/assembly.ts';
import { byNameSchema, titleOf } from '../deliveries/history.ts';
import { digits, id, quantity, trimmed } from './wire.ts';

const status = z
  .literal(Object.values(planStatus))
  .openapi({ type: 'integer', enum: Object.values(planStatus), description: '1 예정 · 2 가공중 · 3 완료 · 4 취소', example: 1 });

const day = z.iso
  .date()
  .refine((value) => /^(19|2\d)/.test(value), '1900년부터 2999년까지 쓸 수 있습니다')
  .openapi({ type: 'string', format: 'date', example: '2026-11-30' });

export const planBody = z
  .object({
    member_id: id.optional(),
    assembly_product_uid: id,
    plan_quantity: quantity,
    plan_date: day,
    comment: trimmed(2_000).nullish().openapi({ type: 'string', maxLength: 2_000 }),
  })
  .openapi('AssemblyPlanBody', {
    example: { assembly_product_uid: '91', plan_quantity: 10, plan_date: '2026-11-30', comment: '연말 선물세트' } as never,
  });

/** Optional bodies of `start` and `cancel`, and the body of `complete`. */
export const planStep = z.object({ member_id: id.optional() }).openapi('AssemblyPlanStep', { example: {} as never });
export const planCompletion = z
  .object({
    member_id: id.optional(),
    completed_quantity: quantity.optional().openapi({ description: '완성 수량. 없으면 계획 수량 전부' }),
  })
  .openapi('AssemblyPlanCompletion', { example: { completed_quantity: 8 } as never });

export const planOutcomeSchema = z
  .object({ assembly_plan_uid: digits, plan_status: status, completed_quantity: digits.optional() })
  .openapi('AssemblyPlanOutcome', { example: { assembly_plan_uid: '12', plan_status: 2 } });

export const planSchema = z
  .object({
    assembly_plan_uid: digits,
    member_id: digits,
    assembly_product_uid: digits,
    shipping_product_id: digits,
    product_name: z.string(),
    plan_quantity: digits,
    completed_quantity: digits.nullable(),
    plan_date: z.string(),
    plan_status: status,
    plan_status_name: z.string(),
    is_overdue: z.boolean(),
    comment: z.string(),
    item_list: z
      .array(z.object({ shipping_product_id: digits, product_name: z.string(), quantity: digits }))
      .openapi({ description: '계획 수량 전부에 드는 가공재료' }),
    created_at: z.iso.datetime(),
  })
  .openapi('AssemblyPlan', {
    example: {
      assembly_plan_uid: '12',
      member_id: '70',
      assembly_product_uid: '91',
      shipping_product_id: '43898',
      product_name: '완성 가공품 - 03',
      plan_quantity: '10',
      completed_quantity: null,
      plan_date: '2026-11-30',
      plan_status: 1,
      plan_status_name: '가공예정',
      is_overdue: false,
      comment: '연말 선물세트',
      item_list: [{ shipping_product_id: '43838', product_name: '가공품재료1', quantity: '20' }],
      created_at: '2026-11-23T01:00:00.000Z',
    },
  });

const historySchema = z.array(
  z.object({
    at: z.iso.datetime(),
    by: z.string(),
    by_name: byNameSchema,
    command: z.string(),
    command_name: z.string(),
    plan_status: status,
    refused: z.string().nullable(),
    refused_name: z.string().nullable(),
  }),
);
export const planDetailSchema = planSchema.extend({ history: historySchema }).openapi('AssemblyPlanDetail');

export const planOf = (row: ListedPlan): z.output<typeof planSchema> => ({
  assembly_plan_uid: String(row.assembly_plan_uid),
  member_id: String(row.member_id),
  assembly_product_uid: String(row.assembly_product_uid),
  shipping_product_id: String(row.shipping_product_id),
  product_name: row.product_name,
  plan_quantity: String(row.plan_quantity),
  completed_quantity: row.completed_quantity === null ? null : String(row.completed_quantity),
  plan_date: row.plan_date,
  plan_status: planStatus[row.state],
  plan_status_name: planStates[row.state],
  is_overdue: row.overdue_at !== null,
  comment: row.comment ?? '',
  item_list: row.materials.map((material) => ({
    shipping_product_id: String(material.shipping_product_id),
    product_name: material.product_name,
    quantity: String(material.quantity),
  })),
  created_at: row.created_at.toISOString(),
});

export const planHistoryOf = (rows: (PlanHistoryRow & Named)[]): z.output<typeof historySchema> =>
  rows.map(({ at, by, byName, command, to_state, refused }) => ({
    at: at.toISOString(),
    by,
    by_name: byName,
    command,
    command_name: command === 'plan' ? '계획등록' : (planMachine.commands[command as PlanCommand]?.name ?? command),
    plan_status: planStatus[to_state],
    refused,
    refused_name: refused === null ? null : titleOf(refused),
  }));
