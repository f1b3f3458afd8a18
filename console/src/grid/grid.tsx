import { type ColDef, createGrid, type GridApi } from 'ag-grid-community';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { offerList, rowsHaveCome } from '../ui/focus-list.ts';
import { useLanguage } from '../ui/language.ts';
import { useComponentCells } from './grid-cells.tsx';
import { ColumnMenu, restoreLayout } from './grid-columns.tsx';
import { optionsOf, sortedBy } from './grid-options.ts';
import { type Pasted, pastedInto } from './grid-paste.ts';
import { beginning } from './grid-setup.ts';
import { anchorOf, keepInView, putRows, settleScroll } from './grid-window.ts';
import { markDrawn, markRows } from './open-rows.ts';
import type { Held } from './selection.ts';
import { useOpenRow } from './use-open-row.ts';

export interface GridProps<Row> {
  /** Name of the saved column layout. */
  name: string;
  rows: Row[];
  columns: ColDef<Row>[];
  rowId: (row: Row) => string;
  loading: boolean;
  empty: string;
  label: string;
  selectable?: boolean;
  /** Selected rows by id, including those the grid does not hold. */
  picked?: ReadonlyMap<string, Row>;
  /** Called when the user changes the selection. */
  onSelect?: (held: Held<Row>) => void;
  /** Called when the last rows are near. */
  onMore?: () => void;
  /** Called when the first rows are near. */
  onBefore?: () => void;
  /** Changes when rows are dropped or added above; the visible rows then stay in place. */
  windowStart?: string;
  onOpen?: (row: Row) => void;
  /** Called when the user edits a cell. */
  onEdit?: (row: Row, field: string, value: string) => void;
  /** Called when the user pastes a block of cells, wherever the cursor is outside of fields. */
  onPaste?: (pasted: Pasted<Row>) => void;
  /** What columns need besides the row; cells are redrawn when it changes. */
  context?: object;
  /** The list sorts on the server. */
  sort?: string;
  onSort?: (sort: string | null) => void;
}

/** The next rows are requested this many rows before the end; while the user does not scroll, only a screenful before it. */
const AHEAD = 450;
const AHEAD_AT_REST = 40;

function showSort(api: GridApi, sort: string | undefined): void {
  if (!sort || sortedBy(api) === sort) return;
  const state = [{ colId: sort.replace('-', ''), sort: sort.startsWith('-') ? ('desc' as const) : ('asc' as const) }];
  api.applyColumnState({ state, defaultState: { sort: null } });
}

function showSelection<Row>(api: GridApi<Row>, picked: ReadonlyMap<string, Row> | undefined): void {
  if (!picked) return;
  const missing = [...picked.keys()].flatMap((id) => api.getRowNode(id) ?? []).filter((node) => !node.isSelected());
  const wrong = api.getSelectedNodes().filter(({ id }) => id !== undefined && !picked.has(id));
  if (missing.length > 0) api.setNodesSelected({ nodes: missing, newValue: true, source: 'api' });
  if (wrong.length > 0) api.setNodesSelected({ nodes: wrong, newValue: false, source: 'api' });
}

/** Focuses the first visible row, and selects it if asked; false = there is none. */
function goToFirst<Row>(api: GridApi<Row> | null, select: boolean): boolean {
  const column = api?.getAllDisplayedColumns().find((each) => each.getColDef().headerName);
  const at = Math.max(0, api?.getFirstDisplayedRowIndex() ?? 0);
  const first = api?.getDisplayedRowAtIndex(at);
  if (!api || !column || !first) return false;
  api.ensureIndexVisible(at);
  api.setFocusedCell(at, column);
  if (select) api.setNodesSelected({ nodes: [first], newValue: true, source: 'spaceKey' });
  return true;
}

/** Focuses the row that was focused last, or the one that has taken its place; false = there is none. */
function goBack<Row>(api: GridApi<Row> | null): boolean {
  const cell = api?.getFocusedCell();
  const last = (api?.getDisplayedRowCount() ?? 0) - 1;
  if (!api || !cell || last < 0) return goToFirst(api, false);
  const at = Math.min(cell.rowIndex, last);
  api.ensureIndexVisible(at);
  api.setFocusedCell(at, cell.column);
  return true;
}

/** AG Grid as all lists use it: rows are added at the end, columns keep the user's layout. */
export function Grid<Row>(props: GridProps<Row>) {
  const { name, rows, columns, loading, picked, context, sort, windowStart = '' } = props;
  const language = useLanguage();
  const grid = useRef<GridApi<Row> | null>(null);
  const host = useRef<HTMLDivElement>(null);
  const now = useRef(props);
  now.current = props;
  const scrolled = useRef(false);
  const { portals, withComponents } = useComponentCells<Row>();
  const definitions = useMemo(() => columns.map(beginning).map(withComponents), [columns, withComponents]);
  const drawn = useRef({ rows, definitions, windowStart });

  useLayoutEffect(() => {
    if (!host.current) return;
    const near = (api: GridApi<Row>) => {
      const ahead = scrolled.current ? AHEAD : AHEAD_AT_REST;
      if (api.getLastDisplayedRowIndex() >= api.getDisplayedRowCount() - ahead) now.current.onMore?.();
      if (scrolled.current && api.getFirstDisplayedRowIndex() < AHEAD) now.current.onBefore?.();
    };
    const api = createGrid<Row>(host.current, {
      ...optionsOf(() => now.current, language),
      rowData: now.current.rows,
      columnDefs: drawn.current.definitions,
      loading: now.current.loading,
      context: now.current.context,
      processRowPostCreate: (drawn) => markDrawn(host.current, drawn),
      onModelUpdated: (event) => {
        near(event.api);
        rowsHaveCome();
      },
      onBodyScroll: (event) => {
        scrolled.current = true;
        near(event.api);
      },
    });
    restoreLayout(api, now.current.name);
    grid.current = api;
    rowsHaveCome();
    const stopSettling = settleScroll(host.current);
    return () => {
      stopSettling();
      grid.current = null;
      api.destroy();
    };
  }, [language]);

  // Before the rows, so that new ones are drawn once, with what stands in it now.
  useLayoutEffect(() => grid.current?.setGridOption('context', context), [context]);
  useLayoutEffect(() => {
    const api = grid.current;
    if (!api || !host.current) return;
    const before = drawn.current;
    drawn.current = { rows, definitions, windowStart };
    if (definitions !== before.definitions) api.setGridOption('columnDefs', definitions);
    if (rows === before.rows) return;
    // Rows were dropped or added above: the visible rows stay where they are.
    const anchor = windowStart === before.windowStart ? null : anchorOf(api, host.current);
    const isFocused = host.current.contains(document.activeElement);
    putRows(api, before.rows, rows);
    // The focused row has left the list: the keyboard goes on at the next one.
    if (isFocused && !host.current.contains(document.activeElement)) goBack(api);
    if (anchor) keepInView(api, host.current, anchor);
  }, [rows, definitions, windowStart]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: cells are drawn again when what they show has changed
  useLayoutEffect(() => grid.current?.refreshCells(), [context]);
  useLayoutEffect(() => grid.current?.setGridOption('loading', loading), [loading]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the grid is created again when the language changes
  useEffect(() => {
    if (grid.current) showSort(grid.current, sort);
  }, [sort, language]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the selection must also be shown when rows arrive
  useEffect(() => {
    if (grid.current) showSelection(grid.current, picked);
  }, [picked, rows, language]);
  useEffect(() => {
    const first = (select: boolean) => goToFirst(grid.current, select);
    return offerList({ first, back: () => goBack(grid.current), leave: () => grid.current?.stopEditing() });
  }, []);
  useOpenRow({
    rows,
    rowId: props.rowId,
    onMore: props.onMore,
    mark: (ids) => host.current && markRows(host.current, ids),
    show: (_row, at) => grid.current?.ensureIndexVisible(at),
  });

  // A paste with numbers says itself where it goes, so the grid need not have the focus.
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const { onPaste } = now.current;
      const at = event.target instanceof Element ? event.target : null;
      if (!grid.current || !onPaste || at?.closest('input, textarea, select, [contenteditable], [role=dialog]')) return;
      if (document.querySelector('[role=dialog]')) return;
      event.preventDefault();
      onPaste(pastedInto(grid.current, event.clipboardData?.getData('text') ?? ''));
    };
    addEventListener('paste', paste);
    return () => removeEventListener('paste', paste);
  }, []);

  return (
    <div className="grid" data-grid={name}>
      <ColumnMenu api={() => grid.current} list={name} />
      <div className="grid-host" ref={host} />
      {portals}
    </div>
  );
}
