import { type Block, type Entry, isBlank, type Unclear } from './block.ts';
import { type Carrier, carrierOf, cleanNo, cleanWaybill } from './waybill.ts';

/** Why a line of a block was not entered. */
export type Why =
  | 'pasteNotFound'
  | 'pasteState'
  | 'pasteNoParcel'
  | 'pasteOrderTwice'
  | 'pasteOtherOrder'
  | 'pasteTwice'
  | 'pasteSeveral'
  | 'pasteNoCell'
  | 'pasteLineNo'
  | 'pasteBeyond';
export interface Left {
  line: number;
  text: string;
  why: Why;
  /** What the reason names: a state, a way of delivery. */
  what: string;
}

/** What a list's rows are known by, and which of them take a waybill. */
export interface Rules<Row> {
  idOf: (row: Row) => string;
  noOf: (row: Row) => string;
  lineNoOf: (row: Row) => number | null;
  orderNoOf: (row: Row) => string;
  waybillOf: (row: Row) => string | null;
  /** Why the row takes none here, or null. */
  refusal: (row: Row) => { why: 'pasteState' | 'pasteNoParcel'; what: string } | null;
}
export interface Put<Row> {
  row: Row;
  carrierCode: string;
  waybillNo: string;
}
export interface Placed<Row> {
  puts: Put<Row>[];
  left: Left[];
  /** Rows that need no waybill between those that got one. */
  passed: number;
}

type Outcome<Row> = { rows: Row[] } | { why: Why; what?: string };

/** The rows one line names, or why there are none. */
function named<Row>(entry: Entry, byNo: Map<string, Row[]>, byOrder: Map<string, Row[]>, rules: Rules<Row>): Outcome<Row> {
  const [no, orderNo] = [cleanNo(entry.no), cleanNo(entry.orderNo)];
  if (no === '' && orderNo === '') return { why: 'pasteNoCell' };
  if (entry.lineNo !== '' && !/^0*[1-9]\d{0,8}$/.test(cleanNo(entry.lineNo))) return { why: 'pasteLineNo' };
  const all = (no === '' ? byOrder.get(orderNo) : byNo.get(no)) ?? [];
  const lineNo = entry.lineNo === '' ? null : Number(cleanNo(entry.lineNo));
  const meant = lineNo === null ? all : all.filter((row) => rules.lineNoOf(row) === lineNo);
  const [first] = meant;
  if (first === undefined) return { why: 'pasteNotFound' };
  if (no !== '' && orderNo !== '' && cleanNo(rules.orderNoOf(first)) !== orderNo) return { why: 'pasteOtherOrder' };
  const takes = meant.filter((row) => rules.refusal(row) === null);
  if (takes.length === 0) return rules.refusal(first) ?? { why: 'pasteNotFound' };
  if (new Set(takes.map(rules.noOf)).size > 1) return { why: 'pasteOrderTwice' };
  if (new Set(takes.map(rules.waybillOf)).size > 1) return { why: 'pasteSeveral' };
  return { rows: takes };
}

const grouped = <Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> =>
  Map.groupBy(rows, (row) => cleanNo(keyOf(row)));

/**
 * Gives each line of a numbered block to the rows of its number, wherever they stand. `rows` are all rows of these numbers. A number
 * without 순번 means every row of it that takes a waybill; a number with two different waybills means nobody knows which.
 */
export function placeByNumber<Row>(
  block: Block,
  rows: readonly Row[],
  rules: Rules<Row>,
  carriers: readonly Carrier[],
): Placed<Row> {
  const [byNo, byOrder] = [grouped(rows, rules.noOf), grouped(rows, rules.orderNoOf)];
  const left: Left[] = [];
  const leave = ({ line, text }: Entry, why: Why, what = '') => left.push({ line, text, why, what });
  const found: { entry: Entry; put: Put<Row> }[] = [];
  const says = new Map<string, Set<string>>();
  for (const entry of block.entries) {
    if (isBlank(block, entry)) continue;
    const outcome = named(entry, byNo, byOrder, rules);
    if ('why' in outcome) {
      leave(entry, outcome.why, outcome.what);
      continue;
    }
    const typed = { carrierCode: carrierOf(entry.carrier, carriers), waybillNo: cleanWaybill(entry.waybill) };
    for (const row of outcome.rows) {
      found.push({ entry, put: { row, ...typed } });
      const id = rules.idOf(row);
      says.set(id, (says.get(id) ?? new Set()).add(JSON.stringify(typed)));
    }
  }
  const torn = new Set(found.filter(({ put }) => (says.get(rules.idOf(put.row))?.size ?? 0) > 1).map(({ entry }) => entry));
  for (const entry of torn) leave(entry, 'pasteTwice');
  const puts = new Map<string, Put<Row>>();
  for (const { entry, put } of found) if (!torn.has(entry)) puts.set(rules.idOf(put.row), put);
  return { puts: [...puts.values()], left: left.toSorted((a, b) => a.line - b.line), passed: 0 };
}

/**
 * Gives the lines of a block without numbers to the rows from `rows[0]` on, in their order, passing over rows that take no waybill.
 * Blank lines hold their places: then each line belongs to the row beside it, and a block that does not fit so is not entered.
 */
export function placeInOrder<Row>(
  block: Block,
  rows: readonly Row[],
  { refusal }: Pick<Rules<Row>, 'refusal'>,
  carriers: readonly Carrier[],
): Placed<Row> | { unclear: Unclear } {
  const placed: Placed<Row> = { puts: [], left: [], passed: 0 };
  const holds = block.entries.some((entry) => isBlank(block, entry));
  let at = 0;
  for (const entry of block.entries) {
    const blank = isBlank(block, entry);
    if (!holds)
      for (let row = rows[at]; row !== undefined && refusal(row) !== null; row = rows[at]) {
        placed.passed += 1;
        at += 1;
      }
    const row = rows[at];
    at += 1;
    if (blank) {
      if (row !== undefined && refusal(row) !== null) placed.passed += 1;
    } else if (row === undefined) placed.left.push({ line: entry.line, text: entry.text, why: 'pasteBeyond', what: '' });
    else if (refusal(row) !== null) return { unclear: 'pasteBlankLines' };
    else {
      const [carrierCode, waybillNo] = [carrierOf(entry.carrier, carriers), cleanWaybill(entry.waybill)];
      placed.puts.push({ row, carrierCode, waybillNo });
    }
  }
  // Rows passed over after the last one that got something were not part of it.
  return placed;
}
