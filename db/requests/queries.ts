import { together } from '../batching.ts';
import type { Db } from '../database.ts';

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

interface KeptAnswer {
  id: string;
  status: number;
  answer: string;
}

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
const insertFrom = (requests: string) => `insert into requests (${names}, locked_until, sweep_at)
  select r.*, now() + interval '1 ms' * $${columns.length + 1}, now() + interval '1 ms' * $${columns.length + 2}
    from ${requests} as r (${names})
  on conflict (sub, method, path, key) do nothing returning id`;
const bound = (array: '' | '[]') => columns.map(([, type], at) => `$${at + 1}::${type}${array}`).join(', ');
// One alone needs no plan of its own each time, as arrays of unknown length do.
const INSERT_ONE = insertFrom(`(values (${bound('')}))`);
const INSERT_MANY = insertFrom(`unnest(${bound('[]')})`);

const answerFrom = (answers: string) =>
  `update requests r set status = a.status, answer = a.answer::json, answered_at = now(), locked_until = null
     from ${answers} as a (id, status, answer),
          set_config('synchronous_commit', coalesce($4, current_setting('synchronous_commit')), true)
    where r.id = a.id and r.answered_at is null`;
const ANSWER_ONE = answerFrom('(values ($1::text, $2::integer, $3::text))');
const ANSWER_MANY = answerFrom('unnest($1::text[], $2::integer[], $3::text[])');

/** The table of requests as requests/store.ts uses it: who holds a request, what it was answered, when the sweep may take it. */
export function createRequestRows(db: Db, { lockMs, sweepAfterMs }: { lockMs: number; sweepAfterMs: number }) {
  const at = ({ sub, method, path, key }: RequestKey) => [sub, method, path, key];
  const insert = (text: string, values: unknown[], name: string) =>
    db.query<{ id: string }>(text, [...values, lockMs, sweepAfterMs], name);
  const keep = async (answers: KeptAnswer[], commit: 'off' | null) => {
    const [first] = answers;
    if (answers.length === 1 && first)
      await db.query(ANSWER_ONE, [first.id, first.status, first.answer, commit], 'request-answer-one');
    else {
      const columnsOf = [answers.map(({ id }) => id), answers.map(({ status }) => status), answers.map(({ answer }) => answer)];
      await db.query(ANSWER_MANY, [...columnsOf, commit], 'request-answer-many');
    }
    return answers;
  };
  return {
    /** Whether it was new. */
    insert: together(async (requests: NewRequest[]): Promise<boolean[]> => {
      const [first] = requests;
      const inserted =
        requests.length === 1 && first
          ? await insert(
              INSERT_ONE,
              columns.map(([, , of]) => first[of]),
              'request-insert-one',
            )
          : await insert(
              INSERT_MANY,
              columns.map(([, , of]) => requests.map((request) => request[of])),
              'request-insert-many',
            );
      const ids = new Set(inserted.map(({ id }) => id));
      return requests.map(({ id }) => ids.has(id));
    }),

    answer: together((answers: KeptAnswer[]) => keep(answers, null)),

    /**
     * The same for what could be found out again: seen by everybody at once, yet its commit does not wait for the disk. A server that
     * crashes in that moment has forgotten the answer, and the sweep executes the request again.
     */
    answerLightly: together((answers: KeptAnswer[]) => keep(answers, 'off')),

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
