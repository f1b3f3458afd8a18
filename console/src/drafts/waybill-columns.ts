import type { ColDef } from 'ag-grid-community';
import { t } from '../ui/texts.ts';
import type { Carrier } from '../waybills/waybill.ts';
import type { Named } from './draft-store.ts';
import type { Drafts, Typed } from './drafts.ts';

/** Data that the grid of a list with waybills needs besides its rows. */
interface WaybillContext<Row> {
  drafts: Drafts<Row>;
}

/** Why the input of a row is not sent as it is, or null. */
export const troubleOf = ({ fault, clash }: Pick<Typed, 'fault' | 'clash'>): string | null =>
  fault ? t(fault) : clash ? t(clash.why, { no: clash.no }) : null;

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
  const trouble = (data: Row | undefined, context: WaybillContext<Row> | undefined) => {
    const found = typed(data, context);
    return found ? troubleOf(found) : null;
  };
  const shared: ColDef<Row> = {
    editable,
    cellClassRules: {
      editable: ({ data }) => editable && data !== undefined && needs(data),
      faulty: ({ data, context }) => trouble(data, context) !== null,
    },
    tooltipValueGetter: ({ data, context }) => trouble(data, context),
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
      valueFormatter: ({ value, data, context }) => (trouble(data, context) ? `⚠ ${value}` : (value ?? '')),
    },
  ];
}
