/** A carrier (택배사) by SweetTracker's code, with its codes in other systems and the form of its waybills. */
export interface Carrier {
  code: string;
  name: string;
  /** 참조1값 Y: the tracker can follow its parcels. */
  trackable: boolean;
  esmNo: number | null;
  sabangnetNo: number | null;
  /** The form of a waybill without hyphens and blanks; no check digit (docs/sources/contract.md#delivery). */
  waybillPattern: string;
}

const DOMESTIC = '^[0-9]{9,14}$';
const INTERNATIONAL = '^[0-9A-Z]{9,20}$';

type Numbers = { esm?: number; sabangnet?: number; pattern?: string; trackable?: boolean };
const carrier = (
  code: string,
  name: string,
  { esm, sabangnet, pattern = DOMESTIC, trackable = true }: Numbers = {},
): Carrier => ({
  code,
  name,
  trackable,
  esmNo: esm ?? null,
  sabangnetNo: sabangnet ?? null,
  waybillPattern: pattern,
});

export const carriers: readonly Carrier[] = [
  carrier('01', '우체국택배', { esm: 10005, sabangnet: 5 }),
  carrier('04', 'CJ대한통운', { esm: 10013, sabangnet: 4 }),
  carrier('05', '한진택배', { esm: 10007, sabangnet: 2 }),
  carrier('06', '로젠택배', { sabangnet: 3 }),
  carrier('08', '롯데택배', { esm: 10008, sabangnet: 1 }),
  carrier('11', '일양로지스'),
  carrier('12', 'EMS', { esm: 10036, pattern: INTERNATIONAL }),
  carrier('13', 'DHL', { esm: 10022, sabangnet: 19, pattern: INTERNATIONAL }),
  carrier('14', 'UPS', { pattern: INTERNATIONAL }),
  carrier('17', '천일택배'),
  carrier('18', '건영택배'),
  carrier('20', '한덱스'),
  carrier('21', 'FedEx', { esm: 10023, sabangnet: 20, pattern: INTERNATIONAL }),
  carrier('22', '대신택배'),
  carrier('23', '경동택배'),
  carrier('24', 'CVSnet 편의점택배'),
  carrier('32', '합동택배'),
  carrier('46', 'CU 편의점택배'),
  carrier('99', '기타', { trackable: false }),
];

/** Codes of the carriers whose 참조1값 is Y. */
export const trackableCarriers: readonly string[] = carriers.filter(({ trackable }) => trackable).map(({ code }) => code);

const byCode = new Map(carriers.map((entry) => [entry.code, { ...entry, pattern: new RegExp(entry.waybillPattern) }]));

/** Whether there is a carrier with this code. */
export const isCarrier = (code: string): boolean => byCode.has(code);

/** Hyphens as people and their programs write them: hyphens, en dashes, minus signs. */
const HYPHENS = '\\-\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d';
const notStored = new RegExp(`[\\s${HYPHENS}]`, 'g');

/** The waybill as it is stored: hyphens and blanks removed. What else nobody sees is removed where it comes in (domain/text.ts). */
export function normalizeWaybill(text: string): string {
  return text.replace(notStored, '');
}

/** Why this carrier and waybill cannot be used, or null. `waybillNo` may still hold hyphens and blanks. */
export function judgeWaybill(
  carrierCode: string | undefined,
  waybillNo: string | undefined,
): 'WAYBILL_REQUIRED' | 'CARRIER_UNKNOWN' | 'WAYBILL_INVALID' | null {
  const number = waybillNo === undefined ? '' : normalizeWaybill(waybillNo);
  if (!carrierCode || number === '') return 'WAYBILL_REQUIRED';
  const known = byCode.get(carrierCode);
  if (!known) return 'CARRIER_UNKNOWN';
  return known.pattern.test(number) ? null : 'WAYBILL_INVALID';
}
