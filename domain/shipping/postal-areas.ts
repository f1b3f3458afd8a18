import { cleanNumber } from '../text.ts';

/**
 * Postal codes (우편번호) with a carrier surcharge: Jeju (제주) and remote islands (도서산간).
 *
 * As of 2026-11-23. Source: the five-digit codes in force since 2015-08-01, as listed by three public Korean shops (the
 * "제주·도서산간 추가배송비 우편번호" table that comes with shop software). Every range below is in all three tables, except 33411
 * and the two remote parts of Jeju, which are in two. There is no official list: a carrier's contract may name other codes.
 * To update it, change these rows: [first, last, where], both ends included, ascending and not overlapping within each table.
 */
type Range = readonly [first: number, last: number, where: string];

export const jejuCodes: readonly Range[] = [[63000, 63644, '제주특별자치도']];

export const remoteCodes: readonly Range[] = [
  [22386, 22388, '인천 중구 섬'],
  [23004, 23010, '인천 강화군 섬'],
  [23100, 23116, '인천 옹진군'],
  [23124, 23136, '인천 옹진군'],
  [31708, 31708, '충남 당진시 섬'],
  [32133, 32133, '충남 태안군 섬'],
  [33411, 33411, '충남 보령시 섬'],
  [40200, 40240, '경북 울릉군'],
  [46768, 46771, '부산 강서구 섬'],
  [52570, 52571, '경남 사천시 섬'],
  [53031, 53033, '경남 통영시 섬'],
  [53089, 53104, '경남 통영시 섬'],
  [54000, 54000, '전북 군산시 섬'],
  [56347, 56349, '전북 부안군 섬'],
  [57068, 57069, '전남 영광군 섬'],
  [58760, 58762, '전남 목포시 섬'],
  [58800, 58810, '전남 신안군'],
  [58816, 58818, '전남 신안군'],
  [58826, 58826, '전남 신안군'],
  [58828, 58866, '전남 신안군'],
  [58953, 58958, '전남 진도군 섬'],
  [59102, 59103, '전남 완도군 섬'],
  [59106, 59106, '전남 완도군 섬'],
  [59127, 59127, '전남 완도군 섬'],
  [59129, 59129, '전남 완도군 섬'],
  [59137, 59166, '전남 완도군 섬'],
  [59650, 59650, '전남 여수시 섬'],
  [59766, 59766, '전남 여수시 섬'],
  [59781, 59790, '전남 여수시 섬'],
  [63000, 63001, '제주 추자면'],
  [63365, 63365, '제주 우도면'],
];

/** Where a parcel costs more. The islands off Jeju pay as `remote`. */
export type PostalArea = 'jeju' | 'remote';
export const postalAreaNames = { jeju: '제주', remote: '도서산간' } as const satisfies Record<PostalArea, string>;

const within = (ranges: readonly Range[], code: number) => ranges.some(([first, last]) => code >= first && code <= last);

/** A postal code as it is stored: five digits, or six of before 2015-08-01, which are written 135-080. */
export const ZIP_CODE = /^(?:\d{5}|[1-7]\d{2}-?\d{3})$/;
export const isZipCode = (zipCode: string): boolean => ZIP_CODE.test(zipCode);
export const cleanZipCode = (text: string): string => cleanNumber(text).replace(/^([1-7]\d{2})[- ]?(\d{3})$/, '$1-$2');

/** Whether a postal code is one of before 2015, of which only Jeju's are known here. */
export const isOldZipCode = (zipCode: string): boolean => zipCode.length > 5 && isZipCode(zipCode);

/** The mark of an old postal code in answers; there only when it is one. */
export const oldZipCodeMark = (zipCode: string): { zipCodeOld?: true } => (isOldZipCode(zipCode) ? { zipCodeOld: true } : {});

/** Jeju's old codes. The remote ones had no ranges of their own, and no list of them is kept any more. */
const oldJejuCodes: readonly Range[] = [[690_000, 699_999, '제주특별자치도']];

/** The area of a postal code; null = no surcharge (of an old code: none that is known), also for a text that is no postal code. */
export function postalAreaOf(zipCode: string): PostalArea | null {
  if (!isZipCode(zipCode)) return null;
  const code = Number(zipCode.replace('-', ''));
  if (isOldZipCode(zipCode)) return within(oldJejuCodes, code) ? 'jeju' : null;
  if (within(remoteCodes, code)) return 'remote';
  return within(jejuCodes, code) ? 'jeju' : null;
}
