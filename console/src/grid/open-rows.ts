import type { ProcessRowParams } from 'ag-grid-community';

const marked = new WeakMap<HTMLElement, ReadonlySet<string>>();

const mark = (row: HTMLElement, isOpen: boolean) =>
  isOpen ? row.setAttribute('aria-current', 'true') : row.removeAttribute('aria-current');

/** Marks these rows as the open ones, in place: the grid would draw them again and lose what has the focus. */
export function markRows(host: HTMLElement, ids: ReadonlySet<string>): void {
  marked.set(host, ids);
  for (const row of host.querySelectorAll<HTMLElement>('.ag-row')) mark(row, ids.has(row.getAttribute('row-id') ?? ''));
}

/** The same for a row that the grid has just drawn. */
export function markDrawn(host: HTMLElement | null, { node, eRow, ePinnedLeftRow }: ProcessRowParams): void {
  const isOpen = host !== null && (marked.get(host)?.has(node.id ?? '') ?? false);
  if (isOpen) for (const part of [eRow, ePinnedLeftRow]) if (part) mark(part, true);
}
