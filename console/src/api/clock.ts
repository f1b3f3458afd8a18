/** How far the server's clock is ahead of this machine's, as its last answer said; a machine's own may be wrong by hours. */
let aheadMs = 0;

/** Called with the `Date` of every answer. */
export function heardDate(date: string | null, now = Date.now()): void {
  const at = Date.parse(date ?? '');
  if (!Number.isNaN(at)) aheadMs = at - now;
}

/** What time it is at the server, to about a second. */
export const serverNow = (): number => Date.now() + aheadMs;
