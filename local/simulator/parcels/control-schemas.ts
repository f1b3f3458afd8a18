import { z } from 'zod';

/** Input of the control routes. Strict everywhere, so that a misspelt scenario is refused. */
const millis = z.number().int().min(0).max(3_600_000);
const level = z.number().int().min(1).max(6);
/** An ISO instant or epoch milliseconds. */
const instant = z.union([z.number().int(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))]);
const waybill = z.string().min(1).max(30);
const carrier = z.string().min(1).max(4);

export const parcelOptions = z.strictObject({
  neverScanned: z.boolean().optional(),
  stopAt: z.number().int().min(0).max(6).optional(),
  pace: z.number().positive().optional(),
  pushDelayMs: millis.optional(),
  duplicates: z.number().int().min(0).max(1_000).optional(),
  outOfOrder: z.boolean().optional(),
  silent: z.boolean().optional(),
  scanErrorAfter: level.optional(),
  body: z.enum(['form', 'json']).optional(),
  courierField: z.enum(['courier_code', 'comcode']).optional(),
  tracking: z.record(z.string(), z.unknown()).optional(),
});

export const settingsPatch = z
  .strictObject({
    speed: z.number().min(0),
    paused: z.boolean(),
    outage: z.enum(['off', 'drop', '503', 'hang']),
    keyRefused: z.enum(['off', '101', '102']),
    quotaPerDay: z.number().int().min(0).nullable(),
    perWaybillPerDay: z.number().int().min(0).nullable(),
    keepLog: z.enum(['full', 'counters']),
    logLimit: z.number().int().min(1).max(1_000_000),
    retryPausesMs: z.array(millis).max(50),
    replyTimeoutMs: z.number().int().min(1).max(600_000),
    defaults: parcelOptions,
    unknownWaybills: z.strictObject({ level, at: instant.optional() }).nullable(),
  })
  .partial();

const scan = z.strictObject({ level: z.union([level, z.literal(-99)]), at: instant, where: z.string().optional() });

export const preload = z.strictObject({
  parcels: z
    .array(
      z.strictObject({
        num: waybill,
        code: carrier.default('04'),
        /** Scans up to this level, six hours apart, the newest at `at` (now). */
        level: z.number().int().min(0).max(6).default(6),
        at: instant.optional(),
        /** Exactly these scans instead. */
        scans: z.array(scan).max(100).optional(),
        /** Registered by another customer of the tracker: a registration is answered 03. */
        strangers: z.boolean().default(false),
        /** The clock moves it without a registration. */
        moves: z.boolean().default(false),
      }),
    )
    .min(1)
    .max(100_000),
});

export const advance = z.strictObject({
  /** All registered parcels when absent. */
  nums: z.array(waybill).max(100_000).optional(),
  code: carrier.optional(),
  level,
  at: instant.optional(),
  where: z.string().optional(),
  /** Only that level, without those before it. */
  leap: z.boolean().default(false),
  /** False: sends no callbacks. */
  push: z.boolean().default(true),
  /** False: answers before the callbacks have their replies. */
  wait: z.boolean().default(true),
});

export const callback = z.strictObject({
  /** Fields, fid and address are taken from its parcel; a number without a registration needs `url`. */
  num: waybill.optional(),
  code: carrier.optional(),
  url: z.url({ protocol: /^https?$/ }).optional(),
  /** One callback each, in this order; when absent, `fields.level` or the parcel's level. */
  levels: z
    .array(z.union([z.number(), z.string()]))
    .max(1_000)
    .optional(),
  /** Replaces or adds fields; with JSON, values of any type. */
  fields: z.record(z.string(), z.unknown()).default({}),
  omit: z.array(z.string()).default([]),
  format: z.enum(['form', 'json']).default('form'),
  courierField: z.enum(['courier_code', 'comcode']).default('courier_code'),
  /** Sent unchanged instead of any fields. */
  raw: z.strictObject({ body: z.string(), contentType: z.string() }).optional(),
  /** Replaces `?token=`; null removes it. */
  token: z.string().nullable().optional(),
  /** Sends each callback this many times at once. */
  copies: z.number().int().min(1).max(5_000).default(1),
  /** False: sends all levels at once, too. */
  inOrder: z.boolean().default(true),
});

const rule = {
  on: z.enum(['register', 'trackingInfo', 'companylist', 'solapi', 'aligo']),
  waybill: z.strictObject({ num: waybill, code: carrier.optional() }).optional(),
  after: z.number().int().min(0).optional(),
  times: z.number().int().min(1).optional(),
  acts: z.boolean().optional(),
};

export const behaviour = z.discriminatedUnion('kind', [
  z.strictObject({ ...rule, kind: z.literal('code'), code: z.string().min(1), message: z.string().optional() }),
  z.strictObject({
    ...rule,
    kind: z.literal('status'),
    status: z.number().int().min(200).max(599).default(500),
    body: z.string().optional(),
    contentType: z.string().optional(),
  }),
  z.strictObject({ ...rule, kind: z.literal('html') }),
  z.strictObject({ ...rule, kind: z.literal('hang') }),
  z.strictObject({ ...rule, kind: z.literal('halfway') }),
  z.strictObject({ ...rule, kind: z.literal('drop') }),
  z.strictObject({ ...rule, kind: z.literal('slow'), ms: millis }),
]);

const page = { limit: z.coerce.number().int().min(1).max(100_000).default(1_000) };

/** Filters of the logs; returns the newest `limit` entries, oldest first. */
export const logFilter = z.strictObject({
  num: z.string().optional(),
  code: z.string().optional(),
  fid: z.string().optional(),
  level: z.coerce.string().optional(),
  ...page,
});

export const noticeFilter = z.strictObject({ to: z.string().optional(), ...page });

export const waybillFilter = z.strictObject({
  num: z.string().optional(),
  /** Only waybills with at least this many accepted registrations. */
  acceptedAtLeast: z.coerce.number().int().optional(),
  /** Only waybills with at least this many received registrations. */
  registeredAtLeast: z.coerce.number().int().optional(),
  ...page,
});

export const parcelFilter = z.strictObject({
  num: z.string().optional(),
  level: z.coerce.number().int().optional(),
  offset: z.coerce.number().int().min(0).default(0),
  ...page,
});

export const idleFilter = z.strictObject({ timeoutMs: z.coerce.number().int().min(0).max(600_000).default(10_000) });

export type SettingsPatch = z.input<typeof settingsPatch>;
export type OptionsInput = z.input<typeof parcelOptions>;
export type Preload = z.input<typeof preload>;
export type Advance = z.input<typeof advance>;
export type Callback = z.input<typeof callback>;
export type BehaviourInput = z.input<typeof behaviour>;
export type LogFilter = z.input<typeof logFilter>;
export type NoticeFilter = z.input<typeof noticeFilter>;
export type WaybillFilter = z.input<typeof waybillFilter>;
export type ParcelFilter = z.input<typeof parcelFilter>;
