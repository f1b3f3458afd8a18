import { z } from 'zod';

export const text = z.string().min(1);
export const port = z.coerce.number().int().min(1).max(65_535);
export const count = (least: number) => z.coerce.number().int().min(least);
/** A base URL, without the slash at its end because paths begin with one. */
export const base = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));
