import { array, boolean, constantFrom, integer, record, tuple } from 'fast-check';
import { readBlock } from '../../../console/src/waybills/block.ts';
import { cellsOf } from '../../../console/src/waybills/cells.ts';
import type { Placed, Rules } from '../../../console/src/waybills/place.ts';
import { carriers } from '../../../domain/carriers.ts';

/** Rows as the console knows them: deliveries with lines, of which some are no parcels and some have left already. */
export interface Row {
  deliveryNo: string;
  lineNo: number;
  orderNo: string;
  isParcel: boolean;
  isHere: boolean;
}
export const rules: Rules<Row> = {
  idOf: ({ deliveryNo, lineNo }) => `${deliveryNo}/${lineNo}`,
  noOf: ({ deliveryNo }) => deliveryNo,
  lineNoOf: ({ lineNo }) => lineNo,
  orderNoOf: ({ orderNo }) => orderNo,
  waybillOf: () => null,
  refusal: ({ isParcel, isHere }) =>
    !isHere ? { why: 'pasteState', what: '' } : isParcel ? null : { why: 'pasteNoParcel', what: '' },
};
export const deliveryNo = (n: number) => `D261128${String(n).padStart(6, '0')}`;
export const waybill = (n: number) => String(680_000_000_000 + n);

export const rowsOf = (deliveries: { lines: number; isParcel: boolean; isHere: boolean }[]): Row[] =>
  deliveries.flatMap(({ lines, ...rest }, n) =>
    Array.from({ length: lines }, (_each, at) => ({ deliveryNo: deliveryNo(n), lineNo: at + 1, orderNo: `T-${n}-1`, ...rest })),
  );
export const someRows = array(record({ lines: integer({ min: 1, max: 3 }), isParcel: boolean(), isHere: boolean() }), {
  minLength: 1,
  maxLength: 12,
}).map(rowsOf);

/** A number as people's files carry it. */
export const written = tuple(constantFrom('', "'", '="', '\u200b', ' '), boolean()).map(([mark, hyphens]) => (text: string) => {
  const cut = hyphens ? `${text.slice(0, 4)}\u2013${text.slice(4)}` : text;
  return mark === '="' ? `="${cut}"` : `${mark}${cut}`;
});
export const reading = { titles: ['배송번호', 'deliveryno'], carriers, field: null, orders: null };
export const read = (lines: string[][], field: string | null = null) => {
  const found = readBlock(cellsOf(`${lines.map((line) => line.join('\t')).join('\r\n')}\r\n`), { ...reading, field });
  if (!('entries' in found)) throw new Error(JSON.stringify(found));
  return found;
};
export const given = ({ puts }: Placed<Row>) => puts.map(({ row, waybillNo }) => [rules.idOf(row), waybillNo]);
