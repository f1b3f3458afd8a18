import { AG_GRID_LOCALE_EN, AG_GRID_LOCALE_KR } from '@ag-grid-community/locale';
import type { CellKeyDownEvent, GridApi, GridOptions } from 'ag-grid-community';
import type { Language } from '../ui/language.ts';
import { nonce } from '../ui/nonce.ts';
import type { GridProps } from './grid.tsx';
import { saveLayout } from './grid-columns.tsx';
import { rangeClick, rangeKeys } from './grid-keys.ts';
import { defaults, densityNow, themeOf } from './grid-setup.ts';

const bySomebody = new Set([
  'checkboxSelected',
  'rowClicked',
  'spaceKey',
  'keyboardSelectAll',
  'uiSelectAll',
  'uiSelectAllFiltered',
]);

export const sortedBy = (api: GridApi): string | null => {
  const sorted = api.getColumnState().find(({ sort }) => sort);
  return sorted ? `${sorted.sort === 'desc' ? '-' : ''}${sorted.colId}` : null;
};

const selection: GridOptions = {
  rowSelection: { mode: 'multiRow', enableClickSelection: false, checkboxes: true, headerCheckbox: true, selectAll: 'filtered' },
  selectionColumnDef: { pinned: 'left', width: 36, suppressHeaderMenuButton: true, cellClass: 'check-cell' },
};

/** The grid's event handlers and options; `now` returns the current properties. */
export function optionsOf<Row>(now: () => GridProps<Row>, language: Language): GridOptions<Row> {
  const { name, label, rowId, selectable } = now();
  const keys = (cell: CellKeyDownEvent<Row>) => {
    const { event, data, api } = cell;
    if (!(event instanceof KeyboardEvent) || event.isComposing || api.getEditingCells().length > 0) return;
    if (selectable && rangeKeys(cell)) event.preventDefault();
    else if (event.key === 'Enter' && !event.ctrlKey && data && !cell.column.isCellEditable(cell.node)) {
      const jump = event.target instanceof Element ? event.target.querySelector<HTMLElement>('[data-jump]') : null;
      if (jump) jump.click();
      else now().onOpen?.(data);
    }
  };
  return {
    theme: themeOf(densityNow()),
    styleNonce: nonce,
    defaultColDef: defaults,
    ...(selectable ? selection : {}),
    localeText: language === 'ko' ? AG_GRID_LOCALE_KR : AG_GRID_LOCALE_EN,
    getRowId: ({ data }) => rowId(data),
    maintainColumnOrder: true,
    tooltipShowDelay: 400,
    suppressDragLeaveHidesColumns: true,
    stopEditingWhenCellsLoseFocus: true,
    enterNavigatesVerticallyAfterEdit: true,
    readOnlyEdit: true,
    animateRows: false,
    // Draws rows before they become visible, not a frame later.
    suppressAnimationFrame: true,
    rowBuffer: 10,
    noRowsOverlayComponent: class {
      private readonly text = Object.assign(document.createElement('span'), { className: 'no-rows' });
      init(): void {
        this.text.textContent = now().empty;
      }
      getGui(): HTMLElement {
        return this.text;
      }
    },
    onGridReady: ({ api }) => api.setGridAriaProperty('label', label),
    onColumnMoved: ({ finished, source, api }) => finished && source === 'uiColumnMoved' && saveLayout(api, name),
    onColumnResized: ({ finished, source, api }) => finished && source.startsWith('uiColumn') && saveLayout(api, name),
    onSelectionChanged: ({ api, source, selectedNodes }) => {
      if (!bySomebody.has(source)) return;
      // The grid sends this event late: by then its selection may have been set back to what the screen knew before.
      const selected = (selectedNodes ?? []).flatMap(({ data }) => data ?? []);
      now().onSelect?.({ selected, holds: (id) => api.getRowNode(id) !== undefined });
    },
    onRowClicked: (click) => selectable && rangeClick(click),
    onRowDoubleClicked: ({ data, event }) => {
      const inEditable = event?.target instanceof Element && event.target.closest('.editable, .check-cell');
      if (data && !inEditable) now().onOpen?.(data);
    },
    onCellKeyDown: (cell) => 'column' in cell && keys(cell),
    onCellEditRequest: ({ data, colDef, newValue }) => {
      if (colDef.field) now().onEdit?.(data, colDef.field, String(newValue ?? ''));
    },
    onSortChanged: ({ api, source }) => source === 'uiColumnSorted' && now().onSort?.(sortedBy(api)),
  };
}
