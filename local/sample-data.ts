import { deliveryStates } from '../domain/deliveries/line.ts';
import { koreanDay } from '../domain/korea.ts';
import { type PickupState, pickupStates } from '../domain/pickups/pickup.ts';
import { loadAssemblies } from './sample/assembly.ts';
import { createSampleClaims } from './sample/claims.ts';
import { createClient, type Loading } from './sample/client.ts';
import { advance, cancelAt, commandLines, type LineStep, listLines, placeOrders, type SampleLine } from './sample/line-steps.ts';
import { createSampleOrders, sampleEnd } from './sample/orders.ts';
import { pickTogether, printLabels, verifyParcels } from './sample/packing/bench.ts';
import { loadWaybillRange } from './sample/packing/range.ts';
import {
  commandPickups,
  exchangeLines,
  openClaims,
  type PickupStep,
  type SamplePickup,
  withdrawClaims,
} from './sample/pickup-steps.ts';
import { leavingFrom, placeNumbers } from './sample/places.ts';
import { quantityLeft } from './sample/plans.ts';

/** The place that packs with batches of work and gives its parcels numbers of its own. */
const PACKING_PLACE = 176_042;

/** The life of the ordered lines, in order; some of them are packed at this place. */
const lineSteps = (placeNo: number): readonly LineStep[] => [
  cancelAt('ordered'),
  advance('instruct', 'instructed'),
  cancelAt('instructed'),
  advance('release', 'released'),
  pickTogether(placeNo),
  commandLines('report-stockout', ({ stockout }) => stockout && { call: stockout.report }),
  cancelAt('awaitingShipment'),
  commandLines('clear-stockout', ({ stockout }) => stockout?.cleared && {}),
  verifyParcels,
  advance('ship', 'shipped', ({ combine, parcel }) => !combine && { line: parcel }),
  advance('ship', 'shipped', ({ combine, parcel }) => combine && { line: parcel, call: { combine: true } }),
  commandLines('correct-waybill', ({ correction }) => correction && { line: correction, call: { reason: '운송장번호 오기재' } }),
  printLabels,
  advance('deliver', 'delivered'),
  // A day that has come since an interrupted start is no promise any more.
  commandLines('notify-delay', ({ delay }) => delay && delay.expectedOn > koreanDay(new Date()) && { call: delay }),
];

const ranks: Record<PickupState, number> = { requested: 0, withdrawn: 0, instructed: 1, confirmed: 2, completed: 3, refused: 3 };

/** Whether the pickup's final state is this one or a later one. */
const reaches = ({ claim: { plan } }: SamplePickup, state: 'instructed' | 'confirmed') =>
  ranks[plan.withdrawal?.at ?? plan.target] >= ranks[state];

/** The life of the pickups, in order. */
const pickupSteps: readonly PickupStep[] = [
  withdrawClaims,
  commandPickups('instruct', (pickup) => reaches(pickup, 'instructed') && { pickup: pickup.claim.parcel }),
  commandPickups('withdraw', ({ claim: { plan } }) => {
    return plan.withdrawal?.by === 'admin' && { call: { reason: plan.withdrawal.reason } };
  }),
  commandPickups('confirm', (pickup) => reaches(pickup, 'confirmed') && {}),
  commandPickups('hold', ({ claim: { plan } }) => plan.hold && { call: { reason: plan.hold.reason } }),
  commandPickups('resume', ({ claim: { plan } }) => plan.hold?.resumed && {}),
  commandPickups(
    'convert-to-return',
    ({ claim: { plan } }) => plan.converted !== undefined && { call: { reason: plan.converted } },
  ),
  commandPickups('refuse', ({ claim: { plan } }) => plan.refusal !== undefined && { call: { reason: plan.refusal } }),
  commandPickups('complete', ({ lineNos, claim: { plan, inspections } }) => {
    const items = inspections?.filter(({ lineNo }) => lineNos.includes(lineNo));
    return plan.target === 'completed' && { pickup: items && { items } };
  }),
];

/** The life of the lines started by exchanges. */
const exchangeSteps: readonly LineStep[] = [
  advance('instruct', 'instructed'),
  advance('release', 'released'),
  advance('ship', 'shipped', ({ parcel }) => ({ line: parcel })),
];

function countBy<State extends string>(names: Record<State, string>, states: readonly State[]): string {
  const keys = Object.keys(names) as State[];
  return keys.map((key) => `${names[key]} ${states.filter((state) => state === key).length}`).join(' · ');
}

/** Lines that claims have returned completely: they are no longer in the lists. */
function returnedLines(lines: readonly SampleLine[], pickups: readonly SamplePickup[]): SampleLine[] {
  const completed = pickups.filter(({ claim: { plan } }) => plan.target === 'completed' && !plan.exchange);
  const items = completed.flatMap(({ claim: { body } }) => body.items.map((item) => ({ ...item, orderNo: body.orderNo })));
  return lines.filter(({ orderNo, plan }) =>
    items.some((item) => item.orderNo === orderNo && item.lineNo === plan.lineNo && item.quantity === quantityLeft(plan)),
  );
}

/** The loaded data, counted as the lists show it. */
function summarize(orders: number, lines: readonly SampleLine[], pickups: readonly SamplePickup[]): string[] {
  const returned = returnedLines(lines, pickups);
  const listed = lines.filter((line) => !returned.includes(line));
  const states = listed.map(({ plan }) => (quantityLeft(plan) === 0 ? 'canceled' : plan.target));
  const claims = [...new Set(pickups.map(({ claim }) => claim))];
  const plans = pickups.map(({ claim }) => claim.plan);
  const held = plans.filter(({ hold }) => hold && !hold.resumed).length;
  const converted = plans.filter(({ converted }) => converted !== undefined).length;
  const pickupCounts = countBy(
    pickupStates,
    plans.map(({ target }) => target),
  );
  return [
    `예제 주문 ${orders}건, 주문내역 ${lines.length}건: ${countBy(deliveryStates, states)} · 반품완료 ${returned.length}`,
    `예제 반품·교환 ${claims.length}건, 회수 ${pickups.length}건: ${pickupCounts} (보류 ${held}, 교환중반품 ${converted})`,
  ];
}

/**
 * Loads shipping places with their policies, about 200 orders in every state, claims on them, stock and assembly plans, using only
 * the HTTP API; the token needs all the permissions for that. Can be repeated after an interruption: what exists or is done already
 * counts as success.
 */
export async function loadSampleData(options: {
  apiUrl: string;
  token: string;
  progress: (text: string) => void;
}): Promise<void> {
  const stop = new AbortController();
  const loading: Loading = { send: createClient(options.apiUrl, options.token, stop.signal), progress: options.progress };
  try {
    const [oldest] = await listLines(loading, 'sort=orderedAt&limit=1');
    const end = (oldest && sampleEnd(oldest)) ?? new Date();
    const places = await placeNumbers(loading);
    const packingPlace = places.get(PACKING_PLACE) ?? PACKING_PLACE;
    await loadWaybillRange(loading, packingPlace);
    const orders = leavingFrom(places, createSampleOrders(end));
    const lines = await placeOrders(loading, orders);
    for (const step of lineSteps(packingPlace)) await step(loading, lines);
    const pickups = await openClaims(loading, createSampleClaims(orders, end));
    for (const step of pickupSteps) await step(loading, pickups);
    const exchanges = await exchangeLines(loading, pickups);
    const ofExchanges = { ...loading, progress: (text: string) => loading.progress(`교환 상품의 ${text}`) };
    for (const step of exchangeSteps) await step(ofExchanges, exchanges);
    await loadAssemblies(loading, end);
    for (const text of summarize(orders.length, [...lines, ...exchanges], pickups)) loading.progress(text);
  } finally {
    // One failed request ends the others too, so that none of them keeps retrying after this function has failed.
    stop.abort();
  }
}
