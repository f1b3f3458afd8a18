import type { Random } from './random.ts';

/** One parcel with its carrier's number. */
export interface Parcel {
  carrierCode: string;
  waybillNo: string;
}

/** The next parcel of this carrier, or of a random one. */
export type NextParcel = (carrierCode?: string) => Parcel;

const first: Record<string, number> = {
  '04': 688_214_503_117,
  '05': 527_730_418_206,
  '08': 254_096_371_540,
  '01': 6_894_501_732_448,
  '06': 931_562_087_701,
  '99': 700_118_420_035,
};
const shares = '04 04 04 04 04 04 04 04 04 04 05 05 05 05 08 08 08 08 01 01 01 06 06 99'.split(' ');

/** Waybills numbered as each carrier does it: rising with gaps, so never twice the same. `later` skips numbers used elsewhere. */
export function createParcels(random: Random, later = 0): NextParcel {
  const last = new Map<string, number>();
  return (carrierCode = random.pick(shares)) => {
    const number = (last.get(carrierCode) ?? (first[carrierCode] ?? 0) + later) + random.between(7, 9_000);
    last.set(carrierCode, number);
    return { carrierCode, waybillNo: String(number) };
  };
}
