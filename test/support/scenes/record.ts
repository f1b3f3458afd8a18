import { sql } from 'kysely';
import { type Activities, createActivities } from '../../../activities/index.ts';
import type { Db } from '../../../db/database.ts';
import { type DeliveryLineRow, toDeliveryLine } from '../../../db/deliveries/row.ts';
import type { DeliveryCommand, DeliveryInput } from '../../../domain/deliveries/commands.ts';
import type { DeliveryLine } from '../../../domain/deliveries/line.ts';
import { decideDelivery } from '../../../domain/deliveries/machine.ts';
import type { Actor } from '../../../domain/machine.ts';
import { keepsAll, type Stack, trackingFor } from '../stack.ts';
import { type PlacedLine, storedRow, unique } from './orders.ts';

type Record = Activities['record'];

/** The activity `record` as a worker has it, called without any workflow. */
export function recordOf({ deps }: Stack, more: { db?: Db; onRepair?: (kind: string) => void } = {}): Record {
  const { db, log, temporal: client } = deps;
  const rest = { onRepair: () => {}, onClaimRefused: () => {}, bulkConcurrency: 1, tracking: trackingFor(), ...keepsAll };
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
export const heldLine = async (stack: { db: Db }, line: PlacedLine): Promise<DeliveryLine> =>
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
  return { next: decision.next, entry: { line: decision.next, from: line.state, command, requestId, actor, at } };
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
export const voidedCommands = async ({ db }: { db: Db }, { deliveryNo }: PlacedLine): Promise<string[]> =>
  (
    await db.query(
      sql<{
        command: string;
      }>`select command from delivery_history where delivery_no = ${deliveryNo} and voided_at is not null order by id`,
    )
  ).map(({ command }) => command);
