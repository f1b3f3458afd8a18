import { type DeliveryLineRow, toDeliveryLine } from '../../db/deliveries/row.ts';
import { rewriteRow } from '../../db/record/delivery-line.ts';
import type { Query } from '../../db/statement.ts';
import type { DeliveryLine } from '../../domain/deliveries/line.ts';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import type { Rebuildable } from './rows.ts';

const PAGE = 500;

interface LineKey {
  order_no: string;
  line_no: number;
  delivery_no: string;
}

/** Delivery lines, by the order lines they came from: a deleted row is found too. */
export const rebuildableLines = (restart: (line: DeliveryLine) => Promise<void>): Rebuildable<LineKey, DeliveryLine> => ({
  page: (query, after) =>
    query<LineKey>(
      'select order_no, line_no, delivery_no from order_lines where (order_no, line_no) > ($1, $2) order by order_no, line_no limit $3',
      [after?.order_no ?? '', after?.line_no ?? 0, PAGE],
    ),
  name: ({ delivery_no, line_no }) => `${delivery_no}/${line_no}`,
  workflowId: ({ delivery_no, line_no }) => deliveryWorkflowId(delivery_no, line_no),
  shown: async (query, { delivery_no, line_no }) => {
    const rows = await query<DeliveryLineRow>('select * from delivery_lines where delivery_no = $1 and line_no = $2', [
      delivery_no,
      line_no,
    ]);
    return rows[0] && { row: toDeliveryLine(rows[0]), started: rows[0].started_at !== null };
  },
  recorded: async (query, { delivery_no, line_no }) => {
    const rows = await query<{ snapshot: DeliveryLine }>(
      `select snapshot from delivery_history where delivery_no = $1 and line_no = $2 and voided_at is null and snapshot is not null
        order by revision desc limit 1`,
      [delivery_no, line_no],
    );
    return rows[0]?.snapshot;
  },
  write: async (query, key, line, missing) => {
    if (missing) await insertRow(query, key, line);
    await query(
      'update delivery_history set voided_at = now() where delivery_no = $1 and line_no = $2 and revision > $3 and voided_at is null',
      [key.delivery_no, key.line_no, line.revision],
    );
    await rewriteRow(query, line);
  },
  restart,
});

/** The facts of the order's line and the machine's fields that every row must have; `rewriteRow` fills in the rest. */
async function insertRow(query: Query, { order_no, line_no }: LineKey, line: DeliveryLine): Promise<void> {
  await query(
    `insert into delivery_lines (delivery_no, line_no, order_no, kind, product_id, place_no, method_code, ordered_at, state, revision, quantity, started_at)
     select l.delivery_no, l.line_no, l.order_no, d.kind, l.product_id, l.place_no, l.method_code, d.ordered_at, 'ordered', 1, $3, now()
       from order_lines l join deliveries d on d.delivery_no = l.delivery_no where l.order_no = $1 and l.line_no = $2`,
    [order_no, line_no, line.quantity],
  );
}
