import type { DeliveryInput } from './commands.ts';
import { type Claim, claimableQuantity, type DeliveryLine, reservedQuantity, validQuantity } from './line.ts';
import { finishWhenEmpty, quantityWithin } from './rules.ts';

type Line = DeliveryLine;

/** A step that a claim under way stands against. */
export const claimOpen = (line: Line) => (reservedQuantity(line) > 0 ? 'CLAIM_OPEN' : null);

const sameClaim = (line: Line, { pickupNo, quantity }: DeliveryInput, status: Claim['status']) => {
  const claim = line.claims[pickupNo ?? ''];
  return claim?.status === status && (quantity === undefined || claim.quantity === quantity);
};

const holdsClaim = (line: Line, { pickupNo }: DeliveryInput) => line.claims[pickupNo ?? ''] !== undefined;

/** A claim's reservation, told again, is no other one. */
export function judgeReservation(line: Line, input: DeliveryInput) {
  if (sameClaim(line, input, 'reserved')) return null;
  const possible = input.pickupNo !== undefined && !holdsClaim(line, input);
  return possible && quantityWithin(input.quantity, claimableQuantity(line)) ? null : 'NOT_CLAIMABLE';
}

export function reserve(line: Line, { pickupNo = '', quantity = 0 }: DeliveryInput): Partial<Line> | null {
  if (sameClaim(line, { pickupNo, quantity }, 'reserved')) return null;
  return { claims: { ...line.claims, [pickupNo]: { quantity, status: 'reserved' } } };
}

/** A reserved claim comes to its end; one that has ended stays as it is. */
const end =
  (status: 'released' | 'exchanged') =>
  (line: Line, { pickupNo = '' }: DeliveryInput): Partial<Line> | null => {
    const claim = line.claims[pickupNo];
    return claim?.status === 'reserved' ? { claims: { ...line.claims, [pickupNo]: { ...claim, status } } } : null;
  };

export const release = end('released');
export const settleExchange = end('exchanged');

export const judgeSettlement =
  (status: 'settled' | 'exchanged') =>
  (line: Line, { pickupNo }: DeliveryInput) =>
    sameClaim(line, { pickupNo }, 'reserved') || sameClaim(line, { pickupNo }, status) ? null : 'NOT_CLAIMABLE';

/** What came back is off the line's valid quantity. */
export function settleReturn(line: Line, { pickupNo = '' }: DeliveryInput, at: string): Partial<Line> | null {
  const claim = line.claims[pickupNo];
  if (claim?.status !== 'reserved') return null;
  const returned = line.returned + claim.quantity;
  const claims = { ...line.claims, [pickupNo]: { ...claim, status: 'settled' as const } };
  return { returned, claims, ...finishWhenEmpty(validQuantity({ ...line, returned }), at) };
}
