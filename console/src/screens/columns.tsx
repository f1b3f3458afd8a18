import type { ColDef } from 'ag-grid-community';
import type { Schemas } from '../api.ts';
import { State } from '../parts.tsx';
import { exactly, named, type TextKey, t, when } from '../texts.ts';

export type Line = Schemas['LineRow'];
export type Delivery = Schemas['DeliveryRow'];
export type PickupRow = Schemas['PickupRow'];

/** An instant: short in the cell, exact when pointed at. */
export const instant = <Row,>(field: TextKey, sortable = false): ColDef<Row> => ({
  colId: field,
  headerName: t(field),
  width: 118,
  sortable,
  sortingOrder: ['desc', 'asc', null],
  valueGetter: ({ data }) => (data ? Reflect.get(data, field) : null),
  valueFormatter: ({ value }) => when(value),
  tooltipValueGetter: ({ value }) => exactly(value),
});

export const number = <Row,>(field: TextKey, width = 70): ColDef<Row> => ({
  colId: field,
  headerName: t(field),
  width,
  cellClass: 'right',
  headerClass: 'right',
  valueGetter: ({ data }) => (data ? Reflect.get(data, field) : null),
});

export const text = <Row,>(field: TextKey, width: number, more: ColDef<Row> = {}): ColDef<Row> => ({
  colId: field,
  headerName: t(field),
  width,
  valueGetter: ({ data }) => (data ? Reflect.get(data, field) : null),
  ...more,
});

/** A number that opens its detail. */
export const opener = <Row,>(field: TextKey, width: number, open: (row: Row) => void): ColDef<Row> => ({
  ...text<Row>(field, width),
  pinned: 'left',
  cellRenderer: ({ value, data }: { value: string; data: Row }) => (
    <button type="button" className="link" tabIndex={-1} onClick={() => open(data)}>
      {value}
    </button>
  ),
});

export const state = <Row extends { state: string; stateName: string }>(group: 'state' | 'pstate'): ColDef<Row> => ({
  colId: 'state',
  headerName: t('state'),
  width: 104,
  valueGetter: ({ data }) => data?.stateName,
  cellRenderer: ({ data }: { data: Row }) => (data ? <State group={group} state={data.state} name={data.stateName} /> : null),
});

export const code = <Row,>(field: TextKey, group: string, width: number): ColDef<Row> => ({
  ...text<Row>(field, width),
  valueFormatter: ({ value }) => named(group, value),
});
