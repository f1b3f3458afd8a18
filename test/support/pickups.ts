import { type LineOverrides, type PlacedLine, placeOrder, take, unique } from './orders.ts';
import type { Stack } from './stack.ts';

export const SHIPPED = ['instruct', 'release', 'ship'];
export const DELIVERED = [...SHIPPED, 'deliver'];

/** An order whose lines have gone along `path`. */
export async function placeAndTake(stack: Stack, path: string[], lines: LineOverrides[] = [{}]): Promise<PlacedLine[]> {
  const placed = await placeOrder(stack, lines);
  for (const line of placed) await take(stack, line, path);
  return placed;
}

export interface ClaimItem {
  lineNo: number;
  quantity: number;
  reasonCode?: string;
  reason?: string;
  exchangeTo?: object;
}

/** A claim as the order system sends it. */
export function claimBody(kind: 'return' | 'exchange', orderNo: string, items: ClaimItem[], more: object = {}) {
  return { claimNo: unique('C'), kind, orderNo, items: items.map((item) => ({ reasonCode: 'DEFECT', ...item })), ...more };
}

/** Opens a claim on one line and answers its pickup's number. */
export async function openClaim(
  stack: Stack,
  kind: 'return' | 'exchange',
  line: PlacedLine,
  quantity = 1,
  more: object = {},
): Promise<string> {
  const body = claimBody(kind, line.orderNo, [{ lineNo: line.lineNo, quantity, ...more }]);
  const answer = await stack.post('/api/order/v1/claims', body);
  if (answer.status !== 201) throw new Error(`claim: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.pickups[0].pickupNo;
}

/** Commands one pickup and answers its result. */
export async function commandPickup(stack: Stack, name: string, pickupNo: string, fields: object = {}, more: object = {}) {
  const { status, body } = await stack.post(`/api/bo/v1/pickups/${name}`, { pickups: [{ pickupNo, ...fields }], ...more });
  if (status !== 200) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
  return body.results[0];
}

/** Takes a pickup along a path of commands; throws when one is refused. */
export async function takePickup(stack: Stack, pickupNo: string, path: string[]): Promise<void> {
  for (const name of path) {
    const result = await commandPickup(stack, name, pickupNo, {}, { reason: '시험' });
    if (!result.ok) throw new Error(`${name} on ${pickupNo}: ${JSON.stringify(result)}`);
  }
}

export const pickupOf = async (stack: Stack, pickupNo: string) => (await stack.get(`/api/bo/v1/pickups/${pickupNo}`)).body;
