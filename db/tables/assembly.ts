import { defineEntity, p } from '@mikro-orm/core';
import { type AssemblyPlan, type PlanState, planStates } from '../../domain/assembly.ts';
import { identity, isOneOf, namesOf, now, oneOf, references } from './columns.ts';
import { ShippingProductEntity } from './stock.ts';

/** 가공품: the finished products that are assembled; each at most once. */
export const AssemblyProductEntity = defineEntity({
  name: 'AssemblyProductEntity',
  tableName: 'assembly_products',
  properties: {
    assemblyProductUid: identity().primary(),
    memberId: p.bigint('number'),
    shippingProductId: references(p.bigint('number'), 'assembly_products.shipping_product_id', () => ShippingProductEntity),
    comment: p.text().nullable(),
    /** When the request of the last change was stored. */
    askedAt: p.datetime().nullable(),
    createdAt: now(),
    updatedAt: now(),
  },
  indexes: [{ name: 'assembly_products_member', properties: ['memberId', 'assemblyProductUid'] }],
  uniques: [{ name: 'assembly_products_shipping_product_id_key', properties: ['shippingProductId'] }],
});

/** 가공재료: the quantity of a material in one piece. */
export const AssemblyMaterialEntity = defineEntity({
  name: 'AssemblyMaterialEntity',
  tableName: 'assembly_materials',
  properties: {
    assemblyProductUid: references(
      p.bigint('number').primary(),
      'assembly_materials.assembly_product_uid',
      () => AssemblyProductEntity,
    ),
    position: p.integer().primary(),
    shippingProductId: references(p.bigint('number'), 'assembly_materials.shipping_product_id', () => ShippingProductEntity),
    quantity: p.bigint('number'),
  },
  checks: [{ name: 'assembly_materials_quantity_check', property: 'quantity', expression: 'quantity >= 1' }],
  uniques: [
    {
      name: 'assembly_materials_assembly_product_uid_shipping_product_id_key',
      properties: ['assemblyProductUid', 'shippingProductId'],
    },
  ],
});

/** The projection of an assembly plan (상품가공 계획), written only by `recordPlan`. */
export const AssemblyPlanEntity = defineEntity({
  name: 'AssemblyPlanEntity',
  tableName: 'assembly_plans',
  properties: {
    assemblyPlanUid: p.bigint('number').primary().autoincrement(false),
    assemblyProductUid: references(p.bigint('number'), 'assembly_plans.assembly_product_uid', () => AssemblyProductEntity),
    memberId: p.bigint('number'),
    shippingProductId: references(p.bigint('number'), 'assembly_plans.shipping_product_id', () => ShippingProductEntity),
    planQuantity: p.bigint('number'),
    completedQuantity: p.bigint('number').nullable(),
    planDate: p.date(),
    comment: p.text().nullable(),
    state: oneOf(namesOf(planStates)),
    revision: p.integer(),
    dueAt: p.datetime(),
    overdueAt: p.datetime().nullable(),
    /** Set when its workflow is known to run. */
    startedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    /** The request that registered it, so that a repeat finds its own plan. */
    requestId: p.text(),
    createdAt: now(),
    updatedAt: now(),
  },
  checks: [
    isOneOf('assembly_plans_state', 'state', namesOf(planStates)),
    { name: 'assembly_plans_plan_quantity_check', property: 'planQuantity', expression: 'plan_quantity >= 1' },
    { name: 'assembly_plans_check', expression: 'completed_quantity >= 1 and completed_quantity <= plan_quantity' },
    { name: 'assembly_plans_revision_check', property: 'revision', expression: 'revision >= 1' },
    { name: 'assembly_plans_completed', expression: "(state = 'completed') = (completed_quantity is not null)" },
    { name: 'assembly_plans_finished', expression: "(state in ('completed', 'canceled')) = (finished_at is not null)" },
  ],
  indexes: [
    { name: 'assembly_plans_member', properties: ['memberId', 'assemblyPlanUid'] },
    { name: 'assembly_plans_product', properties: ['assemblyProductUid', 'assemblyPlanUid'] },
    { name: 'assembly_plans_state', properties: ['state', 'assemblyPlanUid'] },
    { name: 'assembly_plans_open', properties: ['shippingProductId', 'dueAt'], where: 'finished_at is null' },
    { name: 'assembly_plans_not_started', properties: ['createdAt'], where: 'started_at is null' },
  ],
  uniques: [{ name: 'assembly_plans_request_id_key', properties: ['requestId'] }],
});

/** The plan's materials per piece, copied from the assembly product when the plan was started. */
export const AssemblyPlanMaterialEntity = defineEntity({
  name: 'AssemblyPlanMaterialEntity',
  tableName: 'assembly_plan_materials',
  properties: {
    assemblyPlanUid: references(
      p.bigint('number').primary(),
      'assembly_plan_materials.assembly_plan_uid',
      () => AssemblyPlanEntity,
    ),
    shippingProductId: references(
      p.bigint('number').primary(),
      'assembly_plan_materials.shipping_product_id',
      () => ShippingProductEntity,
    ),
    quantity: p.bigint('number'),
  },
  checks: [{ name: 'assembly_plan_materials_quantity_check', property: 'quantity', expression: 'quantity >= 1' }],
});

/** Append-only, like delivery_history. */
export const AssemblyPlanHistoryEntity = defineEntity({
  name: 'AssemblyPlanHistoryEntity',
  tableName: 'assembly_plan_history',
  properties: {
    id: identity().primary(),
    assemblyPlanUid: p.bigint('number'),
    at: p.datetime(),
    by: p.text(),
    command: p.text(),
    fromState: p.text().$type<PlanState>().nullable(),
    toState: p.text().$type<PlanState>(),
    revision: p.integer().nullable(),
    reason: p.text().nullable(),
    refused: p.text().nullable(),
    requestId: p.text(),
    snapshot: p.json<AssemblyPlan>().nullable(),
    voidedAt: p.datetime().nullable(),
  },
  indexes: [{ name: 'assembly_plan_history_plan', properties: ['assemblyPlanUid', 'at'] }],
  uniques: [
    {
      name: 'assembly_plan_history_request',
      properties: ['requestId', 'assemblyPlanUid', 'command'],
      where: 'voided_at is null',
    },
    {
      name: 'assembly_plan_history_revision',
      properties: ['assemblyPlanUid', 'revision'],
      where: 'voided_at is null and revision is not null',
    },
  ],
});
