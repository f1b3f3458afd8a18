import { defineEntity, p } from '@mikro-orm/core';
import type { StockMove } from '../../domain/assembly.ts';

/** 출고상품: what an order line's productId names. `stock` null = not kept; `reserved` = for assembly plans under way. */
export const ShippingProductEntity = defineEntity({
  name: 'ShippingProductEntity',
  tableName: 'shipping_products',
  properties: {
    shippingProductId: p.bigint('number').primary(),
    /** null = the logistics company's own. */
    memberId: p.bigint('number').nullable(),
    productName: p.text(),
    stock: p.bigint('number').nullable(),
    reserved: p.bigint('number'),
    /** What has left beyond the stock since it was last counted. */
    shortfall: p.bigint('number'),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** Append-only: every change of a stock, by whom and for what; `stock` is the one after it. */
export const StockLedgerEntity = defineEntity({
  name: 'StockLedgerEntity',
  tableName: 'stock_ledger',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shippingProductId: p.bigint('number'),
    at: p.datetime(),
    by: p.text(),
    kind: p.text().$type<StockMove>(),
    delta: p.bigint('number'),
    stock: p.bigint('number'),
    /** What had to leave but was not there. */
    shortfall: p.bigint('number'),
    reason: p.text().nullable(),
    deliveryNo: p.text().nullable(),
    lineNo: p.integer().nullable(),
    pickupNo: p.text().nullable(),
    assemblyPlanUid: p.bigint('number').nullable(),
    requestId: p.text(),
  },
});
