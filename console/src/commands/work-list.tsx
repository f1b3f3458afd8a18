import type { ColDef } from 'ag-grid-community';
import { useMemo } from 'react';
import type { useSelection } from '../grid/selection.ts';
import type { useList } from '../list/list.ts';
import { List, Trouble } from '../list/parts.tsx';
import type { Drafts, Named } from './drafts.ts';

interface WorkListProps<Row extends Named> {
  name: string;
  label: string;
  list: ReturnType<typeof useList<Row>>;
  columns: ColDef<Row>[];
  rowId: (row: Row) => string;
  empty: string;
  selection: ReturnType<typeof useSelection<Row>>;
  drafts: Drafts<Row>;
  /** Whether waybills may be pasted into it. */
  takesWaybill: boolean;
  onOpen: (row: Row) => void;
  sort: string;
  onSort: (sort: string | null) => void;
}

/** The grid of a tab with selection and input, or the reason why it cannot be loaded. */
export function WorkList<Row extends Named>(props: WorkListProps<Row>) {
  const { list, selection, drafts, takesWaybill, ...own } = props;
  const context = useMemo(() => ({ drafts }), [drafts]);
  if (list.error) return <Trouble error={list.error} again={() => void list.refetch()} />;
  return (
    <List<Row>
      {...own}
      rows={list.rows}
      loading={list.isPending}
      selectable
      picked={selection.picked}
      onSelect={selection.select}
      onMore={list.more}
      onBefore={list.before}
      windowStart={list.windowStart}
      onEdit={(row, field, value) => drafts.type([{ row, field, value }])}
      {...(takesWaybill ? { onPaste: drafts.paste } : {})}
      context={context}
    />
  );
}
