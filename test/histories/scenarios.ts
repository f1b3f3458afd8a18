import { planScenarios } from './assembly-plan/scenarios.ts';
import { bulkScenarios } from './bulk-shipment/scenarios.ts';
import { parts } from './delivery/parts.ts';
import { cancellations, claims, course, dispatch, signals } from './delivery/scenarios.ts';
import { askedScenarios, pickupScenarios } from './pickup/scenarios.ts';
import type { Scenario } from './world.ts';

const inFolder = (folder: string, scenarios: Record<string, Scenario>) =>
  Object.entries(scenarios).map(([name, scenario]): [string, Scenario] => [`${folder}/${name}`, scenario]);

/** Every history's name, which is its path without `.json`, and how its workflow comes there. */
export const scenarios: [string, Scenario][] = [
  ...inFolder('delivery/course', course),
  ...inFolder('delivery/dispatch', dispatch),
  ...inFolder('delivery/claims', claims),
  ...inFolder('delivery/cancellations', cancellations),
  ...inFolder('delivery/parts', parts),
  ...inFolder('delivery/signals', signals),
  ...inFolder('pickup', pickupScenarios),
  ...inFolder('pickup/asked', askedScenarios),
  ...inFolder('bulk-shipment', bulkScenarios),
  ...inFolder('assembly-plan', planScenarios),
];
