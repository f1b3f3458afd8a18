import type { ColDef } from 'ag-grid-community';
import { waybillColumns } from '../../drafts/waybill-columns.ts';
import { inspectionColumns } from '../../inspection/columns.ts';
import { badge, code, instant, link, opener, type PickupRow, state, text } from '../../list/columns.tsx';
import { exactly, won } from '../../ui/figures.ts';
import { t } from '../../ui/texts.ts';
import type { Carrier } from '../../waybills/waybill.ts';
import type { PickupTabSetup } from './pickup-tabs.ts';

export const pickupId = ({ pickupNo }: PickupRow) => pickupNo;

/** Columns of a 회수처리 tab; the waybill can be typed in 회수지시, the inspection in 회수완료. */
export function pickupColumns(
  { tab }: PickupTabSetup,
  carriers: readonly Carrier[],
  { takesWaybill, inspects }: { takesWaybill: boolean; inspects: boolean },
  open: (row: PickupRow) => void,
): ColDef<PickupRow>[] {
  return [
    opener<PickupRow>('pickupNo', 124, open),
    { ...state<PickupRow>('pstate'), hide: tab !== 'all' },
    code('kind', 'kind', 52),
    ...waybillColumns<PickupRow>(carriers, pickupId, takesWaybill),
    {
      headerName: t('items'),
      colId: 'items',
      flex: 1,
      minWidth: 160,
      valueGetter: ({ data }) => data?.items.map((item) => `${item.productName} ×${item.quantity}`).join(', '),
    },
    {
      headerName: t('reason'),
      colId: 'reason',
      width: 80,
      valueGetter: ({ data }) => [...new Set(data?.items.map((item) => item.reasonName))].join(', '),
    },
    ...(tab === 'complete' ? inspectionColumns(inspects) : []),
    {
      headerName: t('held'),
      colId: 'held',
      width: 150,
      hide: tab === 'instruct' || tab === 'confirm',
      ...badge<PickupRow>(({ held, holdReason }) => (held ? { text: t('held'), tone: 'held', after: holdReason ?? '' } : null)),
    },
    link('deliveryNo', 118, 'delivery', {
      hide: tab === 'complete' || tab === 'all',
      valueGetter: ({ data }) => data?.originalDeliveryNo,
    }),
    link('orderNo', 128, 'order'),
    text('claimNo', 128, { hide: tab !== 'instruct' }),
    {
      headerName: t('returnFee'),
      colId: 'returnFee',
      width: 74,
      cellClass: 'right',
      headerClass: 'right',
      valueGetter: ({ data }) => data && won(data.returnFee.amount),
    },
    instant('requestedAt', true),
    {
      ...instant<PickupRow>('arrivedAt'),
      hide: tab === 'instruct' || tab === 'all',
      tooltipValueGetter: ({ data }) => (data?.arrivedAt ? `${t('arrivedNote')} ${exactly(data.arrivedAt)}` : null),
    },
    { ...instant<PickupRow>('updatedAt'), hide: true },
  ];
}
