import { randomUUID } from 'node:crypto';
import { OpenAPIHono, type z } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import { routePath } from 'hono/route';
import { secureHeaders } from 'hono/secure-headers';
import { accessRoutes } from './access.ts';
import { assemblyPlanRoutes } from './assembly-plans.ts';
import { assemblyProductRoutes } from './assembly-products.ts';
import { createAuth, createVerifier } from './auth.ts';
import { carrierRoutes } from './carriers.ts';
import { claimRoutes } from './claims.ts';
import { deliveryRoutes } from './deliveries.ts';
import { deliveryLineRoutes } from './delivery-lines.ts';
import type { ApiDeps, ApiEnv, App } from './deps.ts';
import { docsRoutes } from './docs.ts';
import { healthRoutes } from './health.ts';
import { orderRoutes } from './orders.ts';
import { pickupCommandRoutes } from './pickup-processing.ts';
import { pickupRoutes } from './pickups.ts';
import { answerProblem, type FieldError, Problem } from './problem.ts';
import { createRequests, type Requests } from './requests.ts';
import { sabangnetDoor } from './sabangnet.ts';
import { shippingProductRoutes } from './shipping-products.ts';
import { stockRoutes } from './stock.ts';
import { stockoutRoutes } from './stockouts.ts';
import { summaryRoutes } from './summary.ts';

const MOST_BODY_BYTES = 1024 * 1024;

/** Asked every few seconds by machines: not worth a line each. */
const probed = new Set(['/healthz', '/readyz', '/metrics']);

/** A zod issue as errors that name a field each, also the unknown ones. */
function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const at = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [{ path: at, message: issue.message }];
  return issue.keys.map((key) => ({ path: at === '' ? key : `${at}.${key}`, message: '알 수 없는 항목입니다' }));
}

/** The HTTP API over its dependencies; never listens. `requests` is handed out for the sweep. */
export function createApp(deps: ApiDeps): { app: App; requests: Requests } {
  const { log, metrics } = deps;
  const app: App = new OpenAPIHono<ApiEnv>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const errors = result.error.issues.flatMap(fieldErrors);
      const first = errors[0];
      const detail = first && [first.path, first.message].filter(Boolean).join(': ');
      return answerProblem(c, new Problem('BAD_REQUEST', detail, { errors }));
    },
  });

  app.use(async (c, next) => {
    const given = c.req.header('x-request-id');
    const traceId = given !== undefined && /^[\x21-\x7e]{1,128}$/.test(given) ? given : randomUUID();
    c.set('traceId', traceId);
    c.header('x-request-id', traceId);
    const startedAt = performance.now();
    await next();
    const ms = performance.now() - startedAt;
    const route = routePath(c, -1);
    const { status } = c.res;
    metrics.httpDuration.observe({ route, method: c.req.method, status }, ms / 1000);
    // The route, not the address: a business number is fine in a log, a name in a mistyped query is not.
    const level = status >= 500 ? 'warn' : probed.has(route) ? 'debug' : 'info';
    log[level]({ reqId: traceId, method: c.req.method, route, status, ms: Math.round(ms), sub: c.get('caller')?.sub }, 'request');
  });
  sabangnetDoor(app);
  app.use(
    secureHeaders({
      crossOriginResourcePolicy: 'same-origin',
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        frameAncestors: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
      },
    }),
  );
  app.use(
    bodyLimit({
      maxSize: MOST_BODY_BYTES,
      onError: () => {
        throw new Problem('BODY_TOO_LARGE', '본문은 1 MiB까지입니다');
      },
    }),
  );
  const jsonOnly = (bodiless: boolean) =>
    createMiddleware<ApiEnv>(async (c, next) => {
      const writes = c.req.method === 'POST' || c.req.method === 'PUT';
      const type = c.req.header('content-type');
      if (writes && !(bodiless && type === undefined) && !/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type ?? ''))
        throw new Problem('UNSUPPORTED_MEDIA_TYPE', 'Content-Type: application/json 이어야 합니다');
      await next();
    });
  app.use('/api/*', jsonOnly(false));
  // A plan is started and canceled without a body.
  app.use('/v2/*', jsonOnly(true));

  const auth = createAuth(createVerifier(deps.config));
  const requests = createRequests(deps);
  healthRoutes(app, deps);
  docsRoutes(app);
  orderRoutes(app, deps, auth, requests);
  deliveryLineRoutes(app, deps, auth, requests);
  deliveryRoutes(app, deps, auth);
  carrierRoutes(app, auth);
  summaryRoutes(app, deps, auth);
  claimRoutes(app, deps, auth, requests);
  pickupRoutes(app, deps, auth);
  pickupCommandRoutes(app, deps, auth, requests);
  accessRoutes(app, deps, auth);
  shippingProductRoutes(app, deps, auth, requests);
  stockRoutes(app, deps, auth, requests);
  assemblyProductRoutes(app, deps, auth, requests);
  assemblyPlanRoutes(app, deps, auth, requests);
  stockoutRoutes(app, deps, auth);

  app.notFound((c) => answerProblem(c, new Problem('NOT_FOUND', '없는 주소입니다')));
  app.onError((error, c) => {
    if (error instanceof Problem) return answerProblem(c, error);
    if (error instanceof HTTPException && error.status === 400)
      return answerProblem(
        c,
        new Problem('BAD_REQUEST', 'JSON을 읽을 수 없습니다', { errors: [{ path: '', message: 'JSON 형식 오류' }] }),
      );
    if (error instanceof HTTPException && error.status === 415) return answerProblem(c, new Problem('UNSUPPORTED_MEDIA_TYPE'));
    log.error({ reqId: c.get('traceId'), err: error }, 'unexpected error');
    const away = isConnectionError(error);
    return answerProblem(c, new Problem(away ? 'UNAVAILABLE' : 'INTERNAL', undefined, {}, away ? { 'retry-after': '5' } : {}));
  });
  return { app, requests };
}

/** PostgreSQL is away: a list cannot be had now, which is not a fault of ours. */
function isConnectionError(error: Error): boolean {
  const { code = '' } = error as { code?: string };
  return /^(ECONN|EPIPE|ETIMEDOUT|57P|08)/.test(code) || /terminat|timeout|Connection/i.test(error.message);
}
