import type { ColDef } from 'ag-grid-community';
import { useMemo } from 'react';
import type { useSelection } from '../grid/selection.ts';
import type { useList } from '../list/list.ts';
import { List, Trouble } from '../list/parts.tsx';
import type { Named } from './draft-store.ts';
import type { Drafts } from './drafts.ts';
import { usePaste } from './paste.ts';
import { PasteReport } from './paste-report.tsx';
import type { DraftTab } from './tab-of.ts';
import { useRefreshedDrafts } from './use-refresh.ts';

interface WorkListProps<Row extends Named> {
  name: string;
  label: string;
  list: ReturnType<typeof useList<Row>>;
  columns: ColDef<Row>[];
  rowId: (row: Row) => string;
  empty: string;
  selection: ReturnType<typeof useSelection<Row>>;
  tab: DraftTab<Row>;
  drafts: Drafts<Row>;
  /** Whether waybills may be pasted into it. */
  takesWaybill: boolean;
  /** Takes what is typed into other cells than those of the waybill; false = the cell is not one of these. */
  onEdit?: (row: Row, field: string, value: string) => boolean;
  /** Other input that cells show. */
  typed?: object;
  onOpen: (row: Row) => void;
  sort: string;
  onSort: (sort: string | null) => void;
}

/** The grid of a tab with selection and input, or the reason why it cannot be loaded. */
export function WorkList<Row extends Named>(props: WorkListProps<Row>) {
  const { list, selection, tab, drafts, takesWaybill, onEdit, typed, ...own } = props;
  const context = useMemo(() => ({ drafts, typed }), [drafts, typed]);
  const { isAlone, shown } = drafts;
  const rows = useMemo(() => shown(list.rows), [shown, list.rows]);
  const reach = async (enough: (rows: Row[]) => boolean): Promise<Row[]> => {
    if (isAlone) return rows;
    let [reached, isMore] = [rows, list.hasNextPage];
    while (isMore && !enough(reached)) {
      const { data, hasNextPage } = await list.fetchNextPage();
      const next = data?.pages.flatMap(({ items }) => items) ?? reached;
      isMore = hasNextPage && next.length > reached.length;
      reached = next;
    }
    return reached;
  };
  useRefreshedDrafts(tab);
  const pastes = usePaste(tab, drafts, { rows, reach });
  if (list.error) return <Trouble error={list.error} again={() => void list.refetch()} />;
  return (
    <>
      {takesWaybill && <PasteReport {...pastes} />}
      <List<Row>
        {...own}
        rows={rows}
        loading={list.isPending}
        selectable
        picked={selection.picked}
        onSelect={selection.select}
        {...(isAlone ? {} : { onMore: list.more, onBefore: list.before, windowStart: list.windowStart })}
        onEdit={(row, field, value) => onEdit?.(row, field, value) || drafts.type([{ row, field, value }])}
        {...(takesWaybill ? { onPaste: pastes.paste } : {})}
        context={context}
      />
    </>
  );
}
