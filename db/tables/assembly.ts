import { defineEntity, p } from '@mikro-orm/core';
import type { AssemblyPlan, PlanState } from '../../domain/assembly.ts';

/** 가공품: which finished product is made; each at most once. */
export const AssemblyProductEntity = defineEntity({
  name: 'AssemblyProductEntity',
  tableName: 'assembly_products',
  properties: {
    assemblyProductUid: p.bigint('number').primary().autoincrement(),
    memberId: p.bigint('number'),
    shippingProductId: p.bigint('number'),
    comment: p.text().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** 가공재료: how much of what goes into one piece. */
export const AssemblyMaterialEntity = defineEntity({
  name: 'AssemblyMaterialEntity',
  tableName: 'assembly_materials',
  properties: {
    assemblyProductUid: p.bigint('number').primary(),
    position: p.integer().primary(),
    shippingProductId: p.bigint('number'),
    quantity: p.bigint('number'),
  },
});

/** The projection of an assembly plan (상품가공 계획), written by `recordPlan` alone. */
export const AssemblyPlanEntity = defineEntity({
  name: 'AssemblyPlanEntity',
  tableName: 'assembly_plans',
  properties: {
    assemblyPlanUid: p.bigint('number').primary(),
    assemblyProductUid: p.bigint('number'),
    memberId: p.bigint('number'),
    shippingProductId: p.bigint('number'),
    planQuantity: p.bigint('number'),
    completedQuantity: p.bigint('number').nullable(),
    planDate: p.date(),
    comment: p.text().nullable(),
    state: p.text().$type<PlanState>(),
    revision: p.integer(),
    dueAt: p.datetime(),
    overdueAt: p.datetime().nullable(),
    /** Its workflow is known to run. */
    startedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    /** The request that registered it: a repeat finds its own plan. */
    requestId: p.text(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** What the plan takes for one piece, as the assembly product said when the plan was started. */
export const AssemblyPlanMaterialEntity = defineEntity({
  name: 'AssemblyPlanMaterialEntity',
  tableName: 'assembly_plan_materials',
  properties: {
    assemblyPlanUid: p.bigint('number').primary(),
    shippingProductId: p.bigint('number').primary(),
    quantity: p.bigint('number'),
  },
});

/** Append-only, as delivery_history. */
export const AssemblyPlanHistoryEntity = defineEntity({
  name: 'AssemblyPlanHistoryEntity',
  tableName: 'assembly_plan_history',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    assemblyPlanUid: p.bigint('number'),
    at: p.datetime(),
    by: p.text(),
    command: p.text(),
    fromState: p.text().nullable(),
    toState: p.text(),
    revision: p.integer().nullable(),
    reason: p.text().nullable(),
    refused: p.text().nullable(),
    requestId: p.text(),
    snapshot: p.json<AssemblyPlan>().nullable(),
    voidedAt: p.datetime().nullable(),
  },
});
