import { z } from '@hono/zod-openapi';
import { normalizeWaybill } from '../../domain/carriers.ts';
import { isNestedTooDeep } from '../../domain/nesting.ts';
import { cut } from '../../domain/safe-text.ts';
import { cleanText } from '../../domain/text.ts';
import { isTrackingLevel } from '../../domain/tracking.ts';
import { businessNo, instant, text } from '../http/schemas.ts';

export const FORM = 'application/x-www-form-urlencoded';
/** The place is part of the journal's key, shortened; the body has all of it. */
const PLACE_LETTERS = 200;
const DETAIL_LETTERS = 500;
/** `yyyy-MM-dd HH:mm:ss`, Korean time. */
const wireTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?$/)
  .transform((value) => value.replace(' ', 'T'))
  .pipe(instant);
const cutText = (most: number) =>
  z
    .string()
    .default('')
    .transform((value) => cut(cleanText(value).trim(), most));

/** SweetTracker's names and ours (docs/sources/facts.md#sweettracker-wire). */
export const scanSchema = z
  .object({
    fid: businessNo,
    invoice_no: z.string().transform(normalizeWaybill).pipe(text(50)),
    level: z
      .string()
      .trim()
      .regex(/^-?\d{1,3}$/)
      .transform(Number)
      .refine(isTrackingLevel),
    time_trans: z.string().trim().default(''),
    time_sweet: z.string().trim().default(''),
    where: cutText(PLACE_LETTERS),
    details: cutText(DETAIL_LETTERS),
    courier_code: cutText(10),
    comcode: cutText(10),
  })
  .transform(({ time_trans, time_sweet, courier_code, comcode, ...rest }) => ({
    fid: rest.fid,
    waybillNo: rest.invoice_no,
    level: rest.level,
    scannedAt: time_trans || time_sweet,
    place: rest.where,
    details: rest.details || null,
    carrierCode: courier_code || comcode || null,
  }))
  .pipe(
    z.object({
      fid: z.string(),
      waybillNo: z.string(),
      level: z.number(),
      scannedAt: wireTime,
      place: z.string(),
      details: z.string().nullable(),
      carrierCode: z.string().nullable(),
    }),
  );
type Fields = Record<string, string>;

/** A text that PostgreSQL can store. */
const clean = (value: string) => value.toWellFormed().replaceAll('\u0000', '');
const flat = (value: unknown) =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);

/** A callback's body as it came: its fid, by which its token is checked, and only then all of it. */
export interface Sent {
  fid: string;
  /** All fields as texts; null = nested too deep. */
  fields: () => Fields | null;
}

/** Reads a form or a JSON body; null when it is neither. Nothing here follows the body's nesting before `fields` has bounded it. */
export function sentOf(contentType: string, body: string): Sent | null {
  const kind = contentType.split(';', 1)[0]?.trim().toLowerCase();
  const isJson = kind === 'application/json';
  const entries = isJson ? jsonEntries(body) : kind === FORM ? [...new URLSearchParams(body)] : null;
  if (entries === null) return null;
  // The same of several that `fields` ends up with: its token must not serve for another one's scan.
  const fid: unknown = entries.findLast(([name]) => clean(name) === 'fid')?.[1];
  return {
    fid: typeof fid === 'string' || typeof fid === 'number' ? clean(String(fid)) : '',
    fields: () =>
      isJson && isNestedTooDeep(body)
        ? null
        : Object.fromEntries(entries.map(([name, value]) => [clean(name), clean(flat(value))])),
  };
}

function jsonEntries(body: string): [string, unknown][] | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? Object.entries(parsed) : null;
  } catch {
    return null;
  }
}

/** The wire's name of an invalid field. */
export const wireName = (field: PropertyKey | undefined) => (field === 'scannedAt' ? 'time_trans' : String(field ?? 'body'));
