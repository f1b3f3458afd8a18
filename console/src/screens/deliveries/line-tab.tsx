import { useCallback, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { keyOf, type Target } from '../../api/jobs.ts';
import { CommandBar } from '../../commands/commands.tsx';
import { Chosen, DraftBar, SelectNone } from '../../commands/draft-bar.tsx';
import { useDrafts } from '../../commands/drafts.ts';
import { useFreshTargets } from '../../commands/retry.ts';
import { WorkList } from '../../commands/work-list.tsx';
import { useSelection } from '../../grid/selection.ts';
import { useOpen, useSort } from '../../list/address.ts';
import type { Line } from '../../list/columns.tsx';
import { ExcelButton } from '../../list/export.tsx';
import { askedOf, Filters } from '../../list/filters.tsx';
import { type Params, useList } from '../../list/list.ts';
import { Count, News, ReadingOn } from '../../list/list-screen.tsx';
import { useCarriers, useMay } from '../../list/parts.tsx';
import { named, t } from '../../ui/texts.ts';
import { lineColumns, lineId } from './line-columns.tsx';
import { lineFilters } from './line-filters.ts';
import type { LineTabSetup } from './line-tabs.ts';
import { Scan } from './scan.tsx';

const PATH = '/api/bo/v1/delivery-lines';
const deliveryOf = ({ deliveryNo }: Line) => deliveryNo;
/** The part of a row that is stored with its input: what the command needs, no personal data. */
const kept = (line: Line): Line => ({ ...line, receiverName: '', stockoutReason: null });
const sendsWaybill = (name: string) => name === 'ship' || name === 'correct-waybill';

/** One step of 배송처리: its lines, the selection or input, and the possible commands. */
export function LineTab({ setup }: { setup: LineTabSetup }) {
  const { tab, state, command, hasWaybill } = setup;
  const may = useMay();
  const [search] = useSearchParams();
  const [sort, onSort] = useSort(setup.sort);
  const [scanning, setScanning] = useState(false);
  const carriers = useCarriers();
  const isShip = tab === 'ship';
  const takesWaybill = hasWaybill && may('delivery.write');
  const filters = lineFilters();
  const asked = askedOf(search, filters);
  const isFiltered = Object.keys(asked).length > 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the address contains the filters
  const params = useMemo<Params>(() => ({ state: [state], sort, ...asked }), [search, state, sort]);
  const list = useList<Line>(PATH, params);
  const { rows } = list;
  const drafts = useDrafts<Line>(tab, carriers, lineId, kept);
  const selection = useSelection(`lines.${tab}`, rows, lineId, list.isWindow, list.data !== undefined);
  const open = useOpen('delivery', deliveryOf);
  const columns = useMemo(() => lineColumns(setup, carriers, takesWaybill, open), [setup, carriers, takesWaybill, open]);

  const byId = useMemo(() => new Map(rows.map((row) => [lineId(row), row])), [rows]);
  const typed = isShip ? drafts.rows.map((row) => byId.get(lineId(row)) ?? row) : [];
  const chosen = selection.current.length > 0 ? selection.current : typed;

  const target = useCallback(
    (row: Line, name: string): Target => {
      const { carrierCode, waybillNo } = drafts.of(lineId(row), row);
      const waybill = sendsWaybill(name) && waybillNo !== '' ? { carrierCode: carrierCode || drafts.carrier, waybillNo } : {};
      return { deliveryNo: row.deliveryNo, lineNo: row.lineNo, revision: row.revision, ...waybill };
    },
    [drafts],
  );
  const fresh = useCallback(
    (name: string, old: Target) => {
      const row = byId.get(keyOf(old));
      return row && target(row, name);
    },
    [byId, target],
  );
  useFreshTargets('delivery-lines', fresh);
  const label = (row: Line) => {
    const { carrierCode, waybillNo } = drafts.of(lineId(row), row);
    const waybill = hasWaybill && waybillNo && `${carriers.find(({ code }) => code === carrierCode)?.name ?? ''} ${waybillNo}`;
    return [lineId(row), row.productName, waybill].filter(Boolean).join(' · ');
  };

  return (
    <>
      <Filters filters={filters} />
      <div className="bar">
        <Count shown={rows.length} total={list.first?.total} atLeast={list.first?.totalIsMinimum} />
        <ReadingOn {...list} />
        <News path={PATH} params={params} list={list} />
        <SelectNone selected={selection.current.length} onClear={selection.clear} />
        <span className="spread" />
        {takesWaybill && <DraftBar drafts={drafts} carriers={carriers} />}
        {isShip && takesWaybill && (
          <button type="button" aria-pressed={scanning} onClick={() => setScanning(!scanning)}>
            {t('scan')}
          </button>
        )}
        <ExcelButton path={PATH} params={params} name={`${t('lines')} ${t(setup.name)}`} />
      </div>
      {scanning && <Scan drafts={drafts} carriers={carriers} />}
      <div className="bar actions" role="toolbar" aria-label={t('command')}>
        <Chosen
          selected={selection.current.length}
          typed={typed.length}
          hint={t(takesWaybill && isShip ? 'pasteHint' : 'nothingSelected')}
        />
        <CommandBar
          family="delivery-lines"
          selected={chosen}
          primary={command}
          label={label}
          target={target}
          withoutWaybill={(some) =>
            some.filter((row) => row.methodCode === '10' && drafts.of(lineId(row), row).waybillNo === '').length
          }
          isFaulty={(row, name) => sendsWaybill(name) && drafts.of(lineId(row), row).fault !== null}
        />
      </div>
      <WorkList<Line>
        name={`lines.${tab}`}
        label={named('tab', tab)}
        list={list}
        columns={columns}
        rowId={lineId}
        empty={t(isFiltered ? 'emptyFiltered' : setup.empty)}
        selection={selection}
        drafts={drafts}
        takesWaybill={takesWaybill}
        onOpen={open}
        sort={sort}
        onSort={onSort}
      />
    </>
  );
}
