import { z } from '@hono/zod-openapi';
import type { TimelineRow } from '../../db/tracking/timeline.ts';
import { levelName } from '../../domain/tracking.ts';

export const trackingSchema = z
  .object({
    waybillNo: z.string(),
    level: z.int(),
    levelName: z.string(),
    at: z.iso.datetime(),
    where: z.string().nullable(),
    details: z.string().nullable(),
  })
  .openapi('TrackingEntry', {
    example: {
      waybillNo: '681234567890',
      level: 2,
      levelName: '집화완료',
      at: '2026-11-23T05:05:00.000Z',
      where: '서울강남',
      details: '집화처리',
    },
  });

/** A scan as details show it. */
export const trackingEntry = (row: TimelineRow): z.output<typeof trackingSchema> => ({
  waybillNo: row.waybill_no,
  level: row.level,
  levelName: levelName(row.level),
  at: row.scanned_at.toISOString(),
  where: row.place || null,
  details: row.details,
});
