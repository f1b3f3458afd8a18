import { deliveriesByNo } from '../../db/deliveries/find.ts';
import { ordersToPrint, sendersToPrint } from '../../db/printing/find.ts';
import { copyKey, type PrintedDelivery } from '../../db/printing/write.ts';
import type { Query } from '../../db/statement.ts';
import { goodsInShort, type Parcel, parcelsOf, spoken } from '../../domain/printing/parcels.ts';
import { type LeftOut, notLabelled, type PrintedLine, sorted } from '../../domain/printing/print.ts';
import { refusedFor, type Target } from './asked.ts';
import { carrierName } from './packing.ts';
import type { Label } from './pdf/label.ts';
import { printedAt } from './picking.ts';

/** What has no label and is in nobody's way: of a delivery asked for as a whole, canceled lines; of a batch, what is no parcel to send. */
function isPassedOver({ reason, deliveryNo }: LeftOut, { lines, workBatchNo }: Target, leaving: Set<string>): boolean {
  if (workBatchNo !== undefined) return reason !== 'no-waybill';
  return lines === undefined && reason === 'canceled' && leaving.has(deliveryNo);
}

/**
 * The parcels of these lines. If a single line cannot have a label nothing is printed, and all such lines are named: a label that is
 * missing in a stack of five hundred is found when a parcel is left over, an error now.
 */
export function parcelsToLabel(asked: readonly PrintedLine[], target: Target): Parcel[] {
  const { printed, leftOut } = sorted(asked, notLabelled);
  const leaving = new Set(printed.map(({ deliveryNo }) => deliveryNo));
  const wrong = leftOut.filter((line) => !isPassedOver(line, target, leaving));
  if (wrong.length > 0) throw refusedFor('LABEL_NOT_PRINTABLE', wrong);
  if (printed.length === 0) throw refusedFor('NOTHING_TO_PRINT', leftOut);
  return parcelsOf(printed);
}

/** What is counted of a parcel: each of its deliveries, under its waybill. */
export const printedOf = ({ carrierCode, waybillNo, deliveryNos }: Parcel): PrintedDelivery[] =>
  deliveryNos.map((deliveryNo) => ({ deliveryNo, carrierCode, waybillNo }));

/** All but how often each was printed before. */
export type Uncounted = Omit<Label, 'reprint'> & { key: string };

/** The labels of these parcels, with unmasked receivers: to be read only once it is recorded who sees them. */
export async function labelsOf(query: Query, parcels: readonly Parcel[]): Promise<Uncounted[]> {
  const lines = parcels.flatMap((parcel) => parcel.lines);
  const [orders, deliveries, senders] = await Promise.all([
    ordersToPrint(query, [...new Set(lines.map(({ orderNo }) => orderNo))]),
    deliveriesByNo(query, [...new Set(lines.map(({ deliveryNo }) => deliveryNo))]),
    sendersToPrint(query, [...new Set(lines.flatMap(({ placeNo }) => placeNo ?? []))]),
  ]);
  const orderOf = new Map(orders.map((order) => [order.order_no, order]));
  const deliveryOf = new Map(deliveries.map((delivery) => [delivery.delivery_no, delivery]));
  const senderOf = (placeNo: number | null) =>
    senders.find((place) => place.place_no === placeNo) ?? senders.find((place) => place.is_default);
  const at = printedAt();
  return parcels.flatMap((parcel, index) => {
    const [line] = parcel.lines;
    const order = line && orderOf.get(line.orderNo);
    const [deliveryNo] = parcel.deliveryNos;
    if (!order || deliveryNo === undefined) return [];
    const sender = senderOf(line.placeNo);
    const fees = parcel.deliveryNos.flatMap((no) => deliveryOf.get(no) ?? []).filter(({ payment }) => payment === 'collect');
    const collect = fees.reduce((sum, { fee }) => sum + fee, 0);
    return {
      key: copyKey({ deliveryNo, carrierCode: parcel.carrierCode, waybillNo: parcel.waybillNo }),
      carrierName: carrierName(parcel.carrierCode),
      // Comes with a carrier's own interface; none has one yet.
      sortingCode: null,
      waybillNo: parcel.waybillNo,
      spokenNo: spoken(parcel.waybillNo),
      collect: collect > 0 ? `착불 ${collect.toLocaleString('ko')}원` : null,
      receiver: {
        name: order.receiver_name,
        phone: order.receiver_phone,
        zipCode: order.receiver_zip_code,
        address: joined(order.receiver_address1, order.receiver_address2),
      },
      memo: order.receiver_memo,
      sender: sender
        ? { name: sender.place_name, address: `(${sender.zip_code}) ${joined(sender.addr1, sender.addr2)}` }
        : { name: '출하지 미등록', address: '' },
      goods: goodsInShort(parcel.lines),
      quantity: parcel.lines.reduce((sum, { quantity }) => sum + quantity, 0),
      deliveryNo,
      moreDeliveries: parcel.deliveryNos.length - 1,
      printedAt: at,
      count: `${index + 1}/${parcels.length}`,
    };
  });
}

const joined = (address1: string, address2: string | null): string => (address2 === null ? address1 : `${address1} ${address2}`);
