import type { RouteConfig, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ProblemBody } from '../../domain/problems.ts';
import { textsAsSent } from '../../domain/text.ts';
import type { Answer, Asked, Requests, StoredRequest } from '../../requests/store.ts';
import { RETRY_AFTER_SECONDS } from '../../requests/taking.ts';
import type { ApiEnv, App } from './deps.ts';
import { answerProblemBody } from './problem.ts';

/** The output of a route's JSON body, null where it has none. */
type JsonBody<R> = R extends {
  request: { body: { content: { 'application/json': { schema: infer Schema extends z.ZodType } } } };
}
  ? z.output<Schema>
  : null;
type Params<R> = R extends { request: { params: infer Schema extends z.ZodType } } ? z.output<Schema> : Record<string, never>;

/** The validated parts of a call, before it is stored. */
interface Valid<R> {
  body: JsonBody<R>;
  params: Params<R>;
}

/** What is stored of a call, to execute it now or in the sweep. */
interface Given<Body> extends Pick<Asked, 'params' | 'reason' | 'respondAsync'> {
  body?: Body;
}

interface StoredRoute<R extends RouteConfig, Body, Ahead> {
  /** The name under which the request is stored. Never change it: requests stored before a crash are found by it. */
  operation: string;
  route: R;
  /** Schema of the stored body, if that is not the route's JSON body. */
  stored?: z.ZodType<Body>;
  /** What is stored; by default the JSON body and the path parameters. */
  given?: (c: Context<ApiEnv>, valid: Valid<R>) => Given<Body> | Promise<Given<Body>>;
  /** A read for `execute` that runs while the request is being stored. Repeats and the sweep do not have it. */
  ahead?: (body: Body) => Promise<Ahead>;
  execute: (asked: { request: StoredRequest; body: Body; ahead?: Promise<Ahead> | undefined }) => Promise<Answer>;
  /** What callers are told of what was done, where it must not be stored in clear, or is known only afterwards. A problem stays as it is. */
  told?: (stored: unknown) => object | Promise<object>;
  /** For what may take longer than a command. */
  longestMs?: number;
}

/**
 * A POST or PUT that changes something, with its body and code in one place. The request is stored before `execute` and its answer
 * afterwards; when a repeat or the sweep executes it again, `execute` gets the stored body, read with the same schema.
 */
export function storedRoute<const R extends RouteConfig, Body = JsonBody<R>, Ahead = never>(
  app: App,
  requests: Requests,
  { operation: name, route, stored, given, ahead, execute, told, longestMs }: StoredRoute<R, Body, Ahead>,
): void {
  const content = route.request?.body?.content['application/json'] as { schema: z.ZodType<Body> } | undefined;
  const json = content?.schema;
  const schema = stored ?? json;
  const operation = requests.register<{ body: Body; ahead?: Promise<Ahead> | undefined }>({
    name,
    longestMs,
    execute: async (request, atHand) =>
      execute({ request, ...(atHand ?? { body: schema ? schema.parse(request.body) : (null as Body) }) }),
  });

  app.openapi(route, (async (c: Context<ApiEnv>) => {
    c.set('storing', name);
    const valid = (target: 'json' | 'param', has: unknown) => (has ? c.req.valid(target as never) : undefined);
    const body = (valid('json', json) ?? null) as JsonBody<R>;
    const params = (valid('param', route.request?.params) ?? {}) as Params<R>;
    const asked = (await given?.(c, { body, params })) ?? {};
    // A repeat and the sweep read the stored body by this schema, so only what it takes is stored.
    const own = stored && asked.body !== undefined ? stored.parse(asked.body) : asked.body;
    const taken = own ?? (body as Body);
    const read = ahead?.(taken);
    // Its error is handled where the result is awaited; if the request cannot be stored, nobody needs the result.
    read?.catch(() => {});
    // Stored as it was sent, and compared so, also with what was stored before texts were cleaned; the schema cleans it again.
    const sent = asked.body === undefined && json ? textsAsSent(taken, await jsonOf(c)) : taken;
    const kept = { params: params as Record<string, string>, ...asked, body: sent };
    const done = await requests.run(operation, ask(c, requests.newId(), kept), { body: taken, ahead: read });
    const shown = told && done.status < 400 ? { ...done, body: await told(done.body) } : done;
    return answer(c, shown, kept.respondAsync);
  }) as never);
}

/** The body as it was sent; undefined where a body is optional and there is none. */
const jsonOf = (c: Context<ApiEnv>): Promise<unknown> => c.req.json().catch(() => undefined);

/** The request to store: the caller, the content, and the key, which is the caller's or a new one. */
function ask(c: Context<ApiEnv>, id: string, kept: Pick<Asked, 'body' | 'params' | 'reason' | 'respondAsync'>): Asked {
  const key = c.req.header('idempotency-key') ?? id;
  c.header('idempotency-key', key);
  const { method, path } = c.req;
  const { sub, memberId } = c.get('caller');
  const member_id = memberId === null ? '' : String(memberId);
  return { ...kept, id, key, method, path, sub, member_id, traceId: c.get('traceId') };
}

/** Writes an answer of the store; for a key used before, the first answer. */
function answer(c: Context<ApiEnv>, { status, body }: Answer, respondAsync = false): Response {
  const problem = status >= 400 ? (body as ProblemBody) : undefined;
  if (problem?.status === 503) c.header('retry-after', RETRY_AFTER_SECONDS);
  if (status === 202 && respondAsync) c.header('preference-applied', 'respond-async');
  if (problem) return answerProblemBody(c, problem);
  c.header('content-type', 'application/json');
  return c.body(JSON.stringify(body), status as 200);
}

/** Whether the caller does not want to wait: `Prefer: respond-async`. */
export const wantsAsync = (c: Context<ApiEnv>): boolean => /(^|,)\s*respond-async\b/i.test(c.req.header('prefer') ?? '');
