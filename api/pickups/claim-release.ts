import { linesOfOrder } from '../../db/deliveries/find.ts';
import { type DeliveryLineRow, toDeliveryLine } from '../../db/deliveries/row.ts';
import { type ClaimRow, deleteReleased, takeLeftClaims } from '../../db/pickups/claims.ts';
import type { StoredRequest } from '../../requests/store.ts';
import { commandLines } from '../deliveries/line-commands.ts';
import type { ApiDeps } from '../http/deps.ts';

const SWEEP_BATCH = 16;
/** An execution sends nothing more after its time-out; so much later all it sent has arrived at its lines, or never will. */
const MARGIN_MS = 20_000;

/**
 * Releases what a claim holds on these lines. A line without a reservation has nothing to release. False when an outcome is not known
 * yet.
 */
export async function releaseAll(
  deps: ApiDeps,
  driver: StoredRequest,
  claim: ClaimRow,
  lines: DeliveryLineRow[],
): Promise<boolean> {
  const targets = lines.flatMap((row) => {
    const { delivery_no: deliveryNo, line_no: lineNo } = row;
    const pickupNo = claim.pickup_nos[deliveryNo];
    return pickupNo === undefined ? [] : [{ deliveryNo, lineNo, row, input: { pickupNo } }];
  });
  const results = await commandLines(deps, driver, 'release-claim', 'machine', targets);
  return results.every(({ error }) => error?.code !== 'COMMAND_PENDING');
}

/** Releases the reserved quantities. Then the claimNo is free again. */
export async function giveBack(
  deps: ApiDeps,
  driver: StoredRequest,
  claim: ClaimRow,
  lines: DeliveryLineRow[],
): Promise<boolean> {
  const released = await releaseAll(deps, driver, claim, lines);
  if (released) await deleteReleased(deps.db.query, claim);
  return released;
}

/** A line that may hold a reservation, also one that is only on its way to the row: it stands in the line's queue before the release. */
const mayHold = ({ state, finished_at }: DeliveryLineRow) =>
  finished_at === null && (state === 'shipped' || state === 'delivered');

const holds = (claim: ClaimRow, row: DeliveryLineRow) =>
  toDeliveryLine(row).claims[claim.pickup_nos[row.delivery_no] ?? '']?.status === 'reserved';

/** Gives one claim back under an id of its own: an earlier release may have been answered before a reservation came. */
async function giveLeftBack(deps: ApiDeps, claim: ClaimRow): Promise<boolean> {
  const { db, log } = deps;
  const requestId = claim.request_id;
  const driver: StoredRequest = {
    id: `${requestId}-left-${claim.driven_at.getTime()}`,
    sub: '',
    operation: 'claim',
    params: {},
    body: null,
    reason: null,
    respondAsync: false,
    traceId: requestId,
    attempts: 2,
    unended: 1,
    outcomes: new Map(),
  };
  const told = { requestId, pickupNos: Object.values(claim.pickup_nos) };
  const lines = (await linesOfOrder(db.query, claim.order_no)).filter(mayHold);
  const released = await releaseAll(deps, driver, claim, lines);
  const kept = (await linesOfOrder(db.query, claim.order_no)).filter((row) => holds(claim, row));
  if (!released || kept.length > 0) {
    log.error({ ...told, lineNos: kept.map((row) => row.line_no) }, 'a claim that nobody opens could not be given back yet');
    return false;
  }
  await deleteReleased(db.query, claim);
  log.warn(told, 'a claim that nobody opens any more was given back: its lines can be claimed again');
  return true;
}

/**
 * Gives back claims that were broken off between their reservations and their pickups, when their request is answered (it failed or
 * was given up) or gone. Returns how many it tried; one that fails is due again later.
 */
export async function sweepClaims(deps: ApiDeps): Promise<number> {
  const { COMMAND_TIMEOUT_MS, REQUEST_SWEEP_AFTER_MS } = deps.config;
  const afterMs = Math.max(REQUEST_SWEEP_AFTER_MS, COMMAND_TIMEOUT_MS + MARGIN_MS);
  const claims = await takeLeftClaims(deps.db.query, afterMs, SWEEP_BATCH);
  const results = await Promise.allSettled(claims.map((claim) => giveLeftBack(deps, claim)));
  deps.metrics.swept.inc({ kind: 'claim' }, results.filter((each) => each.status === 'fulfilled' && each.value).length);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return claims.length;
}
