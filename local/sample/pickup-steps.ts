import { z } from 'zod';
import type { PickupCommand } from '../../domain/pickups/commands.ts';
import { pickupMachine } from '../../domain/pickups/machine.ts';
import type { SampleClaim } from './claims.ts';
import { accept, codeOf, inCalls, type Loading, type Result, refuse, resultsSchema } from './client.ts';
import { listLines, type SampleLine } from './line-steps.ts';

/** A pickup as the server knows it, and the claim with its plan. */
export interface SamplePickup {
  pickupNo: string;
  lineNos: number[];
  claim: SampleClaim;
}

/** Takes some of the pickups one step further; what an interrupted start has done already counts as done. */
export type PickupStep = (loading: Loading, pickups: readonly SamplePickup[]) => Promise<void>;

const pickupSchema = z.object({ pickupNo: z.string(), items: z.array(z.object({ lineNo: z.number() })) });
const claimedSchema = z.object({ pickups: z.array(pickupSchema) });
const listedSchema = z.object({ items: z.array(pickupSchema.extend({ exchangeDeliveryNo: z.string().nullable() })) });
const detailSchema = z.object({ history: z.array(z.object({ command: z.string(), refused: z.string().optional() })) });

const listPickups = async ({ send }: Loading, query: string) =>
  accept(`회수 조회 ${query}`, listedSchema, await send('GET', `/api/bo/v1/pickups?${query}&limit=500`)).items;

async function openClaim(loading: Loading, claim: SampleClaim): Promise<SamplePickup[]> {
  const { claimNo } = claim.body;
  const answer = await loading.send('POST', '/api/order/v1/claims', claim.body);
  const pickups =
    codeOf(answer) === 'CLAIM_EXISTS'
      ? await listPickups(loading, `claimNo=${claimNo}`)
      : accept(`접수 ${claimNo}`, claimedSchema, answer).pickups;
  return pickups.map(({ pickupNo, items }) => ({ pickupNo, lineNos: items.map(({ lineNo }) => lineNo), claim }));
}

/** Opens the claims one after the other, oldest first; each delivery concerned gets a pickup. */
export async function openClaims(loading: Loading, claims: readonly SampleClaim[]): Promise<SamplePickup[]> {
  const pickups: SamplePickup[] = [];
  for (const claim of claims) pickups.push(...(await openClaim(loading, claim)));
  loading.progress(`예제 반품·교환 접수 ${claims.length}건, 회수 ${pickups.length}건`);
  return pickups;
}

/** Whether an interrupted start (or the tracker) has done this already. The detail is read masked, so it writes no access row. */
async function isDone({ send }: Loading, name: PickupCommand, pickupNo: string): Promise<boolean> {
  const answer = await send('GET', `/api/bo/v1/pickups/${pickupNo}?masked=true`);
  const { history } = accept(`회수 ${pickupNo} 조회`, detailSchema, answer);
  return history.some(({ command, refused }) => command === name && refused === undefined);
}

/** The input of a command for one pickup, and for the whole call; nothing = skip this pickup. */
type Say = (pickup: SamplePickup) => { pickup?: object | undefined; call?: object } | false | undefined;

/** Sends a command for the pickups; pickups with the same call options go in one call. */
export function commandPickups(name: PickupCommand, say: Say): PickupStep {
  const { name: label } = pickupMachine.commands[name];
  const check = async (loading: Loading, { pickupNo, claim }: SamplePickup, result: Result | undefined) => {
    if (result?.ok || (await isDone(loading, name, pickupNo))) return;
    refuse(label, `접수 ${claim.body.claimNo}, 회수배송번호 ${pickupNo}`, result);
  };
  return async (loading, pickups) => {
    const said = pickups.flatMap((pickup) => {
      const words = say(pickup);
      return words ? [{ pickup, words }] : [];
    });
    const calls = inCalls(said, ({ words }) => words.call ?? {}).map(async ({ call, things }) => {
      const entries = things.map(({ pickup: { pickupNo }, words }) => ({ pickupNo, ...words.pickup }));
      const answer = await loading.send('POST', `/api/bo/v1/pickups/${name}`, { pickups: entries, ...call });
      const { results } = accept(label, resultsSchema, answer);
      for (const [index, { pickup }] of things.entries()) await check(loading, pickup, results[index]);
    });
    await Promise.all(calls);
    loading.progress(`예제 ${label} ${said.length}건`);
  };
}

/** 반품취소·교환취소: the order system withdraws its claims, with all their pickups. */
export const withdrawClaims: PickupStep = async (loading, pickups) => {
  const withdrawn = pickups.filter(({ claim }) => claim.plan.withdrawal?.by === 'order');
  const byClaim = [...Map.groupBy(withdrawn, ({ claim }) => claim)].map(async ([{ body, plan }, ofClaim]) => {
    const reason = plan.withdrawal?.reason;
    const answer = await loading.send('POST', `/api/order/v1/claims/${body.claimNo}/withdraw`, { reason });
    const done = async () => Promise.all(ofClaim.map(({ pickupNo }) => isDone(loading, 'withdraw', pickupNo)));
    if (codeOf(answer) === 'TRANSITION_NOT_ALLOWED' && (await done()).every(Boolean)) return;
    accept(`접수취소 ${body.claimNo}`, resultsSchema, answer);
  });
  await Promise.all(byClaim);
  loading.progress(`예제 접수취소 (주문 시스템에서) ${byClaim.length}건`);
};

async function linesOfExchange(loading: Loading, { pickupNo, claim }: SamplePickup): Promise<SampleLine[]> {
  const { plan, body, exchangeParcel: parcel } = claim;
  if (!plan.exchange) return [];
  const target = plan.exchange;
  const [pickup] = await listPickups(loading, `pickupNo=${pickupNo}`);
  const deliveryNo = pickup?.exchangeDeliveryNo;
  if (!deliveryNo) throw new Error(`예제 데이터: 회수 ${pickupNo}이 끝났지만 교환 배송이 없습니다`);
  const rows = await listLines(loading, `deliveryNo=${deliveryNo}&limit=500`);
  return rows.map(({ lineNo, validQuantity: quantity }) => ({
    orderNo: body.orderNo,
    deliveryNo,
    plan: { lineNo, quantity, target, ...(parcel ? { parcel } : {}) },
  }));
}

/** The new lines that completed exchanges have started. */
export async function exchangeLines(loading: Loading, pickups: readonly SamplePickup[]): Promise<SampleLine[]> {
  return (await Promise.all(pickups.map((pickup) => linesOfExchange(loading, pickup)))).flat();
}
