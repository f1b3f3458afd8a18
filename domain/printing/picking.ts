import type { LineKey } from '../deliveries/line.ts';
import type { PrintedLine } from './print.ts';

/** One walk to a shelf: a product with its option, how many of it, and where each goes. */
export interface Pick {
  productId: number;
  productName: string;
  optionName: string | null;
  quantity: number;
  lines: (LineKey & { quantity: number })[];
}

/** The picks of one shipping place. */
export interface PlacePicks {
  placeNo: number | null;
  placeName: string | null;
  quantity: number;
  picks: Pick[];
}

const byText = new Intl.Collator('ko', { numeric: true });
const keyOf = ({ productId, productName, optionName }: PrintedLine) => JSON.stringify([productId, productName, optionName]);

/**
 * A picking list in the order in which it is walked: place by place, and there by product name, so that the options of a product and
 * products of one kind stand together (a place knows no shelves). A product sold under two names is two picks: the picker compares
 * what is printed with what the parcel's list will say.
 */
export function picksOf(lines: readonly PrintedLine[]): PlacePicks[] {
  const places = [...Map.groupBy(lines, ({ placeNo }) => placeNo).values()].map((own): PlacePicks => {
    const picks = [...Map.groupBy(own, keyOf).values()].map(pickOf).sort(inOrder);
    const { placeNo = null, placeName = null } = own[0] ?? {};
    return { placeNo, placeName, quantity: sumOf(own), picks };
  });
  return places.sort((a, b) => (a.placeNo ?? Number.MAX_SAFE_INTEGER) - (b.placeNo ?? Number.MAX_SAFE_INTEGER));
}

function pickOf(lines: PrintedLine[]): Pick {
  const { productId = 0, productName = '', optionName = null } = lines[0] ?? {};
  const places = lines.map(({ deliveryNo, lineNo, quantity }) => ({ deliveryNo, lineNo, quantity }));
  return { productId, productName, optionName, quantity: sumOf(lines), lines: places };
}

const inOrder = (a: Pick, b: Pick): number =>
  byText.compare(a.productName, b.productName) ||
  byText.compare(a.optionName ?? '', b.optionName ?? '') ||
  a.productId - b.productId;

const sumOf = (lines: readonly { quantity: number }[]): number => lines.reduce((sum, { quantity }) => sum + quantity, 0);
