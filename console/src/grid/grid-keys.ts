import type { CellKeyDownEvent, GridApi, RowClickedEvent } from 'ag-grid-community';

/** The row where a range starts: the last one selected alone. */
const begun = new WeakMap<GridApi, number>();

function selectRange(api: GridApi, to: number): void {
  const from = begun.get(api) ?? to;
  const nodes = Array.from({ length: Math.abs(to - from) + 1 }, (_each, at) =>
    api.getDisplayedRowAtIndex(Math.min(from, to) + at),
  );
  api.setNodesSelected({ nodes: nodes.filter((node) => node !== undefined), newValue: true, source: 'spaceKey' });
}

/** Space selects a row (AG Grid does that), Shift+Space and Shift+arrows the rows between. True = the key was handled. */
export function rangeKeys<Row>({ api, event, rowIndex, node }: CellKeyDownEvent<Row>): boolean {
  if (!(event instanceof KeyboardEvent) || rowIndex === null) return false;
  if (event.key === ' ' && !event.shiftKey) begun.set(api, rowIndex);
  if (event.key === ' ' && event.shiftKey) {
    selectRange(api, rowIndex);
    return true;
  }
  if (!event.shiftKey || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return false;
  if (!node.isSelected()) begun.set(api, rowIndex);
  const next = rowIndex + (event.key === 'ArrowDown' ? 1 : -1);
  const focused = api.getFocusedCell();
  selectRange(api, rowIndex);
  if (next < 0 || next >= api.getDisplayedRowCount()) return true;
  selectRange(api, next);
  api.ensureIndexVisible(next);
  if (focused) api.setFocusedCell(next, focused.column);
  return true;
}

/** Shift+click anywhere in a row selects up to it, Ctrl+click adds it. */
export function rangeClick<Row>({ api, event, rowIndex, node }: RowClickedEvent<Row>): void {
  if (!(event instanceof MouseEvent) || rowIndex === null) return;
  const onCheckbox = event.target instanceof Element && event.target.closest('.ag-selection-checkbox, .ag-checkbox') !== null;
  if (onCheckbox || event.ctrlKey || event.metaKey) {
    if (!onCheckbox) api.setNodesSelected({ nodes: [node], newValue: !node.isSelected(), source: 'rowClicked' });
    if (!event.shiftKey) begun.set(api, rowIndex);
  } else if (event.shiftKey) selectRange(api, rowIndex);
}
