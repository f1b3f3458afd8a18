import type { ColDef, ICellRendererParams } from 'ag-grid-community';
import type { Schemas } from '../api/api.ts';
import { exactly, when } from '../ui/figures.ts';
import { inLanguage } from '../ui/language.ts';
import { linkTo, type OpenKind } from '../ui/opened.ts';
import { named, shownName, type TextKey, t } from '../ui/texts.ts';

export type Line = Schemas['LineRow'];
export type Delivery = Schemas['DeliveryRow'];
export type PickupRow = Schemas['PickupRow'];

/** A cell drawn without a component, because thousands of cells may pass in a second of scrolling. */
export const drawn = <Row,>(draw: (data: Row) => (Node | string)[]): ColDef<Row>['cellRenderer'] =>
  class {
    private readonly cell = document.createElement('span');
    init(params: ICellRendererParams<Row>): void {
      this.refresh(params);
    }
    getGui(): HTMLElement {
      return this.cell;
    }
    refresh({ data }: ICellRendererParams<Row>): boolean {
      this.cell.replaceChildren(...(data ? draw(data) : []));
      return true;
    }
  };

/** A word in a colour; the colour alone says nothing. */
export function pill(text: string, tone: string, title = ''): HTMLElement {
  return Object.assign(document.createElement('span'), { className: `state ${tone}`, textContent: text, title });
}

/** The field is any text here: TypeScript cannot look up more than a thousand names of texts in every row's type. */
const fieldOf = <Row,>(data: Row | undefined, field: string) => (data ? Reflect.get(data, field) : null);

/** An instant: short in the cell, exact in its tooltip. */
export const instant = <Row,>(field: TextKey, sortable = false): ColDef<Row> => ({
  colId: field,
  headerName: t(field),
  width: sortable ? 124 : 96,
  sortable,
  sortingOrder: ['asc', 'desc'],
  valueGetter: ({ data }) => fieldOf(data, field),
  valueFormatter: ({ value }) => when(value),
  tooltipValueGetter: ({ value }) => exactly(value),
});

export const number = <Row,>(field: TextKey, width = 70): ColDef<Row> => ({
  colId: field,
  headerName: t(field),
  width,
  cellClass: 'right',
  headerClass: 'right',
  valueGetter: ({ data }) => fieldOf(data, field),
});

export const text = <Row,>(field: TextKey, width: number, more: ColDef<Row> = {}): ColDef<Row> => ({
  colId: field,
  headerName: t(field),
  width,
  valueGetter: ({ data }) => fieldOf(data, field),
  ...more,
});

/** Names of 출하지 by their numbers. */
export type PlaceNames = ReadonlyMap<number, string>;

/** 출하지 by name, else by number; the tooltip has both. */
export const place = <Row extends { placeNo?: number | null }>(names: PlaceNames, more: ColDef<Row> = {}): ColDef<Row> => ({
  ...text<Row>('placeNo', 92),
  valueGetter: ({ data }) => names.get(data?.placeNo ?? 0) ?? data?.placeNo,
  tooltipValueGetter: ({ data }) =>
    names.has(data?.placeNo ?? 0) ? `${names.get(data?.placeNo ?? 0)} (${data?.placeNo})` : null,
  ...more,
});

/** A number that opens its detail on click. */
export const opener = <Row,>(field: TextKey, width: number, open: (row: Row) => void): ColDef<Row> => ({
  ...text<Row>(field, width),
  pinned: 'left',
  cellRenderer: drawn<Row>((data) => {
    const button = Object.assign(document.createElement('button'), {
      type: 'button',
      className: 'link',
      tabIndex: -1,
      textContent: String(Reflect.get(data as object, field) ?? ''),
    });
    button.addEventListener('click', () => open(data));
    return [button];
  }),
});

/** A number that is a link to its detail; the panel opens it on a plain click (`data-open`), and the list stays. */
export const link = <Row,>(field: TextKey, width: number, kind: OpenKind, more: ColDef<Row> = {}): ColDef<Row> => {
  const column = text<Row>(field, width, more);
  const of = column.valueGetter as (params: { data: Row }) => unknown;
  return {
    ...column,
    cellRenderer: drawn<Row>((data) => {
      const no = String(of({ data }) ?? '');
      if (no === '') return [];
      const { href } = linkTo({ kind, no });
      const anchor = Object.assign(document.createElement('a'), { href, className: 'link', tabIndex: -1, textContent: no });
      anchor.dataset.open = kind;
      anchor.dataset.no = no;
      return [anchor];
    }),
  };
};

export const state = <Row extends { state: string; stateName: string }>(group: 'state' | 'pstate'): ColDef<Row> => ({
  colId: 'state',
  headerName: t('state'),
  width: 84,
  valueGetter: ({ data }) => data && shownName(group, data.state, data.stateName),
  cellRenderer: drawn<Row>(({ state: value, stateName }) => [
    pill(shownName(group, value, stateName), `${group}-${value}`, value),
  ]),
});

/** All states of a row that has several. */
export const states = <Row,>(field: TextKey, width: number, of: (row: Row) => string[]): ColDef<Row> => ({
  colId: field,
  headerName: t(field),
  width,
  valueGetter: ({ data }) =>
    data &&
    of(data)
      .map((each) => named('state', each))
      .join(', '),
  cellRenderer: drawn<Row>((data) => of(data).map((each) => pill(named('state', each), `state-${each}`, each))),
});

/** A badge for a yes-or-no fact, with a text after it. */
export const badge = <Row,>(of: (row: Row) => { text: string; tone: string; after: string } | null): ColDef<Row> => ({
  valueGetter: ({ data }) => {
    const found = data && of(data);
    return found ? [found.text, found.after].filter(Boolean).join(': ') : '';
  },
  cellRenderer: drawn<Row>((data) => {
    const found = of(data);
    return found ? [pill(found.text, found.tone, found.after), found.after] : [];
  }),
});

export const code = <Row,>(field: TextKey, group: string, width: number): ColDef<Row> => ({
  // The English words are longer.
  ...text<Row>(field, inLanguage({ ko: width, en: width + 18 })),
  valueFormatter: ({ value }) => named(group, value),
});
