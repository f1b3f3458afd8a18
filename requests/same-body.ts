import { cleanText } from '../domain/text.ts';

/** With texts as they are read, and keys in one order. */
const asRead = (value: unknown): unknown => {
  if (typeof value === 'string') return cleanText(value).trim();
  if (Array.isArray(value)) return value.map(asRead);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([key, each]) => [key, asRead(each)]);
};

/** Whether two bodies differ in nothing but how the same texts are written: parts of letters on a Mac, whole ones elsewhere. */
export const isSameBody = (stored: unknown, sent: unknown): boolean =>
  JSON.stringify(asRead(stored)) === JSON.stringify(asRead(JSON.parse(JSON.stringify(sent ?? null))));
