import { pickupsInOrder } from '../../db/pickups/export.ts';
import { findPickups, itemsOfPickups, type ListedPickup, type PickupPage, pickupDates } from '../../db/pickups/list.ts';
import type { Query } from '../../db/statement.ts';
import { koreanTime } from '../../domain/korea.ts';
import { pickupRow } from '../pickups/rows.ts';
import type { Column, Value } from '../sheets/write.ts';

const PAGE = 1_000;

export type PickupFilters = Pick<PickupPage, 'filter' | 'sort' | 'descending'>;

const columns: Column[] = [
  { title: '회수배송번호', width: 20 },
  { title: '접수번호', width: 20 },
  { title: '주문번호', width: 22 },
  { title: '원배송번호', width: 20 },
  { title: '교환배송번호', width: 20 },
  { title: '구분' },
  { title: '상태' },
  { title: '보류' },
  { title: '택배사코드' },
  { title: '운송장번호', width: 20 },
  { title: '상품', width: 60 },
  { title: '수량', number: true, width: 8 },
  { title: '접수일시' },
  { title: '회수지시일시' },
  { title: '회수확인일시' },
  { title: '회수완료일시' },
];
const people: Column[] = [
  { title: '수거할 분' },
  { title: '전화' },
  { title: '우편번호' },
  { title: '주소', width: 40 },
  { title: '상세주소', width: 24 },
  { title: '수거메모', width: 24 },
];
export const pickupColumns = (masked: boolean): Column[] => (masked ? columns : [...columns, ...people]);

/** The list's pages with its filters and order, from the first row to the last. */
export async function* pickupPages(query: Query, { filter, sort, descending }: PickupFilters): AsyncGenerator<ListedPickup[]> {
  let after: PickupPage['after'];
  for (;;) {
    const rows: ListedPickup[] = await findPickups(query, { filter, sort, descending, after, limit: PAGE });
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (rows.length < PAGE || !last) return;
    const value = sort === 'pickupNo' ? null : (last[pickupDates[sort]]?.toISOString() ?? null);
    after = { value, pickupNo: last.pickup_no };
  }
}

async function cellsOf<Row extends ListedPickup>(query: Query, rows: Row[]): Promise<{ row: Row; cells: Value[] }[]> {
  const items = await itemsOfPickups(
    query,
    rows.map((row) => row.pickup_no),
  );
  return rows.map((row) => {
    const own = items.get(row.pickup_no) ?? [];
    const pickup = pickupRow(row, own);
    const cells = [
      pickup.pickupNo,
      pickup.claimNo,
      pickup.orderNo,
      pickup.originalDeliveryNo,
      pickup.exchangeDeliveryNo,
      pickup.kind === 'return' ? '반품' : '교환',
      pickup.stateName,
      pickup.held ? '보류' : '',
      pickup.carrierCode,
      pickup.waybillNo,
      pickup.items
        .map((item) => `${item.productName}${item.optionName === null ? '' : ` (${item.optionName})`} × ${item.quantity}`)
        .join(', '),
      pickup.items.reduce((sum, item) => sum + item.quantity, 0),
      koreanTime(row.requested_at),
      koreanTime(row.instructed_at),
      koreanTime(row.confirmed_at),
      koreanTime(row.completed_at),
    ];
    return { row, cells };
  });
}

/** The list as rows of a sheet; like the list it contains no personal data. */
export async function* maskedPickups(query: Query, filters: PickupFilters): AsyncGenerator<Value[]> {
  for await (const rows of pickupPages(query, filters)) for (const { cells } of await cellsOf(query, rows)) yield cells;
}

/** Exactly these pickups with the person they are collected from, in this order. */
export async function* unmaskedPickups(query: Query, pickupNos: readonly string[]): AsyncGenerator<Value[]> {
  for (let from = 0; from < pickupNos.length; from += PAGE) {
    const rows = await pickupsInOrder(query, pickupNos.slice(from, from + PAGE));
    for (const { row, cells } of await cellsOf(query, rows))
      yield [
        ...cells,
        row.pickup_name,
        row.pickup_phone,
        row.pickup_zip_code,
        row.pickup_address1,
        row.pickup_address2,
        row.pickup_memo,
      ];
  }
}
