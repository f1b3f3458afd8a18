import { z } from '@hono/zod-openapi';
import { timeLimit } from '../../commands/time-limit.ts';
import { linesOfDeliveries } from '../../db/deliveries/list.ts';
import { type TimelineRow, timelinesOf } from '../../db/tracking/timeline.ts';
import type { DeliveryLine } from '../../domain/deliveries/line.ts';
import { isDeliveryCommand } from '../../domain/deliveries/machine.ts';
import { maskEmail, maskName, maskPhone, maskText } from '../../domain/masking.ts';
import { levelName } from '../../domain/tracking.ts';
import { STATE_QUERY } from '../../workflows/messages/names.ts';
import type { ApiDeps } from '../http/deps.ts';
import { type DeliveryRecord, deliveryRow, deliveryRowSchema, lineRow, lineRowSchema, stateSchema } from './rows.ts';

export const ordererSchema = z
  .object({ name: z.string(), phone: z.string(), email: z.string().nullable() })
  .openapi('Orderer', { example: { name: '김*문', phone: '010-****-6789', email: 'gi*****@example.com' } });
export const shownReceiverSchema = z
  .object({
    name: z.string(),
    phone: z.string(),
    zipCode: z.string(),
    address1: z.string(),
    address2: z.string().nullable(),
    memo: z.string().nullable(),
  })
  .openapi('ShownReceiver', {
    example: {
      name: '홍*동',
      phone: '010-****-5678',
      zipCode: '06236',
      address1: '서울특별시 강남구 테헤란로 123',
      address2: '***',
      memo: '***',
    },
  });

export const historySchema = z
  .object({
    lineNo: z.int(),
    at: z.iso.datetime(),
    by: z.string(),
    command: z.string(),
    from: z.string().nullable(),
    to: z.string(),
    revision: z.int().nullable(),
    reason: z.string().nullable().optional(),
    refused: z.string().optional(),
  })
  .openapi('HistoryEntry', {
    example: {
      lineNo: 1,
      at: '2026-11-23T01:00:00.000Z',
      by: 'kim',
      command: 'instruct',
      from: 'ordered',
      to: 'instructed',
      revision: 2,
    },
  });

export const trackingSchema = z
  .object({
    waybillNo: z.string(),
    level: z.int(),
    levelName: z.string(),
    at: z.iso.datetime(),
    where: z.string().nullable(),
    details: z.string().nullable(),
  })
  .openapi('TrackingEntry', {
    example: {
      waybillNo: '681234567890',
      level: 2,
      levelName: '집화완료',
      at: '2026-11-23T05:05:00.000Z',
      where: '서울강남',
      details: '집화처리',
    },
  });

/** A scan as details show it. */
export const trackingEntry = (row: TimelineRow): z.output<typeof trackingSchema> => ({
  waybillNo: row.waybill_no,
  level: row.level,
  levelName: levelName(row.level),
  at: row.scanned_at.toISOString(),
  where: row.place || null,
  details: row.details,
});

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
export const detailWithHistorySchema = detailSchema.extend({ history: z.array(historySchema) }).openapi('DeliveryDetail');
type Detail = z.output<typeof detailSchema>;

export interface OrderRow {
  order_no: string;
  body_hash: string;
  channel: string | null;
  ordered_at: Date;
  orderer_name: string;
  orderer_phone: string;
  orderer_email: string | null;
  receiver_name: string;
  receiver_phone: string;
  receiver_zip_code: string;
  receiver_address1: string;
  receiver_address2: string | null;
  receiver_memo: string | null;
}

/** Orderer and receiver of an order, masked or as they are. */
export function peopleOf(order: OrderRow, mask: boolean): Pick<Detail, 'orderer' | 'receiver'> {
  const name = (value: string) => (mask ? (maskName(value) ?? '') : value);
  const phone = (value: string) => (mask ? (maskPhone(value) ?? '') : value);
  const hidden = (value: string | null) => (mask ? maskText(value) : value);
  return {
    orderer: {
      name: name(order.orderer_name),
      phone: phone(order.orderer_phone),
      email: mask ? maskEmail(order.orderer_email) : order.orderer_email,
    },
    receiver: {
      name: name(order.receiver_name),
      phone: phone(order.receiver_phone),
      zipCode: order.receiver_zip_code,
      address1: order.receiver_address1,
      address2: hidden(order.receiver_address2),
      memo: hidden(order.receiver_memo),
    },
  };
}

/** The named personal fields of a detail, for the access row. */
export const PERSONAL_FIELDS = [
  'orderer.name',
  'orderer.phone',
  'orderer.email',
  'receiver.name',
  'receiver.phone',
  'receiver.address',
  'receiver.memo',
];

/** Details of all deliveries of an order, or of one of them; every line, also canceled ones. */
export async function detailsOf(
  { db }: ApiDeps,
  where: { orderNo: string } | { deliveryNo: string },
  mask: boolean,
): Promise<{ order: OrderRow; details: Detail[] } | null> {
  const column = 'orderNo' in where ? 'order_no' : 'delivery_no';
  const value = 'orderNo' in where ? where.orderNo : where.deliveryNo;
  const deliveries = await db.query<DeliveryRecord>(`select * from deliveries where ${column} = $1 order by delivery_no`, [
    value,
  ]);
  const orderNo = 'orderNo' in where ? where.orderNo : deliveries[0]?.order_no;
  if (orderNo === undefined) return null;
  const deliveryNos = deliveries.map((delivery) => delivery.delivery_no);
  const [orders, lines, timelines] = await Promise.all([
    db.query<OrderRow>('select * from orders where order_no = $1', [orderNo]),
    linesOfDeliveries(db.query, deliveryNos, false),
    timelinesOf(db.query, 'deliveries', deliveryNos),
  ]);
  const order = orders[0];
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

interface HistoryRow {
  line_no: number;
  at: Date;
  by: string;
  command: string;
  from_state: string | null;
  to_state: string;
  revision: number | null;
  reason: string | null;
  refused: string | null;
}

/** Who did what to the delivery's lines, oldest first, refused signals among them, voided rows not. */
export async function historyOf({ db }: ApiDeps, deliveryNo: string): Promise<z.output<typeof historySchema>[]> {
  const rows = await db.query<HistoryRow>(
    `select line_no, at, by, command, from_state, to_state, revision, reason, refused from delivery_history
      where delivery_no = $1 and voided_at is null order by at, id`,
    [deliveryNo],
  );
  return rows.map((row) => ({
    lineNo: row.line_no,
    at: row.at.toISOString(),
    by: row.by,
    command: isDeliveryCommand(row.command) || row.command === 'order' || row.command === 'close' ? row.command : 'unknown',
    from: row.from_state,
    to: row.to_state,
    revision: row.revision,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.refused === null ? {} : { refused: row.refused }),
  }));
}

const LIVE_TIMEOUT_MS = 2_000;

/** Asks each line's workflow by query; null when it does not answer in time or has ended. */
export async function withLive({ temporal }: ApiDeps, detail: Detail): Promise<Detail> {
  const time = timeLimit(LIVE_TIMEOUT_MS);
  const lines = await Promise.all(
    detail.lines.map(async (line) => {
      const asked = time.run(temporal, async () => {
        const handle = temporal.workflow.getHandle(line.workflowId);
        const { status } = await handle.describe();
        if (status.name !== 'RUNNING') return null;
        const { state, revision } = await handle.query<DeliveryLine>(STATE_QUERY);
        return { state, revision };
      });
      return { ...line, live: await asked.catch(() => null) };
    }),
  );
  time.clear();
  return { ...detail, lines };
}
