import type { ApiProcess, ProcessStack } from '../support/processes/process-stack.ts';
import { type PlacedLine, placeOrder, take } from '../support/scenes/orders.ts';

export interface World {
  stack: ProcessStack;
  api: ApiProcess;
  /** Starts lines that close three seconds after they were delivered. */
  hasty: ApiProcess;
  /** Starts lines that continue as new after 30 events. */
  short: ApiProcess;
}

/** Leads one workflow somewhere and answers its id. */
export type Scenario = (world: World) => Promise<string>;

export const SHIPPED = ['instruct', 'release', 'ship'];
export const DELIVERED = [...SHIPPED, 'deliver'];

/** A line of three pieces, taken along these commands. */
export async function placed(api: ApiProcess, path: string[] = []): Promise<PlacedLine> {
  const [line] = await placeOrder(api, [{ quantity: 3 }]);
  if (!line) throw new Error('no line');
  await take(api, line, path);
  return line;
}
