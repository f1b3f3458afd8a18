import { createRoute, z } from '@hono/zod-openapi';
import { namesOf } from '../../db/operations/callers.ts';
import type { Query } from '../../db/statement.ts';
import {
  countExceptions,
  type ExceptionRow,
  type ExceptionSort,
  exceptionDates,
  findExceptions,
} from '../../db/tracking/list.ts';
import { replayException, resolveException } from '../../db/tracking/write.ts';
import { Problem } from '../../domain/problems.ts';
import { type ExceptionKind, exceptionKinds } from '../../domain/tracking.ts';
import { once } from '../../requests/in-transaction.ts';
import type { Requests } from '../../requests/store.ts';
import { byNameSchema } from '../deliveries/history.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { COUNT_LIMIT, keysetPage, listAnswer, pageQuery, totalOf } from '../http/list.ts';
import {
  jsonAnswer,
  jsonBody,
  optionalText,
  problemResponses,
  rangeFrom,
  rangeTo,
  requestHeaders,
  soughtNo,
  text,
} from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';

const sorts = Object.keys(exceptionDates) as ExceptionSort[];
const BY_DEFAULT = '-lastAt';
const kind = z.enum(Object.keys(exceptionKinds) as ExceptionKind[]);

const exceptionQuery = z.strictObject({
  state: z.enum(['open', 'resolved']).optional(),
  kind: kind.optional(),
  deliveryNo: soughtNo.optional(),
  pickupNo: soughtNo.optional(),
  carrierCode: text(10).optional(),
  waybillNo: soughtNo.optional(),
  from: rangeFrom.optional().openapi({ type: 'string', description: 'lastAt의 범위' }),
  to: rangeTo.optional().openapi({ type: 'string', description: '날짜만 쓰면 그날 끝까지' }),
  updatedFrom: rangeFrom.optional(),
  ...pageQuery(sorts, BY_DEFAULT),
});

const at = z.iso.datetime();
const exceptionSchema = z
  .object({
    id: z.int(),
    kind,
    kindName: z.string(),
    fid: z.string().openapi({ description: '추적기가 말한 배송번호 또는 회수배송번호' }),
    deliveryNo: z.string().nullable(),
    pickupNo: z.string().nullable(),
    carrierCode: z.string().nullable(),
    waybillNo: z.string(),
    reason: z.string(),
    firstAt: at,
    lastAt: at,
    count: z.int(),
    state: z.enum(['open', 'resolved']),
    resolvedBy: z.string().nullable(),
    resolvedByName: byNameSchema,
    resolvedAt: at.nullable(),
    resolution: z.string().nullable(),
    updatedAt: at,
  })
  .openapi('TrackingException', {
    example: {
      id: 12,
      kind: 'scan-error',
      kindName: exceptionKinds['scan-error'],
      fid: 'D261123000001',
      deliveryNo: 'D261123000001',
      pickupNo: null,
      carrierCode: '04',
      waybillNo: '681234567890',
      reason: '택배사 스캔 오류: 스캔오류 2026-11-23 14:05',
      firstAt: '2026-11-23T05:05:01.000Z',
      lastAt: '2026-11-23T05:05:01.000Z',
      count: 1,
      state: 'open',
      resolvedBy: null,
      resolvedByName: null,
      resolvedAt: null,
      resolution: null,
      updatedAt: '2026-11-23T05:05:01.000Z',
    },
  });

const wire = (row: ExceptionRow, names: Map<string, string>): z.output<typeof exceptionSchema> => ({
  id: row.id,
  kind: row.kind,
  kindName: exceptionKinds[row.kind],
  fid: row.fid,
  deliveryNo: row.delivery_no,
  pickupNo: row.pickup_no,
  carrierCode: row.carrier_code,
  waybillNo: row.waybill_no,
  reason: row.reason,
  firstAt: row.first_at.toISOString(),
  lastAt: row.last_at.toISOString(),
  count: row.count,
  state: row.state,
  resolvedBy: row.resolved_by,
  resolvedByName: names.get(row.resolved_by ?? '') ?? null,
  resolvedAt: row.resolved_at?.toISOString() ?? null,
  resolution: row.resolution,
  updatedAt: (row.resolved_at && row.resolved_at > row.last_at ? row.resolved_at : row.last_at).toISOString(),
});

async function wiresOf(query: Query, rows: ExceptionRow[]) {
  const names = await namesOf(
    query,
    rows.map((row) => row.resolved_by),
  );
  return rows.map((row) => wire(row, names));
}

const idParam = z.object({
  id: z
    .string()
    .regex(/^\d{1,15}$/)
    .openapi({ param: { name: 'id', in: 'path' }, example: '12' }),
});
const actBody = z
  .strictObject({ reason: optionalText(1_000) })
  .openapi('TrackingExceptionAct', { example: { reason: '택배사에 전화해 확인함' } });

/** Actions on an exception, and their names. */
const acts = {
  resolve: { summary: '예외 종결: 사람이 처리함', act: resolveException },
  replay: { summary: '다시 처리: 추적 정보를 다시 판단하거나 운송장을 다시 등록', act: replayException },
} as const;

/** 배송추적 예외: waybills and callbacks that a person has to look at. */
export function trackingExceptionRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const { query } = deps.db;
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/tracking-exceptions',
      summary: '배송추적 예외 목록',
      tags: ['배송추적'],
      ...auth('delivery.read'),
      request: { query: exceptionQuery },
      responses: { 200: jsonAnswer(listAnswer(exceptionSchema), '예외 목록'), ...problemResponses(400) },
    }),
    async (c) => {
      const { sort, cursor, limit, count, ...filter } = c.req.valid('query');
      const { after, wanted, counted, nextCursor, ...page } = keysetPage({ sort, cursor, limit, count }, BY_DEFAULT, 1);
      const last = after && /^\d{1,15}$/.test(String(after.key[0])) && after.value !== null ? after : undefined;
      if (after && !last)
        throw new Problem('BAD_REQUEST', undefined, { errors: [{ path: 'cursor', message: '알 수 없는 cursor' }] });
      const [rows, total] = await Promise.all([
        findExceptions(query, { ...page, filter, after: last && { value: last.value ?? '', id: Number(last.key[0]) } }),
        counted ? countExceptions(query, filter, COUNT_LIMIT) : undefined,
      ]);
      const placeOf = (row: ExceptionRow) => ({ value: row[exceptionDates[page.sort]].toISOString(), key: [String(row.id)] });
      const items = await wiresOf(query, rows.slice(0, wanted));
      return c.json({ items, nextCursor: nextCursor(rows, placeOf), ...totalOf(total) }, 200);
    },
  );

  for (const [name, { summary, act }] of Object.entries(acts)) {
    storedRoute(app, requests, {
      operation: `tracking-exception:${name}`,
      route: createRoute({
        method: 'post',
        path: `/api/bo/v1/tracking-exceptions/{id}/${name}`,
        summary,
        tags: ['배송추적'],
        ...auth('delivery.write'),
        request: { headers: requestHeaders, params: idParam, body: jsonBody(actBody) },
        responses: { 200: jsonAnswer(exceptionSchema, '예외'), ...problemResponses(400, 404, 409, 413, 415, 503) },
      }),
      given: (_c, { body: { reason } }) => ({ reason }),
      execute: ({ request }) =>
        once(deps, request, async (query, { askedAt }) => {
          const row = await act(query, Number(request.params.id), { by: request.sub, reason: request.reason, askedAt });
          if (!row) throw new Problem('TRACKING_EXCEPTION_NOT_FOUND');
          const [body] = await wiresOf(query, [row]);
          return { status: 200, body, final: true };
        }),
    });
  }
}
