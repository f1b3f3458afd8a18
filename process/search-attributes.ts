import type { Client, OperatorService } from '@temporalio/client';
import { searchAttributes } from '../workflows/messages/names.ts';
import type { Ensure } from './ensuring.ts';

/** Their name in `/readyz` and the log. */
export const SEARCH_ATTRIBUTES = 'search-attributes';

/** gRPC status and the Temporal API's IndexedValueType, as numbers: the protocol package is CommonJS without named exports. */
const ALREADY_EXISTS = 6;
const KEYWORD = 2;

/**
 * Registers our search attributes in the namespace, because a workflow start with an unknown one fails. Does nothing if they
 * exist. Throws when the server does not answer, so that the caller retries.
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
    // Another of our processes registered it first.
    if ((error as { code?: number }).code !== ALREADY_EXISTS) throw error;
  }
}

/** Ensures them in the client's namespace. A start that comes first is refused by Temporal, and repeated by the sweep of starts. */
export const searchAttributesIn =
  (client: Client): Ensure =>
  (deadline) =>
    client.withDeadline(deadline, () => registerSearchAttributes(client.connection.operatorService, client.options.namespace));
