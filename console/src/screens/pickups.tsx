import type { ColDef } from 'ag-grid-community';
import { useCallback, useMemo, useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { download } from '../api.ts';
import { CommandBar } from '../commands.tsx';
import { type Filter, Filters } from '../filters.tsx';
import { type Params, queryOf, useList } from '../list.ts';
import { Count, News } from '../list-screen.tsx';
import { List, Trouble } from '../parts.tsx';
import { named, t, won } from '../texts.ts';
import { code, instant, opener, type PickupRow, state, text } from './columns.tsx';

const PATH = '/api/bo/v1/pickups';
/** 회수지시처리, 회수확인처리, 회수완료처리 work on these states. */
const tabs = { instruct: 'requested', confirm: 'instructed', complete: 'confirmed', all: null } as const;
type Tab = keyof typeof tabs;
const tabNames = Object.keys(tabs) as Tab[];
const isTab = (name: string): name is Tab => name in tabs;

const filters = (): Filter[] => [
  { name: 'pickupNo', label: 'pickupNo' },
  { name: 'claimNo', label: 'claimNo' },
  { name: 'orderNo', label: 'orderNo' },
  { name: 'kind', label: 'kind', options: ['return', 'exchange'].map((value) => ({ value, label: named('kind', value) })) },
  {
    name: 'dateField',
    label: 'dateField',
    options: (['requestedAt', 'instructedAt', 'confirmedAt', 'completedAt'] as const).map((value) => ({
      value,
      label: t(value),
    })),
  },
  { name: 'from', label: 'from', kind: 'date' },
  { name: 'to', label: 'to', kind: 'date' },
];

/** 회수처리. */
export function Pickups() {
  const given = useParams()['*'] ?? '';
  const tab: Tab = isTab(given) ? given : 'instruct';
  const [search] = useSearchParams();
  const kept = new URLSearchParams(search);
  for (const name of ['delivery', 'pickup', 'sort']) kept.delete(name);
  return (
    <>
      <div className="tabs" role="tablist" aria-label={t('pickups')}>
        {tabNames.map((name) => (
          <Link key={name} role="tab" aria-selected={name === tab} to={{ pathname: `/pickups/${name}`, search: kept.toString() }}>
            {t(`ptab.${name}`)}
          </Link>
        ))}
      </div>
      <PickupTab key={tab} tab={tab} />
    </>
  );
}

function PickupTab({ tab }: { tab: Tab }) {
  const [search, setSearch] = useSearchParams();
  const [selected, setSelected] = useState<PickupRow[]>([]);
  const inState = tabs[tab];
  const params = useMemo<Params>(() => {
    const asked = Object.fromEntries(
      [...search].filter(([name]) => name === 'sort' || filters().some((filter) => filter.name === name)),
    );
    return { ...(inState ? { state: [inState] } : {}), ...asked };
  }, [search, inState]);
  const list = useList<PickupRow>(PATH, params);
  const open = useCallback(
    (row: PickupRow) =>
      setSearch((before) => {
        const next = new URLSearchParams(before);
        next.set('pickup', row.pickupNo);
        return next;
      }),
    [setSearch],
  );
  const columns = useMemo<ColDef<PickupRow>[]>(
    () => [
      opener<PickupRow>('pickupNo', 146, open),
      state('pstate'),
      code('kind', 'kind', 70),
      {
        headerName: t('items'),
        colId: 'items',
        flex: 1,
        minWidth: 180,
        valueGetter: ({ data }) => data?.items.map((item) => `${item.productName} ×${item.quantity}`).join(', '),
      },
      {
        headerName: t('reason'),
        colId: 'reason',
        width: 100,
        valueGetter: ({ data }) => [...new Set(data?.items.map((item) => item.reasonName))].join(', '),
      },
      {
        headerName: t('held'),
        colId: 'held',
        width: 110,
        valueGetter: ({ data }) => (data?.held ? (data.holdReason ?? t('held')) : ''),
      },
      text('waybillNo', 140),
      { headerName: t('deliveryNo'), colId: 'deliveryNo', width: 148, valueGetter: ({ data }) => data?.originalDeliveryNo },
      text('orderNo', 160),
      text('claimNo', 140),
      {
        headerName: t('returnFee'),
        colId: 'returnFee',
        width: 100,
        cellClass: 'right',
        headerClass: 'right',
        valueGetter: ({ data }) => data && won(data.returnFee.amount),
      },
      instant('requestedAt', true),
      instant('arrivedAt'),
    ],
    [open],
  );
  const current = list.rows.filter((row) => selected.some((each) => each.pickupNo === row.pickupNo));
  return (
    <>
      <Filters filters={filters()} />
      <div className="bar">
        <Count shown={list.rows.length} total={list.first?.total} atLeast={list.first?.totalIsMinimum} />
        <News path={PATH} params={params} rows={list.rows} id={(row) => row.pickupNo} readAt={list.dataUpdatedAt} />
        <span className="spread" />
        <button type="button" onClick={() => void download(`${PATH}/export.xlsx?${queryOf(params)}`, 'pickups.xlsx')}>
          {t('excel')}
        </button>
      </div>
      <div className="bar actions" role="toolbar" aria-label={t('command')}>
        {current.length > 0 ? (
          <b>{t('selected', { n: current.length })}</b>
        ) : (
          <span className="muted">{t('nothingSelected')}</span>
        )}
        <CommandBar
          family="pickups"
          selected={current}
          primary={tab === 'all' ? undefined : tab}
          label={(row) => `${row.pickupNo} · ${row.items[0]?.productName ?? ''}`}
          target={(row) => ({ pickupNo: row.pickupNo, revision: row.revision })}
        />
      </div>
      {list.error ? (
        <Trouble error={list.error} again={() => void list.refetch()} />
      ) : (
        <List<PickupRow>
          name={`pickups.${tab}`}
          label={t(`ptab.${tab}`)}
          rows={list.rows}
          columns={columns}
          rowId={(row) => row.pickupNo}
          loading={list.isPending}
          empty={t('empty')}
          selectable
          onSelect={setSelected}
          onMore={list.more}
          onOpen={open}
        />
      )}
    </>
  );
}
