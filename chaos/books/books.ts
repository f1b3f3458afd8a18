import { orderEvents } from '../../db/events/order.ts';
import type { Happened } from '../history/history.ts';
import type { World } from '../world/world.ts';
import { checkCallbacks } from './callbacks.ts';
import { checkEvents } from './events.ts';
import type { Finding } from './finding.ts';
import { checkStock, checkWaybills } from './goods.ts';
import { type Ledgers, readLedgers } from './ledgers.ts';
import { checkPrivacy } from './privacy.ts';
import { checkQuantities } from './quantities.ts';
import { checkReceivers } from './receivers.ts';
import { checkSheets } from './sheets.ts';
import { checkSteps } from './steps.ts';
import { checkTold } from './told.ts';
import { checkTruth } from './truth.ts';

/** Those that need nothing but what was written down: of a kept run too. */
export const balanceWritten = (happened: readonly Happened[], ledgers: Ledgers): Finding[] => [
  ...checkTold(happened, ledgers),
  ...checkSteps(ledgers),
  ...checkQuantities(happened, ledgers),
  ...checkWaybills(ledgers),
  ...checkStock(ledgers),
  ...checkCallbacks(happened, ledgers),
  ...checkEvents(ledgers),
  ...checkReceivers(happened, ledgers),
  ...checkSheets(ledgers),
];

/** All books, of a world in which nothing is pending. */
export async function balance(world: World, happened: readonly Happened[]): Promise<{ findings: Finding[]; ledgers: Ledgers }> {
  await orderEvents(world.db);
  const ledgers = await readLedgers(world.db);
  const findings = [...balanceWritten(happened, ledgers), ...(await checkTruth(world)), ...(await checkPrivacy(world, ledgers))];
  return { findings, ledgers };
}
