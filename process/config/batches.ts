import { z } from 'zod';
import { count } from './fields.ts';
import { type Environment, parse } from './reading.ts';

const CRON_RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;
/** Five fields (minute, hour, day, month, weekday), each of numbers, ranges, lists and steps. */
const cron = z.string().refine((value) => {
  const fields = value.trim().split(/\s+/);
  return (
    fields.length === CRON_RANGES.length &&
    fields.every((field, at) => {
      const [least, most] = CRON_RANGES[at] ?? [0, 0];
      const inRange = (number: string) => Number(number) >= least && Number(number) <= most;
      return (
        /^(\*|\d+(-\d+)?)(\/[1-9]\d*)?(,(\*|\d+(-\d+)?)(\/[1-9]\d*)?)*$/.test(field) &&
        [...field.replace(/\/\d+/g, '').matchAll(/\d+/g)].every(([number]) => inRange(number))
      );
    })
  );
}, 'must be a cron expression of five fields');

/** The batches (docs/sources/requirements.md#배송관리-배치) the erasure of personal data, and the marks of overdue lines; times are Asia/Seoul. */
const batches = z.object({
  WAYBILL_REGISTRATION_CRON: cron.default('*/10 * * * *'),
  AUTO_COMPLETE_CRON: cron.default('0 * * * *'),
  PERSONAL_DATA_CRON: cron.default('30 3 * * *'),
  /** When lines that have not left by their day are marked. */
  OVERDUE_CRON: cron.default('5 * * * *'),
  /** Days after which the original bodies of the tracker's callbacks go. */
  TRACKING_BODY_DAYS: count(1).default(90),
  /** Days after the end of an order's last line after which its people become unreadable; unset = never. */
  PERSONAL_DATA_DAYS: count(1).optional(),
  /** Days after which access records go; unset = never. The contract keeps them for two years. */
  ACCESS_RECORD_DAYS: count(731).optional(),
  /** Only rows older than this are read; by then a row that is ahead of its workflow has been repaired. */
  BATCH_ROW_AGE_SECONDS: count(0).default(60),
  /** Parcels of carriers without tracking are marked delivered after this many days; unset = never. */
  AUTO_COMPLETE_UNTRACKED_AFTER_DAYS: z.coerce.number().min(0).optional(),
  /** Calls to the tracker per second and worker, for registrations and for questions separately. */
  DELIVERY_API_RATE_PER_SECOND: count(1).default(50),
  DELIVERY_API_TIMEOUT_MS: count(50).default(8_000),
  /** How long one run retries a registration after code 99 or a network fault, counted from the first. */
  DELIVERY_API_RETRY_MS: count(0).default(30_000),
  /** Questions per day (Seoul); unset = until the tracker answers 103. */
  DELIVERY_TRACKING_DAILY_QUOTA: count(0).optional(),
});

export type BatchConfig = z.infer<typeof batches>;
export const batchConfig = (environment: Environment): BatchConfig => parse(batches, environment);
