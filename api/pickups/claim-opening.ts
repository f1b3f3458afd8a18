import { startPickups } from '../../commands/start.ts';
import { timeLimit } from '../../commands/time-limit.ts';
import { linesOfOrder } from '../../db/deliveries/find.ts';
import { type DeliveryLineRow, toDeliveryLine } from '../../db/deliveries/row.ts';
import { acceptedClaim, claimHash, noteClaim, takeClaim } from '../../db/pickups/claim-intake.ts';
import { type ClaimRow, driveClaim, findClaim, markReleasing } from '../../db/pickups/claims.ts';
import { pickupsToStart } from '../../db/pickups/find.ts';
import { lineHistory } from '../../db/record/history.ts';
import { claimableQuantity } from '../../domain/deliveries/line.ts';
import type { Claim } from '../../domain/pickups/claim.ts';
import { Problem } from '../../domain/problems.ts';
import { textsAsSent } from '../../domain/text.ts';
import type { Answer, StoredRequest } from '../../requests/store.ts';
import { commandLines, type Target } from '../deliveries/line-commands.ts';
import type { ApiDeps } from '../http/deps.ts';
import { giveBack, releaseAll } from './claim-release.ts';

/**
 * Reserves every quantity on its line, then writes the pickups, then starts them; after a refusal, releases the others first. The
 * claim's row records the progress, and the client (under any key) or the sweep can repeat every step, under the claim's own
 * request id.
 */
export async function openClaim(deps: ApiDeps, request: StoredRequest, body: Claim): Promise<Answer> {
  const { db } = deps;
  const lines = await linesOfOrder(db.query, body.orderNo);
  const known = await findClaim(db.query, body.claimNo);
  if (!known) {
    // This request reserved, was refused and gave back before; only its answer was lost.
    if ((await lineHistory.ofRequest(db.query, request.id, 'release-claim')).size > 0) throw noneLeft();
    refuseEarly(body, lines);
    await noteClaim(db.query, request.id, body, lines);
  }
  const claim = known ?? (await findClaim(db.query, body.claimNo));
  if (!claim) throw new Problem('COMMAND_PENDING');
  // A claim that was opened before texts were cleaned is known by the hash of what was sent.
  const hashes = [claimHash(body), claimHash(textsAsSent(body, request.body))];
  if (!hashes.includes(claim.body_hash)) throw new Problem('CLAIM_EXISTS');
  const ours = claim.request_id === request.id;
  const concerned = lines.filter((line) => body.items.some(({ lineNo }) => lineNo === line.line_no));
  // The caller is told of the claim as a whole, so no step's outcome is final: another execution may have given it all back.
  const driver = { ...request, id: claim.request_id, attempts: ours ? request.attempts : 2, outcomes: new Map() };
  if (claim.status === 'releasing') {
    const isGiven = await giveBack(deps, driver, claim, concerned);
    // A claim that was given back for another request says nothing of this one: its next execution opens it anew.
    throw ours && isGiven ? noneLeft() : new Problem('COMMAND_PENDING');
  }
  if (claim.status === 'reserving') {
    if (!(await driveClaim(db.query, claim))) throw new Problem('COMMAND_PENDING');
    const results = await commandLines(deps, driver, 'reserve-claim', 'machine', targets(body, claim, lines));
    if (results.some(({ error }) => error?.code === 'COMMAND_PENDING')) throw new Problem('COMMAND_PENDING');
    if (results.some(({ ok }) => !ok)) {
      // Another execution has opened it, or gives it back: the next one finds out.
      if (!(await markReleasing(db.query, claim))) throw new Problem('COMMAND_PENDING');
      throw (await giveBack(deps, driver, claim, concerned)) ? noneLeft() : new Problem('COMMAND_PENDING');
    }
    const written = await db.transaction((query) => takeClaim(query, driver, body, claim, new Date()));
    if (!written) {
      // It was given back meanwhile, and what this execution reserved may have come after that. The next one starts again.
      await releaseAll(deps, { ...driver, id: `${request.id}-late` }, claim, concerned);
      throw new Problem('COMMAND_PENDING');
    }
  }
  await startAll(deps, request, body.claimNo);
  return { status: ours ? 201 : 200, body: await acceptedClaim(db.query, body.claimNo), final: true };
}

/** Refuses what the rows already show to be impossible, before anything is written; the workflows decide the rest. */
function refuseEarly(body: Claim, lines: DeliveryLineRow[]): void {
  if (lines.length === 0) throw new Problem('ORDER_NOT_FOUND');
  for (const [at, { lineNo, quantity }] of body.items.entries()) {
    const row = lines.find((line) => line.line_no === lineNo);
    const path = `items.${at}.lineNo`;
    if (!row)
      throw new Problem('LINE_NOT_FOUND', `${lineNo}번 줄이 주문에 없습니다`, {
        errors: [{ path, message: '주문에 없는 줄입니다' }],
      });
    const line = toDeliveryLine(row);
    const left =
      line.finishedAt === null && (line.state === 'shipped' || line.state === 'delivered') ? claimableQuantity(line) : 0;
    if (quantity > left) throw notClaimable([{ path, message: `${lineNo}번 줄에서 반품·교환할 수 있는 수량은 ${left}개입니다` }]);
  }
}

const notClaimable = (errors: { path: string; message: string }[]) =>
  new Problem('NOT_CLAIMABLE', errors[0]?.message, { errors });

const noneLeft = () => notClaimable([{ path: 'items', message: '반품·교환할 수 있는 수량이 남아 있지 않습니다' }]);

function targets(body: Claim, claim: ClaimRow, lines: DeliveryLineRow[]): Target[] {
  return body.items.map(({ lineNo, quantity }) => {
    const row = lines.find((line) => line.line_no === lineNo);
    const deliveryNo = row?.delivery_no ?? '';
    return { deliveryNo, lineNo, row, input: { pickupNo: claim.pickup_nos[deliveryNo], quantity } };
  });
}

/** Starts every pickup's workflow before answering; if Temporal is away, the sweep starts them. */
async function startAll(deps: ApiDeps, request: StoredRequest, claimNo: string): Promise<void> {
  const rows = await pickupsToStart(deps.db.query, claimNo);
  if (rows.length === 0) return;
  const time = timeLimit(deps.config.COMMAND_TIMEOUT_MS);
  try {
    await time.run(deps.temporal, () => startPickups(deps, rows));
  } catch (error) {
    deps.log.warn({ reqId: request.traceId, claimNo, err: error }, 'a claim waits for its workflows');
    throw new Problem('COMMAND_PENDING');
  } finally {
    time.clear();
  }
}
