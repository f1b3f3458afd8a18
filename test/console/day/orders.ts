import { placed } from '../../support/browser/console.ts';
import { type PlacedLine, unique } from '../../support/scenes/orders.ts';
import type { Stack } from '../../support/stack.ts';

const PARCEL = '10';
const VISIT = '30';
const COUPON = '40';

/** The orders of one morning, by what the day will bring them; each is a delivery of its own. */
export interface Morning {
  product: string;
  pasted: [PlacedLine, PlacedLine, PlacedLine, PlacedLine];
  /** Two lines of one delivery, which leave in one parcel. */
  together: [PlacedLine, PlacedLine];
  noParcels: [PlacedLine, PlacedLine];
  scanned: [PlacedLine, PlacedLine];
  sheet: [PlacedLine, PlacedLine, PlacedLine];
  missing: PlacedLine;
}

/** As the shop sends them over night: parcels with others between. */
export async function ordersOf(stack: Stack): Promise<Morning> {
  const product = unique('텐트');
  const one = async (methodCode = PARCEL, quantity = 1) =>
    (await placed(stack, [], [{ productName: product, methodCode, quantity }]))[0];
  // Three pieces, of which two will come back.
  const first = await one(PARCEL, 3);
  const coupon = await one(COUPON);
  const second = await one();
  const [left, right] = await placed(stack, [], [{ productName: product }, { productName: product }]);
  if (!right) throw new Error('no second line');
  const visit = await one(VISIT);
  const pasted: Morning['pasted'] = [first, second, await one(), await one()];
  const scanned: Morning['scanned'] = [await one(), await one()];
  const sheet: Morning['sheet'] = [await one(), await one(), await one()];
  return { product, pasted, together: [left, right], noParcels: [coupon, visit], scanned, sheet, missing: await one() };
}

export const linesOf = ({ pasted, together, noParcels, scanned, sheet, missing }: Morning): PlacedLine[] => [
  ...pasted,
  ...together,
  ...noParcels,
  ...scanned,
  ...sheet,
  missing,
];
