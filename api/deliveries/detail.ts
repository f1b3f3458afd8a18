import { z } from '@hono/zod-openapi';
import { timeLimit } from '../../commands/time-limit.ts';
import { queryWorkflow } from '../../commands/workflow-calls.ts';
import { deliveriesByNo, deliveriesOfOrder } from '../../db/deliveries/find.ts';
import { linesOfDeliveries } from '../../db/deliveries/shown.ts';
import { findOrder } from '../../db/orders/find.ts';
import type { Row } from '../../db/statement.ts';
import { timelinesOf } from '../../db/tracking/timeline.ts';
import type { DeliveryLine } from '../../domain/deliveries/line.ts';
import { STATE_QUERY } from '../../workflows/messages/names.ts';
import type { ApiDeps } from '../http/deps.ts';
import { deliveryRow, deliveryRowSchema } from './delivery-row.ts';
import { historySchema, printSchema } from './history.ts';
import { lineRow, lineRowSchema, stateSchema } from './line-row.ts';
import { ordererSchema, peopleOf, shownReceiverSchema } from './people.ts';
import { trackingEntry, trackingSchema } from './timeline.ts';

const liveSchema = z.object({ state: stateSchema, revision: z.int() }).nullable();

export const detailSchema = deliveryRowSchema
  .extend({
    masked: z.boolean(),
    channel: z.string().nullable(),
    orderer: ordererSchema,
    receiver: shownReceiverSchema,
    lines: z.array(lineRowSchema.extend({ live: liveSchema.optional() })),
    tracking: z.array(trackingSchema),
  })
  .openapi('DeliveryWithoutHistory');
export const detailWithHistorySchema = detailSchema
  .extend({ history: z.array(historySchema), prints: z.array(printSchema) })
  .openapi('DeliveryDetail');
type Detail = z.output<typeof detailSchema>;

/** Details of all deliveries of an order, or of one of them, with every line, canceled ones too. */
export async function detailsOf(
  { db }: ApiDeps,
  where: { orderNo: string } | { deliveryNo: string },
  mask: boolean,
): Promise<{ order: Row<'orders'>; details: Detail[] } | null> {
  const deliveries = await ('orderNo' in where
    ? deliveriesOfOrder(db.query, where.orderNo)
    : deliveriesByNo(db.query, [where.deliveryNo]));
  const orderNo = 'orderNo' in where ? where.orderNo : deliveries[0]?.order_no;
  if (orderNo === undefined) return null;
  const deliveryNos = deliveries.map((delivery) => delivery.delivery_no);
  const [order, lines, timelines] = await Promise.all([
    findOrder(db.query, orderNo),
    linesOfDeliveries(db.query, deliveryNos, false),
    timelinesOf(db.query, 'deliveries', deliveryNos),
  ]);
  if (!order) return null;
  const people = peopleOf(order, mask);
  const details = deliveries.map((delivery): Detail => {
    const own = lines.filter((line) => line.delivery_no === delivery.delivery_no);
    return {
      ...deliveryRow(delivery, own, mask),
      masked: mask,
      channel: order.channel,
      ...people,
      lines: own.map((line) => lineRow(line, mask)),
      tracking: (timelines.get(delivery.delivery_no) ?? []).map(trackingEntry),
    };
  });
  return { order, details };
}

const LIVE_TIMEOUT_MS = 2_000;

/** Queries each line's workflow; null when it does not answer in time or has ended. */
export async function withLive({ temporal }: ApiDeps, detail: Detail): Promise<Detail> {
  const time = timeLimit(LIVE_TIMEOUT_MS);
  const lines = await Promise.all(
    detail.lines.map(async (line) => {
      const asked = time.run(temporal, async () => {
        const { status } = await temporal.workflow.getHandle(line.workflowId).describe();
        if (status.name !== 'RUNNING') return null;
        const held = await queryWorkflow<DeliveryLine>(temporal, line.workflowId, STATE_QUERY);
        return held ? { state: held.state, revision: held.revision } : null;
      });
      return { ...line, live: await asked.catch(() => null) };
    }),
  );
  time.clear();
  return { ...detail, lines };
}
