import { cleanCode, cleanNumber } from '../ui/clean-text.ts';

/** The parts of a carrier that judge what was typed; carriers and patterns come from the API. */
export interface Carrier {
  code: string;
  name: string;
  waybillPattern: string;
}

/** Excel shortens a long number in a cell that is not text; its digits are lost. */
const SHORTENED = /^[+-]?[0-9]+([.,][0-9]+)?E[+-]?[0-9]+$/i;
export const isShortened = (text: string): boolean => SHORTENED.test(text);

/** Normalizes a waybill from typing or a sheet: plain digits, without blanks and hyphens of any kind. */
export function cleanWaybill(text: string): string {
  const plain = cleanNumber(text);
  return isShortened(plain) ? plain : cleanNo(plain);
}

/** A number as the API writes it: people add hyphens and blanks, and small letters. */
export const cleanNo = (text: string): string =>
  cleanNumber(text)
    .replace(/[\s\p{Pd}]/gu, '')
    .toUpperCase();

const bare = (name: string) =>
  cleanCode(name)
    .replace(/\s|택배$/g, '')
    .toUpperCase();

/** A carrier from a sheet: its code, with or without the zero, or its name; anything else stays unchanged. */
export function carrierOf(text: string, carriers: readonly Carrier[]): string {
  const plain = cleanCode(text);
  if (plain === '') return '';
  const exact = carriers.find(
    ({ code, name }) => code === plain || code === plain.padStart(2, '0') || bare(name) === bare(plain),
  );
  if (exact) return exact.code;
  const near = carriers.filter(({ name }) => bare(plain).length > 1 && bare(name).includes(bare(plain)));
  return near.length === 1 && near[0] ? near[0].code : plain;
}

export type WaybillFault = 'waybillShortened' | 'carrierUnknown' | 'waybillBad';

/** Why the API would refuse these, or null. */
export function faultOf(carrierCode: string, waybillNo: string, carriers: readonly Carrier[]): WaybillFault | null {
  if (waybillNo !== '' && isShortened(waybillNo)) return 'waybillShortened';
  if (carriers.length === 0) return null;
  const carrier = carriers.find(({ code }) => code === carrierCode);
  if (carrierCode !== '' && carrier === undefined) return 'carrierUnknown';
  return waybillNo !== '' && carrier && !new RegExp(carrier.waybillPattern).test(waybillNo) ? 'waybillBad' : null;
}
