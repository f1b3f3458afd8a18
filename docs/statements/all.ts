import type { Example } from './example.ts';
import { recordExamples } from './record.ts';

/** Every list of `db/`, at least once. */
export const examples: readonly Example[] = [...recordExamples];
