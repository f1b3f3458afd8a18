/** A waybill that was typed and not sent yet; lines of one delivery may share one. */
export interface Unsent {
  id: string;
  /** The delivery or pickup it is for. */
  no: string;
  carrierCode: string;
  waybillNo: string;
}
/** What the API knows of a waybill: who has it, or nobody. */
export type Used = { deliveryNo?: string | undefined; pickupNo?: string | undefined } | null;
export interface Clash {
  why: 'waybillTwice' | 'waybillInUse';
  /** The other delivery or pickup. */
  no: string;
}

export const pairOf = ({ carrierCode, waybillNo }: Pick<Unsent, 'carrierCode' | 'waybillNo'>): string =>
  `${carrierCode} ${waybillNo}`;

/** Typed waybills that another delivery has, or that were typed for another one too. */
export function clashesOf(
  own: readonly Unsent[],
  others: readonly Unsent[],
  used: ReadonlyMap<string, Used>,
): ReadonlyMap<string, Clash> {
  const takers = new Map<string, Set<string>>();
  for (const each of [...own, ...others]) {
    const known = takers.get(pairOf(each));
    if (known) known.add(each.no);
    else takers.set(pairOf(each), new Set([each.no]));
  }
  const clashes = new Map<string, Clash>();
  for (const each of own) {
    const user = used.get(pairOf(each));
    const holder = user?.deliveryNo ?? user?.pickupNo;
    const other = [...(takers.get(pairOf(each)) ?? [])].find((no) => no !== each.no);
    if (holder !== undefined && holder !== each.no) clashes.set(each.id, { why: 'waybillInUse', no: holder });
    else if (other !== undefined) clashes.set(each.id, { why: 'waybillTwice', no: other });
  }
  return clashes;
}
