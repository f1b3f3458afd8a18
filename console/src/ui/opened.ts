/** What may be open beside a list, each under its own name in the address. */
export const openKinds = ['delivery', 'pickup', 'order'] as const;
export type OpenKind = (typeof openKinds)[number];
export interface Opened {
  kind: OpenKind;
  no: string;
}

/** The detail that this address opens. */
export function openedIn(search: URLSearchParams): Opened | null {
  for (const kind of openKinds) {
    const no = search.get(kind);
    if (no) return { kind, no };
  }
  return null;
}

/** The same address with this detail open, and no other; null = none. */
export function withOpened(search: URLSearchParams, opened: Opened | null): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const kind of openKinds) next.delete(kind);
  if (opened) next.set(opened.kind, opened.no);
  return next;
}

/** Where a detail is by itself, for links: the panel catches a plain click on `data-open`, and the rest is the browser's. */
export function linkTo({ kind, no }: Opened): { href: string; kind: OpenKind; no: string } {
  const number = encodeURIComponent(no);
  const href =
    kind === 'order'
      ? `/orders/${number}`
      : kind === 'delivery'
        ? `/deliveries?delivery=${number}`
        : `/pickups/all?pickup=${number}`;
  return { href, kind, no };
}

/** Where a batch of work (작업차수) is by itself. */
export const batchHref = (no: number): string => `/work-batches?batch=${no}`;
