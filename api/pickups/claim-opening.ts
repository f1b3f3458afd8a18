import { startPickups } from '../../commands/start.ts';
import { timeLimit } from '../../commands/time-limit.ts';
import { linesOfOrder } from '../../db/deliveries/find.ts';
import { type DeliveryLineRow, partsOfLine, rowOfLine, toDeliveryLine } from '../../db/deliveries/row.ts';
import { acceptedClaim, claimHash, keptShares, noteClaim, sharesOf, takeClaim } from '../../db/pickups/claim-intake.ts';
import { type ClaimRow, driveClaim, findClaim, markReleasing } from '../../db/pickups/claims.ts';
import { pickupsToStart } from '../../db/pickups/find.ts';
import { lineHistory } from '../../db/record/history.ts';
import type { Query } from '../../db/statement.ts';
import { claimOrder, giveableQuantity, type Share } from '../../domain/deliveries/spread.ts';
import type { Claim } from '../../domain/pickups/claim.ts';
import { Problem } from '../../domain/problems.ts';
import { textsAsSent } from '../../domain/text.ts';
import type { Answer, StoredRequest } from '../../requests/store.ts';
import { commandLines } from '../deliveries/line-commands.ts';
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
    await noteClaim(db.query, request.id, body, sharesNow(body, lines));
  }
  const claim = known ?? (await findClaim(db.query, body.claimNo));
  if (!claim) throw new Problem('COMMAND_PENDING');
  // A claim that was opened before texts were cleaned is known by the hash of what was sent.
  const hashes = [claimHash(body), claimHash(textsAsSent(body, request.body))];
  if (!hashes.includes(claim.body_hash)) throw new Problem('CLAIM_EXISTS');
  const ours = claim.request_id === request.id;
  const shares = keptShares(claim, body, lines);
  const concerned = shares.flatMap((share) => rowOfLine(lines, share) ?? []);
  // The caller is told of the claim as a whole, so no step's outcome is final: another execution may have given it all back.
  const driver = { ...request, id: claim.request_id, attempts: ours ? request.attempts : 2, outcomes: new Map() };
  if (claim.status === 'releasing') {
    const isGiven = await giveBack(deps, driver, claim, concerned);
    // A claim that was given back for another request says nothing of this one: its next execution opens it anew.
    throw ours && isGiven ? noneLeft() : new Problem('COMMAND_PENDING');
  }
  if (claim.status === 'reserving' && (await isDriven(db.query, claim))) {
    const results = await commandLines(
      deps,
      driver,
      'reserve-claim',
      'machine',
      shares.map(({ deliveryNo, lineNo, quantity }) => ({
        deliveryNo,
        lineNo,
        row: rowOfLine(lines, { deliveryNo, lineNo }),
        input: { pickupNo: claim.pickup_nos[deliveryNo], quantity },
      })),
    );
    if (results.some(({ error }) => error?.code === 'COMMAND_PENDING')) throw new Problem('COMMAND_PENDING');
    if (results.some(({ ok }) => !ok)) {
      // Another execution has opened it, or gives it back: the next one finds out.
      if (!(await markReleasing(db.query, claim))) throw new Problem('COMMAND_PENDING');
      const isGiven = await giveBack(deps, driver, claim, concerned);
      throw isGiven ? takenMeanwhile(body, await linesOfOrder(db.query, body.orderNo)) : new Problem('COMMAND_PENDING');
    }
    const written = await db.transaction((query) => takeClaim(query, driver, body, claim, shares, new Date()));
    if (!written) {
      // It was given back meanwhile, and what this execution reserved may have come after that. The next one starts again.
      await releaseAll(deps, { ...driver, id: `${request.id}-late` }, claim, concerned);
      throw new Problem('COMMAND_PENDING');
    }
  }
  await startAll(deps, request, body.claimNo);
  return { status: ours ? 201 : 200, body: await acceptedClaim(db.query, body.claimNo), final: true };
}

/** Which lines and parts give what; refuses what the rows already show to be impossible. The workflows decide the rest. */
function sharesNow(body: Claim, lines: DeliveryLineRow[]): Share[] {
  if (lines.length === 0) throw new Problem('ORDER_NOT_FOUND');
  return body.items.flatMap((item, at) => {
    const { lineNo } = item;
    const parts = partsOfLine(lines, lineNo);
    const path = `items.${at}.lineNo`;
    if (parts.length === 0)
      throw new Problem('LINE_NOT_FOUND', `${lineNo}번 줄이 주문에 없습니다`, {
        errors: [{ path, message: '주문에 없는 줄입니다' }],
      });
    const shares = sharesOf(item, lines);
    if (shares) return shares;
    const left = giveableQuantity(parts.map(toDeliveryLine), claimOrder);
    throw notClaimable([{ path, message: `${lineNo}번 줄에서 반품·교환할 수 있는 수량은 ${left}개입니다` }]);
  });
}

const notClaimable = (errors: { path: string; message: string }[]) =>
  new Problem('NOT_CLAIMABLE', errors[0]?.message, { errors });

const noneLeft = () => notClaimable([{ path: 'items', message: '반품·교환할 수 있는 수량이 남아 있지 않습니다' }]);

/** Whether this execution is to open the claim; false = another has done so in this moment. */
async function isDriven(query: Query, claim: ClaimRow): Promise<boolean> {
  if (await driveClaim(query, claim)) return true;
  const now = await findClaim(query, claim.claim_no);
  if (now?.status !== 'open' || now.body_hash !== claim.body_hash) throw new Problem('COMMAND_PENDING');
  return false;
}

/** Another claim was quicker: with what is left this one may be sent anew, or there is too little. */
const takenMeanwhile = (body: Claim, lines: DeliveryLineRow[]) =>
  body.items.every((item) => sharesOf(item, lines))
    ? notClaimable([{ path: 'items', message: '다른 접수가 같은 수량을 먼저 잡았습니다. 남은 수량으로 다시 접수해 주세요' }])
    : noneLeft();

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
