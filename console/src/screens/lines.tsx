import type { ColDef } from 'ag-grid-community';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { download } from '../api.ts';
import { CommandBar } from '../commands.tsx';
import { Filters } from '../filters.tsx';
import { onSettled, type Target } from '../jobs.ts';
import { type Params, queryOf, useList } from '../list.ts';
import { Count, News } from '../list-screen.tsx';
import { List, Trouble, useCarriers, useMay } from '../parts.tsx';
import { useStored } from '../stored.ts';
import { named, t } from '../texts.ts';
import { code, instant, type Line, number, opener, state, text } from './columns.tsx';
import { lineFilters } from './line-filters.ts';
import { Scan } from './scan.tsx';

const PATH = '/api/bo/v1/delivery-lines';
const tabs = {
  instruct: { state: 'ordered', command: 'instruct', sort: 'orderedAt' },
  release: { state: 'instructed', command: 'release', sort: 'instructedAt' },
  ship: { state: 'released', command: 'ship', sort: 'releasedAt' },
  deliver: { state: 'shipped', command: 'deliver', sort: 'shippedAt' },
  stockout: { state: 'released', command: 'report-stockout', sort: 'releasedAt' },
  clear: { state: 'awaitingShipment', command: 'clear-stockout', sort: 'orderedAt' },
} as const;
type Tab = keyof typeof tabs;
const isTab = (name: string): name is Tab => name in tabs;
const tabNames = Object.keys(tabs) as Tab[];

/** A waybill somebody has typed and not yet sent. */
interface Draft {
  carrierCode?: string;
  waybillNo?: string;
}
type ShownLine = Line & { typedCarrier: string; typedWaybill: string };

const idOf = (line: Pick<Line, 'deliveryNo' | 'lineNo'>) => `${line.deliveryNo}/${line.lineNo}`;

/** 배송처리: a tab per step over the process list. */
export function Lines() {
  const given = useParams()['*'] ?? '';
  const tab: Tab = isTab(given) ? given : 'instruct';
  const [search] = useSearchParams();
  const filters = new URLSearchParams(search);
  for (const name of ['delivery', 'pickup', 'sort']) filters.delete(name);
  return (
    <>
      <div className="tabs" role="tablist" aria-label={t('lines')}>
        {tabNames.map((name) => (
          <Link
            key={name}
            role="tab"
            aria-selected={name === tab}
            to={{ pathname: `/lines/${name}`, search: filters.toString() }}
          >
            {t(`tab.${name}`)}
          </Link>
        ))}
      </div>
      <LineTab key={tab} tab={tab} />
    </>
  );
}

function LineTab({ tab }: { tab: Tab }) {
  const { state: inState, command, sort: bySort } = tabs[tab];
  const may = useMay();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const [selected, setSelected] = useState<ShownLine[]>([]);
  const [drafts, setDrafts] = useStored<Record<string, Draft>>('drafts.ship', {});
  const [carrier, setCarrier] = useStored('carrier', '04');
  const [scanning, setScanning] = useState(false);
  const carriers = useCarriers();
  const takesWaybill = (tab === 'ship' || tab === 'deliver') && may('delivery.write');

  const params = useMemo<Params>(() => {
    const asked = Object.fromEntries([...search].filter(([name]) => lineFilters().some((filter) => filter.name === name)));
    return { state: [inState], sort: search.get('sort') ?? bySort, ...asked };
  }, [search, inState, bySort]);
  const list = useList<Line>(PATH, params);
  const rows = useMemo<ShownLine[]>(
    () =>
      list.rows.map((row) => {
        const draft = drafts[idOf(row)];
        return {
          ...row,
          typedCarrier: draft?.carrierCode ?? row.carrierCode ?? '',
          typedWaybill: draft?.waybillNo ?? row.waybillNo ?? '',
        };
      }),
    [list.rows, drafts],
  );

  useEffect(
    () =>
      onSettled(({ targets, results }) =>
        setDrafts((before) => {
          const next = { ...before };
          targets.forEach((target, at) => {
            if (results[at]?.ok && 'deliveryNo' in target)
              delete next[idOf({ deliveryNo: target.deliveryNo, lineNo: target.lineNo })];
          });
          return next;
        }),
      ),
    [setDrafts],
  );

  const type = useCallback(
    (cells: { row: ShownLine; field: string; value: string }[]) =>
      setDrafts((before) => {
        const next = { ...before };
        for (const { row, field, value } of cells) {
          const named = field === 'typedCarrier' ? { carrierCode: carrierOf(value, carriers) } : { waybillNo: value };
          next[idOf(row)] = { ...next[idOf(row)], ...named };
        }
        return next;
      }),
    [setDrafts, carriers],
  );

  const open = useCallback(
    (row: Line) =>
      setSearch((before) => {
        const next = new URLSearchParams(before);
        next.set('delivery', row.deliveryNo);
        return next;
      }),
    [setSearch],
  );

  const columns = useMemo<ColDef<ShownLine>[]>(() => {
    const names = new Map(carriers.map((each) => [each.code, each.name]));
    const waybill: ColDef<ShownLine>[] = [
      {
        field: 'typedCarrier',
        headerName: t('carrierCode'),
        width: 126,
        editable: takesWaybill,
        cellClass: takesWaybill ? 'editable' : '',
        cellEditor: 'agSelectCellEditor',
        cellEditorParams: { values: ['', ...names.keys()] },
        valueFormatter: ({ value, data }) =>
          value
            ? (names.get(value) ?? value)
            : takesWaybill && data?.methodCode === '10' && data.typedWaybill
              ? `(${names.get(carrier) ?? carrier})`
              : '',
      },
      {
        field: 'typedWaybill',
        headerName: t('waybillNo'),
        width: 158,
        editable: takesWaybill,
        cellClass: takesWaybill ? 'editable' : '',
      },
    ];
    const isOut = tab === 'clear';
    return [
      opener<ShownLine>('deliveryNo', 148, open),
      number('lineNo', 58),
      state('state'),
      ...(tab === 'ship' || tab === 'deliver' ? waybill : []),
      text('productName', 210, { flex: 1, minWidth: 150 }),
      text('optionName', 100),
      { ...number<ShownLine>('quantity', 64), valueGetter: ({ data }) => data?.validQuantity },
      text('receiverName', 82),
      ...(isOut ? [text<ShownLine>('stockoutReason', 150), instant<ShownLine>('stockoutExpectedAt')] : []),
      code('methodCode', 'method', 86),
      text('orderNo', 160),
      code('kind', 'kind', 66),
      text('placeNo', 86),
      instant('orderedAt', true),
      ...(bySort === 'orderedAt' ? [] : [instant<ShownLine>(bySort, true)]),
      ...(tab === 'deliver' ? [code<ShownLine>('trackingLevel', 'level', 96)] : []),
    ];
  }, [tab, takesWaybill, carriers, carrier, open, bySort]);

  const typedFor = useCallback(
    (row: ShownLine) => {
      const waybillNo = row.typedWaybill.trim();
      return waybillNo === '' ? {} : { carrierCode: row.typedCarrier || carrier, waybillNo };
    },
    [carrier],
  );
  const target = (row: ShownLine, name: string): Target => ({
    deliveryNo: row.deliveryNo,
    lineNo: row.lineNo,
    revision: row.revision,
    ...(name === 'ship' || name === 'correct-waybill' ? typedFor(row) : {}),
  });
  const typed = tab === 'ship' ? rows.filter((row) => drafts[idOf(row)]?.waybillNo) : [];
  const current = selected.length > 0 ? rows.filter((row) => selected.some((each) => idOf(each) === idOf(row))) : [];
  const chosen = current.length > 0 || tab !== 'ship' ? current : typed;

  return (
    <>
      <Filters filters={lineFilters()} />
      <div className="bar">
        <Count shown={rows.length} total={list.first?.total} atLeast={list.first?.totalIsMinimum} />
        <News path={PATH} params={params} rows={list.rows} id={idOf} readAt={list.dataUpdatedAt} />
        <span className="spread" />
        {tab === 'ship' && takesWaybill && (
          <>
            <label className="inline">
              {t('defaultCarrier')}
              <select value={carrier} onChange={(event) => setCarrier(() => event.target.value)}>
                {carriers.map((each) => (
                  <option key={each.code} value={each.code}>
                    {each.name}
                  </option>
                ))}
              </select>
            </label>
            <button type="button" aria-pressed={scanning} onClick={() => setScanning(!scanning)}>
              {t('scan')}
            </button>
          </>
        )}
        <button type="button" onClick={() => void download(`${PATH}/export.xlsx?${queryOf(params)}`, `${tab}.xlsx`)}>
          {t('excel')}
        </button>
      </div>
      {scanning && <Scan rows={rows} onWaybill={(row, waybillNo) => type([{ row, field: 'typedWaybill', value: waybillNo }])} />}
      <div className="bar actions" role="toolbar" aria-label={t('command')}>
        {current.length > 0 ? (
          <b>{t('selected', { n: current.length })}</b>
        ) : typed.length > 0 ? (
          <b>{t('typed', { n: typed.length })}</b>
        ) : (
          <span className="muted">{takesWaybill && tab === 'ship' ? t('pasteHint') : t('nothingSelected')}</span>
        )}
        <CommandBar
          family="delivery-lines"
          selected={chosen}
          primary={command}
          label={(row) => [idOf(row), row.productName, named('', null), drafts[idOf(row)]?.waybillNo].filter(Boolean).join(' · ')}
          target={target}
          withoutWaybill={(some) => some.filter((row) => row.methodCode === '10' && row.typedWaybill === '').length}
        />
      </div>
      {list.error ? (
        <Trouble error={list.error} again={() => void list.refetch()} />
      ) : (
        <List<ShownLine>
          name={`lines.${tab}`}
          label={t(`tab.${tab}`)}
          rows={rows}
          columns={columns}
          rowId={idOf}
          loading={list.isPending}
          empty={t('empty')}
          selectable
          onSelect={setSelected}
          onMore={list.more}
          onOpen={open}
          onEdit={(row, field, value) => type([{ row, field, value }])}
          onPaste={type}
          onSort={(sort) => {
            const next = new URLSearchParams(search);
            if (sort) next.set('sort', sort);
            else next.delete('sort');
            void navigate({ search: next.toString() }, { replace: true });
          }}
        />
      )}
    </>
  );
}

/** A carrier as a sheet may name it: its code, with or without the zero, or its name. */
function carrierOf(value: string, carriers: { code: string; name: string }[]): string {
  const found = carriers.find(({ code, name }) => code === value || code === value.padStart(2, '0') || name === value);
  return found?.code ?? value;
}
