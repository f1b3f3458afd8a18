/** A row of a list of lines, as far as its parts go. */
type PartRow = Record<string, unknown>;
interface Key {
  deliveryNo: string;
  lineNo: number;
}
const text = ({ deliveryNo, lineNo }: Key) => `${deliveryNo}/${lineNo}`;
const fromOf = ({ splitFrom }: PartRow): string | null =>
  typeof splitFrom === 'object' && splitFrom !== null ? text(splitFrom as Key) : null;
const keyOfRow = (row: PartRow) => `${row.deliveryNo}/${row.lineNo}`;

/** Whether the one was split off from the other. */
const isPartOf = (part: PartRow, line: PartRow): boolean => fromOf(part) === keyOfRow(line);

/** Whether one of these lines is a part of this one. */
export const holdsAny = ({ splitTo }: PartRow, keys: ReadonlySet<string>): boolean =>
  Array.isArray(splitTo) && splitTo.some((each: Key) => keys.has(text(each)));

const BY_DELIVERY = 'deliveryNo';
/** Whether the order lets a part stand under its line: it groups by delivery, or has both at the same place. */
function mayStandTogether(sort: string, part: PartRow, line: PartRow): boolean {
  const field = sort.replace('-', '');
  return field === BY_DELIVERY || part[field] === line[field];
}

/** Puts a part under its line, if that is among these rows and the order leaves it open. */
export function putUnder(items: PartRow[], part: PartRow, sort: string): boolean {
  const at = items.findIndex((row) => isPartOf(part, row) && mayStandTogether(sort, part, row));
  if (at < 0) return false;
  items.splice(at + 1, 0, part);
  return true;
}

/** The list with each part under its line, where that is held and the order leaves it open; a row that came twice stands once. */
export function partsUnderLines<Row extends object>(rows: Row[], sort: string): Row[] {
  const asPart = (row: Row) => row as PartRow;
  if (!rows.some((row) => fromOf(asPart(row)) !== null)) return rows;
  const byKey = new Map<string, Row>();
  for (const row of rows) if (!byKey.has(keyOfRow(asPart(row)))) byKey.set(keyOfRow(asPart(row)), row);
  const under = new Map<string, Row[]>();
  const first: Row[] = [];
  for (const row of byKey.values()) {
    const from = fromOf(asPart(row));
    const line = from === null ? undefined : byKey.get(from);
    if (from === null || line === undefined || !mayStandTogether(sort, asPart(row), asPart(line))) first.push(row);
    else under.set(from, [...(under.get(from) ?? []), row]);
  }
  const withOwn = (row: Row): Row[] => [row, ...(under.get(keyOfRow(asPart(row))) ?? []).flatMap(withOwn)];
  return first.flatMap(withOwn);
}
