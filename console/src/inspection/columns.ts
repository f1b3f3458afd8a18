import type { ColDef } from 'ag-grid-community';
import type { PickupRow } from '../list/columns.tsx';
import { t } from '../ui/texts.ts';
import { type Found, foundOf, isOld, isRight } from './inspections.ts';

const PREFIX = 'inspected.';
/** The field of an inspection that a column of the grid edits, if it is one. */
export const fieldOf = (column: string): keyof Found | null =>
  column.startsWith(PREFIX) ? (column.slice(PREFIX.length) as keyof Found) : null;

const inspects = (row: PickupRow | undefined) => row?.allowedCommands.includes('complete') ?? false;
const sole = (row: PickupRow | undefined) => (row && row.items.length === 1 && inspects(row) ? row.items[0] : undefined);
const foundIn = (row: PickupRow) => row.items.map((item) => ({ item, found: foundOf(row, item) }));

/** Why an inspection cannot be sent, to be read at its cell. */
function faultOf(row: PickupRow | undefined): string | null {
  if (!row || !inspects(row)) return null;
  if (isOld(row)) return t('inspectionOld');
  const wrong = foundIn(row).find(({ item, found }) => !isRight(found, item.quantity));
  return wrong ? t('inspectionBad', { n: wrong.item.quantity }) : null;
}

/** What the cell shows of all items: the sum, or what was typed wrongly. */
function shown(row: PickupRow, field: 'restock' | 'dispose'): string {
  const all = foundIn(row).map(({ found }) => found[field]);
  if (all.length === 1) return all[0] ?? '';
  return all.every((each) => /^\d{1,4}$/.test(each)) ? String(all.reduce((sum, each) => sum + Number(each), 0)) : all.join(', ');
}

const nameOf = (fault: string) => (fault === 'buyer' || fault === 'seller' ? t(fault) : t('noFault'));

/** 재입고, 폐기 and 귀책 of a pickup: typed here where it has one item, in its detail where it has several. */
export function inspectionColumns(editable: boolean): ColDef<PickupRow>[] {
  const shared = (field: keyof Found): ColDef<PickupRow> => ({
    field: `${PREFIX}${field}` as never,
    headerName: t(field),
    editable: ({ data }) => editable && sole(data) !== undefined,
    cellClassRules: {
      editable: ({ data }) => editable && sole(data) !== undefined,
      faulty: ({ data }) => faultOf(data) !== null,
    },
    tooltipValueGetter: ({ data }) =>
      faultOf(data) ?? (data && data.items.length > 1 ? t('inspectionItems', { n: data.items.length }) : null),
  });
  const quantity = (field: 'restock' | 'dispose'): ColDef<PickupRow> => ({
    ...shared(field),
    width: 72,
    headerClass: 'right',
    cellClass: 'right',
    valueGetter: ({ data }) => (data && inspects(data) ? shown(data, field) : ''),
    valueFormatter: ({ value, data }) => (faultOf(data) ? `⚠ ${value}` : (value ?? '')),
  });
  return [
    quantity('restock'),
    quantity('dispose'),
    {
      ...shared('fault'),
      width: 84,
      cellEditor: 'agSelectCellEditor',
      cellEditorParams: { values: ['buyer', 'seller'] },
      valueGetter: ({ data }) =>
        data && inspects(data) ? [...new Set(foundIn(data).map(({ found }) => found.fault))].join(',') : '',
      valueFormatter: ({ value, data }) =>
        data && inspects(data)
          ? String(value ?? '')
              .split(',')
              .map(nameOf)
              .join('·')
          : '',
    },
  ];
}
