import { cleanCode } from '../text.ts';
import { asTyped, type Cell, squeezed } from './sheet-cell.ts';

/** The header is searched in this many rows, because some sheets have a title above it. */
export const HEADER_WITHIN_ROWS = 10;

/** The template's columns in order; `names` are compared without blanks, upper or lower case alike. */
export const sheetColumns = [
  { field: 'deliveryNo', title: '배송번호', names: ['배송번호', 'deliveryno'] },
  { field: 'lineNo', title: '순번', names: ['순번', '주문순번', '주문내역순번', 'lineno'] },
  { field: 'carrier', title: '택배사코드', names: ['택배사코드', '택배사', '택배사명', '배송사', 'carriercode', 'carrier'] },
  { field: 'waybillNo', title: '운송장번호', names: ['운송장번호', '운송장', '송장번호', 'waybillno'] },
  { field: 'quantity', title: '수량', names: ['수량', '출고수량', 'quantity'] },
] as const;
export type SheetField = (typeof sheetColumns)[number]['field'];

type OptionalField = 'lineNo' | 'quantity';

/** Position of each field; 순번 and 수량 may be missing. `twins`: further columns under the same title. */
export type SheetHeader = Record<Exclude<SheetField, OptionalField>, number> &
  Record<OptionalField, number | null> & {
    twins?: Partial<Record<SheetField, number[]>>;
  };

const withoutMark = (title: string) => title.replace(/^(필수|선택)|(필수|선택)$/g, '');
/** A title as it is, but for its mark: 운송장번호(필수), [택배사], 순번_선택. */
const titleOf = (text: string) => withoutMark(squeezed(text));
/** The same without what is in brackets: 운송장번호(숫자만). */
const plainTitleOf = (text: string) =>
  withoutMark(squeezed(cleanCode(text).replace(/[([（【<].*?[)\]）】>]/gs, ''))) || titleOf(text);

/** The columns of a field, the first of which counts. 운송장번호(반품) is only meant where there is no 운송장번호. */
function columnsOf(known: readonly string[], titles: string[], plainTitles: string[]): number[] {
  for (const names of [titles, plainTitles]) {
    const found = known.find((name) => names.includes(name));
    if (found !== undefined) return names.flatMap((name, column) => (name === found ? [column] : []));
  }
  return [];
}

/** The header, if these cells are one: the columns in any order, possibly with others between them. */
export function readHeader(cells: readonly Cell[]): SheetHeader | null {
  const texts = cells.map((cell) => (typeof cell === 'string' ? asTyped(cell) : ''));
  const [titles, plainTitles] = [texts.map(titleOf), texts.map(plainTitleOf)];
  const columns = sheetColumns.map(({ field, names }) => ({ field, all: columnsOf(names, titles, plainTitles) }));
  const at = (field: SheetField) => columns.find((column) => column.field === field)?.all[0] ?? null;
  const [deliveryNo, carrier, waybillNo] = [at('deliveryNo'), at('carrier'), at('waybillNo')];
  const [lineNo, quantity] = [at('lineNo'), at('quantity')];
  if (deliveryNo === null || carrier === null || waybillNo === null) return null;
  const twins = columns.flatMap(({ field, all }) => (all.length > 1 ? [[field, all.slice(1)]] : []));
  return {
    deliveryNo,
    carrier,
    waybillNo,
    lineNo,
    quantity,
    ...(twins.length === 0 ? {} : { twins: Object.fromEntries(twins) }),
  };
}
