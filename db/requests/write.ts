import { type RawBuilder, sql } from 'kysely';
import { json, prepared, type Query, type Row } from '../statement.ts';
import type { RequestKey } from './find.ts';

type Request = Row<'requests'>;

/** Columns of a new request, and their types. */
const columns = {
  id: 'text',
  sub: 'text',
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

/** A request as it comes; params and body as JSON texts. */
export type NewRequest = Omit<Pick<Request, keyof typeof columns>, 'params' | 'body'> & { params: string; body: string };

/** How long a new or repeated request is nobody else's, and when the sweep may take it. */
export interface RequestTimes {
  lockMs: number;
  sweepAfterMs: number;
}

export interface KeptAnswer {
  id: string;
  status: number;
  answer: string;
}

const names = Object.keys(columns) as (keyof NewRequest)[];

const insertFrom = (requests: RawBuilder<unknown>, lockMs: unknown, sweepAfterMs: unknown) => {
  const listed = sql.join(names.map((name) => sql.ref(name)));
  const typed = sql.join(names.map((name) => sql`${sql.ref(`r.${name}`)}::${sql.raw(columns[name])}`));
  return sql<Pick<Request, 'id'>>`insert into requests (${listed}, locked_until, sweep_at)
    select ${typed}, now() + interval '1 ms' * ${lockMs}, now() + interval '1 ms' * ${sweepAfterMs} from ${requests} as r (${listed})
    on conflict (sub, method, path, key) do nothing returning id`;
};
// One alone needs no plan of its own each time, as arrays of unknown length do.
const insertOne = prepared<NewRequest & RequestTimes, Pick<Request, 'id'>>('request-insert-one', (of) =>
  insertFrom(sql`(values (${sql.join(names.map(of))}))`, of('lockMs'), of('sweepAfterMs')),
);
const insertMany = prepared<Record<keyof NewRequest, unknown[]> & RequestTimes, Pick<Request, 'id'>>(
  'request-insert-many',
  (of) => insertFrom(sql`unnest(${sql.join(names.map((name) => sql`${of(name)}::text[]`))})`, of('lockMs'), of('sweepAfterMs')),
);

const listsOf = (requests: NewRequest[]) =>
  Object.fromEntries(names.map((name) => [name, requests.map((each) => each[name])])) as Record<keyof NewRequest, unknown[]>;

/** Stores requests whose keys are new; answers their ids. */
export async function insertRequests(query: Query, requests: NewRequest[], times: RequestTimes): Promise<Set<string>> {
  const [first, ...others] = requests;
  if (!first) return new Set();
  const inserted = await query(
    others.length === 0 ? insertOne({ ...first, ...times }) : insertMany({ ...listsOf(requests), ...times }),
  );
  return new Set(inserted.map(({ id }) => id));
}

const answerFrom = (answers: RawBuilder<unknown>, commit: unknown) => sql`
  update requests r set status = a.status, answer = a.answer::json, answered_at = now(), locked_until = null
    from ${answers} as a (id, status, answer),
         set_config('synchronous_commit', coalesce(${commit}, current_setting('synchronous_commit')), true)
   where r.id = a.id and r.answered_at is null`;
const answerOne = prepared<KeptAnswer & { commit: 'off' | null }>('request-answer-one', (of) =>
  answerFrom(sql`(values (${of('id')}::text, ${of('status')}::integer, ${of('answer')}::text))`, of('commit')),
);
const answerMany = prepared<{ ids: string[]; statuses: number[]; answers: string[]; commit: 'off' | null }>(
  'request-answer-many',
  (of) => answerFrom(sql`unnest(${of('ids')}::text[], ${of('statuses')}::integer[], ${of('answers')}::text[])`, of('commit')),
);

/**
 * Stores answers, once each. `lightly`: seen by everybody at once, yet the commit does not wait for the disk. A server that crashes in
 * that moment has forgotten them, and the sweep executes their requests again.
 */
export async function keepAnswers(query: Query, answers: KeptAnswer[], { lightly }: { lightly: boolean }): Promise<void> {
  const [first, ...others] = answers;
  if (!first) return;
  const commit = lightly ? 'off' : null;
  if (others.length === 0) await query(answerOne({ ...first, commit }));
  else {
    const [ids, statuses] = [answers.map(({ id }) => id), answers.map(({ status }) => status)];
    await query(answerMany({ ids, statuses, answers: answers.map(({ answer }) => answer), commit }));
  }
}

/** The answer of a request that is one transaction, within it. */
export async function answerRequest(query: Query, id: string, answer: { status: number; body: unknown }): Promise<void> {
  await query(sql`update requests
    set status = ${answer.status}, answer = ${json(answer.body)}, answered_at = now(), locked_until = null where id = ${id}`);
}

/** Lets others execute it, the sweep later each time. */
export async function releaseRequest(query: Query, id: string): Promise<void> {
  await query(sql`update requests set locked_until = null,
    sweep_at = greatest(sweep_at, now() + least(interval '5 seconds' * power(2, attempts), interval '2 minutes')) where id = ${id}`);
}

/** Of a request that nobody was promised. */
export async function forgetRequest(query: Query, id: string): Promise<void> {
  await query(sql`delete from requests where id = ${id} and attempts = 1`);
}

/** Takes an unanswered request with this body, that nobody executes, for another execution. */
export async function takeRequest(
  query: Query,
  { sub, method, path, key }: RequestKey,
  bodyHash: string,
  lockMs: number,
): Promise<Request | undefined> {
  const rows = await query(sql<Request>`
    update requests set attempts = attempts + 1, locked_until = now() + interval '1 ms' * ${lockMs}
     where sub = ${sub} and method = ${method} and path = ${path} and key = ${key} and body_hash = ${bodyHash}
       and answered_at is null and (locked_until is null or locked_until < now()) returning *`);
  return rows[0];
}

/** Takes what the sweep executes next. */
export const leaseRequests = (query: Query, lockMs: number, most: number): Promise<Request[]> =>
  query(sql<Request>`
    update requests set attempts = attempts + 1, locked_until = now() + interval '1 ms' * ${lockMs}
     where id in (select id from requests where answered_at is null and sweep_at < now() and (locked_until is null or locked_until < now())
                   order by sweep_at limit ${most} for update skip locked)
    returning *`);

/** Deletes requests that were answered so long ago; one that a bulk shipment under way belongs to is kept. Answers how many. */
export async function pruneRequests(query: Query, keptFor: string, most: number): Promise<number> {
  const gone = await query(sql<Pick<Request, 'id'>>`
    delete from requests where id in (
      select id from requests where answered_at < now() - ${keptFor}::interval
         and not exists (select from bulk_shipments b where b.start_request_id = requests.id and b.finished_at is null)
       limit ${most} for update skip locked) returning id`);
  return gone.length;
}
