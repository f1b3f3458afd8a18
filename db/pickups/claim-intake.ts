import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { numberOf } from '../../domain/korea.ts';
import type { Claim } from '../../domain/pickups/claim.ts';
import { collectionFee } from '../../domain/shipping/bundle-fee.ts';
import { postalAreaOf } from '../../domain/shipping/postal-areas.ts';
import { orderFee, withQuantities } from '../../domain/shipping/shipping-fee.ts';
import type { DeliveryLineRow } from '../deliveries/row.ts';
import { findOrderFees } from '../shipping/terms.ts';
import type { Query } from '../statement.ts';
import { type ClaimRow, findClaim, insertClaim, markOpen, pickupsAsAccepted } from './claims.ts';
import { zipCodesOf } from './find.ts';
import { drawNumbers, insertHistory, insertItems, insertPickups, type ReturnFee, updateReturnFees } from './write.ts';

/** The hash of a claim's content: the same body is the same claim, read or as it was sent. */
export const claimHash = (body: unknown): string => createHash('sha256').update(JSON.stringify(body)).digest('hex');

/** Writes the claim with a pickup number for each delivery concerned, before any quantity is reserved. */
export async function noteClaim(query: Query, requestId: string, body: Claim, lines: DeliveryLineRow[]): Promise<void> {
  const concerned = lines.filter((line) => body.items.some(({ lineNo }) => lineNo === line.line_no));
  const deliveryNos = [...new Set(concerned.map((line) => line.delivery_no))].sort();
  const numbers = await drawNumbers(query, deliveryNos.length);
  const now = new Date();
  await insertClaim(query, {
    claim_no: body.claimNo,
    order_no: body.orderNo,
    kind: body.kind,
    body_hash: claimHash(body),
    request_id: requestId,
    pickup_nos: Object.fromEntries(deliveryNos.map((each, at) => [each, numberOf('P', numbers[at] ?? 0, now)])),
  });
}

/** Writes the pickups of a claim whose quantities are all reserved; false when it is given back, or is another by now. */
export async function takeClaim(
  query: Query,
  request: { id: string; sub: string },
  body: Claim,
  claim: ClaimRow,
  now: Date,
): Promise<boolean> {
  if (!(await markOpen(query, claim))) {
    const found = await findClaim(query, body.claimNo);
    return found?.status === 'open' && isDeepStrictEqual(found.pickup_nos, claim.pickup_nos);
  }
  await insertPickups(query, body, claim.pickup_nos, now);
  await insertItems(query, body, claim.pickup_nos);
  await updateReturnFees(query, await returnFeesOf(query, body, claim));
  await insertHistory(query, body.claimNo, request, now);
  return true;
}

/**
 * The cost of each pickup of a claim, under the terms its delivery was ordered with: collecting once from its address, and the
 * order's shipping fee without and with the return.
 */
async function returnFeesOf(query: Query, body: Claim, claim: ClaimRow): Promise<ReturnFee[]> {
  const { deliveries, lines } = await findOrderFees(query, body.orderNo);
  const pickups = await zipCodesOf(query, body.claimNo);
  const before = orderFee(deliveries, lines);
  return deliveries.flatMap(({ deliveryNo, terms }) => {
    const pickup = pickups.find((each) => each.pickup_no === claim.pickup_nos[deliveryNo]);
    if (!pickup || !terms) return [];
    const back = body.items.filter(({ lineNo }) =>
      lines.some((each) => each.lineNo === lineNo && each.deliveryNo === deliveryNo),
    );
    const left = withQuantities(
      lines,
      back.map(({ lineNo, quantity }) => ({ lineNo, by: -quantity })),
    );
    return [
      {
        pickup_no: pickup.pickup_no,
        collection_fee: collectionFee(terms, postalAreaOf(pickup.pickup_zip_code)),
        fee_before: before,
        fee_after: orderFee(deliveries, left),
      },
    ];
  });
}

/** The answer of an accepted claim. */
export async function acceptedClaim(query: Query, claimNo: string) {
  const pickups = (await pickupsAsAccepted(query, claimNo)).map(({ pickup_no, original_delivery_no, items }) => ({
    pickupNo: pickup_no,
    deliveryNo: original_delivery_no,
    items,
  }));
  return { claimNo, pickups };
}
