import type { GridApi } from 'ag-grid-community';

/** A row one looks at, and how far it stands from the top of the view. */
interface Anchor {
  id: string;
  offset: number;
}

const viewportOf = (box: HTMLElement) => box.querySelector<HTMLElement>('.ag-grid-viewport');

/** What stands first in the view. */
export function anchorOf<Row>(api: GridApi<Row>, box: HTMLElement): Anchor | null {
  const { top } = api.getVerticalPixelRange();
  const row = api.getDisplayedRowAtIndex(Math.ceil(top / api.getSizesForCurrentTheme().rowHeight));
  return row?.id === undefined || row.rowTop === null || !viewportOf(box) ? null : { id: row.id, offset: row.rowTop - top };
}

/** Rows have been dropped or added above: what one looks at stays where it is. */
export function keepInView<Row>(api: GridApi<Row>, box: HTMLElement, { id, offset }: Anchor): void {
  const row = api.getRowNode(id);
  const viewport = viewportOf(box);
  if (row && row.rowTop !== null && viewport) viewport.scrollTop = row.rowTop - offset;
}

/**
 * Gives the grid its rows. While one scrolls, rows only go at the top and come at the end: the grid is told just these, as it
 * would look at every row otherwise.
 */
export function putRows<Row>(api: GridApi<Row>, before: Row[], rows: Row[]): void {
  const dropped = rows.length > 0 && rows[0] !== before[0] ? before.indexOf(rows[0] as Row) : 0;
  const kept = before.length - dropped;
  const isLonger = dropped >= 0 && kept > 0 && rows.length >= kept && before[before.length - 1] === rows[kept - 1];
  const isSame = isLonger && before.every((row, at) => at < dropped || rows[at - dropped] === row);
  if (isSame) api.applyTransaction({ remove: before.slice(0, dropped), add: rows.slice(kept) });
  else api.setGridOption('rowData', rows);
}

/** Longer than the grid takes one of its scrollbars for the one that leads. */
const QUIET_MS = 200;

/**
 * On a busy machine the grid may take the echo of a scroll in its second scrollbar for somebody's own, and pass over the next real
 * one: its rows stay behind. So when scrolling has come to rest it is told once more where it stands. Returns how to stop.
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
