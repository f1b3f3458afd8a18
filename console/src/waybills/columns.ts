import type { Reading, Roles, Unclear } from './block.ts';
import { carrierOf, cleanNo, cleanWaybill, isShortened } from './waybill.ts';

/** Our own numbers: D or P, the day, and at least six digits. */
const OURS = /^[DP]\d{12,}$/;
const WAYBILL = /^(?=.*\d)[0-9A-Z]{9,20}$/;
/** Order numbers are the shop's: anything without blanks that has a digit. */
const CODE = /^(?=.*\d)[0-9A-Za-z_.\-/#]{4,40}$/;
const SMALL = /^\d{1,4}$/;

interface Column {
  at: number;
  values: string[];
  isOurs: boolean;
  isCarrier: boolean;
  isWaybill: boolean;
  isCode: boolean;
  isSmall: boolean;
}
type Found = { roles: Roles } | { unclear: Unclear } | { asks: string[] };

/** Whether most of these are so: a column is what most of its cells are, so that a wrong cell is told, not followed. */
const most = (values: readonly string[], is: (value: string) => boolean) => values.filter(is).length * 2 > values.length;

function columnsOf(cells: readonly string[][], { carriers }: Reading): Column[] {
  const codes = new Set(carriers.map(({ code }) => code));
  const width = cells.reduce((widest, line) => Math.max(widest, line.length), 0);
  return Array.from({ length: width }, (_each, at): Column => {
    const values = cells.map((line) => line[at] ?? '').filter((value) => value !== '');
    const isOurs = most(values, (value) => OURS.test(cleanNo(value)));
    const isWaybill = !isOurs && most(values, (value) => WAYBILL.test(cleanWaybill(value)) || isShortened(cleanWaybill(value)));
    return {
      at,
      values,
      isOurs,
      isWaybill,
      isCarrier: most(values, (value) => codes.has(carrierOf(value, carriers))),
      isCode: !isOurs && most(values, (value) => CODE.test(value) && !SMALL.test(value)),
      isSmall: values.every((value) => SMALL.test(value)),
    };
  }).filter(({ values }) => values.length > 0);
}

/**
 * 순번 stands right of its number. A carrier's code may stand there too: it has its zero (04), or it is the same other than 1 in
 * every line; a 순번 read wrongly finds no line and is listed.
 */
function besideNumber(columns: readonly Column[], at: number): Pick<Roles, 'lineNo' | 'carrier'> {
  const named = columns.find(({ isCarrier, values }) => isCarrier && values.some((value) => !/^[1-9]\d*$/.test(value)));
  const right = columns.find((column) => column.at === at + 1 && column.isSmall && column !== named);
  if (named) return { carrier: named.at, ...(right ? { lineNo: right.at } : {}) };
  const code = columns.find((column) => column !== right && column.isCarrier && column.isSmall);
  if (!right || code) return { ...(right ? { lineNo: right.at } : {}), ...(code ? { carrier: code.at } : {}) };
  const [first] = right.values;
  const isCode = right.isCarrier && first !== '1' && right.values.every((value) => value === first);
  return isCode ? { carrier: right.at } : { lineNo: right.at };
}

/** The roles of a block's columns without a header. */
export function rolesByContent(cells: readonly string[][], reading: Reading): Found {
  const columns = columnsOf(cells, reading);
  const { orders } = reading;
  const ours = columns.filter(({ isOurs }) => isOurs);
  if (ours.length > 1) return { unclear: 'pasteTwoNumbers' };
  const codes = columns.filter(({ isCode, isWaybill, isCarrier, isOurs }) => (isCode || isWaybill) && !isCarrier && !isOurs);
  const [no] = ours;
  // With a number of ours an order number need only be told from the waybill; without one it is the number.
  const mayBeOrders = no ? codes.filter(({ isWaybill }) => isWaybill) : codes;
  if (mayBeOrders.length > 1 && orders === null) return { asks: [...new Set(mayBeOrders.flatMap(({ values }) => values))] };
  const isOrder = ({ values }: Column) => values.some((value) => orders?.has(cleanNo(value)));
  const ordered = mayBeOrders.length > 1 ? mayBeOrders.filter(isOrder) : [];
  const waybills = codes.filter((column) => column.isWaybill && !ordered.includes(column));
  const number = no ?? ordered[0];
  if (number === undefined) return inOrder(columns, reading);
  if (ordered.length > 1 || waybills.length > 1) return { unclear: 'pasteTwoNumbers' };
  const roles: Roles = { ...besideNumber(columns, number.at), [no ? 'no' : 'orderNo']: number.at };
  const [waybill] = waybills;
  if (waybill) return { roles: { ...roles, waybill: waybill.at } };
  return roles.carrier === undefined ? { unclear: 'pasteNoWaybill' } : { roles };
}

/** Without numbers a block may hold carriers and waybills alone: any other column could be a number that nobody knows. */
function inOrder(columns: readonly Column[], { field }: Reading): Found {
  const [first, second, ...others] = columns;
  if (!first || others.length > 0) return { unclear: 'pasteNoNumber' };
  if (second) {
    const isRight = second.isWaybill || (field === 'typedCarrier' && !first.isWaybill);
    if (first.isCode && !first.isCarrier && !first.isWaybill) return { unclear: 'pasteNoNumber' };
    if (isRight && (first.isCarrier || (field === 'typedCarrier' && !first.isWaybill)))
      return { roles: { carrier: first.at, waybill: second.at } };
    if (first.isWaybill && second.isCarrier) return { roles: { carrier: second.at, waybill: first.at } };
    return { unclear: 'pasteNoNumber' };
  }
  if (first.isWaybill && !first.isCarrier) return { roles: { waybill: first.at } };
  if (first.isCarrier) return { roles: { carrier: first.at } };
  if (field === 'typedCarrier') return { roles: { carrier: first.at } };
  return field === 'typedWaybill' ? { roles: { waybill: first.at } } : { unclear: 'pasteNowhere' };
}
