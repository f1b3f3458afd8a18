import type { DeliveryInput } from './commands.ts';
import { type Claim, claimableQuantity, type DeliveryLine, reservedQuantity, validQuantity } from './line.ts';
import { type DeliveryRule, finishWhenEmpty, quantityWithin } from './rules.ts';

type Line = DeliveryLine;

/** Refuses a step while a claim on the line is open. */
export const claimOpen = (line: Line) => (reservedQuantity(line) > 0 ? 'CLAIM_OPEN' : null);

const sameClaim = (line: Line, { pickupNo, quantity }: DeliveryInput, status: Claim['status']) => {
  const claim = line.claims[pickupNo ?? ''];
  return claim?.status === status && (quantity === undefined || claim.quantity === quantity);
};

const holdsClaim = (line: Line, { pickupNo }: DeliveryInput) => line.claims[pickupNo ?? ''] !== undefined;

/** The same reservation sent again is accepted; a different one for the same claim is refused. */
function judgeReservation(line: Line, input: DeliveryInput) {
  if (sameClaim(line, input, 'reserved')) return null;
  const possible = input.pickupNo !== undefined && !holdsClaim(line, input);
  return possible && quantityWithin(input.quantity, claimableQuantity(line)) ? null : 'NOT_CLAIMABLE';
}

function reserve(line: Line, { pickupNo = '', quantity = 0 }: DeliveryInput): Partial<Line> | null {
  if (sameClaim(line, { pickupNo, quantity }, 'reserved')) return null;
  return { claims: { ...line.claims, [pickupNo]: { quantity, status: 'reserved' } } };
}

/** Ends a reserved claim; one that has ended in the same way stays as it is. */
const end =
  (status: 'released' | 'exchanged') =>
  (line: Line, { pickupNo = '' }: DeliveryInput): Partial<Line> | null => {
    const claim = line.claims[pickupNo];
    return claim?.status === 'reserved' ? { claims: { ...line.claims, [pickupNo]: { ...claim, status } } } : null;
  };

/** A claim without a reservation has nothing to release; one that is done cannot be taken back. */
const judgeRelease = (line: Line, { pickupNo = '' }: DeliveryInput) => {
  const status = line.claims[pickupNo]?.status;
  return status === 'settled' || status === 'exchanged' ? 'CLAIM_SETTLED' : null;
};

const release = end('released');
const settleExchange = end('exchanged');

const judgeSettlement =
  (status: 'settled' | 'exchanged') =>
  (line: Line, { pickupNo }: DeliveryInput) =>
    sameClaim(line, { pickupNo }, 'reserved') || sameClaim(line, { pickupNo }, status) ? null : 'NOT_CLAIMABLE';

/** Takes the returned quantity off the line's valid quantity. */
function settleReturn(line: Line, { pickupNo = '' }: DeliveryInput, at: string): Partial<Line> | null {
  const claim = line.claims[pickupNo];
  if (claim?.status !== 'reserved') return null;
  const returned = line.returned + claim.quantity;
  const claims = { ...line.claims, [pickupNo]: { ...claim, status: 'settled' as const } };
  return { returned, claims, ...finishWhenEmpty(validQuantity({ ...line, returned }), at) };
}

/** What a pickup asks of the lines it is about. */
export const claimCommands: Record<'reserve-claim' | 'release-claim' | 'settle-return' | 'settle-exchange', DeliveryRule> = {
  'reserve-claim': {
    name: '반품·교환 접수',
    from: { shipped: 'shipped', delivered: 'delivered' },
    elsewhere: {
      ordered: 'NOT_CLAIMABLE',
      instructed: 'NOT_CLAIMABLE',
      released: 'NOT_CLAIMABLE',
      awaitingShipment: 'NOT_CLAIMABLE',
    },
    who: ['machine'],
    needs: ['pickupNo', 'quantity'],
    judge: judgeReservation,
    change: reserve,
  },
  'release-claim': {
    name: '반품·교환 접수 해제',
    from: { shipped: 'shipped', delivered: 'delivered' },
    who: ['machine'],
    needs: ['pickupNo'],
    judge: judgeRelease,
    change: release,
  },
  'settle-return': {
    name: '반품완료',
    from: { shipped: 'shipped', delivered: 'delivered' },
    who: ['machine'],
    needs: ['pickupNo'],
    judge: judgeSettlement('settled'),
    change: settleReturn,
  },
  'settle-exchange': {
    name: '교환완료',
    from: { shipped: 'shipped', delivered: 'delivered' },
    who: ['machine'],
    needs: ['pickupNo'],
    judge: judgeSettlement('exchanged'),
    change: settleExchange,
  },
};
