import type { ColDef } from 'ag-grid-community';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { Filters } from '../filters.tsx';
import { type Params, useList } from '../list.ts';
import { Count } from '../list-screen.tsx';
import { List, State, Trouble, useCarriers } from '../parts.tsx';
import { named, t, won } from '../texts.ts';
import { code, type Delivery, instant, number, opener, text } from './columns.tsx';
import { lineFilters } from './line-filters.ts';

const PATH = '/api/bo/v1/deliveries';
const states = ['ordered', 'instructed', 'released', 'awaitingShipment', 'shipped', 'delivered'];

/** 배송조회: a row per delivery; the detail opens beside it. */
export function Deliveries() {
  const [search, setSearch] = useSearchParams();
  const carriers = useCarriers();
  const filters = useMemo(
    () => [
      { name: 'state', label: 'state' as const, options: states.map((value) => ({ value, label: named('state', value) })) },
      ...lineFilters(),
    ],
    [],
  );
  const params = useMemo<Params>(
    () => Object.fromEntries([...search].filter(([name]) => name === 'sort' || filters.some((filter) => filter.name === name))),
    [search, filters],
  );
  const list = useList<Delivery>(PATH, params);
  const open = useCallback(
    (row: Delivery) =>
      setSearch((before) => {
        const next = new URLSearchParams(before);
        next.set('delivery', row.deliveryNo);
        return next;
      }),
    [setSearch],
  );
  const columns = useMemo<ColDef<Delivery>[]>(
    () => [
      opener<Delivery>('deliveryNo', 148, open),
      {
        headerName: t('states'),
        colId: 'states',
        width: 150,
        valueGetter: ({ data }) => data?.states.map((state) => named('state', state)).join(', '),
        cellRenderer: ({ data }: { data: Delivery }) =>
          data?.states.map((state) => <State key={state} group="state" state={state} name={named('state', state)} />),
      },
      text('orderNo', 170),
      text('receiverName', 90),
      number('lineCount', 66),
      code('methodCode', 'method', 90),
      text('placeNo', 90),
      {
        headerName: t('carrierCode'),
        colId: 'carrierCode',
        width: 120,
        valueGetter: ({ data }) => carriers.find((carrier) => carrier.code === data?.carrierCode)?.name ?? data?.carrierCode,
      },
      {
        headerName: t('waybillNo'),
        colId: 'waybillNo',
        width: 150,
        flex: 1,
        valueGetter: ({ data }) =>
          data?.waybillNo && `${data.waybillNo}${data.waybills.length > 1 ? ` +${data.waybills.length - 1}` : ''}`,
      },
      {
        headerName: t('shippingFee'),
        colId: 'shippingFee',
        width: 120,
        cellClass: 'right',
        headerClass: 'right',
        valueGetter: ({ data }) => data && `${won(data.shippingFee.fee)} ${named('payment', data.shippingFee.payment)}`,
      },
      instant('orderedAt', true),
      instant('updatedAt'),
    ],
    [open, carriers],
  );
  return (
    <>
      <Filters filters={filters} />
      <div className="bar">
        <Count shown={list.rows.length} total={list.first?.total} atLeast={list.first?.totalIsMinimum} />
      </div>
      {list.error ? (
        <Trouble error={list.error} again={() => void list.refetch()} />
      ) : (
        <List<Delivery>
          name="deliveries"
          label={t('deliveries')}
          rows={list.rows}
          columns={columns}
          rowId={(row) => row.deliveryNo}
          loading={list.isPending}
          empty={t('empty')}
          onMore={list.more}
          onOpen={open}
        />
      )}
    </>
  );
}
