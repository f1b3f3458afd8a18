import { z } from '@hono/zod-openapi';
import { historyOf } from '../../db/deliveries/find.ts';
import { withNames } from '../../db/operations/callers.ts';
import { printsOf } from '../../db/printing/find.ts';
import { isDeliveryCommand } from '../../domain/deliveries/machine.ts';
import { OVERDUE } from '../../domain/dispatch/status.ts';
import { VERIFY } from '../../domain/packing/verification.ts';
import { type PrintKind, printKinds } from '../../domain/printing/print.ts';
import { isProblemCode, problems } from '../../domain/problems.ts';
import type { ApiDeps } from '../http/deps.ts';

/** Beside every `by`. */
export const byNameSchema = z
  .string()
  .nullable()
  .openapi({ description: '그 사람의 이름 (토큰의 name). 기계이거나 모르면 null', example: '김관리' });

/** Beside every `refused`. */
export const refusedTitleSchema = z
  .string()
  .optional()
  .openapi({ description: 'refused의 뜻', example: problems.WAYBILL_IN_USE.title });

/** What a code means to a person; one that no version knows any more stays as it is. */
export const titleOf = (code: string): string => (isProblemCode(code) ? problems[code].title : code);

/** Why an entry of a history was refused, to be read by programs and by people; nothing where it was done. */
export const refusalOf = (code: string | null) => (code === null ? {} : { refused: code, refusedTitle: titleOf(code) });

export const historySchema = z
  .object({
    lineNo: z.int(),
    at: z.iso.datetime(),
    by: z.string(),
    byName: byNameSchema,
    command: z.string(),
    from: z.string().nullable(),
    to: z.string(),
    revision: z.int().nullable(),
    reason: z.string().nullable().optional(),
    refused: z.string().optional(),
    refusedTitle: refusedTitleSchema,
  })
  .openapi('HistoryEntry', {
    example: {
      lineNo: 1,
      at: '2026-11-23T01:00:00.000Z',
      by: 'kim',
      byName: '김관리',
      command: 'instruct',
      from: 'ordered',
      to: 'instructed',
      revision: 2,
    },
  });

/** A signal that was refused may have named anything. */
export const shownCommand = (command: string): string =>
  isDeliveryCommand(command) || ['order', 'close', OVERDUE, VERIFY].includes(command) ? command : 'unknown';

/** Who did what to the delivery's lines, oldest first, with refused signals but without voided rows. */
export async function shownHistory({ db }: ApiDeps, deliveryNo: string): Promise<z.output<typeof historySchema>[]> {
  const rows = await withNames(db.query, await historyOf(db.query, deliveryNo));
  return rows.map((row) => ({
    lineNo: row.line_no,
    at: row.at.toISOString(),
    by: row.by,
    byName: row.byName,
    command: shownCommand(row.command),
    from: row.from_state,
    to: row.to_state,
    revision: row.revision,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...refusalOf(row.refused),
  }));
}

export const printSchema = z
  .object({
    kind: z.enum(Object.keys(printKinds) as PrintKind[]),
    copy: z.int().openapi({ description: '몇 번째인지: 1은 처음, 2는 재출력 1. 라벨은 운송장마다 셈' }),
    at: z.iso.datetime(),
    by: z.string(),
    byName: byNameSchema,
    carrierCode: z.string().nullable(),
    waybillNo: z.string().nullable(),
  })
  .openapi('Print', {
    example: {
      kind: 'label',
      copy: 1,
      at: '2026-11-23T02:30:00.000Z',
      by: 'kim',
      byName: '김관리',
      carrierCode: '04',
      waybillNo: '681234567890',
    },
  });

/** Newer prints are what somebody looks for. */
const MOST_SHOWN = 50;

/** What was printed of a delivery, the newest first. A print counts when it begins, whether or not a printer has made it. */
export async function shownPrints({ db }: ApiDeps, deliveryNo: string): Promise<z.output<typeof printSchema>[]> {
  const rows = await withNames(db.query, await printsOf(db.query, deliveryNo, MOST_SHOWN));
  return rows.map(({ kind, copy, at, by, byName, carrier_code, waybill_no }) => ({
    kind,
    copy,
    at: at.toISOString(),
    by,
    byName,
    carrierCode: carrier_code,
    waybillNo: waybill_no,
  }));
}
