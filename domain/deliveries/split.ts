import type { DeliveryCommand, DeliveryInput } from './commands.ts';
import { claimableQuantity, type DeliveryLine, validQuantity } from './line.ts';
import { type DeliveryRule, onceShipped, quantityWithin, whereItIs } from './rules.ts';

type Line = DeliveryLine;

/** A part that has no numbers yet: the record draws them. */
export type NewPart = Omit<Line, 'deliveryNo' | 'lineNo'>;

/** The most that can be split off: something stays, and so does what an exchange was sent for. */
const splittable = (line: Line) => Math.min(validQuantity(line) - 1, claimableQuantity(line));

const cannotBeSplit = (line: Line) => (splittable(line) < 1 ? 'QUANTITY_EXCEEDED' : null);

/** How much of the line a command splits off: what is named, of 출고완료 the rest of it; 0 = the command means the whole line. */
function splitQuantity(line: Line, command: DeliveryCommand, quantity: number): number {
  if (command === 'split') return quantity;
  if (command === 'ship') return validQuantity(line) - quantity;
  return command === 'report-stockout' && quantity !== validQuantity(line) ? quantity : 0;
}

/** Of 출고완료 and 결품등록: a quantity may be absent or the whole one. */
export const judgeQuantity = (line: Line, command: 'ship' | 'report-stockout', { quantity }: DeliveryInput) => {
  if (quantity === undefined) return null;
  if (!quantityWithin(quantity, validQuantity(line))) return 'QUANTITY_EXCEEDED';
  return splitQuantity(line, command, quantity) <= Math.max(0, splittable(line)) ? null : 'QUANTITY_EXCEEDED';
};

const judgeSplit = (line: Line, { quantity }: DeliveryInput) =>
  quantityWithin(quantity, splittable(line)) ? null : 'QUANTITY_EXCEEDED';

/** What is left of the line's quantity when the command's part has been split off. */
export const withoutPart = (line: Line, command: DeliveryCommand, { quantity }: DeliveryInput): Pick<Line, 'quantity'> => ({
  quantity: line.quantity - (quantity === undefined ? 0 : splitQuantity(line, command, quantity)),
});

export const stockoutOf = ({ expectedAt, autoClear }: DeliveryInput): Pick<Line, 'stockoutExpectedAt' | 'autoClear'> => ({
  stockoutExpectedAt: expectedAt ?? null,
  autoClear: autoClear ?? true,
});

/** A part of the quantity is missing: it waits as a line of its own, and the line itself stays released. */
export function reportStockout(line: Line, input: DeliveryInput): Partial<Line> {
  const rest = withoutPart(line, 'report-stockout', input);
  return rest.quantity === line.quantity ? stockoutOf(input) : { ...rest, state: line.state };
}

/**
 * The part that a command splits off this line, which the command has been accepted for; null = it splits nothing off. It begins
 * where the line is, with its dates and what was promised of it, and for what is missing as 출고대기.
 */
export function partOf(line: Line, command: DeliveryCommand, input: DeliveryInput): NewPart | null {
  const quantity = input.quantity === undefined ? 0 : splitQuantity(line, command, input.quantity);
  if (quantity === 0) return null;
  const { deliveryNo, lineNo, ...same } = line;
  const waits = command === 'report-stockout' ? { state: 'awaitingShipment' as const, ...stockoutOf(input) } : {};
  const own = { revision: 1, quantity, canceled: 0, returned: 0, claims: {}, lastSplit: null };
  return { ...same, ...own, ...waits, splitFrom: { deliveryNo, lineNo } };
}

/** Only a part that holds all of its quantity can go back. */
const cannotBeMerged = (line: Line) =>
  line.splitFrom === null || claimableQuantity(line) < validQuantity(line) ? 'MERGE_NOT_POSSIBLE' : null;

/** The part ends: what is valid of it goes back to its line. */
const giveBack = (line: Line, at: string): Partial<Line> => ({
  quantity: line.quantity - validQuantity(line),
  finishedAt: at,
});

/** A line takes back only what was split off itself, from the same state, and whole. */
function judgeAbsorption(line: Line, { part, quantity }: DeliveryInput) {
  const isPart = part?.splitFrom?.deliveryNo === line.deliveryNo && part.splitFrom.lineNo === line.lineNo;
  const isBack = isPart && part.state === line.state && validQuantity(part) === 0;
  return isBack && quantityWithin(quantity, Number.MAX_SAFE_INTEGER) ? null : 'MERGE_NOT_POSSIBLE';
}

/** 분할, 분할취소, and what a line takes back from a part of its own. */
export const splitCommands: Record<'split' | 'merge' | 'absorb', DeliveryRule> = {
  split: {
    name: '분할',
    from: whereItIs,
    who: ['admin'],
    permission: 'delivery.write',
    needs: ['quantity'],
    blocked: cannotBeSplit,
    judge: judgeSplit,
    change: (line, input) => withoutPart(line, 'split', input),
  },
  merge: {
    name: '분할취소',
    from: whereItIs,
    elsewhere: onceShipped('MERGE_NOT_POSSIBLE'),
    who: ['admin'],
    permission: 'delivery.write',
    blocked: cannotBeMerged,
    change: (line, _input, at) => giveBack(line, at),
  },
  absorb: {
    name: '분할취소 수량',
    from: whereItIs,
    elsewhere: onceShipped('MERGE_NOT_POSSIBLE'),
    who: ['machine'],
    needs: ['quantity'],
    judge: judgeAbsorption,
    change: (line, { quantity = 0 }) => ({ quantity: line.quantity + quantity }),
  },
};
