import type { ColDef } from 'ag-grid-community';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Schemas } from '../api.ts';
import { useCall } from '../calls.ts';
import { Dialog } from '../dialog.tsx';
import { type Filter, Filters } from '../filters.tsx';
import { useList } from '../list.ts';
import { Count } from '../list-screen.tsx';
import { List, Trouble, useMay } from '../parts.tsx';
import { named, t } from '../texts.ts';
import { instant, number, text } from './columns.tsx';

type Exception = Schemas['TrackingException'];
type Stockout = Schemas['Stockout'];
type Access = Schemas['PersonalDataAccess'];

function Plain<Row>({
  path,
  name,
  filters,
  columns,
  rowId,
  counted = true,
  onOpen,
}: {
  path: string;
  name: string;
  filters: Filter[];
  columns: ColDef<Row>[];
  rowId: (row: Row) => string;
  counted?: boolean;
  onOpen?: (row: Row) => void;
}) {
  const [search] = useSearchParams();
  const asked = Object.fromEntries([...search].filter(([field]) => filters.some((filter) => filter.name === field)));
  const list = useList<Row>(path, asked, counted);
  return (
    <>
      <Filters filters={filters} />
      <div className="bar">
        <Count shown={list.rows.length} total={list.first?.total} atLeast={list.first?.totalIsMinimum} />
      </div>
      {list.error ? (
        <Trouble error={list.error} again={() => void list.refetch()} />
      ) : (
        <List<Row>
          name={name}
          label={name}
          rows={list.rows}
          columns={columns}
          rowId={rowId}
          loading={list.isPending}
          empty={t('empty')}
          onMore={list.more}
          {...(onOpen ? { onOpen } : {})}
        />
      )}
    </>
  );
}

const EXCEPTIONS = '/api/bo/v1/tracking-exceptions';

/** 추적 예외: what the tracker could not make sense of; resolve it, or apply it once more. */
export function Exceptions() {
  const may = useMay();
  const call = useCall(EXCEPTIONS, '/api/bo/v1/summary');
  const [asked, setAsked] = useState<{ row: Exception; act: 'resolve' | 'replay' } | null>(null);
  const [reason, setReason] = useState('');
  const columns = useMemo<ColDef<Exception>[]>(
    () => [
      { headerName: t('kind'), colId: 'kind', width: 140, valueGetter: ({ data }) => data?.kindName },
      { headerName: t('exceptionState'), colId: 'state', width: 76, valueGetter: ({ data }) => named('exception', data?.state) },
      text('deliveryNo', 148),
      text('pickupNo', 140),
      text('waybillNo', 150),
      text('reason', 240, { flex: 1 }),
      number('count', 66),
      instant('firstAt'),
      instant('lastAt'),
      {
        headerName: t('command'),
        colId: 'act',
        width: 170,
        pinned: 'right',
        cellRenderer: ({ data }: { data: Exception }) =>
          data?.state === 'open' && may('delivery.write')
            ? (['resolve', 'replay'] as const).map((act) => (
                <button key={act} type="button" className="link gap" onClick={() => setAsked({ row: data, act })}>
                  {t(act)}
                </button>
              ))
            : null,
      },
    ],
    [may],
  );
  const filters: Filter[] = [
    {
      name: 'state',
      label: 'exceptionState',
      options: ['open', 'resolved'].map((value) => ({ value, label: named('exception', value) })),
    },
    { name: 'deliveryNo', label: 'deliveryNo' },
    { name: 'waybillNo', label: 'waybillNo' },
  ];
  return (
    <>
      <Plain<Exception> path={EXCEPTIONS} name="exceptions" filters={filters} columns={columns} rowId={(row) => String(row.id)} />
      {asked && (
        <Dialog
          title={`${t(asked.act)} · ${asked.row.kindName}`}
          submit={t(asked.act)}
          onClose={() => setAsked(null)}
          onSubmit={() => {
            call.mutate({
              method: 'POST',
              path: `${EXCEPTIONS}/${asked.row.id}/${asked.act}`,
              body: reason.trim() ? { reason: reason.trim() } : {},
              what: t(asked.act),
            });
            setAsked(null);
          }}
        >
          <p>{asked.row.reason}</p>
          <label className="field">
            {t('reason')}
            <input name="reason" value={reason} onChange={(event) => setReason(event.target.value)} />
          </label>
        </Dialog>
      )}
    </>
  );
}

/** 결품 현황: per product what waits, what there is, and what could be made. */
export function Stockouts() {
  const columns = useMemo<ColDef<Stockout>[]>(
    () => [
      text('productId', 110),
      text('productName', 220, { flex: 1 }),
      number('waitingLines', 90),
      number('waitingQuantity', 90),
      number('stock', 80),
      number('available', 80),
      number('shortfall', 80),
      number('makeable', 90),
      {
        headerName: t('openPlans'),
        colId: 'openPlans',
        width: 260,
        valueGetter: ({ data }) =>
          data?.openPlans.map((plan) => `${plan.planStatusName} ${plan.planQuantity} (${plan.planDate})`).join(', '),
      },
      instant('oldestOrderedAt'),
    ],
    [],
  );
  return (
    <Plain<Stockout>
      path="/api/bo/v1/stockouts"
      name="stockouts"
      filters={[]}
      columns={columns}
      rowId={(row) => String(row.productId)}
    />
  );
}

/** 개인정보 접속기록: who looked at whose data, when and why. */
export function Accesses() {
  const columns = useMemo<ColDef<Access>[]>(
    () => [
      instant('at'),
      text('sub', 110),
      text('ip', 120),
      text('subject', 160),
      { headerName: t('fields'), colId: 'fields', width: 280, valueGetter: ({ data }) => data?.fields.join(', ') },
      text('reason', 220, { flex: 1 }),
      text('route', 280),
    ],
    [],
  );
  const filters: Filter[] = [
    { name: 'sub', label: 'sub' },
    { name: 'subject', label: 'subject' },
    { name: 'from', label: 'from', kind: 'date' },
    { name: 'to', label: 'to', kind: 'date' },
  ];
  return (
    <Plain<Access>
      path="/api/bo/v1/personal-data-accesses"
      name="accesses"
      filters={filters}
      columns={columns}
      rowId={(row) => String(row.id)}
      counted={false}
    />
  );
}
