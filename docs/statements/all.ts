import { deliveryExamples } from './deliveries.ts';
import type { Example } from './example.ts';

/** Every list of `db/`, at least once. */
export const examples: readonly Example[] = [...deliveryExamples];
