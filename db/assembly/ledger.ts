import type { StockMove } from '../../domain/assembly.ts';
import type { Query } from '../statement.ts';

export interface LedgerRow {
  at: Date;
  by: string;
  kind: StockMove;
  delta: number;
  stock: number;
  shortfall: number;
  reason: string | null;
  delivery_no: string | null;
  line_no: number | null;
  pickup_no: string | null;
  assembly_plan_uid: number | null;
}

/** A page of a product's ledger, newest first, and how many rows it has. */
export async function findLedger(query: Query, productId: number, offset: number, limit: number) {
  const [rows, counts] = await Promise.all([
    query<LedgerRow>('select * from stock_ledger where shipping_product_id = $1 order by id desc limit $2 offset $3', [
      productId,
      limit,
      offset,
    ]),
    query<{ count: number }>('select count(*) from stock_ledger where shipping_product_id = $1', [productId]),
  ]);
  return { rows, total: counts[0]?.count ?? 0 };
}
