import { timingSafeEqual } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { together } from '../../db/batching.ts';
import { isBadData, isRefused } from '../../db/errors.ts';
import { type Callback, storeCallbacks } from '../../db/tracking/callbacks.ts';
import { Problem, type ProblemCode } from '../../domain/problems.ts';
import { callbackToken } from '../../tracker/callback-token.ts';
import { readText } from '../http/body-text.ts';
import type { ApiDeps, ApiEnv, App } from '../http/deps.ts';
import { answerProblem } from '../http/problem.ts';
import { jsonAnswer } from '../http/schemas.ts';
import { failureResponses, tracker } from '../http/wires.ts';
import { FORM, scanSchema, sentOf, wireName } from './scan.ts';

/** A callback has some hundred bytes. */
const MOST_BYTES = 64 * 1024;
/** Most callbacks that one statement stores. */
const STORED_TOGETHER = 100;

const bodySchema = z.object({
  fid: z.string(),
  invoice_no: z.string(),
  level: z.string(),
  time_trans: z.string(),
  time_sweet: z.string().optional(),
  where: z.string().optional(),
  details: z.string().optional(),
  courier_code: z.string().optional(),
});
const example = {
  fid: 'D261123000001',
  invoice_no: '681234567890',
  level: '2',
  time_trans: '2026-11-23 14:05:00',
  time_sweet: '2026-11-23 14:05:30',
  where: '서울강남',
  details: '집화처리',
  courier_code: '04',
};

/**
 * 운송장 트래킹 정보 수신: stores the tracker's callback, then answers. The relay judges it later (worker/relay/relay.ts).
 */
export function trackerCallbackRoute(app: App, { db, tracker: settings, log, metrics }: ApiDeps): void {
  const path = settings.DELIVERY_CALLBACK_PATH;
  const fail = (c: Context<ApiEnv>, code: ProblemCode, why: string) => {
    metrics.callbacks.inc({ outcome: code === 'UNAVAILABLE' ? 'not stored' : 'refused' });
    // The rest of the body is not read, so this connection cannot be used any more.
    const headers: Record<string, string> = code === 'BODY_TOO_LARGE' ? { connection: 'close' } : {};
    return answerProblem(c, new Problem(code, why, {}, headers));
  };
  const store = together((callbacks: Callback[]) => storeCallbacks(db.query, callbacks), { most: STORED_TOGETHER });

  app.openAPIRegistry.registerPath({
    method: 'post',
    path,
    summary: '운송장 트래킹 정보 수신 (스윗트래커)',
    tags: ['배송추적'],
    request: {
      query: z.object({ token: z.string().openapi({ description: 'fid의 HMAC: 운송장을 등록할 때 알려 준 주소에 있습니다' }) }),
      body: {
        required: true,
        content: { [FORM]: { schema: bodySchema, example }, 'application/json': { schema: bodySchema, example } },
      },
    },
    responses: { 200: jsonAnswer(tracker.documented.schema, '저장됨: 곧 반영됩니다'), ...failureResponses(tracker) },
  });
  app.post(path, async (c) => {
    const token = c.req.query('token');
    if (token === undefined) return fail(c, 'PERMISSION_DENIED', 'token missing');
    const body = await readText(c, MOST_BYTES);
    if (body === undefined) return fail(c, 'BODY_TOO_LARGE', 'body too large');
    const sent = sentOf(c.req.header('content-type') ?? '', body);
    if (sent === null) return fail(c, 'BAD_REQUEST', 'neither JSON nor form');
    if (!sent.fid) return fail(c, 'BAD_REQUEST', 'fid missing');
    if (!isToken(token, callbackToken(settings.TRACKING_CALLBACK_SECRET, sent.fid)))
      return fail(c, 'PERMISSION_DENIED', 'wrong token');
    const fields = sent.fields();
    if (fields === null) return fail(c, 'BAD_REQUEST', 'nested too deep');
    const scan = scanSchema.safeParse(fields);
    if (!scan.success)
      return fail(c, 'BAD_REQUEST', `${[...new Set(scan.error.issues.map((issue) => wireName(issue.path[0])))].join(', ')}`);
    try {
      metrics.callbacks.inc({ outcome: (await store({ scan: scan.data, fields })) ? 'stored' : 'repeated' });
      return c.json({ code: true, message: 'success' });
    } catch (error) {
      log.warn({ reqId: c.get('traceId'), fid: sent.fid, err: error }, 'a callback could not be stored');
      // Only bad data is the sender's fault: after anything else it has to call again, so that no movement is lost.
      if (isRefused(error)) metrics.refused.inc({ operation: 'tracker-callback' });
      if (isBadData(error)) return fail(c, 'BAD_REQUEST', 'not storable');
      return fail(c, 'UNAVAILABLE', 'not stored');
    }
  });
}

const isToken = (given: string, right: string) => {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};
