import { sql } from 'kysely';
import type { Db } from '../../../db/database.ts';
import type { Http } from '../http.ts';
import { type LineOverrides, type PlacedLine, placeOrder, take, unique, uniqueWaybill } from './orders.ts';
import type { PickupState } from './pickup.ts';

export const SHIPPED = ['instruct', 'release', 'ship'];
export const DELIVERED = [...SHIPPED, 'deliver'];

/** An order whose lines have gone along `path`, all of a delivery at once. */
export async function placeAndTake(api: Http, path: string[], lines: LineOverrides[] = [{}]): Promise<PlacedLine[]> {
  const placed = await placeOrder(api, lines);
  for (const line of placed) await take(api, line, path);
  return placed;
}

/** An order's one line, taken along `path`. */
export async function placedLine(api: Http, path: string[] = DELIVERED, overrides: LineOverrides = {}): Promise<PlacedLine> {
  const [line] = await placeAndTake(api, path, [overrides]);
  if (!line) throw new Error('no line');
  return line;
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

/** A return of one piece of each of these lines of an order. */
export const claimOnEach = (lines: PlacedLine[]) =>
  claimBody(
    'return',
    lines[0]?.orderNo ?? '',
    lines.map(({ lineNo }) => ({ lineNo, quantity: 1 })),
  );

/** Sends a claim, under a key where one is given. */
export const postClaim = (api: Http, body: object, key?: string) =>
  api.post('/api/order/v1/claims', body, key === undefined ? {} : { headers: { 'idempotency-key': key } });

/** Opens a claim on one line and answers its pickup's number. */
export async function openClaim(
  api: Http,
  kind: 'return' | 'exchange',
  line: PlacedLine,
  quantity = 1,
  more: object = {},
): Promise<string> {
  const body = claimBody(kind, line.orderNo, [{ lineNo: line.lineNo, quantity, ...more }]);
  const answer = await postClaim(api, body);
  if (answer.status !== 201) throw new Error(`claim: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.pickups[0].pickupNo;
}

/** Sends a command to pickups; `more` goes into the body beside `pickups`. */
export const commandPickups = (
  api: Http,
  name: string,
  pickups: object[],
  more: object = {},
  headers: Record<string, string> = {},
) => api.post(`/api/bo/v1/pickups/${name}`, { pickups, ...more }, { headers });

/** Commands one pickup and answers its result. */
export async function commandPickup(api: Http, name: string, pickupNo: string, fields: object = {}, more: object = {}) {
  const { status, body } = await commandPickups(api, name, [{ pickupNo, ...fields }], more);
  if (status !== 200) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
  return body.results[0];
}

/** Takes a pickup along a path of commands; throws when one is refused. */
export async function takePickup(api: Http, pickupNo: string, path: string[]): Promise<void> {
  for (const name of path) {
    const result = await commandPickup(api, name, pickupNo, {}, { reason: '시험' });
    if (!result.ok) throw new Error(`${name} on ${pickupNo}: ${JSON.stringify(result)}`);
  }
}

/** Instructs a pickup under a waybill no other test has, and answers it. */
export async function instructWithWaybill(api: Http, pickupNo: string): Promise<string> {
  const waybillNo = uniqueWaybill();
  const result = await commandPickup(api, 'instruct', pickupNo, { carrierCode: '04', waybillNo });
  if (!result.ok) throw new Error(JSON.stringify(result));
  return waybillNo;
}

export const pickupOf = async (api: Http, pickupNo: string) => (await api.get(`/api/bo/v1/pickups/${pickupNo}`)).body;

/** The commands that bring a new pickup into each state; `held` is confirmed with its flag. */
export const pickupPathTo: Record<PickupState | 'held', string[]> = {
  requested: [],
  instructed: ['instruct'],
  confirmed: ['instruct', 'confirm'],
  held: ['instruct', 'confirm', 'hold'],
  completed: ['instruct', 'confirm', 'complete'],
  refused: ['instruct', 'confirm', 'refuse'],
  withdrawn: ['withdraw'],
};

/** A pickup of one piece of this line, taken into this state. */
export async function pickupIn(
  api: Http,
  state: PickupState | 'held',
  line: PlacedLine,
  kind: 'return' | 'exchange' = 'return',
  more: object = {},
): Promise<string> {
  const pickupNo = await openClaim(api, kind, line, 1, more);
  await takePickup(api, pickupNo, pickupPathTo[state]);
  return pickupNo;
}

/** Everything PostgreSQL has of a pickup: its row, its items and its history as it counts. */
export async function storedPickup({ db }: { db: Db }, pickupNo: string) {
  const [rows, items, history] = await Promise.all([
    db.query(
      sql<{ state: string; revision: number; [column: string]: unknown }>`select * from pickups where pickup_no = ${pickupNo}`,
    ),
    db.query(sql<Record<string, unknown>>`select * from pickup_items where pickup_no = ${pickupNo} order by line_no`),
    db.query(
      sql<{
        command: string;
        refused: string | null;
        revision: number | null;
        by: string;
        reason: string | null;
      }>`select command, refused, revision, by, reason from pickup_history where pickup_no = ${pickupNo} and voided_at is null order by id`,
    ),
  ]);
  if (!rows[0]) throw new Error(`no row ${pickupNo}`);
  return { row: rows[0], items, history };
}

/** The pickup's history as it counts, oldest first: commands, with the code of a refused one. */
export async function pickupHistory(stack: { db: Db }, pickupNo: string): Promise<string[]> {
  const { history } = await storedPickup(stack, pickupNo);
  return history.map(({ command, refused }) => (refused === null ? command : `${command}: ${refused}`));
}

/** What the line's row says of its claims: pickupNo → quantity and status. */
export async function claimsOn({ db }: { db: Db }, { deliveryNo, lineNo }: PlacedLine) {
  const rows = await db.query(
    sql<{
      claims: Record<string, { quantity: number; status: string }>;
    }>`select claims from delivery_lines where delivery_no = ${deliveryNo} and line_no = ${lineNo}`,
  );
  if (!rows[0]) throw new Error(`no row ${deliveryNo}/${lineNo}`);
  return rows[0].claims;
}

/** Pieces of the line that claims hold, by status. */
export async function claimedOn(stack: { db: Db }, line: PlacedLine, status = 'reserved'): Promise<number> {
  const claims = Object.values(await claimsOn(stack, line));
  return claims.reduce((sum, claim) => sum + (claim.status === status ? claim.quantity : 0), 0);
}

/** All lines of the order that this one is of, exchanges too. */
export const orderLinesOf = ({ db }: { db: Db }, { orderNo }: PlacedLine) =>
  db.query(
    sql<{
      line_no: number;
      kind: string;
      product_id: number;
      quantity: number;
      state: string;
    }>`select line_no, kind, product_id, quantity, state from delivery_lines where order_no = ${orderNo} order by line_no`,
  );
