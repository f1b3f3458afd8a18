import { AG_GRID_LOCALE_EN, AG_GRID_LOCALE_KR } from '@ag-grid-community/locale';
import {
  CellStyleModule,
  ClientSideRowModelModule,
  type ColDef,
  ColumnApiModule,
  type GridApi,
  LocaleModule,
  ModuleRegistry,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  RowStyleModule,
  ScrollApiModule,
  SelectEditorModule,
  TextEditorModule,
  TooltipModule,
  themeQuartz,
} from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { useCallback, useMemo, useRef } from 'react';
import { nonce } from './nonce.ts';
import { useLanguage } from './texts.ts';

ModuleRegistry.registerModules([
  CellStyleModule,
  ClientSideRowModelModule,
  ColumnApiModule,
  LocaleModule,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  RowStyleModule,
  ScrollApiModule,
  SelectEditorModule,
  TextEditorModule,
  TooltipModule,
]);

const theme = themeQuartz.withParams({
  fontFamily: 'inherit',
  fontSize: 13,
  rowHeight: 34,
  headerHeight: 34,
  spacing: 5,
  accentColor: '#1d4ed8',
  borderColor: '#e2e8f0',
  headerBackgroundColor: '#f8fafc',
  headerTextColor: '#475569',
  wrapperBorder: false,
  wrapperBorderRadius: 0,
});

export interface GridProps<Row> {
  /** Of the saved column layout. */
  name: string;
  rows: Row[];
  columns: ColDef<Row>[];
  rowId: (row: Row) => string;
  loading: boolean;
  empty: string;
  label: string;
  selectable?: boolean;
  /** Called with every change of what is selected. */
  onSelect?: (rows: Row[]) => void;
  /** The last rows are near. */
  onMore?: () => void;
  onOpen?: (row: Row) => void;
  /** A cell was typed into. */
  onEdit?: (row: Row, field: string, value: string) => void;
  /** A block of cells was pasted, from the focused cell on. */
  onPaste?: (cells: { row: Row; field: string; value: string }[]) => void;
  /** Sorting is the list's own, on the server. */
  onSort?: (sort: string | null) => void;
  rowClass?: (row: Row) => string | undefined;
}

const NEAR = 60;

/** AG Grid as all lists use it: rows grow at the end, columns keep the layout that somebody gave them. */
export function Grid<Row>(props: GridProps<Row>) {
  const {
    name,
    rows,
    columns,
    rowId,
    loading,
    empty,
    label,
    selectable = false,
    onSelect,
    onMore,
    onOpen,
    onEdit,
    onPaste,
    onSort,
    rowClass,
  } = props;
  const language = useLanguage();
  const grid = useRef<GridApi<Row> | null>(null);
  const layout = `console.columns.${name}`;
  const saveLayout = useCallback(() => {
    const state = grid.current?.getColumnState().map(({ sort: _sort, sortIndex: _index, ...column }) => column);
    if (state) localStorage.setItem(layout, JSON.stringify(state));
  }, [layout]);

  const near = useCallback(() => {
    const api = grid.current;
    if (api && onMore && api.getLastDisplayedRowIndex() >= api.getDisplayedRowCount() - NEAR) onMore();
  }, [onMore]);

  const paste = useCallback(
    (event: React.ClipboardEvent) => {
      const api = grid.current;
      const cell = api?.getFocusedCell();
      if (!api || !cell || !onPaste || event.target instanceof HTMLInputElement) return;
      const from = api.getAllDisplayedColumns();
      const first = from.indexOf(cell.column);
      const block = event.clipboardData
        .getData('text')
        .replace(/\r?\n$/, '')
        .split(/\r?\n/);
      const cells = block.flatMap((text, down) => {
        const row = api.getDisplayedRowAtIndex(cell.rowIndex + down)?.data;
        if (!row) return [];
        return text.split('\t').flatMap((value, right) => {
          const column = from[first + right];
          const field = column?.getColDef().field;
          return field && column?.getColDef().editable ? [{ row, field, value: value.trim() }] : [];
        });
      });
      if (cells.length === 0) return;
      event.preventDefault();
      onPaste(cells);
    },
    [onPaste],
  );

  const defaults = useMemo<ColDef<Row>>(
    () => ({
      sortable: false,
      resizable: true,
      suppressMovable: false,
      comparator: () => 0,
      tooltipValueGetter: ({ value }) => (typeof value === 'string' && value.length > 18 ? value : null),
    }),
    [],
  );
  const locale = useMemo(
    () => ({ ...(language === 'ko' ? AG_GRID_LOCALE_KR : AG_GRID_LOCALE_EN), noRowsToShow: empty }),
    [language, empty],
  );

  return (
    <div className="grid" onPaste={paste} data-grid={name}>
      <AgGridReact<Row>
        key={language}
        theme={theme}
        styleNonce={nonce}
        containerStyle={{ height: '100%' }}
        rowData={rows}
        columnDefs={columns}
        defaultColDef={defaults}
        getRowId={({ data }) => rowId(data)}
        loading={loading}
        localeText={locale}
        tooltipShowDelay={400}
        suppressDragLeaveHidesColumns
        singleClickEdit={false}
        stopEditingWhenCellsLoseFocus
        enterNavigatesVertically
        enterNavigatesVerticallyAfterEdit
        readOnlyEdit
        rowBuffer={20}
        {...(selectable
          ? {
              rowSelection: {
                mode: 'multiRow',
                enableClickSelection: false,
                checkboxes: true,
                headerCheckbox: true,
                selectAll: 'filtered',
              } as const,
            }
          : {})}
        selectionColumnDef={{ pinned: 'left', width: 44, suppressHeaderMenuButton: true }}
        getRowClass={({ data }) => (data && rowClass ? rowClass(data) : undefined)}
        onGridReady={({ api }) => {
          grid.current = api;
          api.setGridAriaProperty('label', label);
          const saved = localStorage.getItem(layout);
          if (saved) api.applyColumnState({ state: JSON.parse(saved), applyOrder: true });
        }}
        onColumnMoved={({ finished }) => finished && saveLayout()}
        onColumnResized={({ finished, source }) => finished && source !== 'api' && saveLayout()}
        onModelUpdated={near}
        onBodyScroll={near}
        onSelectionChanged={({ api }) => onSelect?.(api.getSelectedRows())}
        onRowDoubleClicked={({ data, event }) => {
          const inEditable = event?.target instanceof Element && event.target.closest('.editable');
          if (data && !inEditable) onOpen?.(data);
        }}
        onCellKeyDown={({ event, data, api }) => {
          if (!(event instanceof KeyboardEvent) || event.isComposing) return;
          if (
            event.key === 'Enter' &&
            data &&
            !api.getFocusedCell()?.column.getColDef().editable &&
            api.getEditingCells().length === 0
          )
            onOpen?.(data);
        }}
        onCellEditRequest={({ data, colDef, newValue }) => colDef.field && onEdit?.(data, colDef.field, String(newValue ?? ''))}
        onSortChanged={({ api }) => {
          const sorted = api.getColumnState().find(({ sort }) => sort);
          onSort?.(sorted ? `${sorted.sort === 'desc' ? '-' : ''}${sorted.colId}` : null);
        }}
      />
    </div>
  );
}
