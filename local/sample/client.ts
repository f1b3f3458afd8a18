import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import { z } from 'zod';

const MAX_IN_FLIGHT = 16;
const RETRY_FOR_MS = 60_000;
const ANSWER_WITHIN_MS = 30_000;

/** Result of a command for one line or one pickup. */
export const resultSchema = z.object({
  ok: z.boolean(),
  error: z.object({ code: z.string(), title: z.string() }).optional(),
});
export type Result = z.infer<typeof resultSchema>;

/** Results of a command for all its rows, in order. */
export const resultsSchema = z.object({ results: z.array(resultSchema) });

const problemSchema = z.object({ code: z.string(), title: z.string() });

/** One HTTP answer; status 0 = no answer. */
export interface Answer {
  status: number;
  body: unknown;
}

/** Calls the API until its answer is final. Each POST has one key, made from path and body. */
export type Send = (method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown) => Promise<Answer>;

/** What every step works with. */
export interface Loading {
  send: Send;
  progress: (text: string) => void;
}

/** The problem's code, if the answer is a problem. */
export const codeOf = (answer: Answer): string | undefined => problemSchema.safeParse(answer.body).data?.code;

/** Not final: no answer, the server still busy with this request, or rows whose workflow has not answered. */
function isPending(answer: Answer): boolean {
  if (answer.status === 0 || answer.status === 503 || codeOf(answer) === 'IDEMPOTENCY_KEY_BUSY') return true;
  return resultsSchema.safeParse(answer.body).data?.results.some(({ error }) => error?.code === 'COMMAND_PENDING') ?? false;
}

/** A client that repeats a call under the same key until its answer is final or `RETRY_FOR_MS` have passed. */
export function createClient(apiUrl: string, token: string, stopped: AbortSignal): Send {
  const limit = pLimit(MAX_IN_FLIGHT);
  const ask = async (method: string, path: string, body: string | undefined): Promise<Answer> => {
    // The key is made from the whole step, so that the same step, even after an interrupted start, has its effect only once.
    const key = createHash('sha256').update(`${path} ${body}`).digest('hex').slice(0, 32);
    const posted = body !== undefined && { 'content-type': 'application/json', 'idempotency-key': `sample-${key}` };
    const request = { method, headers: { authorization: `Bearer ${token}`, ...posted }, ...(body === undefined ? {} : { body }) };
    try {
      const response = await fetch(new URL(path, apiUrl), { ...request, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      const text = await response.text();
      return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
    } catch (error) {
      return { status: 0, body: error };
    }
  };
  return (method, path, body) =>
    limit(async () => {
      const until = Date.now() + RETRY_FOR_MS;
      for (let wait = 250; ; wait = Math.min(wait * 2, 2_000)) {
        stopped.throwIfAborted();
        const answer = await ask(method, path, body === undefined ? undefined : JSON.stringify(body));
        if (!isPending(answer) || Date.now() + wait > until) return answer;
        await pause(wait, undefined, { signal: stopped });
      }
    });
}

/** The answer's body; throws an Error that says which step was refused and why. */
export function accept<T>(what: string, schema: z.ZodType<T>, answer: Answer): T {
  const parsed = schema.safeParse(answer.body);
  if (answer.status >= 200 && answer.status < 300 && parsed.success) return parsed.data;
  const problem = problemSchema.safeParse(answer.body).data;
  const why = problem ? `${problem.code} ${problem.title}` : String(parsed.error ?? answer.body);
  throw new Error(`예제 데이터: ${what}: HTTP ${answer.status} ${answer.status === 0 ? String(answer.body) : why}`);
}

/** Throws a readable error for one refused row. */
export function refuse(label: string, where: string, result: Result | undefined): never {
  throw new Error(`예제 데이터: ${label}: ${where}: ${result?.error?.code ?? '응답 없음'} ${result?.error?.title ?? ''}`);
}

/** Groups things into calls of at most `most`, each of things with the same call options. */
export function inCalls<T>(things: readonly T[], callOf: (thing: T) => object, most = 100): { call: object; things: T[] }[] {
  const calls = Map.groupBy(
    [...things.entries()],
    ([index, thing]) => `${Math.floor(index / most)} ${JSON.stringify(callOf(thing))}`,
  );
  return [...calls.values()].map((entries) => {
    const together = entries.map(([, thing]) => thing);
    return { call: together[0] === undefined ? {} : callOf(together[0]), things: together };
  });
}
