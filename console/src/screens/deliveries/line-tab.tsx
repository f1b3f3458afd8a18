import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { keyOf, type Target } from '../../api/jobs.ts';
import { CommandBar } from '../../commands/commands.tsx';
import { useFreshTargets } from '../../commands/retry.ts';
import { Chosen, DraftBar, SelectNone } from '../../drafts/draft-bar.tsx';
import { useDrafts } from '../../drafts/drafts.ts';
import { lineDrafts, onlyFor } from '../../drafts/tab-of.ts';
import { isHeld, TypedNotes } from '../../drafts/typed-notes.tsx';
import { WorkList } from '../../drafts/work-list.tsx';
import { useAsked } from '../../filters/asked.ts';
import { FilterBar } from '../../filters/filter-bar.tsx';
import { usePlaceFilter, usePlaceNames } from '../../filters/places.ts';
import { useOnNewDay } from '../../filters/today.ts';
import { useSelection } from '../../grid/selection.ts';
import { useGroupedSort, useOpen } from '../../list/address.ts';
import type { Line } from '../../list/columns.tsx';
import { ExcelButton } from '../../list/export.tsx';
import { type Params, totalOf, useList } from '../../list/list.ts';
import { Count, News, ReadingOn } from '../../list/list-screen.tsx';
import { useCarriers, useMay } from '../../list/parts.tsx';
import { WholeNote, WholeSelection } from '../../list/whole-selection.tsx';
import { PrintButtons } from '../../printing/print-buttons.tsx';
import { partsUnderLines } from '../../splits/part-rows.ts';
import { named, t } from '../../ui/texts.ts';
import { MakeBatch } from '../packing/batches/make-batch.tsx';
import { DueChips } from './due-chips.tsx';
import { lineColumns, lineId } from './line-columns.tsx';
import { lineFilters, stateFilter } from './line-filters.ts';
import type { LineTabSetup } from './line-tabs.ts';
import { Scan } from './scan.tsx';

const PATH = '/api/bo/v1/delivery-lines';
const deliveryOf = ({ deliveryNo }: Line) => deliveryNo;

/** One step of 배송처리: its lines, the selection or input, and the possible commands. */
export function LineTab({ setup }: { setup: LineTabSetup }) {
  const { tab, state, command, hasWaybill } = setup;
  const may = useMay();
  const [search] = useSearchParams();
  const { sort, onSort, isGrouped, setGrouped } = useGroupedSort(state === '' ? '-orderedAt' : setup.sort);
  const [scanning, setScanning] = useState(false);
  const carriers = useCarriers();
  const isShip = tab === 'ship';
  const takesWaybill = hasWaybill && may('delivery.write');
  const filters = [...(state === '' ? [stateFilter()] : []), ...lineFilters(usePlaceFilter(search))];
  const asked = useAsked(filters);
  const isFiltered = Object.keys(asked).length > 0;

  const params = useMemo<Params>(() => ({ ...(state === '' ? {} : { state: [state] }), sort, ...asked }), [asked, state, sort]);
  const read = useList<Line>(PATH, params);
  const rows = useMemo(() => partsUnderLines(read.rows, sort), [read.rows, sort]);
  const list = { ...read, rows };
  const client = useQueryClient();
  useOnNewDay(useCallback(() => void client.invalidateQueries({ queryKey: [PATH] }), [client]));
  const draftTab = lineDrafts(tab);
  const drafts = useDrafts<Line>(draftTab, carriers);
  const shown = useMemo(() => drafts.shown(rows), [drafts, rows]);
  const scope = JSON.stringify(params);
  const listed = { isWindow: list.isWindow, isLoaded: list.data !== undefined, scope };
  const selection = useSelection(`lines.${tab}`, shown, lineId, listed);
  const open = useOpen('delivery', deliveryOf);
  const places = usePlaceNames();
  const go = useNavigate();
  const columns = useMemo(
    () => lineColumns(setup, { carriers, places, go }, takesWaybill, open),
    [setup, carriers, places, go, takesWaybill, open],
  );

  const byId = useMemo(() => new Map(rows.map((row) => [lineId(row), row])), [rows]);
  const typed = hasWaybill
    ? onlyFor(
        drafts.rows.map((row) => byId.get(lineId(row)) ?? row),
        draftTab,
      )
    : [];
  const isPicked = selection.current.length > 0;

  const target = useCallback(
    (row: Line, name: string): Target => {
      const { carrierCode, waybillNo } = drafts.of(lineId(row), row);
      const waybill =
        name === draftTab.command && waybillNo !== '' ? { carrierCode: carrierCode || drafts.carrier, waybillNo } : {};
      return { deliveryNo: row.deliveryNo, lineNo: row.lineNo, revision: row.revision, ...waybill };
    },
    [drafts, draftTab],
  );
  const isFaulty = useCallback(
    (row: Line, name: string, combine: boolean) => isHeld(drafts.of(lineId(row), row), draftTab.command, name, combine),
    [drafts, draftTab],
  );
  const fresh = useCallback(
    (name: string, old: Target, { combine }: Record<string, unknown>) => {
      const row = byId.get(keyOf(old));
      if (row && isFaulty(row, name, combine === true)) return null;
      return row && target(row, name);
    },
    [byId, target, isFaulty],
  );
  useFreshTargets('delivery-lines', fresh);
  const label = (row: Line, name: string) => {
    const { carrierCode, waybillNo } = name === draftTab.command ? drafts.of(lineId(row), row) : row;
    const waybill = hasWaybill && waybillNo && `${carriers.find(({ code }) => code === carrierCode)?.name ?? ''} ${waybillNo}`;
    return [lineId(row), row.productName, waybill].filter(Boolean).join(' · ');
  };

  return (
    <>
      <FilterBar
        filters={filters}
        path={PATH}
        params={params}
        quick={tab !== 'deliver' && <DueChips path={PATH} params={params} />}
      >
        <button type="button" aria-pressed={isGrouped} title={t('groupedNote')} onClick={() => setGrouped(!isGrouped)}>
          {t('grouped')}
        </button>
      </FilterBar>
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
        {isPicked && (
          <>
            <MakeBatch lines={selection.current} />
            <PrintButtons target={{ lines: selection.current.map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo })) }} />
          </>
        )}
        <ExcelButton path={PATH} params={params} name={`${t('lines')} ${t(setup.name)}`} />
      </div>
      {scanning && <Scan drafts={drafts} />}
      <div className="bar actions" role="toolbar" aria-label={t('command')}>
        <Chosen
          selected={selection.current.length}
          typed={typed.length}
          hint={t(takesWaybill && isShip ? 'pasteHint' : 'nothingSelected')}
        />
        <CommandBar
          family="delivery-lines"
          selected={isPicked ? selection.current : typed}
          primary={isPicked ? command : draftTab.command}
          next={tab === 'instruct' ? 'release' : undefined}
          label={label}
          target={target}
          withoutWaybill={(some) =>
            some.filter((row) => row.methodCode === '10' && drafts.of(lineId(row), row).waybillNo === '').length
          }
          isFaulty={isFaulty}
          remarks={(some, name, dialog) => (
            <>
              <WholeNote whole={selection.whole} count={some.length} />
              <TypedNotes rows={some} name={name} tab={draftTab} drafts={drafts} {...dialog} />
            </>
          )}
        />
        {!drafts.isAlone && <WholeSelection selection={selection} path={PATH} params={params} {...totalOf(list.first)} />}
      </div>
      <WorkList<Line>
        name={`lines.${tab}`}
        label={named('tab', tab)}
        list={list}
        columns={columns}
        rowId={lineId}
        empty={t(isFiltered ? 'emptyFiltered' : setup.empty)}
        selection={selection}
        tab={draftTab}
        drafts={drafts}
        takesWaybill={takesWaybill}
        onOpen={open}
        sort={sort}
        onSort={onSort}
      />
    </>
  );
}
