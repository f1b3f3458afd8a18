import type { ColDef } from 'ag-grid-community';
import { useCallback, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { instant, number, text } from '../../list/columns.tsx';
import type { Filter } from '../../list/filters.tsx';
import { useMay } from '../../list/parts.tsx';
import { PlainList } from '../../list/plain-list.tsx';
import { withOpened } from '../../ui/opened.ts';
import { named, t } from '../../ui/texts.ts';
import { type Asked, EXCEPTIONS, type Exception, ExceptionDialog } from './exception-acts.tsx';

const kinds = [
  'unknown-number',
  'waybill-mismatch',
  'scan-error',
  'line-canceled',
  'registration-refused',
  'registration-failed',
  'recycled-number',
  'no-first-scan',
  'not-moving',
  'waybill-range-low',
];
const options = (group: string, values: string[]) => values.map((value) => ({ value, label: named(group, value) }));

/** 추적 예외: callbacks that need a person; resolve one, or replay it. */
export function Exceptions() {
  const mayAct = useMay()('delivery.write');
  const [, setSearch] = useSearchParams();
  const [asked, setAsked] = useState<Asked | null>(null);
  const show = useCallback(
    (name: 'delivery' | 'pickup', no: string) => setSearch((before) => withOpened(before, { kind: name, no })),
    [setSearch],
  );
  const columns = useMemo<ColDef<Exception>[]>(() => {
    const opens: ColDef<Exception> = {
      headerName: t('deliveryOrPickup'),
      colId: 'number',
      width: 136,
      valueGetter: ({ data }) => data?.deliveryNo ?? data?.pickupNo ?? data?.fid,
      cellRenderer: ({ value, data }: { value: string; data: Exception }) =>
        data.deliveryNo || data.pickupNo ? (
          <button type="button" className="link" onClick={() => show(data.deliveryNo ? 'delivery' : 'pickup', value)}>
            {value}
          </button>
        ) : (
          value
        ),
    };
    return [
      { headerName: t('kind'), colId: 'kind', width: 124, valueGetter: ({ data }) => named('exceptionKind', data?.kind) },
      {
        headerName: t('exceptionState'),
        colId: 'state',
        width: 76,
        valueGetter: ({ data }) => named('exception', data?.state),
        cellRenderer: ({ value, data }: { value: string; data: Exception }) => (
          <span className={`state exception-${data.state}`}>{value}</span>
        ),
      },
      opens,
      text('waybillNo', 124),
      text('reason', 260, { flex: 1, minWidth: 260 }),
      number('count', 60),
      instant('lastAt', true),
      {
        headerName: t('resolution'),
        colId: 'resolution',
        width: 170,
        valueGetter: ({ data }) => [data?.resolution, data?.resolvedByName ?? data?.resolvedBy].filter(Boolean).join(' · '),
      },
      {
        headerName: t('command'),
        colId: 'act',
        width: 150,
        pinned: 'right',
        cellRenderer: ({ data }: { data: Exception }) =>
          data.state === 'open' && mayAct
            ? (['resolve', 'replay'] as const).map((act) => (
                <button key={act} type="button" className="link gap" data-act={act} onClick={() => setAsked({ row: data, act })}>
                  {t(act)}
                </button>
              ))
            : null,
      },
    ];
  }, [mayAct, show]);
  const filters: Filter[] = [
    { name: 'state', label: 'exceptionState', options: options('exception', ['open', 'resolved']) },
    { name: 'kind', label: 'kind', options: options('exceptionKind', kinds) },
    { name: 'deliveryNo', label: 'deliveryNo' },
    { name: 'pickupNo', label: 'pickupNo' },
    { name: 'waybillNo', label: 'waybillNo' },
    { name: 'from', label: 'from', kind: 'date' },
    { name: 'to', label: 'to', kind: 'date' },
  ];
  return (
    <>
      <PlainList<Exception>
        path={EXCEPTIONS}
        name="exceptions"
        label={t('exceptions')}
        filters={filters}
        columns={columns}
        rowId={(row) => String(row.id)}
        empty={t('noExceptions')}
        since={sinceUpdated}
        onOpen={(row) => setAsked({ row, act: null })}
      >
        <span className="muted">{t('exceptionsNote')}</span>
      </PlainList>
      {asked && <ExceptionDialog asked={asked} mayAct={mayAct} onAsk={setAsked} onClose={() => setAsked(null)} />}
    </>
  );
}

/** Includes exceptions that have left the shown state. */
const sinceUpdated = (at: string) => ({ updatedFrom: at, state: '' });
