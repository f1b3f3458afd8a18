import { randomUUID } from 'node:crypto';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { matchedRoutes, routePath } from 'hono/route';
import { METHOD_NAME_ALL } from 'hono/router';
import { NONCE, secureHeaders } from 'hono/secure-headers';
import { isAway, isRefused, refusalOf } from '../db/errors.ts';
import { Problem } from '../domain/problems.ts';
import { createRequests, type Requests } from '../requests/store.ts';
import { assemblyPlanRoutes } from './assembly/plans.ts';
import { assemblyProductRoutes } from './assembly/products.ts';
import { shippingProductRoutes } from './assembly/shipping-products.ts';
import { stockRoutes } from './assembly/stock.ts';
import { bulkProgressRoutes } from './bulk-shipments/progress.ts';
import { bulkShipmentRoutes } from './bulk-shipments/routes.ts';
import { BULK_PATH } from './bulk-shipments/rows.ts';
import { lineCommandRoutes } from './deliveries/commands.ts';
import { deliveryRoutes } from './deliveries/deliveries.ts';
import { deliveryLineRoutes } from './deliveries/lines.ts';
import { waybillRoutes } from './deliveries/waybills.ts';
import { eventRoutes } from './events/routes.ts';
import { exportRoutes } from './exports/exports.ts';
import { accessRoutes } from './http/access.ts';
import { createAuth, createVerifier } from './http/auth.ts';
import { dropUnreadBody, limited } from './http/body-limit.ts';
import { boundNesting } from './http/body-text.ts';
import type { ApiDeps, ApiEnv, App } from './http/deps.ts';
import { docsRoutes } from './http/openapi.ts';
import { answerProblem, refuseMisfit } from './http/problem.ts';
import { wires } from './http/wires.ts';
import { noticeRoutes } from './notices/notices.ts';
import { batchRoutes } from './operations/batches.ts';
import { calendarRoutes } from './operations/calendar.ts';
import { createCallerNames } from './operations/caller-names.ts';
import { consolePages } from './operations/console-pages.ts';
import { consoleSessionRoutes } from './operations/console-session.ts';
import { dispatchRoutes } from './operations/dispatch.ts';
import { healthRoutes } from './operations/health.ts';
import { recalculationRoutes } from './operations/recalculation.ts';
import { summaryRoutes } from './operations/summary.ts';
import { savedViewRoutes } from './operations/views.ts';
import { cancellationRoutes } from './orders/cancellations.ts';
import { orderRoutes } from './orders/orders.ts';
import { orderTimelineRoutes } from './orders/timeline.ts';
import { packingRoutes } from './packing/routes.ts';
import { claimRoutes } from './pickups/claims.ts';
import { pickupRoutes } from './pickups/pickups.ts';
import { pickupCommandRoutes } from './pickups/processing.ts';
import { printRoutes } from './printing/prints.ts';
import { dispatchPolicyRoutes } from './shipping/dispatch-policies.ts';
import { shippingPlaceRoutes } from './shipping/places.ts';
import { shippingPolicyRoutes } from './shipping/policies.ts';
import { shippingQuoteRoutes } from './shipping/quote.ts';
import { traced } from './traced.ts';
import { trackerCallbackRoute } from './tracking/callback.ts';
import { trackingExceptionRoutes } from './tracking/exceptions.ts';

const jsonLimit = limited(1024 * 1024, '본문은 1 MiB까지입니다');

const hasBody = (header: (name: string) => string | undefined) =>
  Number(header('content-length') ?? 0) > 0 || header('transfer-encoding') !== undefined;

/** Machines call these every few seconds, so they are not logged. A stored callback has its row in the journal. */
const probed = new Set(['/healthz', '/readyz', '/metrics']);

/** The HTTP API with its dependencies; it does not listen. `requests` is returned for the sweep. */
export function createApp(deps: ApiDeps): { app: App; requests: Requests } {
  const { log, metrics, tracing } = deps;
  const app: App = new OpenAPIHono<ApiEnv>({ defaultHook: refuseMisfit });

  app.use(async (c, next) => {
    const given = c.req.header('x-request-id');
    const traceId = given !== undefined && /^[\x21-\x7e]{1,128}$/.test(given) ? given : randomUUID();
    c.set('traceId', traceId);
    c.header('x-request-id', traceId);
    const startedAt = performance.now();
    const answered = async () => {
      await next();
      // The rules below match as well, and for a callback, whose route comes before them, they come last.
      const route = matchedRoutes(c).findLast(({ method }) => method !== METHOD_NAME_ALL)?.path ?? routePath(c, -1);
      return { route, status: c.res.status };
    };
    const { route, status } = await (probed.has(c.req.path) ? answered() : traced(tracing, c, answered));
    const ms = performance.now() - startedAt;
    metrics.httpDuration.observe({ route, method: c.req.method, status }, ms / 1000);
    // Logs the route, not the address: a mistyped query may contain a name.
    const journaled = route === deps.tracker.DELIVERY_CALLBACK_PATH && status === 200;
    const level = status >= 500 ? 'warn' : probed.has(route) || journaled ? 'debug' : 'info';
    log[level]({ reqId: traceId, method: c.req.method, route, status, ms: Math.round(ms), sub: c.get('caller')?.sub }, 'request');
  });
  app.use(dropUnreadBody);
  for (const wire of wires)
    app.on(...wire.calls(deps.tracker), (c, next) => {
      c.set('wire', wire);
      return next();
    });
  // Registered before the rules about bodies and the headers for browsers, because the tracker also sends forms.
  trackerCallbackRoute(app, deps);
  app.use(
    secureHeaders({
      crossOriginResourcePolicy: 'same-origin',
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        connectSrc: ["'self'", ...(deps.config.OIDC_AUTHORITY ? [new URL(deps.config.OIDC_AUTHORITY).origin] : [])],
        ...{ frameAncestors: ["'none'"], frameSrc: ['blob:'] },
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        // The grid and the dialogs add style elements to the page, with the nonce from console-pages.ts.
        styleSrc: ["'self'", NONCE],
        imgSrc: ["'self'", 'data:'],
      },
    }),
  );
  const isUpload = (c: Context) => c.req.method === 'POST' && c.req.path === BULK_PATH;
  // An upload's route has its own limit, after its caller has been asked for a token and a place.
  app.use((c, next) => (isUpload(c) ? next() : jsonLimit(c, next)));
  const jsonOnly: MiddlewareHandler<ApiEnv> = async (c, next) => {
    const writes = c.req.method === 'POST' || c.req.method === 'PUT';
    const type = c.req.header('content-type') ?? '';
    // An upload's route checks its own type; a request without body needs none.
    const isTyped = type !== '' || hasBody((name) => c.req.header(name));
    if (writes && isTyped && !isUpload(c) && !/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type))
      throw new Problem('UNSUPPORTED_MEDIA_TYPE', 'Content-Type: application/json 이어야 합니다');
    boundNesting(c);
    await next();
  };
  app.use('/api/*', jsonOnly);
  app.use('/console/views', jsonOnly);
  for (const wire of wires) if (!wire.readsBodies) app.on(...wire.calls(deps.tracker), jsonOnly);

  const names = createCallerNames({ query: deps.db.query, log, machine: deps.tracker.DELIVERY_API_PROVIDER });
  const auth = createAuth(createVerifier(deps.config, log, names));
  const requests = createRequests(deps);
  healthRoutes(app, deps);
  docsRoutes(app);
  consoleSessionRoutes(app, deps);
  savedViewRoutes(app, deps, auth, requests);
  orderRoutes(app, deps, auth, requests);
  orderTimelineRoutes(app, deps, auth);
  cancellationRoutes(app, deps, auth, requests);
  deliveryLineRoutes(app, deps, auth);
  lineCommandRoutes(app, deps, auth, requests);
  deliveryRoutes(app, deps, auth);
  waybillRoutes(app, deps, auth, requests);
  summaryRoutes(app, deps, auth);
  dispatchRoutes(app, deps, auth);
  packingRoutes(app, deps, auth, requests);
  claimRoutes(app, deps, auth, requests);
  // Registered before the routes by number, which would take export.xlsx for one.
  exportRoutes(app, deps, auth);
  printRoutes(app, deps, auth);
  pickupRoutes(app, deps, auth);
  pickupCommandRoutes(app, deps, auth, requests);
  trackingExceptionRoutes(app, deps, auth, requests);
  bulkShipmentRoutes(app, deps, auth, requests);
  bulkProgressRoutes(app, deps, auth);
  eventRoutes(app, deps, auth, requests);
  noticeRoutes(app, deps, auth, requests);
  accessRoutes(app, deps, auth);
  batchRoutes(app, deps, auth, requests);
  shippingPolicyRoutes(app, deps, auth, requests);
  shippingPlaceRoutes(app, deps, auth, requests);
  dispatchPolicyRoutes(app, deps, auth, requests);
  calendarRoutes(app, deps, auth, requests);
  recalculationRoutes(app, deps, auth, requests);
  shippingQuoteRoutes(app, deps, auth);
  shippingProductRoutes(app, deps, auth, requests);
  stockRoutes(app, deps, auth, requests);
  assemblyProductRoutes(app, deps, auth, requests);
  assemblyPlanRoutes(app, deps, auth, requests);
  const { page } = consolePages(app);

  app.notFound(async (c) => (await page(c)) ?? answerProblem(c, new Problem('NOT_FOUND', '없는 주소입니다')));
  app.onError((error, c) => {
    if (error instanceof Problem) return answerProblem(c, error);
    if (error instanceof HTTPException && error.status === 400)
      return answerProblem(
        c,
        new Problem('BAD_REQUEST', isUpload(c) ? '본문을 읽을 수 없습니다' : 'JSON을 읽을 수 없습니다', {
          errors: [{ path: '', message: isUpload(c) ? 'multipart 형식 오류' : 'JSON 형식 오류' }],
        }),
      );
    if (error instanceof HTTPException && error.status === 415) return answerProblem(c, new Problem('UNSUPPORTED_MEDIA_TYPE'));
    const isData = isRefused(error);
    // Only what a caller wants stored may be more than a column holds. What is asked for in order to read is bounded by its schema, so
    // there the value is ours.
    const storing = c.get('storing');
    if (isData) metrics.refused.inc({ operation: storing ?? `${c.req.method} ${routePath(c, -1)}` });
    const what = `PostgreSQL refuses ${storing === undefined ? 'a value of ours' : 'what a call holds'}`;
    log.error({ reqId: c.get('traceId'), err: error }, isData ? what : 'unexpected error');
    const refusal = storing === undefined ? undefined : refusalOf(error);
    if (refusal) return answerProblem(c, refusal);
    const away = isAway(error);
    return answerProblem(c, new Problem(away ? 'UNAVAILABLE' : 'INTERNAL', undefined, {}, away ? { 'retry-after': '5' } : {}));
  });
  return { app, requests };
}
