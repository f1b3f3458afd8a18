import { z } from '@hono/zod-openapi';
import { historyOf } from '../../db/deliveries/find.ts';
import { isDeliveryCommand } from '../../domain/deliveries/machine.ts';
import type { ApiDeps } from '../http/deps.ts';

export const historySchema = z
  .object({
    lineNo: z.int(),
    at: z.iso.datetime(),
    by: z.string(),
    command: z.string(),
    from: z.string().nullable(),
    to: z.string(),
    revision: z.int().nullable(),
    reason: z.string().nullable().optional(),
    refused: z.string().optional(),
  })
  .openapi('HistoryEntry', {
    example: {
      lineNo: 1,
      at: '2026-11-23T01:00:00.000Z',
      by: 'kim',
      command: 'instruct',
      from: 'ordered',
      to: 'instructed',
      revision: 2,
    },
  });

/** Who did what to the delivery's lines, oldest first, with refused signals but without voided rows. */
export async function shownHistory({ db }: ApiDeps, deliveryNo: string): Promise<z.output<typeof historySchema>[]> {
  const rows = await historyOf(db.query, deliveryNo);
  return rows.map((row) => ({
    lineNo: row.line_no,
    at: row.at.toISOString(),
    by: row.by,
    command: isDeliveryCommand(row.command) || row.command === 'order' || row.command === 'close' ? row.command : 'unknown',
    from: row.from_state,
    to: row.to_state,
    revision: row.revision,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.refused === null ? {} : { refused: row.refused }),
  }));
}
