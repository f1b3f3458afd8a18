import { defineEntity, p } from '@mikro-orm/core';
import { stockMoves } from '../../domain/assembly.ts';
import { identity, namesOf, now, references } from './columns.ts';

/** 출고상품, identified by an order line's productId. `stock` null = not counted; `reserved` = for plans in progress. */
export const ShippingProductEntity = defineEntity({
  name: 'ShippingProductEntity',
  tableName: 'shipping_products',
  properties: {
    shippingProductId: p.bigint('number').primary().autoincrement(false),
    /** null = belongs to the logistics company. */
    memberId: p.bigint('number').nullable(),
    productName: p.text(),
    /** An order line's productId means it (docs/decisions/products-for-orders.md). */
    forOrders: p.boolean().defaultRaw('true'),
    /** What a scanner reads on it; null = its id. Several products may have the same. */
    barcode: p.text().nullable(),
    barcodeAskedAt: p.datetime().nullable(),
    stock: p.bigint('number').nullable(),
    /** When the request of the last count was stored. */
    stockAskedAt: p.datetime().nullable(),
    reserved: p.bigint('number').defaultRaw('0'),
    /** What has left beyond the stock since the last count. */
    shortfall: p.bigint('number').defaultRaw('0'),
    createdAt: now(),
    updatedAt: now(),
  },
  checks: [
    { name: 'shipping_products_stock_check', property: 'stock', expression: 'stock >= 0' },
    { name: 'shipping_products_reserved_check', property: 'reserved', expression: 'reserved >= 0' },
    { name: 'shipping_products_shortfall_check', property: 'shortfall', expression: 'shortfall >= 0' },
  ],
  indexes: [
    { name: 'shipping_products_member', properties: ['memberId', 'shippingProductId'] },
    { name: 'shipping_products_shortfall', properties: ['shippingProductId'], where: 'shortfall > 0' },
  ],
});

/** Append-only: every change of a stock, with who and why; `stock` is the value after it. */
export const StockLedgerEntity = defineEntity({
  name: 'StockLedgerEntity',
  tableName: 'stock_ledger',
  properties: {
    id: identity().primary(),
    shippingProductId: references(p.bigint('number'), 'stock_ledger.shipping_product_id', () => ShippingProductEntity),
    at: now(),
    by: p.text(),
    kind: p.enum(namesOf(stockMoves)),
    delta: p.bigint('number'),
    stock: p.bigint('number'),
    /** Quantity that left without being in stock. */
    shortfall: p.bigint('number').defaultRaw('0'),
    reason: p.text().nullable(),
    deliveryNo: p.text().nullable(),
    lineNo: p.integer().nullable(),
    pickupNo: p.text().nullable(),
    assemblyPlanUid: p.bigint('number').nullable(),
    requestId: p.text(),
  },
  checks: [{ name: 'stock_ledger_stock_check', property: 'stock', expression: 'stock >= 0' }],
  indexes: [
    { name: 'stock_ledger_product', properties: ['shippingProductId', 'id'] },
    { name: 'stock_ledger_line', properties: ['deliveryNo', 'lineNo', 'id'], where: 'delivery_no is not null' },
    { name: 'stock_ledger_pickup', properties: ['pickupNo', 'shippingProductId', 'id'], where: 'pickup_no is not null' },
    {
      name: 'stock_ledger_plan',
      properties: ['assemblyPlanUid', 'shippingProductId', 'id'],
      where: 'assembly_plan_uid is not null',
    },
  ],
});
