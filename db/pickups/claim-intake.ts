import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { claimOrder, type Share, spread } from '../../domain/deliveries/spread.ts';
import { numberOf } from '../../domain/korea.ts';
import type { Claim, ClaimItem } from '../../domain/pickups/claim.ts';
import { collectionFee } from '../../domain/shipping/bundle-fee.ts';
import { postalAreaOf } from '../../domain/shipping/postal-areas.ts';
import { orderFee, withQuantities } from '../../domain/shipping/shipping-fee.ts';
import { type DeliveryLineRow, partsOfLine, toDeliveryLine } from '../deliveries/row.ts';
import { findOrderFees } from '../shipping/terms.ts';
import type { Query } from '../statement.ts';
import { type ClaimRow, findClaim, insertClaim, markOpen, pickupsAsAccepted } from './claims.ts';
import { zipCodesOf } from './find.ts';
import { drawNumbers, insertHistory, insertItems, insertPickups, type ReturnFee, updateReturnFees } from './write.ts';

/** The hash of a claim's content: the same body is the same claim, read or as it was sent. */
export const claimHash = (body: unknown): string => createHash('sha256').update(JSON.stringify(body)).digest('hex');

/** What an item of a claim takes from its line and parts, the delivered ones first; null = they have not so much. */
export function sharesOf({ lineNo, quantity }: ClaimItem, lines: DeliveryLineRow[]): Share[] | null {
  const shares = spread(partsOfLine(lines, lineNo).map(toDeliveryLine), quantity, claimOrder);
  return shares?.map((share) => ({ askedLineNo: lineNo, ...share })) ?? null;
}

/** Writes the claim with a pickup number for each delivery concerned, before any quantity is reserved. */
export async function noteClaim(query: Query, requestId: string, body: Claim, shares: Share[]): Promise<void> {
  const deliveryNos = [...new Set(shares.map(({ deliveryNo }) => deliveryNo))].sort();
  const numbers = await drawNumbers(query, deliveryNos.length);
  const now = new Date();
  await insertClaim(query, {
    claim_no: body.claimNo,
    order_no: body.orderNo,
    kind: body.kind,
    body_hash: claimHash(body),
    request_id: requestId,
    pickup_nos: Object.fromEntries(deliveryNos.map((each, at) => [each, numberOf('P', numbers[at] ?? 0, now)])),
    shares,
  });
}

/** The shares of a claim; one from before lines could be split asks the lines that it names. */
export const keptShares = (claim: ClaimRow, { items }: Claim, lines: DeliveryLineRow[]): Share[] =>
  claim.shares ??
  items.flatMap(({ lineNo, quantity }) => {
    const row = lines.find((line) => line.line_no === lineNo);
    return row ? [{ askedLineNo: lineNo, deliveryNo: row.delivery_no, lineNo, quantity }] : [];
  });

/** Writes the pickups of a claim whose quantities are all reserved; false when it is given back, or is another by now. */
export async function takeClaim(
  query: Query,
  request: { id: string; sub: string },
  body: Claim,
  claim: ClaimRow,
  shares: Share[],
  now: Date,
): Promise<boolean> {
  if (!(await markOpen(query, claim))) {
    const found = await findClaim(query, body.claimNo);
    return found?.status === 'open' && isDeepStrictEqual(found.pickup_nos, claim.pickup_nos);
  }
  await insertPickups(query, body, claim.pickup_nos, now);
  await insertItems(query, body, claim.pickup_nos, shares);
  await updateReturnFees(query, await returnFeesOf(query, body, claim, shares));
  await insertHistory(query, body.claimNo, request, now);
  return true;
}

/**
 * The cost of each pickup of a claim, under the terms its delivery was ordered with: collecting once from its address, and the
 * order's shipping fee without and with the return.
 */
async function returnFeesOf(query: Query, body: Claim, claim: ClaimRow, shares: Share[]): Promise<ReturnFee[]> {
  const { deliveries, lines } = await findOrderFees(query, body.orderNo);
  const pickups = await zipCodesOf(query, body.claimNo);
  const before = orderFee(deliveries, lines);
  return deliveries.flatMap(({ deliveryNo, terms }) => {
    const pickup = pickups.find((each) => each.pickup_no === claim.pickup_nos[deliveryNo]);
    if (!pickup || !terms) return [];
    const back = shares.filter((share) => share.deliveryNo === deliveryNo);
    const left = withQuantities(
      lines,
      back.map(({ askedLineNo, quantity }) => ({ lineNo: askedLineNo, by: -quantity })),
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

/** The answer of an accepted claim: items under the numbers that the order system knows. */
export async function acceptedClaim(query: Query, claimNo: string) {
  const pickups = await pickupsAsAccepted(query, claimNo);
  return {
    claimNo,
    pickups: pickups.map(({ pickup_no, original_delivery_no: deliveryNo, items }) => ({
      pickupNo: pickup_no,
      deliveryNo,
      items: items.map(({ askedLineNo, lineNo, quantity, isSplit }) => ({
        lineNo: askedLineNo,
        quantity,
        ...(isSplit ? { parts: [{ deliveryNo, lineNo, quantity }] } : {}),
      })),
    })),
  };
}
