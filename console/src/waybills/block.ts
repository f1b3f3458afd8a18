import { cleanCode } from '../ui/clean-text.ts';
import { rolesByContent } from './columns.ts';
import { type Carrier, cleanNo } from './waybill.ts';

/** What a column of a pasted block holds. */
export type Role = 'no' | 'lineNo' | 'orderNo' | 'carrier' | 'waybill';
export type Roles = Partial<Record<Role, number>>;

/** One line of a block; a cell that its block does not have is ''. */
export type Entry = Record<Role, string> & {
  /** Its line in the block, from 1, as a person counts them. */
  line: number;
  /** Its cells that were understood, as they were pasted. */
  text: string;
};
export interface Block {
  isNumbered: boolean;
  hasWaybills: boolean;
  entries: Entry[];
}

/** Why a block is not entered at all. */
export type Unclear =
  | 'pasteNowhere'
  | 'pasteNoNumber'
  | 'pasteTwoNumbers'
  | 'pasteOtherNumbers'
  | 'pasteNoWaybill'
  | 'pasteBlankLines';

export interface Reading {
  /** Titles of the list's own number: 배송번호 or 회수배송번호. */
  titles: readonly string[];
  carriers: readonly Carrier[];
  /** The field of the focused cell, which decides where the cells alone do not tell. */
  field: string | null;
  /** Those of the pasted numbers that are order numbers; null = not asked yet. */
  orders: ReadonlySet<string> | null;
}
/** A block that was read, or why it cannot be, or numbers of which somebody must say whether they are order numbers. */
export type Read = Block | { unclear: Unclear } | { asks: string[] };

const numberTitles = ['배송번호', 'deliveryno', '회수배송번호', '회수번호', 'pickupno'];
const otherTitles = {
  lineNo: ['순번', '주문순번', '주문내역순번', 'lineno'],
  orderNo: ['주문번호', 'orderno'],
  carrier: ['택배사코드', '택배사', '택배사명', '배송사', 'carriercode', 'carrier'],
  waybill: ['운송장번호', '운송장', '송장번호', 'waybillno'],
} as const satisfies Record<string, readonly string[]>;

/** The header is searched in this many lines, and the example of our template is no row: both as in sheets. */
const HEADER_WITHIN = 10;
const EXAMPLE_MARK = '(예)';

/** A title without what people add to it: 운송장번호(필수), [택배사]. */
const titleOf = (text: string) => {
  const squeezed = (some: string) => some.replace(/[\s*()[\]]/g, '').toLowerCase();
  const plain = cleanCode(text);
  return squeezed(plain.replace(/[([【<].*?[)\]】>]/gs, '')) || squeezed(plain);
};

interface Header {
  roles: Roles;
  isOther: boolean;
}
function headerOf(cells: readonly string[], titles: readonly string[]): Header | null {
  const names = cells.map(titleOf);
  const at = (known: readonly string[]) => known.map((name) => names.indexOf(name)).find((index) => index >= 0);
  const roles: Roles = {};
  const put = (role: Role, index: number | undefined) => {
    if (index !== undefined) roles[role] = index;
  };
  put('no', at(titles));
  for (const role of ['lineNo', 'orderNo', 'carrier', 'waybill'] as const) put(role, at(otherTitles[role]));
  if (roles.waybill === undefined && roles.carrier === undefined) return null;
  const isOther = roles.no === undefined && roles.orderNo === undefined && at(numberTitles) !== undefined;
  return { roles, isOther };
}

function entriesOf(cells: readonly string[][], from: number, roles: Roles): Entry[] {
  const order = Object.values(roles).toSorted((a, b) => a - b);
  return cells.slice(from).map((line, at) => {
    const of = (role: Role) => {
      const index = roles[role];
      return index === undefined ? '' : (line[index] ?? '').trim();
    };
    const own = { no: of('no'), lineNo: of('lineNo'), orderNo: of('orderNo'), carrier: of('carrier'), waybill: of('waybill') };
    return { ...own, line: from + at + 1, text: order.map((index) => line[index] ?? '').join('\t') };
  });
}

const block = (cells: readonly string[][], from: number, roles: Roles): Block => {
  const isNumbered = roles.no !== undefined || roles.orderNo !== undefined;
  const entries = entriesOf(cells, from, roles).filter(({ no, carrier, waybill, orderNo, line }) => {
    if (cells[line - 1]?.[0]?.startsWith(EXAMPLE_MARK)) return false;
    return !isNumbered || `${no}${orderNo}${carrier}${waybill}` !== '';
  });
  return { isNumbered, hasWaybills: roles.waybill !== undefined, entries };
};

/** Which cells of a pasted block are numbers, carriers and waybills: by its header, else by what they look like. */
export function readBlock(cells: readonly string[][], reading: Reading): Read {
  for (let at = 0; at < Math.min(HEADER_WITHIN, cells.length); at++) {
    const header = headerOf(cells[at] ?? [], reading.titles);
    if (header === null) continue;
    if (header.isOther) return { unclear: 'pasteOtherNumbers' };
    return block(cells, at + 1, header.roles);
  }
  const found = rolesByContent(cells, reading);
  return 'roles' in found ? block(cells, 0, found.roles) : found;
}

/** Whether a line says nothing that could be entered. */
export const isBlank = ({ hasWaybills }: Block, { carrier, waybill }: Entry): boolean =>
  hasWaybills ? cleanNo(waybill) === '' : carrier === '';
