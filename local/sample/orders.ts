import { otherProducts, type Product, parcelProducts, products } from './catalog.ts';
import { type Customer, createCustomers, createHome, createMemo, createPerson, type Receiver } from './people.ts';
import {
  type Dice,
  type LinePlan,
  type OrderLine,
  placeAndMethod,
  planCorrection,
  planDispatch,
  planOrder,
  type Stage,
  sharedParcel,
  stageOf,
} from './plans.ts';
import { createRandom, DAY, HOUR, type Random, seoulDate, seoulDay, seoulTime } from './random.ts';
import { createParcels } from './waybills.ts';

/** How many orders a sample data set has. */
export const SAMPLE_ORDER_COUNT = 200;

const SPAN_DAYS = 14;
const CUSTOMERS = 150;

/** The body of `POST /api/order/v1/orders`. */
export interface OrderBody {
  orderNo: string;
  orderedAt: string;
  channel: string;
  orderer: Customer['orderer'];
  receiver: Receiver;
  lines: OrderLine[];
}

/** An order, and a plan for each of its lines. */
export interface SampleOrder {
  body: OrderBody;
  plans: LinePlan[];
}

const channels = '자사몰 자사몰 자사몰 자사몰 스마트스토어 스마트스토어 스마트스토어 쿠팡 G마켓 11번가'.split(' ');
const GIFT_CHANNEL = '카카오 선물하기';

// Orders by hour of the day in Seoul: quiet at night, a peak at lunch and a higher one in the evening.
const hours = [3, 2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 10, 9, 8, 8, 8, 8, 9, 10, 13, 15, 12, 7].flatMap((weight, hour) =>
  Array<number>(weight).fill(hour),
);

/** The instants of the orders, oldest first; the first is exactly `SPAN_DAYS` old, which `sampleEnd` relies on. */
function createTimes(random: Random, end: number): number[] {
  const times = Array.from({ length: SAMPLE_ORDER_COUNT - 1 }, () => {
    const time =
      seoulDay(end) - random.between(0, SPAN_DAYS - 1) * DAY + random.pick(hours) * HOUR + random.between(0, 3_599) * 1_000;
    return time > end ? time - SPAN_DAYS * DAY : time;
  });
  return [end - SPAN_DAYS * DAY, ...times.sort((a, b) => a - b)];
}

/** Distinct products; those of one place and method only when `like` is given. */
function createLines(random: Random, like?: OrderLine): OrderLine[] {
  const pool = like && products.filter(([, , , placeNo, method]) => `${placeNo ?? ''}/${method}` === placeAndMethod(like));
  const chosen = new Set<Product>();
  for (let left = random.pick([1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4]); left > 0; left--)
    chosen.add(random.pick(pool ?? (random.chance(0.86) ? parcelProducts : otherProducts)));
  return [...chosen].map(([productId, productName, unitPrice, placeNo, methodCode, options], index) => ({
    lineNo: index + 1,
    productId,
    productName,
    ...(options === '' ? {} : { optionName: random.pick(options.split('|')) }),
    quantity: unitPrice > 100_000 ? 1 : random.pick([1, 1, 1, 1, 2, 2, 3]),
    unitPrice,
    ...(placeNo === null ? {} : { placeNo }),
    methodCode,
  }));
}

/** A gift goes to another person; only what is brought to a door has a memo. */
function createReceiver(random: Random, home: Receiver, gift: boolean, lines: readonly OrderLine[]): Receiver {
  const receiver = gift ? createHome(random, createPerson(random)) : home;
  const brought = lines.some(({ methodCode }) => methodCode === '10' || methodCode === '20');
  return brought && random.chance(0.5) ? { ...receiver, memo: createMemo(random) } : receiver;
}

/** When a data set was made, computed from its first order; null when this is no sample order. */
export function sampleEnd({ orderNo, orderedAt }: { orderNo: string; orderedAt: string }): Date | null {
  return /^S\d{8}-0001$/.test(orderNo) ? new Date(Date.parse(orderedAt) + SPAN_DAYS * DAY) : null;
}

/** About two weeks of orders up to `end`, oldest first. The same `end` gives the same orders, byte for byte. */
export function createSampleOrders(end: Date): SampleOrder[] {
  const endAt = Math.floor(end.getTime() / 1_000) * 1_000;
  const times = createTimes(createRandom(14), endAt);
  // With this seed every state, method and carrier occurs, and a few stockouts, shared and split parcels.
  const random = createRandom(3620);
  const dice: Dice = { random, nextParcel: createParcels(random), today: seoulDay(endAt) };
  const customers = createCustomers(random, CUSTOMERS);
  const perDay = new Map<string, number>();
  const orders: SampleOrder[] = [];
  let previous: { order: SampleOrder; stage: Stage } | undefined;
  for (const [index, time] of times.entries()) {
    const day = seoulDate(time);
    const number = (perDay.get(day) ?? 0) + 1;
    perDay.set(day, number);
    const stage = stageOf(index / SAMPLE_ORDER_COUNT + (index === 0 ? 0 : (random.next() - 0.5) * 0.12));
    const shared = previous && random.chance(0.06) ? sharedParcel(previous.order.body.lines, previous.order.plans) : undefined;
    const combined = previous && shared ? { ...previous, parcel: shared } : undefined;
    const lines = createLines(random, combined?.order.body.lines[0]);
    const gift = !combined && random.chance(0.1);
    const customer = combined?.order.body ?? random.pick(customers);
    const together = ({ lineNo, quantity }: OrderLine, { stage: target, parcel }: NonNullable<typeof combined>): LinePlan => {
      return { lineNo, quantity, target, parcel, combine: true };
    };
    const order: SampleOrder = {
      body: {
        orderNo: `S${day}-${String(number).padStart(4, '0')}`,
        orderedAt: seoulTime(time),
        channel: gift ? GIFT_CHANNEL : random.pick(channels),
        orderer: customer.orderer,
        receiver: combined ? customer.receiver : createReceiver(random, customer.receiver, gift, lines),
        lines,
      },
      plans: combined ? lines.map((line) => together(line, combined)) : planOrder(dice, lines, stage),
    };
    orders.push(order);
    previous = { order, stage: combined?.stage ?? stage };
  }
  const plans = orders.flatMap((order) => order.plans);
  planCorrection(plans, dice.nextParcel);
  planDispatch(orders, end);
  return orders;
}
