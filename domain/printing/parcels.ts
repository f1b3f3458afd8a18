import type { PrintedLine } from './print.ts';

/** What goes under one waybill, and so gets one label, whatever deliveries share it (합포장). */
export interface Parcel {
  carrierCode: string;
  waybillNo: string;
  deliveryNos: string[];
  lines: PrintedLine[];
}

/** The parcels of these lines, in their order; lines without a waybill are none. */
export function parcelsOf(lines: readonly PrintedLine[]): Parcel[] {
  const parcels = new Map<string, Parcel>();
  for (const line of lines) {
    const { carrierCode, waybillNo, deliveryNo } = line;
    if (carrierCode === null || waybillNo === null) continue;
    const key = `${carrierCode}/${waybillNo}`;
    const parcel = parcels.get(key) ?? { carrierCode, waybillNo, deliveryNos: [], lines: [] };
    parcel.lines.push(line);
    if (!parcel.deliveryNos.includes(deliveryNo)) parcel.deliveryNos.push(deliveryNo);
    parcels.set(key, parcel);
  }
  return [...parcels.values()];
}

/** Kinds of goods that a label names. */
const MOST_NAMED = 4;

/** Goods in short, a kind a line: what they are and how many; beyond four kinds the last line says how many more. */
export function goodsInShort(lines: readonly PrintedLine[]): string[] {
  const kinds = Map.groupBy(lines, ({ productName, optionName }) =>
    optionName ? `${productName} (${optionName})` : productName,
  );
  const each = [...kinds].map(([name, own]) => ({ name, quantity: own.reduce((sum, { quantity }) => sum + quantity, 0) }));
  const named = each.length > MOST_NAMED ? each.slice(0, MOST_NAMED - 1) : each;
  const more = each.slice(named.length);
  const rest = more.reduce((sum, { quantity }) => sum + quantity, 0);
  return [
    ...named.map(({ name, quantity }) => `${quantity}개  ${name}`),
    ...(more.length > 0 ? [`${rest}개  그 밖에 ${more.length}종`] : []),
  ];
}

/** A waybill as people read it aloud: in fours, if it is of digits alone. */
export const spoken = (waybillNo: string): string =>
  /^\d{9,}$/.test(waybillNo) ? waybillNo.replace(/(\d{4})(?=\d)/g, '$1-') : waybillNo;
