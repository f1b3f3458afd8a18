import type { z } from '@hono/zod-openapi';
import { findLines, type ListedLine } from '../../db/deliveries/list.ts';
import type { Query } from '../../db/statement.ts';
import { deliveryStates } from '../../domain/deliveries/line.ts';
import { methods } from '../../domain/delivery-method.ts';
import type { OrderRow } from '../deliveries/detail.ts';
import { type lineQuery, pageRequest } from '../deliveries/line-list.ts';
import { lineRow } from '../deliveries/rows.ts';
import type { Column, Value } from '../sheets/write.ts';
import { koreanTime } from './exports.ts';

const PAGE = 1_000;

export type LineFilters = Omit<z.output<typeof lineQuery>, 'limit' | 'cursor' | 'count'>;

const columns: Column[] = [
  { title: '배송번호', width: 20 },
  { title: '순번', number: true, width: 6 },
  { title: '주문번호', width: 22 },
  { title: '주문일시' },
  { title: '상태' },
  { title: '상품번호' },
  { title: '상품명', width: 30 },
  { title: '옵션' },
  { title: '주문수량', number: true, width: 9 },
  { title: '유효수량', number: true, width: 9 },
  { title: '단가', number: true, width: 10 },
  { title: '출하지' },
  { title: '배송방법' },
  { title: '택배사코드' },
  { title: '운송장번호', width: 20 },
  { title: '받는 분' },
  { title: '배송지시일시' },
  { title: '출고지시일시' },
  { title: '출고완료일시' },
  { title: '배송완료일시' },
  { title: '결품사유', width: 24 },
];
const people: Column[] = [
  { title: '받는 분 전화' },
  { title: '우편번호' },
  { title: '주소', width: 40 },
  { title: '상세주소', width: 24 },
  { title: '배송메모', width: 24 },
  { title: '주문자' },
  { title: '주문자 전화' },
];
export const lineColumns = (masked: boolean): Column[] => (masked ? columns : [...columns, ...people]);

/** Pages of the list with its own filters and order, from its first row to its last. */
export async function* linePages(query: Query, filters: LineFilters): AsyncGenerator<ListedLine[]> {
  let cursor: string | undefined;
  do {
    const { request, wanted, nextCursor } = pageRequest({ ...filters, limit: PAGE, cursor });
    const rows = await findLines(query, request);
    yield rows.slice(0, wanted);
    cursor = nextCursor(rows) ?? undefined;
  } while (cursor !== undefined);
}

const cellsOf = (row: ListedLine, masked: boolean): Value[] => {
  const line = lineRow(row, masked);
  return [
    line.deliveryNo,
    line.lineNo,
    line.orderNo,
    koreanTime(row.ordered_at),
    deliveryStates[row.state],
    String(line.productId),
    line.productName,
    line.optionName,
    line.quantity,
    line.validQuantity,
    line.unitPrice,
    line.placeNo === null ? null : String(line.placeNo),
    methods[line.methodCode],
    line.carrierCode,
    line.waybillNo,
    line.receiverName,
    koreanTime(row.instructed_at),
    koreanTime(row.released_at),
    koreanTime(row.shipped_at),
    koreanTime(row.delivered_at),
    line.stockoutReason,
  ];
};

/** The list as rows of a sheet, masked as the list is. */
export async function* maskedLines(query: Query, filters: LineFilters): AsyncGenerator<Value[]> {
  for await (const rows of linePages(query, filters)) yield* rows.map((row) => cellsOf(row, true));
}

/** Exactly these lines with their people, in this order: what the access row says was shown, and nothing else. */
export async function* unmaskedLines(
  query: Query,
  keys: readonly [deliveryNo: string, lineNo: number][],
): AsyncGenerator<Value[]> {
  for (let from = 0; from < keys.length; from += PAGE) {
    const page = keys.slice(from, from + PAGE);
    const rows = await query<ListedLine & OrderRow>(
      `select o.*, l.*, p.product_name, p.option_name, p.unit_price
         from unnest($1::text[], $2::int[]) with ordinality as k (delivery_no, line_no, at)
         join delivery_lines l on l.delivery_no = k.delivery_no and l.line_no = k.line_no
         join order_lines p on p.order_no = l.order_no and p.line_no = l.line_no
         join orders o on o.order_no = l.order_no order by k.at`,
      [page.map(([deliveryNo]) => deliveryNo), page.map(([, lineNo]) => lineNo)],
    );
    for (const row of rows)
      yield [
        ...cellsOf(row, false),
        row.receiver_phone,
        row.receiver_zip_code,
        row.receiver_address1,
        row.receiver_address2,
        row.receiver_memo,
        row.orderer_name,
        row.orderer_phone,
      ];
  }
}
