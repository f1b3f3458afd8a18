import type { ColDef } from 'ag-grid-community';
import { t } from '../ui/texts.ts';
import type { Drafts, Named } from './drafts.ts';
import type { Carrier } from './waybills.ts';

/** Data that the grid of a list with waybills needs besides its rows. */
interface WaybillContext<Row> {
  drafts: Drafts<Row>;
}

/** Carrier and waybill: can be typed or pasted where `editable`; red with the reason where the API would refuse them. */
export function waybillColumns<Row extends Named>(
  carriers: readonly Carrier[],
  idOf: (row: Row) => string,
  editable: boolean,
  /** Whether a row without a waybill of its own needs one. */
  needs: (row: Row) => boolean = () => true,
): ColDef<Row>[] {
  const names = new Map(carriers.map(({ code, name }) => [code, name]));
  const typed = (data: Row | undefined, context: WaybillContext<Row> | undefined) =>
    data ? context?.drafts.of(idOf(data), data) : undefined;
  const shared: ColDef<Row> = {
    editable,
    cellClassRules: {
      editable: ({ data }) => editable && data !== undefined && needs(data),
      faulty: ({ data, context }) => Boolean(typed(data, context)?.fault),
    },
    tooltipValueGetter: ({ data, context }) => {
      const fault = typed(data, context)?.fault;
      return fault ? t(fault) : null;
    },
  };
  return [
    {
      ...shared,
      field: 'typedCarrier' as never,
      headerName: t('carrierCode'),
      width: 112,
      cellEditor: 'agSelectCellEditor',
      cellEditorParams: { values: ['', ...names.keys()] },
      valueGetter: ({ data, context }) => typed(data, context)?.carrierCode ?? '',
      valueFormatter: ({ value }) => names.get(value) ?? value ?? '',
    },
    {
      ...shared,
      field: 'typedWaybill' as never,
      headerName: t('waybillNo'),
      width: 136,
      valueGetter: ({ data, context }) => typed(data, context)?.waybillNo ?? '',
      valueFormatter: ({ value, data, context }) => (typed(data, context)?.fault ? `⚠ ${value}` : (value ?? '')),
    },
  ];
}
