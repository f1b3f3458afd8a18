import type { OperatorService } from '@temporalio/client';
import { searchAttributes } from '../workflows/messages/names.ts';

/** gRPC status, and IndexedValueType of the Temporal API: the protocol package is CommonJS without named exports. */
const ALREADY_EXISTS = 6;
const KEYWORD = 2;

/**
 * Makes sure that the namespace knows our search attributes: a start with an unknown one fails. Harmless when they are there;
 * throws when the server does not answer, so that the caller tries again.
 */
export async function registerSearchAttributes(operatorService: OperatorService, namespace: string): Promise<void> {
  const known = await operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(searchAttributes).filter((name) => !(name in (known.customAttributes ?? {})));
  if (missing.length === 0) return;
  try {
    await operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
  } catch (error) {
    // Another process of ours was quicker.
    if ((error as { code?: number }).code !== ALREADY_EXISTS) throw error;
  }
}
