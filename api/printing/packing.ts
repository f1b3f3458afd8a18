import { copyKey } from '../../db/printing/write.ts';
import type { Row } from '../../db/statement.ts';
import { carriers } from '../../domain/carriers.ts';
import { methods } from '../../domain/delivery-method.ts';
import { koreanTime } from '../../domain/korea.ts';
import { spoken } from '../../domain/printing/parcels.ts';
import { notPacked, type PrintedLine, sorted } from '../../domain/printing/print.ts';
import { peopleOf } from '../deliveries/people.ts';
import type { PackingSheet } from './pdf/packing-list.ts';
import { printedAt } from './picking.ts';

/** A carrier's name, or its code where it has been taken from the table. */
export const carrierName = (code: string): string => carriers.find((carrier) => carrier.code === code)?.name ?? code;

interface Asked {
  lines: readonly PrintedLine[];
  orders: readonly Row<'orders'>[];
  copies: ReadonlyMap<string, number>;
  mask: boolean;
}

/** A packing list for each delivery, in the order in which they were asked for. */
export function packingSheets({ lines, orders, copies, mask }: Asked): PackingSheet[] {
  const at = printedAt();
  const byNo = new Map(orders.map((order) => [order.order_no, order]));
  return [...Map.groupBy(lines, ({ deliveryNo }) => deliveryNo)].flatMap(([deliveryNo, own]): PackingSheet[] => {
    const [first] = own;
    const order = first && byNo.get(first.orderNo);
    if (!first || !order) return [];
    const { printed, leftOut } = sorted(own, notPacked);
    const { receiver } = peopleOf(order, mask);
    const address = `(${receiver.zipCode}) ${[receiver.address1, receiver.address2].filter((part) => part !== null).join(' ')}`;
    const place = first.placeNo === null ? '없음' : `${first.placeName} (${first.placeNo})`;
    return [
      {
        printedAt: at,
        reprint: (copies.get(copyKey({ deliveryNo, carrierCode: null, waybillNo: null })) ?? 1) - 1,
        deliveryNo,
        facts: [
          ['주문번호', order.order_no],
          ['주문일시', (koreanTime(order.ordered_at) ?? '').slice(0, 16)],
          ['출하지', place],
          ['배송방법', methods[first.methodCode]],
        ],
        receiver: [
          ['받는 분', receiver.name],
          ['전화', receiver.phone],
          ['주소', address],
          ...(receiver.memo === null ? [] : ([['배송 메모', receiver.memo]] as [string, string][])),
        ],
        lines: printed.map(({ lineNo, productId, productName, optionName, quantity, carrierCode, waybillNo }) => ({
          lineNo,
          productId,
          productName,
          optionName,
          quantity,
          waybill: carrierCode === null || waybillNo === null ? '' : `${carrierName(carrierCode)} ${spoken(waybillNo)}`,
        })),
        leftOut,
      },
    ];
  });
}
