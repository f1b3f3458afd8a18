import type { z } from '@hono/zod-openapi';
import { linesWithPeople } from '../../db/deliveries/export.ts';
import { findLines, type ListedLine } from '../../db/deliveries/list.ts';
import { REACH } from '../../db/deliveries/numbered.ts';
import type { Query } from '../../db/statement.ts';
import { deliveryStates } from '../../domain/deliveries/line.ts';
import { isParcel, methods } from '../../domain/delivery-method.ts';
import { dispatchStatuses } from '../../domain/dispatch/status.ts';
import { koreanTime } from '../../domain/korea.ts';
import { maskName } from '../../domain/masking.ts';
import { type lineQuery, pageRequest } from '../deliveries/line-list.ts';
import { statusOf } from '../deliveries/line-row.ts';
import type { Column, Value } from '../sheets/write.ts';

const PAGE = 1_000;

export type LineFilters = Omit<z.output<typeof lineQuery>, 'limit' | 'cursor' | 'count'>;

/** Tells who fills the sheet in and uploads it that the row will be left out. */
const NO_PARCEL = '택배 아님 – 올려도 출고되지 않음';

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
  { title: '비고', width: 30 },
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
/** After all others, so that who reads the sheet by position finds them where they were. */
const dispatch: Column[] = [{ title: '발송기한', width: 12 }, { title: '발송상태' }];
export const lineColumns = (masked: boolean): Column[] => [...columns, ...(masked ? [] : people), ...dispatch];

/** The same for counting and reading, and more than a sheet may have, so that none is refused that has begun. */
export const EXPORT_REACH = { ...REACH, many: 200_000 };

/** The list's pages with its filters and order, from the first row to the last. */
export async function* linePages(query: Query, filters: LineFilters): AsyncGenerator<ListedLine[]> {
  let cursor: string | undefined;
  do {
    const { request, wanted, nextCursor } = pageRequest({ ...filters, limit: PAGE, cursor });
    const rows = await findLines(query, request, EXPORT_REACH);
    yield rows.slice(0, wanted);
    cursor = nextCursor(rows) ?? undefined;
  } while (cursor !== undefined);
}

type Line = Omit<ListedLine, 'waybill_level' | 'split_to' | 'work_batch_no' | 'label_prints'>;

const cellsOf = (line: Line, masked: boolean): Value[] => [
  line.delivery_no,
  line.line_no,
  line.order_no,
  koreanTime(line.ordered_at),
  deliveryStates[line.state],
  String(line.product_id),
  line.product_name,
  line.option_name,
  line.quantity,
  line.valid_quantity,
  line.unit_price,
  line.place_no === null ? null : String(line.place_no),
  methods[line.method_code],
  isParcel(line.method_code) ? null : NO_PARCEL,
  line.carrier_code,
  line.waybill_no,
  masked ? (maskName(line.receiver_name) ?? '') : line.receiver_name,
  koreanTime(line.instructed_at),
  koreanTime(line.released_at),
  koreanTime(line.shipped_at),
  koreanTime(line.delivered_at),
  line.stockout_reason,
];

function dispatchOf(line: Line): Value[] {
  const status = statusOf(line);
  return [line.dispatch_due_on, status && dispatchStatuses[status]];
}

/** The list as rows of a sheet, masked like the list. */
export async function* maskedLines(query: Query, filters: LineFilters): AsyncGenerator<Value[]> {
  for await (const rows of linePages(query, filters)) yield* rows.map((row) => [...cellsOf(row, true), ...dispatchOf(row)]);
}

/** Exactly these lines with personal data, in this order, as the access row records. */
export async function* unmaskedLines(
  query: Query,
  keys: readonly [deliveryNo: string, lineNo: number][],
): AsyncGenerator<Value[]> {
  for (let from = 0; from < keys.length; from += PAGE) {
    const rows = await linesWithPeople(query, keys.slice(from, from + PAGE));
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
        ...dispatchOf(row),
      ];
  }
}
