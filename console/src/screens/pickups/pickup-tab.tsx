import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { keyOf, type Target } from '../../api/jobs.ts';
import { CommandBar } from '../../commands/commands.tsx';
import { Chosen, DraftBar, SelectNone } from '../../commands/draft-bar.tsx';
import { useDrafts } from '../../commands/drafts.ts';
import { useFreshTargets } from '../../commands/retry.ts';
import { WorkList } from '../../commands/work-list.tsx';
import { useSelection } from '../../grid/selection.ts';
import { useOpen, useSort } from '../../list/address.ts';
import type { PickupRow } from '../../list/columns.tsx';
import { ExcelButton } from '../../list/export.tsx';
import { askedOf, Filters } from '../../list/filters.tsx';
import { type Params, useList } from '../../list/list.ts';
import { Count, News, ReadingOn } from '../../list/list-screen.tsx';
import { useCarriers, useMay } from '../../list/parts.tsx';
import { t } from '../../ui/texts.ts';
import { pickupColumns, pickupId } from './pickup-columns.tsx';
import { type PickupTabSetup, pickupFilters } from './pickup-tabs.ts';

const PATH = '/api/bo/v1/pickups';
/** The part of a row that is stored with its input, without free text. */
const kept = (row: PickupRow): PickupRow => ({
  ...row,
  holdReason: null,
  items: row.items.map((item) => ({ ...item, reason: null })),
});

/** One step of 회수처리. */
export function PickupTab({ setup }: { setup: PickupTabSetup }) {
  const { tab, state } = setup;
  const may = useMay();
  const [search] = useSearchParams();
  const [sort, onSort] = useSort(state === null ? '-requestedAt' : 'requestedAt');
  const carriers = useCarriers();
  const takesWaybill = tab === 'instruct' && may('pickup.write');
  const filters = pickupFilters(tab);
  const asked = askedOf(search, filters);
  const isFiltered = Object.keys(asked).length > 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the address contains the filters
  const params = useMemo<Params>(() => ({ ...(state ? { state: [state] } : {}), sort, ...asked }), [search, state, sort]);
  const list = useList<PickupRow>(PATH, params);
  const { rows } = list;
  const drafts = useDrafts<PickupRow>(`pickups.${tab}`, carriers, pickupId, kept);
  const selection = useSelection(`pickups.${tab}`, rows, pickupId, list.isWindow, list.data !== undefined);
  const open = useOpen('pickup', pickupId);
  const columns = useMemo(() => pickupColumns(setup, carriers, takesWaybill, open), [setup, carriers, takesWaybill, open]);
  const byId = useMemo(() => new Map(rows.map((row) => [row.pickupNo, row])), [rows]);
  const typed = takesWaybill ? drafts.rows.map((row) => byId.get(row.pickupNo) ?? row) : [];

  const target = useCallback(
    (row: PickupRow, name: string): Target => {
      const { carrierCode, waybillNo } = drafts.of(row.pickupNo, row);
      const waybill = name === 'instruct' && waybillNo !== '' ? { carrierCode: carrierCode || drafts.carrier, waybillNo } : {};
      return { pickupNo: row.pickupNo, revision: row.revision, ...waybill };
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
  useFreshTargets('pickups', fresh);
  const label = (row: PickupRow) =>
    [row.pickupNo, row.items[0]?.productName, drafts.of(row.pickupNo, row).waybillNo].filter(Boolean).join(' · ');

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
        <ExcelButton path={PATH} params={params} name={`${t('pickups')} ${t(setup.name)}`} />
      </div>
      <div className="bar actions" role="toolbar" aria-label={t('command')}>
        <Chosen
          selected={selection.current.length}
          typed={typed.length}
          hint={t(takesWaybill ? 'pasteHint' : 'nothingSelected')}
        />
        <CommandBar
          family="pickups"
          selected={selection.current.length > 0 ? selection.current : typed}
          primary={tab === 'all' ? undefined : tab}
          label={label}
          target={target}
          isFaulty={(row, name) => name === 'instruct' && drafts.of(row.pickupNo, row).fault !== null}
        />
      </div>
      <WorkList<PickupRow>
        name={`pickups.${tab}`}
        label={t(setup.name)}
        list={list}
        columns={columns}
        rowId={pickupId}
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
