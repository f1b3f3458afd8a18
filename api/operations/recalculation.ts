import { createRoute, z } from '@hono/zod-openapi';
import { startRecalculation } from '../../commands/start.ts';
import { timeLimit } from '../../commands/time-limit.ts';
import { namesOf } from '../../db/operations/callers.ts';
import { beginRecalculation, lastRecalculation, type Recalculation } from '../../db/operations/recalculations.ts';
import { Problem } from '../../domain/problems.ts';
import type { Answer, Requests, StoredRequest } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonAnswer, jsonBody, positiveId, problemResponses, requestHeaders } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';

const PATH = '/api/bo/v1/calendar/recalculate';

const recalculationBody = z
  .object({
    placeNo: positiveId
      .nullish()
      .transform((value) => value ?? null)
      .openapi({ type: ['integer', 'null'], minimum: 1, description: '없으면 모든 출하지' }),
  })
  .openapi('RecalculationBody', { example: { placeNo: 176042 } });
type RecalculationBody = z.output<typeof recalculationBody>;

const recalculationSchema = z
  .object({
    state: z.enum(['none', 'running', 'done']),
    placeNo: z.int().nullable(),
    examined: z.int(),
    changed: z.int(),
    startedAt: z.iso.datetime().nullable(),
    endedAt: z.iso.datetime().nullable(),
    by: z.string().nullable(),
    byName: z.string().nullable(),
  })
  .openapi('Recalculation', {
    example: {
      state: 'done',
      placeNo: null,
      examined: 1204,
      changed: 87,
      startedAt: '2026-11-28T00:00:00.000Z',
      endedAt: '2026-11-28T00:00:01.000Z',
      by: 'kim',
      byName: '김관리',
    },
  });

const shown = (row: Recalculation | undefined, byName: string | null): z.output<typeof recalculationSchema> => ({
  state: row === undefined ? 'none' : row.ended_at === null ? 'running' : 'done',
  placeNo: row?.place_no ?? null,
  examined: row?.examined ?? 0,
  changed: row?.changed ?? 0,
  startedAt: row?.at.toISOString() ?? null,
  endedAt: row?.ended_at?.toISOString() ?? null,
  by: row?.by ?? null,
  byName,
});

/** Reckons the deadlines of lines that have still to leave anew, after the calendar was changed. */
export function recalculationRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const tags = ['발송기한'];
  const named = async (row: Recalculation | undefined) => {
    const names = await namesOf(deps.db.query, [row?.by ?? null]);
    return shown(row, names.get(row?.by ?? '') ?? null);
  };
  storedRoute(app, requests, {
    operation: 'calendar-recalculation',
    route: createRoute({
      method: 'post',
      path: PATH,
      summary: '아직 나가지 않은 주문내역의 정책에 따른 발송기한을 지금의 달력으로 다시 계산',
      tags,
      ...auth('policy.write'),
      request: { headers: requestHeaders, body: jsonBody(recalculationBody) },
      responses: { 202: jsonAnswer(recalculationSchema, '시작됨'), ...problemResponses(400, 409, 413, 415, 503) },
    }),
    execute: async ({ request, body }) => {
      const row = await begin(deps, request, body);
      return { status: 202, body: await named(row), final: true } satisfies Answer;
    },
  });
  app.openapi(
    createRoute({
      method: 'get',
      path: PATH,
      summary: '마지막 다시 계산: 진행과 결과',
      tags,
      ...auth('policy.read'),
      responses: { 200: jsonAnswer(recalculationSchema, '마지막 다시 계산'), ...problemResponses(400, 503) },
    }),
    async (c) => c.json(await named(await lastRecalculation(deps.db.query)), 200),
  );
}

/**
 * Opens the recalculation and starts its workflow. One that is open already is started too, in case whoever began it died in between;
 * what it has passed may not know the caller's change of the calendar, so the caller is told to ask again.
 */
async function begin(deps: ApiDeps, request: StoredRequest, { placeNo }: RecalculationBody): Promise<Recalculation> {
  const asked = { requestId: request.id, placeNo, by: request.sub };
  const row = (await beginRecalculation(deps.db.query, asked)) ?? (await beginRecalculation(deps.db.query, asked));
  if (!row) throw new Problem('RECALCULATION_RUNNING');
  if (row.ended_at === null) {
    const time = timeLimit(deps.config.COMMAND_TIMEOUT_MS);
    try {
      await time.run(deps.temporal, () => startRecalculation(deps, row.request_id));
    } catch (error) {
      deps.log.warn({ reqId: request.traceId, err: error }, 'a recalculation waits for its workflow');
      throw new Problem('COMMAND_PENDING');
    } finally {
      time.clear();
    }
  }
  if (row.request_id !== request.id) throw new Problem('RECALCULATION_RUNNING');
  return row;
}
