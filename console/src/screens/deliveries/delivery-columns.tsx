import type { ColDef } from 'ag-grid-community';
import { code, type Delivery, instant, link, number, opener, type PlaceNames, place, states, text } from '../../list/columns.tsx';
import { won } from '../../ui/figures.ts';
import { named, t } from '../../ui/texts.ts';
import type { Carrier } from '../../waybills/waybill.ts';

export const deliveryId = ({ deliveryNo }: Delivery) => deliveryNo;

/** Columns of 배송조회. */
export function deliveryColumns(
  carriers: readonly Carrier[],
  places: PlaceNames,
  open: (row: Delivery) => void,
): ColDef<Delivery>[] {
  const names = new Map(carriers.map((carrier) => [carrier.code, carrier.name]));
  return [
    opener<Delivery>('deliveryNo', 124, open),
    states<Delivery>('states', 138, (row) => row.states),
    link('orderNo', 134, 'order'),
    text('receiverName', 76),
    number('lineCount', 48),
    code('methodCode', 'method', 74),
    place<Delivery>(places),
    {
      headerName: t('carrierCode'),
      colId: 'carrierCode',
      width: 104,
      valueGetter: ({ data }) => names.get(data?.carrierCode ?? '') ?? data?.carrierCode,
    },
    {
      headerName: t('waybillNo'),
      colId: 'waybillNo',
      minWidth: 132,
      flex: 1,
      valueGetter: ({ data }) =>
        data?.waybillNo && `${data.waybillNo}${data.waybills.length > 1 ? ` +${data.waybills.length - 1}` : ''}`,
      tooltipValueGetter: ({ data }) =>
        data && data.waybills.length > 1
          ? data.waybills.map((each) => `${names.get(each.carrierCode) ?? each.carrierCode} ${each.waybillNo}`).join(', ')
          : null,
    },
    {
      headerName: t('shippingFee'),
      colId: 'shippingFee',
      width: 110,
      cellClass: 'right',
      headerClass: 'right',
      valueGetter: ({ data }) => data && `${won(data.shippingFee.fee)} ${named('payment', data.shippingFee.payment)}`,
    },
    instant('orderedAt', true),
    instant('updatedAt'),
  ];
}
