import { z } from '@hono/zod-openapi';
import { findBulk } from '../../db/bulk-shipments/find.ts';
import { findFaults, findLeftOut } from '../../db/bulk-shipments/list.ts';
import type { BulkShipmentRow } from '../../db/bulk-shipments/row.ts';
import { namesOf } from '../../db/operations/callers.ts';
import type { Query } from '../../db/statement.ts';
import { type BulkState, bulkStates, bulkTitle } from '../../domain/bulk-shipments/bulk-shipment.ts';
import { Problem, problems } from '../../domain/problems.ts';
import { byNameSchema } from '../deliveries/history.ts';
import { businessNo } from '../http/schemas.ts';

export const BULK_PATH = '/api/bo/v1/bulk-shipments';
const ERRORS_SHOWN = 100;
const at = z.iso.datetime().nullable();

export const bulkSchema = z
  .object({
    id: z.string(),
    fileName: z.string(),
    state: z.enum(Object.keys(bulkStates) as BulkState[]),
    stateName: z.string(),
    total: z.int().openapi({ description: '시트의 행 수 = valid + invalid + skipped' }),
    hiddenRows: z.int().openapi({ description: '그중 시트에서 숨겨진 행 (필터, 숨기기). 다른 행처럼 처리됩니다' }),
    valid: z.int().openapi({ description: '출고할 행' }),
    invalid: z.int(),
    skipped: z.int().openapi({ description: '할 일이 없는 행: 이미 같은 운송장으로 출고되었거나, 택배가 아닌 행 (notParcels)' }),
    notParcels: z.int().openapi({ description: '건너뛴 행 중 택배가 아닌 행. others=include로 올리면 0' }),
    processed: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    ratePerSecond: z.number().nullable(),
    secondsLeft: z.int().nullable(),
    createdAt: z.iso.datetime(),
    startedAt: at,
    finishedAt: at,
    by: z.string(),
    byName: byNameSchema,
  })
  .openapi('BulkShipment', {
    example: {
      id: '0b9cbb5e-7a0e-4a7a-9f0e-0d6a3c1d8f11',
      fileName: '출고완료_1123.xlsx',
      state: 'running',
      stateName: '처리 중',
      total: 5_000,
      hiddenRows: 0,
      valid: 4_990,
      invalid: 7,
      skipped: 3,
      notParcels: 1,
      processed: 1_200,
      succeeded: 1_199,
      failed: 1,
      ratePerSecond: 240.5,
      secondsLeft: 16,
      createdAt: '2026-11-23T02:00:00.000Z',
      startedAt: '2026-11-23T02:01:00.000Z',
      finishedAt: null,
      by: 'kim',
      byName: '김관리',
    },
  });

const saidOfRow = z.object({
  row: z.int(),
  deliveryNo: z.string(),
  code: z.enum(Object.keys(problems) as (keyof typeof problems)[]),
  title: z.string(),
});

export const bulkValidatedSchema = bulkSchema
  .extend({
    errors: z.array(saidOfRow).openapi({
      description: '첫 100개. row는 엑셀의 행 번호',
      example: [{ row: 7, deliveryNo: 'D261123000009', code: 'DELIVERY_NOT_FOUND', title: problems.DELIVERY_NOT_FOUND.title }],
    }),
    skippedRows: z.array(saidOfRow).openapi({
      description: '택배가 아니어서 건너뛴 행, 첫 100개',
      example: [{ row: 9, deliveryNo: 'D261123000012', code: 'NOT_A_PARCEL', title: problems.NOT_A_PARCEL.title }],
    }),
  })
  .openapi('BulkShipmentValidated');

export const bulkIdParam = z.object({
  id: businessNo.openapi({ param: { name: 'id', in: 'path' }, example: '0b9cbb5e-7a0e-4a7a-9f0e-0d6a3c1d8f11' }),
});

/**
 * A job as in its routes and events, still without the name of who uploaded it (`withNames`). `recentRate`: measured by a watcher, more
 * exact than the average since the start.
 */
export function bulkRow(row: BulkShipmentRow, recentRate: number | null = null): Omit<z.output<typeof bulkSchema>, 'byName'> {
  const processed = row.succeeded + row.failed;
  const seconds = row.started_at === null ? 0 : ((row.finished_at ?? new Date()).getTime() - row.started_at.getTime()) / 1000;
  const rate = recentRate ?? (processed > 0 && seconds > 0 ? processed / seconds : null);
  return {
    id: row.id,
    fileName: row.file_name,
    state: row.state,
    stateName: bulkStates[row.state],
    total: row.total,
    hiddenRows: row.hidden_rows,
    valid: row.valid,
    invalid: row.invalid,
    skipped: row.skipped,
    notParcels: row.not_parcels,
    processed,
    succeeded: row.succeeded,
    failed: row.failed,
    ratePerSecond: rate === null ? null : Math.round(rate * 10) / 10,
    secondsLeft: rate === null || row.state !== 'running' ? null : Math.ceil((row.valid - processed) / rate),
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    by: row.by,
  };
}

/** A job with the name of who uploaded it. */
export async function namedBulk(query: Query, row: BulkShipmentRow): Promise<z.output<typeof bulkSchema>> {
  const names = await namesOf(query, [row.by]);
  return { ...bulkRow(row), byName: names.get(row.by) ?? null };
}

/** One job, or its 404. */
export async function bulkOf(query: Query, id: string): Promise<BulkShipmentRow> {
  const job = await findBulk(query, id);
  if (!job) throw new Problem('BULK_NOT_FOUND');
  return job;
}

/** The job with the first faults of its rows, and the first that were left out: answer to an upload. */
export async function validatedBulk(query: Query, row: BulkShipmentRow): Promise<z.output<typeof bulkValidatedSchema>> {
  const rows = await findFaults(query, row.id, ERRORS_SHOWN);
  const errors = rows.flatMap(({ row_no, delivery_no, codes, states, failed_line_nos, unread_columns }) =>
    codes.map((code) => ({
      row: row_no,
      deliveryNo: delivery_no,
      code,
      title: bulkTitle(code, states, failed_line_nos, unread_columns),
    })),
  );
  const leftOut = row.not_parcels === 0 ? [] : await findLeftOut(query, row.id, ERRORS_SHOWN);
  const skippedRows = leftOut.flatMap(({ row_no, delivery_no, codes }) =>
    codes.map((code) => ({ row: row_no, deliveryNo: delivery_no, code, title: bulkTitle(code, []) })),
  );
  return { ...(await namedBulk(query, row)), errors: errors.slice(0, ERRORS_SHOWN), skippedRows };
}
