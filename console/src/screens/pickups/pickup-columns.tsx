import type { ColDef } from 'ag-grid-community';
import { waybillColumns } from '../../commands/waybill-columns.ts';
import type { Carrier } from '../../commands/waybills.ts';
import { badge, code, instant, opener, type PickupRow, state, text } from '../../list/columns.tsx';
import { exactly, won } from '../../ui/figures.ts';
import { t } from '../../ui/texts.ts';
import type { PickupTabSetup } from './pickup-tabs.ts';

export const pickupId = ({ pickupNo }: PickupRow) => pickupNo;

/** Columns of a 회수처리 tab; the waybill can be typed in 회수지시. */
export function pickupColumns(
  { tab }: PickupTabSetup,
  carriers: readonly Carrier[],
  takesWaybill: boolean,
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
    {
      headerName: t('held'),
      colId: 'held',
      width: 150,
      hide: tab === 'instruct' || tab === 'confirm',
      ...badge<PickupRow>(({ held, holdReason }) => (held ? { text: t('held'), tone: 'held', after: holdReason ?? '' } : null)),
    },
    {
      headerName: t('deliveryNo'),
      colId: 'deliveryNo',
      width: 118,
      hide: tab === 'complete' || tab === 'all',
      valueGetter: ({ data }) => data?.originalDeliveryNo,
    },
    text('orderNo', 128),
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
