import type { ColDef } from 'ag-grid-community';
import { waybillColumns } from '../../drafts/waybill-columns.ts';
import { code, instant, type Line, link, number, opener, type PlaceNames, place, state, text } from '../../list/columns.tsx';
import { t } from '../../ui/texts.ts';
import type { Carrier } from '../../waybills/waybill.ts';
import { batchColumn } from '../packing/batches/batch-column.ts';
import { dueColumn } from './due-column.ts';
import type { LineTabSetup } from './line-tabs.ts';
import { partColumn } from './part-column.ts';

export const lineId = (line: Pick<Line, 'deliveryNo' | 'lineNo'>) => `${line.deliveryNo}/${line.lineNo}`;
const needsWaybill = ({ methodCode }: Line) => methodCode === '10';

const printedOf = (times: number) => (times === 0 ? '' : times === 1 ? t('labelPrinted') : t('reprint', { n: times - 1 }));

/** Columns of a 배송처리 tab; those with the same value in all rows are hidden by default. */
export function lineColumns(
  { tab, date, hasWaybill }: LineTabSetup,
  { carriers, places, go }: { carriers: readonly Carrier[]; places: PlaceNames; go: (href: string) => void },
  takesWaybill: boolean,
  open: (row: Line) => void,
): ColDef<Line>[] {
  return [
    opener<Line>('deliveryNo', 124, open),
    number('lineNo', 48),
    { ...state<Line>('state'), hide: tab !== 'all' },
    { ...dueColumn<Line>(), hide: tab === 'deliver' },
    ...(hasWaybill ? waybillColumns<Line>(carriers, lineId, takesWaybill, needsWaybill) : []),
    text('productName', 190, { flex: 1, minWidth: 140 }),
    text('optionName', 96),
    { ...number<Line>('quantity', 52), valueGetter: ({ data }) => data?.validQuantity },
    partColumn(),
    { ...batchColumn(go), hide: tab === 'instruct' || tab === 'release' },
    {
      ...text<Line>('labelPrints', 64, { hide: tab !== 'deliver' && tab !== 'all' }),
      valueGetter: ({ data }) => printedOf(data?.labelPrints ?? 0),
    },
    text('receiverName', 72),
    ...(tab === 'clear' ? [text<Line>('stockoutReason', 150), instant<Line>('stockoutExpectedAt')] : []),
    code('methodCode', 'method', 72),
    link('orderNo', 128, 'order'),
    { ...code<Line>('kind', 'kind', 52), hide: hasWaybill },
    place<Line>(places, { hide: tab === 'deliver' }),
    ...(tab === 'deliver' ? [code<Line>('trackingLevel', 'level', 76)] : []),
    { ...instant<Line>('orderedAt', true), hide: hasWaybill },
    ...(date === 'orderedAt' ? [] : [instant<Line>(date, true)]),
    { ...number<Line>('unitPrice', 80), hide: true },
    { ...instant<Line>('updatedAt'), hide: true },
  ];
}
