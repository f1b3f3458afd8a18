import type { Schemas } from '../api/api.ts';
import { named, shownName, t } from '../ui/texts.ts';
import type { Entry } from './entries.ts';
import { keyOf } from './term.ts';

type Delivery = Schemas['DeliveryRow'];
type Pickup = Schemas['PickupRow'];
type Line = Schemas['LineRow'];

interface Looked {
  key: string;
  /** In 회수처리 a found pickup is shown in the tab of its state, and every one that is found counts. */
  inPickups: boolean;
}

const begins = (value: string | null | undefined, key: string) => (value ? keyOf(value).startsWith(key) : false);
const isExact = (value: string, key: string) => keyOf(value) === key;
const joined = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(' · ');

/** A found delivery: as its order, as itself or as its waybill, by what begins so. */
function ofDelivery(row: Delivery, key: string): Entry[] {
  const { deliveryNo, orderNo } = row;
  const note = joined(row.receiverName, row.states.map((state) => named('state', state)).join(', '));
  const delivery = { does: 'open' as const, opened: { kind: 'delivery' as const, no: deliveryNo } };
  const entries: Entry[] = [];
  if (begins(orderNo, key)) entries.push(orderEntry(orderNo, key, row.receiverName));
  if (begins(deliveryNo, key)) {
    const exact = isExact(deliveryNo, key);
    entries.push({
      ...number(`delivery ${deliveryNo}`, 'delivery', deliveryNo, exact),
      note: joined(note, orderNo),
      act: delivery,
    });
  }
  for (const { waybillNo } of row.waybills) {
    if (!begins(waybillNo, key)) continue;
    const id = `waybill ${waybillNo} ${deliveryNo}`;
    entries.push({ ...number(id, 'waybill', waybillNo, isExact(waybillNo, key)), note: joined(deliveryNo, note), act: delivery });
  }
  return entries;
}

const number = (id: string, kind: string, text: string, exact: boolean) => ({
  id,
  group: 'number' as const,
  kind: `findKind.${kind}` as Entry['kind'],
  text,
  isExact: exact,
});

/** An order that was found. */
export const orderEntry = (orderNo: string, key: string, note: string | null): Entry => ({
  ...number(`order ${orderNo}`, 'order', orderNo, isExact(orderNo, key)),
  note: note ?? '',
  act: { does: 'open', opened: { kind: 'order', no: orderNo } },
});

const tabOf: Record<string, string> = { requested: 'instruct', instructed: 'confirm', confirmed: 'complete' };

function ofPickup(row: Pickup, { key, inPickups }: Looked): Entry[] {
  const { pickupNo, claimNo, waybillNo, orderNo } = row;
  const note = joined(shownName('pstate', row.state, row.stateName), named('kind', row.kind), row.items[0]?.productName);
  const opened = { kind: 'pickup' as const, no: pickupNo };
  const act = { does: 'open' as const, opened, ...(inPickups ? { path: `/pickups/${tabOf[row.state] ?? 'all'}` } : {}) };
  if (waybillNo && begins(waybillNo, key)) {
    const exact = isExact(waybillNo, key);
    return [{ ...number(`pickup ${pickupNo}`, 'pickupWaybill', waybillNo, exact), note: joined(pickupNo, note), act }];
  }
  if (begins(claimNo, key)) {
    const exact = isExact(claimNo, key);
    return [{ ...number(`pickup ${pickupNo}`, 'claim', claimNo, exact), note: joined(pickupNo, note), act }];
  }
  const own = { ...number(`pickup ${pickupNo}`, 'pickup', pickupNo, isExact(pickupNo, key)), note: joined(note, orderNo), act };
  if (begins(pickupNo, key)) return [own];
  // Found by its order or by the delivery that it takes back.
  return inPickups ? [own] : [];
}

/** Numbers that were found: exact ones first, and in 회수처리 pickups before the rest; each once. */
export function numbersOf(deliveries: readonly Delivery[], pickups: readonly Pickup[], looked: Looked): Entry[] {
  const found = [deliveries.flatMap((row) => ofDelivery(row, looked.key)), pickups.flatMap((row) => ofPickup(row, looked))];
  if (looked.inPickups) found.reverse();
  const once = new Map(found.flat().map((entry) => [entry.id, entry]));
  const orderOnly = pickups.filter(({ orderNo }) => begins(orderNo, looked.key) && !once.has(`order ${orderNo}`));
  for (const { orderNo } of orderOnly) once.set(`order ${orderNo}`, orderEntry(orderNo, looked.key, ''));
  return [...once.values()].sort((a, b) => Number(b.isExact) - Number(a.isExact));
}

/** The one number that was meant, if only one can be. */
export function onlyOf(numbers: readonly Entry[], inPickups: boolean): Entry | undefined {
  const exact = numbers.filter((entry) => entry.isExact);
  const pickups = numbers.filter(({ act }) => inPickups && act.does === 'open' && act.opened.kind === 'pickup');
  const likely = pickups.filter((entry) => entry.isExact);
  const only = [likely, exact, pickups, numbers].find(({ length }) => length === 1);
  return only?.[0];
}

/** Products of the lines that were found, each with its number of lines; it opens the list of them. */
export function productsOf(lines: readonly Line[], isMore: boolean): Entry[] {
  const counts = new Map<number, { name: string; n: number }>();
  for (const { productId, productName } of lines)
    counts.set(productId, { name: productName, n: (counts.get(productId)?.n ?? 0) + 1 });
  return [...counts].slice(0, 6).map(([productId, { name, n }]) => ({
    id: `product ${productId}`,
    group: 'product',
    kind: 'findKind.product',
    text: name,
    note: joined(String(productId), t(isMore ? 'findProductMany' : 'findProductNote', { n })),
    isExact: false,
    act: { does: 'go', path: `/deliveries?productId=${productId}` },
  }));
}

/** Deliveries that the search by phone found; the phone itself is not in them. */
export const peopleOf = (deliveries: readonly Delivery[]): Entry[] =>
  deliveries.map((row) => ({
    ...number(`delivery ${row.deliveryNo}`, 'delivery', row.deliveryNo, false),
    note: joined(row.receiverName, row.states.map((state) => named('state', state)).join(', '), row.orderNo),
    act: { does: 'open', opened: { kind: 'delivery', no: row.deliveryNo } },
  }));
