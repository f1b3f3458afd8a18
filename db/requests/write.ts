import { type RawBuilder, sql } from 'kysely';
import { json, prepared, type Query, type Row } from '../statement.ts';
import type { Execution } from './lease.ts';

type Request = Row<'requests'>;

/** Columns of a new request, and their types. */
const columns = {
  id: 'text',
  sub: 'text',
  member_id: 'text',
  method: 'text',
  path: 'text',
  key: 'text',
  operation: 'text',
  params: 'jsonb',
  body_hash: 'text',
  body: 'jsonb',
  reason: 'text',
  respond_async: 'boolean',
  trace_id: 'text',
} as const satisfies { [Column in keyof Request]?: string };

/** A new request; params and body as JSON texts. */
export type NewRequest = Omit<Pick<Request, keyof typeof columns>, 'params' | 'body'> & { params: string; body: string };

/** How long a new or repeated request is locked, and when the sweep may take it. */
export interface RequestTimes {
  lockMs: number;
  sweepAfterMs: number;
}

export interface KeptAnswer extends Execution {
  status: number;
  answer: string;
}

const names = Object.keys(columns) as (keyof NewRequest)[];

const insertFrom = (requests: RawBuilder<unknown>, lockMs: unknown, sweepAfterMs: unknown) => {
  const listed = sql.join(names.map((name) => sql.ref(name)));
  const typed = sql.join(names.map((name) => sql`${sql.ref(`r.${name}`)}::${sql.raw(columns[name])}`));
  return sql<Pick<Request, 'id'>>`insert into requests (${listed}, unended, locked_until, sweep_at)
    select ${typed}, 1, now() + interval '1 ms' * ${lockMs}, now() + interval '1 ms' * ${sweepAfterMs} from ${requests} as r (${listed})
    on conflict (sub, member_id, method, path, key) do nothing returning id`;
};
// A single request is planned once; a statement with arrays of unknown length is planned each time.
const insertOne = prepared<NewRequest & RequestTimes, Pick<Request, 'id'>>('request-insert-one', (of) =>
  insertFrom(sql`(values (${sql.join(names.map(of))}))`, of('lockMs'), of('sweepAfterMs')),
);
const insertMany = prepared<Record<keyof NewRequest, unknown[]> & RequestTimes, Pick<Request, 'id'>>(
  'request-insert-many',
  (of) => insertFrom(sql`unnest(${sql.join(names.map((name) => sql`${of(name)}::text[]`))})`, of('lockMs'), of('sweepAfterMs')),
);

const listsOf = (requests: NewRequest[]) =>
  Object.fromEntries(names.map((name) => [name, requests.map((each) => each[name])])) as Record<keyof NewRequest, unknown[]>;

/** Stores requests with new keys; returns their ids. */
export async function insertRequests(query: Query, requests: NewRequest[], times: RequestTimes): Promise<Set<string>> {
  const [first, ...others] = requests;
  if (!first) return new Set();
  const inserted = await query(
    others.length === 0 ? insertOne({ ...first, ...times }) : insertMany({ ...listsOf(requests), ...times }),
  );
  return new Set(inserted.map(({ id }) => id));
}

const answerFrom = (answers: RawBuilder<unknown>, commit: unknown) => sql<Pick<Request, 'id'>>`
  update requests r set status = a.status, answer = a.answer::json, answered_at = now(), locked_until = null, unended = 0
    from ${answers} as a (id, attempts, status, answer),
         set_config('synchronous_commit', coalesce(${commit}, current_setting('synchronous_commit')), true)
   where r.id = a.id and r.attempts = a.attempts and r.answered_at is null returning r.id`;
const answerOne = prepared<KeptAnswer & { commit: 'off' | null }, Pick<Request, 'id'>>('request-answer-one', (of) =>
  answerFrom(
    sql`(values (${of('id')}::text, ${of('attempts')}::integer, ${of('status')}::integer, ${of('answer')}::text))`,
    of('commit'),
  ),
);
const answerMany = prepared<
  { ids: string[]; attempts: number[]; statuses: number[]; answers: string[]; commit: 'off' | null },
  Pick<Request, 'id'>
>('request-answer-many', (of) =>
  answerFrom(
    sql`unnest(${of('ids')}::text[], ${of('attempts')}::integer[], ${of('statuses')}::integer[], ${of('answers')}::text[])`,
    of('commit'),
  ),
);

/**
 * Stores answers, once each; returns the requests that have them now. `lightly`: visible at once, but the commit does not wait for
 * the disk. If the server crashes at that moment the answers are lost, and the sweep executes their requests again.
 */
export async function keepAnswers(query: Query, answers: KeptAnswer[], { lightly }: { lightly: boolean }): Promise<Set<string>> {
  const [first, ...others] = answers;
  if (!first) return new Set();
  const commit = lightly ? 'off' : null;
  const listOf = <Key extends keyof KeptAnswer>(key: Key) => answers.map((each) => each[key]);
  const kept = await query(
    others.length === 0
      ? answerOne({ ...first, commit })
      : answerMany({
          ids: listOf('id'),
          attempts: listOf('attempts'),
          statuses: listOf('status'),
          answers: listOf('answer'),
          commit,
        }),
  );
  return new Set(kept.map(({ id }) => id));
}

/** Stores the answer of a request that is a single transaction, inside that transaction. */
export async function answerRequest(query: Query, id: string, answer: { status: number; body: unknown }): Promise<void> {
  await query(sql`update requests set status = ${answer.status}, answer = ${json(answer.body)}, answered_at = now(),
    locked_until = null, unended = 0 where id = ${id}`);
}

/**
 * Releases a request for another execution, with what has been told of its parts; the sweep waits longer each time. False when a
 * newer execution has begun meanwhile.
 */
export async function releaseRequest(
  query: Query,
  { id, attempts }: Execution,
  outcomes: Record<string, unknown> | null,
): Promise<boolean> {
  const released = await query(sql<Pick<Request, 'id'>>`
    update requests set locked_until = null, unended = 0, outcomes = ${outcomes === null ? null : json(outcomes)}::json,
           sweep_at = greatest(sweep_at, now() + least(interval '5 seconds' * power(2, least(attempts, 10)), interval '2 minutes'))
     where id = ${id} and attempts = ${attempts} and answered_at is null returning id`);
  return released.length > 0;
}

/** Deletes requests answered this long ago, except those of a running bulk shipment. Returns how many. */
export async function pruneRequests(query: Query, keptFor: string, most: number): Promise<number> {
  const gone = await query(sql<Pick<Request, 'id'>>`
    delete from requests where id in (
      select id from requests where answered_at < now() - ${keptFor}::interval
         and not exists (select from bulk_shipments b where b.start_request_id = requests.id and b.finished_at is null)
       limit ${most} for update skip locked) returning id`);
  return gone.length;
}
