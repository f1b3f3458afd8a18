import { claimableQuantity, type DeliveryLine, type DeliveryState, type LineKey, validQuantity } from './line.ts';

/** How much is asked of a line or of a part of it. */
export interface PartQuantity extends LineKey {
  quantity: number;
}

/** The same, with the number that the order system named. */
export interface Share extends PartQuantity {
  askedLineNo: number;
}

/** A request's quantities: what earlier rounds have done, and what the present round asks. */
export interface SpreadPlan {
  round: number;
  done: Share[];
  next: Share[];
}

/** From where a quantity is taken first: the states that can give one, by rank. */
export type Preference = Partial<Record<DeliveryState, number>>;

/** A cancellation: what is not there anyway, then what is least far. */
export const cancellationOrder: Preference = { awaitingShipment: 0, ordered: 1, instructed: 2, released: 3 };

/** A claim: what has arrived, then what is on its way. */
export const claimOrder: Preference = { delivered: 0, shipped: 1 };

const giveable = (line: DeliveryLine, preference: Preference): number =>
  line.finishedAt === null && preference[line.state] !== undefined ? Math.max(0, claimableQuantity(line)) : 0;

/** What the parts of a line can give together. */
export const giveableQuantity = (parts: DeliveryLine[], preference: Preference): number =>
  parts.reduce((sum, part) => sum + giveable(part, preference), 0);

/** The quantity over the parts of one line, the preferred first, then by number; null = they have less. */
export function spread(parts: DeliveryLine[], quantity: number, preference: Preference): PartQuantity[] | null {
  const rank = ({ state }: DeliveryLine) => preference[state] ?? Number.POSITIVE_INFINITY;
  const shares: PartQuantity[] = [];
  let left = quantity;
  for (const part of [...parts].sort((a, b) => rank(a) - rank(b) || a.lineNo - b.lineNo)) {
    const taken = Math.min(left, giveable(part, preference));
    if (taken > 0) shares.push({ deliveryNo: part.deliveryNo, lineNo: part.lineNo, quantity: taken });
    left -= taken;
  }
  return left === 0 ? shares : null;
}

/** Why the parts of a line cannot give what a cancellation asks. */
export function cancellationRefusal(parts: DeliveryLine[], quantity: number) {
  if (parts.every(({ finishedAt }) => finishedAt !== null)) return 'LINE_FINISHED';
  const valid = parts.reduce((sum, part) => sum + validQuantity(part), 0);
  const hasLeft = parts.some(({ state }) => state === 'shipped' || state === 'delivered');
  return hasLeft && quantity <= valid ? 'ALREADY_SHIPPED' : 'QUANTITY_EXCEEDED';
}
