import { parseArgs } from 'node:util';

/** What the operator wants of `npm run rebuild`. */
export interface RebuildOrder {
  dryRun: boolean;
  /** Only rows written at or after this time; absent = all. */
  changedSince: Date | undefined;
}

export const USAGE = `npm run rebuild -- [--dry-run] [--changed-since 2026-11-28T18:00:00+09:00]
--dry-run only looks; --changed-since takes an instant with its zone (Z or +09:00) that is over, and looks only at rows written since.`;

/**
 * The command line as an order; null when it is none. Without a zone an instant would be this machine's, nine hours beside what
 * somebody in Korea means, and with one to come no row would be looked at: both would pass for a clean rebuild.
 */
export function orderOf(args: string[], now: number): RebuildOrder | null {
  try {
    const { values } = parseArgs({
      args,
      options: { 'dry-run': { type: 'boolean', default: false }, 'changed-since': { type: 'string' } },
    });
    const { 'dry-run': dryRun, 'changed-since': since } = values;
    if (since === undefined) return { dryRun, changedSince: undefined };
    const changedSince = new Date(since);
    const isInstant = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(since);
    return isInstant && changedSince.getTime() <= now ? { dryRun, changedSince } : null;
  } catch {
    return null;
  }
}
