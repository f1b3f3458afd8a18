import { sql } from 'kysely';
import { type Activities, createActivities } from '../../../activities/index.ts';
import { keywords } from '../../../commands/keywords.ts';
import type { Db } from '../../../db/database.ts';
import { type DeliveryLineRow, toDeliveryLine } from '../../../db/deliveries/row.ts';
import type { DeliveryCommand, DeliveryInput } from '../../../domain/deliveries/commands.ts';
import type { DeliveryLine, LineKey } from '../../../domain/deliveries/line.ts';
import { decideDelivery } from '../../../domain/deliveries/machine.ts';
import { drawsWaybill } from '../../../domain/deliveries/rules.ts';
import { partOf } from '../../../domain/deliveries/split.ts';
import type { Actor } from '../../../domain/machine.ts';
import { rebuildableLines } from '../../../worker/rebuild/lines.ts';
import { rebuildablePickups } from '../../../worker/rebuild/pickups.ts';
import { rebuildRows } from '../../../worker/rebuild/rows.ts';
import { DELIVERY_WORKFLOW, deliveryStartOptions } from '../../../workflows/messages/delivery.ts';
import { PICKUP_WORKFLOW, pickupStartOptions } from '../../../workflows/messages/pickup.ts';
import { keepsAll, type Stack, trackingFor } from '../stack.ts';
import { type PlacedLine, storedRow, unique } from './orders.ts';

type Record = Activities['record'];

/** The activity `record` as a worker has it, called without any workflow. */
export function recordOf({ deps }: Stack, more: { db?: Db; onRepair?: (kind: string) => void } = {}): Record {
  const { db, log, temporal: client } = deps;
  const rest = {
    onRepair: () => {},
    onClaimRefused: () => {},
    bulkConcurrency: 1,
    startParts: async () => {},
    tracking: trackingFor(),
    ...keepsAll,
  };
  return createActivities({ db, client, log, ...rest, ...more }).record;
}

/** The same, counting what it needs a transaction for. */
export function countingRecordOf(stack: Stack): { record: Record; counted: { transactions: number } } {
  const counted = { transactions: 0 };
  const { db } = stack.deps;
  const counting: Db = {
    ...db,
    transaction: (work) => {
      counted.transactions++;
      return db.transaction(work);
    },
  };
  return { record: recordOf(stack, { db: counting }), counted };
}

/** The line as its workflow holds it now: what the row says before anything went wrong. */
export const heldLine = async (stack: { db: Db }, line: LineKey): Promise<DeliveryLine> =>
  toDeliveryLine((await storedRow(stack, line)) as unknown as DeliveryLineRow);

/** Decides on `line`, as a workflow does: the line it becomes, and the entry to record. */
export function decided(
  line: DeliveryLine,
  command: DeliveryCommand,
  requestId: string,
  { actor = 'admin', ...input }: DeliveryInput & { actor?: Actor },
  at: string,
) {
  const decision = decideDelivery(line, command, { hasReason: true, actor, ...input }, at);
  if (!decision.ok) throw new Error(`${command}: ${decision.code}`);
  const part = partOf(line, command, input) ?? undefined;
  const draws = (command === 'ship' && drawsWaybill(input)) || undefined;
  return { next: decision.next, entry: { line: decision.next, from: line.state, command, requestId, actor, at, draws, part } };
}

/** Decides as the line's workflow does; `write` records it. The workflow itself is never told. */
export async function decideStored(
  stack: Stack,
  record: Record,
  line: PlacedLine,
  command: DeliveryCommand,
  requestId = unique('R'),
  input: DeliveryInput = {},
) {
  const { next, entry } = decided(await heldLine(stack, line), command, requestId, input, new Date().toISOString());
  return { next, write: () => record(entry) };
}

/** The deliveries that a waybill is open for. */
export const ownersOfOpen = async ({ db }: { db: Db }, waybillNo: string | null): Promise<string[]> =>
  (
    await db.query(
      sql<{ delivery_no: string }>`select delivery_no from waybills where waybill_no = ${waybillNo} and closed_at is null`,
    )
  ).map(({ delivery_no }) => delivery_no);

/** The commands of a delivery's voided history rows, oldest first. */
export const voidedCommands = async ({ db }: { db: Db }, { deliveryNo }: Pick<LineKey, 'deliveryNo'>): Promise<string[]> =>
  (
    await db.query(
      sql<{
        command: string;
      }>`select command from delivery_history where delivery_no = ${deliveryNo} and voided_at is not null order by id`,
    )
  ).map(({ command }) => command);

/** What `npm run rebuild` does, and prints. */
export async function rebuilt({ db, temporal: client, taskQueue }: Stack, dryRun = false, changedSince?: Date) {
  const printed: string[] = [];
  const restart = async (type: string, options: ReturnType<typeof deliveryStartOptions | typeof pickupStartOptions>) => {
    const { attributes, ...start } = options;
    await client.workflow.start(type, { ...start, taskQueue, typedSearchAttributes: keywords(attributes) });
  };
  const line = { openDays: 90 };
  const options = { db, client, dryRun, changedSince, print: (text: string) => printed.push(text) };
  const lines = rebuildableLines((each) => restart(DELIVERY_WORKFLOW, deliveryStartOptions(each, line)));
  const pickups = rebuildablePickups((each) => restart(PICKUP_WORKFLOW, pickupStartOptions(each, { autoConfirm: false, line })));
  const counts = [await rebuildRows(options, lines), await rebuildRows(options, pickups)];
  const sum = (field: 'repaired' | 'unrepaired') => counts.reduce((total, each) => total + each[field], 0);
  return { repaired: sum('repaired'), unrepaired: sum('unrepaired'), printed };
}
