import { useCallback, useMemo } from 'react';
import { keyOf, type Target } from '../../api/jobs.ts';
import { CommandBar } from '../../commands/commands.tsx';
import { useFreshTargets } from '../../commands/retry.ts';
import { Chosen, DraftBar, SelectNone } from '../../drafts/draft-bar.tsx';
import { useDrafts } from '../../drafts/drafts.ts';
import { onlyFor, pickupDrafts } from '../../drafts/tab-of.ts';
import { isHeld, TypedNotes } from '../../drafts/typed-notes.tsx';
import { WorkList } from '../../drafts/work-list.tsx';
import { useAsked } from '../../filters/asked.ts';
import { FilterBar } from '../../filters/filter-bar.tsx';
import { useSelection } from '../../grid/selection.ts';
import { fieldOf } from '../../inspection/columns.ts';
import { forgetInspections, inspect, inspectionOf, isFaulty, useInspections } from '../../inspection/inspections.ts';
import { showInspection } from '../../inspection/shown.tsx';
import { useOpen, useSort } from '../../list/address.ts';
import type { PickupRow } from '../../list/columns.tsx';
import { ExcelButton } from '../../list/export.tsx';
import { type Params, totalOf, useList } from '../../list/list.ts';
import { Count, News, ReadingOn } from '../../list/list-screen.tsx';
import { useCarriers, useMay } from '../../list/parts.tsx';
import { WholeNote, WholeSelection } from '../../list/whole-selection.tsx';
import { openSearch } from '../../ui/search-open.ts';
import { t } from '../../ui/texts.ts';
import { pickupColumns, pickupId } from './pickup-columns.tsx';
import { type PickupTabSetup, pickupFilters } from './pickup-tabs.ts';

const PATH = '/api/bo/v1/pickups';
/** One step of 회수처리. */
export function PickupTab({ setup }: { setup: PickupTabSetup }) {
  const { tab, state } = setup;
  const may = useMay();
  const [sort, onSort] = useSort(state === null ? '-requestedAt' : 'requestedAt');
  const carriers = useCarriers();
  const takesWaybill = tab === 'instruct' && may('pickup.write');
  const inspects = tab === 'complete' && may('pickup.write');
  const filters = pickupFilters(tab);
  const asked = useAsked(filters);
  const isFiltered = Object.keys(asked).length > 0;

  const params = useMemo<Params>(() => ({ ...(state ? { state: [state] } : {}), sort, ...asked }), [asked, state, sort]);
  const list = useList<PickupRow>(PATH, params);
  const { rows } = list;
  const draftTab = pickupDrafts(tab);
  const drafts = useDrafts<PickupRow>(draftTab, carriers);
  const shown = useMemo(() => drafts.shown(rows), [drafts, rows]);
  const scope = JSON.stringify(params);
  const listed = { isWindow: list.isWindow, isLoaded: list.data !== undefined, scope };
  const selection = useSelection(`pickups.${tab}`, shown, pickupId, listed);
  const open = useOpen('pickup', pickupId);
  const inspections = useInspections();
  const inspected = inspects ? Object.keys(inspections).length : 0;
  const columns = useMemo(
    () => pickupColumns(setup, carriers, { takesWaybill, inspects }, open),
    [setup, carriers, takesWaybill, inspects, open],
  );
  const byId = useMemo(() => new Map(rows.map((row) => [row.pickupNo, row])), [rows]);
  const typed = takesWaybill
    ? onlyFor(
        drafts.rows.map((row) => byId.get(row.pickupNo) ?? row),
        draftTab,
      )
    : [];

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new inspection makes another target
  const target = useCallback(
    (row: PickupRow, name: string): Target => {
      const { carrierCode, waybillNo } = drafts.of(row.pickupNo, row);
      const waybill = name === 'instruct' && waybillNo !== '' ? { carrierCode: carrierCode || drafts.carrier, waybillNo } : {};
      const items = name === 'complete' ? { items: inspectionOf(row) } : {};
      return { pickupNo: row.pickupNo, revision: row.revision, ...waybill, ...items };
    },
    [drafts, inspections],
  );
  const isBlocked = useCallback(
    (row: PickupRow, name: string, combine: boolean) => isHeld(drafts.of(row.pickupNo, row), draftTab.command, name, combine),
    [drafts, draftTab],
  );
  const fresh = useCallback(
    (name: string, old: Target) => {
      const row = byId.get(keyOf(old));
      if (row && isBlocked(row, name, false)) return null;
      // What cannot be sent as it stands now goes as the dialog has shown it.
      return row && !(name === 'complete' && isFaulty(row)) ? target(row, name) : undefined;
    },
    [byId, target, isBlocked],
  );
  useFreshTargets('pickups', fresh);
  const label = (row: PickupRow, name: string) => {
    const { waybillNo } = name === draftTab.command ? drafts.of(row.pickupNo, row) : row;
    return [row.pickupNo, row.items[0]?.productName, waybillNo].filter(Boolean).join(' · ');
  };

  return (
    <>
      <FilterBar filters={filters} path={PATH} params={params} />
      <div className="bar">
        <Count shown={rows.length} total={list.first?.total} atLeast={list.first?.totalIsMinimum} />
        <ReadingOn {...list} />
        <News path={PATH} params={params} list={list} />
        <SelectNone selected={selection.current.length} onClear={selection.clear} />
        <span className="spread" />
        {takesWaybill && <DraftBar drafts={drafts} carriers={carriers} />}
        {inspected > 0 && (
          <button type="button" className="quiet" onClick={forgetInspections}>
            {t('forgetInspected', { n: inspected })}
          </button>
        )}
        <button type="button" onClick={openSearch}>
          {t('findPickup')}
        </button>
        <ExcelButton path={PATH} params={params} name={`${t('pickups')} ${t(setup.name)}`} />
      </div>
      <div className="bar actions" role="toolbar" aria-label={t('command')}>
        <Chosen
          selected={selection.current.length}
          typed={typed.length}
          hint={t(takesWaybill ? 'pasteHint' : inspects ? 'inspectHint' : 'nothingSelected')}
        />
        <CommandBar
          family="pickups"
          selected={selection.current.length > 0 ? selection.current : typed}
          primary={tab === 'all' ? undefined : tab}
          label={label}
          target={target}
          details={showInspection}
          isFaulty={(row, name, combine) => isBlocked(row, name, combine) || (name === 'complete' && isFaulty(row))}
          remarks={(some, name, dialog) => (
            <>
              <WholeNote whole={selection.whole} count={some.length} />
              <TypedNotes rows={some} name={name} tab={draftTab} drafts={drafts} {...dialog} />
            </>
          )}
        />
        {!drafts.isAlone && <WholeSelection selection={selection} path={PATH} params={params} {...totalOf(list.first)} />}
      </div>
      <WorkList<PickupRow>
        name={`pickups.${tab}`}
        label={t(setup.name)}
        list={list}
        columns={columns}
        rowId={pickupId}
        empty={t(isFiltered ? 'emptyFiltered' : setup.empty)}
        selection={selection}
        tab={draftTab}
        drafts={drafts}
        takesWaybill={takesWaybill}
        onEdit={(row, column, value) => {
          const field = fieldOf(column);
          const line = row.items[0]?.lineNo;
          if (field && line !== undefined) inspect(row, line, field, value);
          return field !== null;
        }}
        typed={inspections}
        onOpen={open}
        sort={sort}
        onSort={onSort}
      />
    </>
  );
}
