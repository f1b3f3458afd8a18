import type { Db } from '../db/orm.ts';
import { together } from '../db/together.ts';

/** A row of `requests`. */
export interface RequestRow {
  id: string;
  sub: string;
  operation: string;
  params: Record<string, string>;
  body: unknown;
  body_hash: string;
  reason: string | null;
  respond_async: boolean;
  trace_id: string;
  attempts: number;
  status: number | null;
  answer: unknown;
}

/** What makes a request a repeat of another. */
export interface RequestKey {
  sub: string;
  method: string;
  path: string;
  key: string;
}

/** A request as it comes; params and body as JSON texts. */
export interface NewRequest extends RequestKey {
  id: string;
  operation: string;
  params: string;
  bodyHash: string;
  body: string;
  reason: string | null;
  respondAsync: boolean;
  traceId: string;
}

/** Requests that one statement stores or answers at most. */
const WRITTEN_TOGETHER = 50;
const SWEEP_BATCH = 16;

/** Columns of a new request: their types, and where they come from. */
const columns: readonly (readonly [name: string, type: string, of: keyof NewRequest])[] = [
  ['id', 'text', 'id'],
  ['sub', 'text', 'sub'],
  ['method', 'text', 'method'],
  ['path', 'text', 'path'],
  ['key', 'text', 'key'],
  ['operation', 'text', 'operation'],
  ['params', 'jsonb', 'params'],
  ['body_hash', 'text', 'bodyHash'],
  ['body', 'jsonb', 'body'],
  ['reason', 'text', 'reason'],
  ['respond_async', 'boolean', 'respondAsync'],
  ['trace_id', 'text', 'traceId'],
];
const names = columns.map(([name]) => name).join(', ');
const INSERT = `insert into requests (${names}, locked_until, sweep_at)
  select r.*, now() + interval '1 ms' * $${columns.length + 1}, now() + interval '1 ms' * $${columns.length + 2}
    from unnest(${columns.map(([, type], at) => `$${at + 1}::${type}[]`).join(', ')}) as r (${names})
  on conflict (sub, method, path, key) do nothing returning id`;

/** The table of requests as requests.ts uses it: who holds a request, what it was answered, when the sweep may take it. */
export function createRequestRows(db: Db, { lockMs, sweepAfterMs }: { lockMs: number; sweepAfterMs: number }) {
  const at = ({ sub, method, path, key }: RequestKey) => [sub, method, path, key];
  return {
    /** Whether it was new. */
    insert: together(async (requests: NewRequest[]): Promise<boolean[]> => {
      const values = columns.map(([, , of]) => requests.map((request) => request[of]));
      const inserted = await db.query<{ id: string }>(INSERT, [...values, lockMs, sweepAfterMs], 'request-insert');
      const ids = new Set(inserted.map(({ id }) => id));
      return requests.map(({ id }) => ids.has(id));
    }, WRITTEN_TOGETHER),

    answer: together(async (answers: { id: string; status: number; answer: string }[]) => {
      await db.query(
        `update requests r set status = a.status, answer = a.answer::json, answered_at = now(), locked_until = null
           from unnest($1::text[], $2::integer[], $3::text[]) as a (id, status, answer) where r.id = a.id`,
        [answers.map(({ id }) => id), answers.map(({ status }) => status), answers.map(({ answer }) => answer)],
        'request-answer',
      );
      return answers;
    }, WRITTEN_TOGETHER),

    /** Lets others execute it, the sweep later each time. */
    release: (id: string) =>
      db.query(
        `update requests set locked_until = null,
           sweep_at = greatest(sweep_at, now() + least(interval '5 seconds' * power(2, attempts), interval '2 minutes')) where id = $1`,
        [id],
      ),

    /** Of a request that nobody was promised. */
    forget: (id: string) => db.query('delete from requests where id = $1 and attempts = 1', [id]),

    /** Takes an unanswered request with this body, that nobody executes, for another execution. */
    take: async (key: RequestKey, bodyHash: string): Promise<RequestRow | undefined> => {
      const rows = await db.query<RequestRow>(
        `update requests set attempts = attempts + 1, locked_until = now() + interval '1 ms' * $5
          where sub = $1 and method = $2 and path = $3 and key = $4 and body_hash = $6
            and answered_at is null and (locked_until is null or locked_until < now()) returning *`,
        [...at(key), lockMs, bodyHash],
      );
      return rows[0];
    },

    find: async (key: RequestKey): Promise<RequestRow | undefined> => {
      const rows = await db.query<RequestRow>(
        'select * from requests where sub = $1 and method = $2 and path = $3 and key = $4',
        at(key),
      );
      return rows[0];
    },

    /** What the sweep executes next. */
    lease: () =>
      db.query<RequestRow>(
        `update requests set attempts = attempts + 1, locked_until = now() + interval '1 ms' * $1
          where id in (select id from requests where answered_at is null and sweep_at < now() and (locked_until is null or locked_until < now())
                        order by sweep_at limit $2 for update skip locked)
        returning *`,
        [lockMs, SWEEP_BATCH],
      ),
  };
}
