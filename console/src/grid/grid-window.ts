import type { GridApi } from 'ag-grid-community';

/** A visible row, and its distance from the top of the view. */
interface Anchor {
  id: string;
  offset: number;
}

const viewportOf = (box: HTMLElement) => box.querySelector<HTMLElement>('.ag-grid-viewport');

/** The first visible row. */
export function anchorOf<Row>(api: GridApi<Row>, box: HTMLElement): Anchor | null {
  const { top } = api.getVerticalPixelRange();
  const row = api.getDisplayedRowAtIndex(Math.ceil(top / api.getSizesForCurrentTheme().rowHeight));
  return row?.id === undefined || row.rowTop === null || !viewportOf(box) ? null : { id: row.id, offset: row.rowTop - top };
}

/** After rows were dropped or added above: scrolls so that the anchor row stays where it was. */
export function keepInView<Row>(api: GridApi<Row>, box: HTMLElement, { id, offset }: Anchor): void {
  const row = api.getRowNode(id);
  const viewport = viewportOf(box);
  if (row && row.rowTop !== null && viewport) viewport.scrollTop = row.rowTop - offset;
}

/**
 * Gives the grid its rows. While the user scrolls, rows are only removed at the top and added at the end; the grid then gets just
 * these changes, because otherwise it would compare every row.
 */
export function putRows<Row>(api: GridApi<Row>, before: Row[], rows: Row[]): void {
  const dropped = rows.length > 0 && rows[0] !== before[0] ? before.indexOf(rows[0] as Row) : 0;
  const kept = before.length - dropped;
  const isLonger = dropped >= 0 && kept > 0 && rows.length >= kept && before[before.length - 1] === rows[kept - 1];
  const isSame = isLonger && before.every((row, at) => at < dropped || rows[at - dropped] === row);
  if (isSame) api.applyTransaction({ remove: before.slice(0, dropped), add: rows.slice(kept) });
  else api.setGridOption('rowData', rows);
}

/** Longer than the grid's lock on the scrollbar that was scrolled last. */
const QUIET_MS = 200;

/**
 * On a busy machine the grid may mistake the echo of a scroll in its second scrollbar for the user's scroll, and ignore the next
 * real one, so that its rows lag behind. So its position is reported once more after scrolling has stopped. Returns how to stop.
 */
export function settleScroll(host: HTMLElement): () => void {
  const view = host.querySelector('.ag-grid-viewport');
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rest = () => view?.dispatchEvent(new Event('scroll'));
  const scrolled = (event: Event) => {
    if (!event.isTrusted) return;
    clearTimeout(timer);
    timer = setTimeout(rest, QUIET_MS);
  };
  view?.addEventListener('scroll', scrolled, { passive: true });
  return () => {
    clearTimeout(timer);
    view?.removeEventListener('scroll', scrolled);
  };
}
