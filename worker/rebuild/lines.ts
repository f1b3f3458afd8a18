import { findLine } from '../../db/deliveries/find.ts';
import { toDeliveryLine } from '../../db/deliveries/row.ts';
import { holdLine, insertRow, rewriteRow } from '../../db/record/delivery-line.ts';
import { lineHistory } from '../../db/record/history.ts';
import { findLineKeys } from '../../db/record/list.ts';
import { isShared } from '../../db/record/split.ts';
import { type DeliveryLine, wholeLine } from '../../domain/deliveries/line.ts';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import type { Rebuildable } from './rows.ts';

type LineKey = Awaited<ReturnType<typeof findLineKeys>>[number];

/** Delivery lines, listed by their order lines, so that a deleted row is found too. */
export const rebuildableLines = (restart: (line: DeliveryLine) => Promise<void>): Rebuildable<LineKey, DeliveryLine> => ({
  page: findLineKeys,
  name: ({ delivery_no, line_no }) => `${delivery_no}/${line_no}`,
  workflowId: ({ delivery_no, line_no }) => deliveryWorkflowId(delivery_no, line_no),
  shown: async (query, { delivery_no, line_no }) => {
    const row = await findLine(query, delivery_no, line_no);
    return row && { row: toDeliveryLine(row), started: row.started_at !== null };
  },
  recorded: (query, { delivery_no, line_no }) => lineHistory.lastSnapshot(query, [delivery_no, line_no]),
  write: async (query, { delivery_no, line_no }, line, missing) => {
    if (missing) await insertRow(query, line);
    await holdLine(query, line);
    // A split or a merge that the workflow does not know of stands: the workflow takes it with its next command.
    const steps = await lineHistory.stepsFrom(query, [delivery_no, line_no], line.revision + 1);
    const kept = steps.find(isShared)?.snapshot ?? line;
    await lineHistory.voidFrom(query, [delivery_no, line_no], kept.revision + 1, kept);
    await rewriteRow(query, kept);
  },
  whole: wholeLine,
  restart,
});
