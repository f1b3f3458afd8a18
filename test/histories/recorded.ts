import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Names of all recorded histories: their paths in this folder, without `.json`. */
export const recordedNames = (): string[] =>
  readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length));

export const fileOf = (name: string): string => join(import.meta.dirname, `${name}.json`);
