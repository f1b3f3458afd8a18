import { type RawBuilder, sql } from 'kysely';
import { lineJson } from './data.ts';

const NOTHING = sql`null`;

/** Histories that are told outside: their key, and what an event of one row is about. */
const histories = {
  delivery_history: { keys: ['delivery_no', 'line_no'], subject: sql`g.delivery_no || '/' || g.line_no` },
  pickup_history: { keys: ['pickup_no'], subject: sql`g.pickup_no` },
} as const;
export type ToldHistory = keyof typeof histories;
export const isTold = (name: string): name is ToldHistory => Object.hasOwn(histories, name);

/** Every column that a writer of history gives: those of the history, then the type and data of its event (null = not told). */
interface Noted {
  at: RawBuilder<unknown>;
  by: RawBuilder<unknown>;
  command: RawBuilder<unknown>;
  from?: RawBuilder<unknown>;
  to: RawBuilder<unknown>;
  revision?: RawBuilder<unknown>;
  reason?: RawBuilder<unknown>;
  refused?: RawBuilder<unknown>;
  requestId: RawBuilder<unknown>;
  snapshot?: RawBuilder<unknown>;
  type: RawBuilder<unknown>;
  data: RawBuilder<unknown>;
}

/**
 * The one way to write rows of a history (test/db/events/one-door.test.ts): as CTEs `given`, `noted` and `told`, of which `noted` returns
 * id, key and request_id. Each row that is written has its event in the same statement, so no writer can forget it. Whoever writes
 * holds the lock of the row that the history is about, or has just inserted it: by that, `key` of the events of one subject ascends in
 * the order of its revisions (docs/decisions/events-in-order.md). `keys` and `columns` are expressions over `from`, a relation.
 */
export function noted(name: ToldHistory, keys: RawBuilder<unknown>[], columns: Noted, from: RawBuilder<unknown>) {
  const history = histories[name];
  const keyNames = sql.join(history.keys.map((key) => sql.ref(key)));
  const { at, by, command, from: left = NOTHING, to, revision = NOTHING, reason = NOTHING, refused = NOTHING } = columns;
  const { requestId, snapshot = NOTHING, type, data } = columns;
  return sql`given as (
    select ${sql.join(keys.map((key, index) => sql`${key} as ${sql.ref(history.keys[index] ?? '')}`))}, ${at}::timestamptz as at,
           ${by}::text as by, ${command}::text as command, ${left}::text as from_state, ${to}::text as to_state,
           ${revision}::int as revision, ${reason}::text as reason, ${refused}::text as refused, ${requestId}::text as request_id,
           ${snapshot}::jsonb as snapshot, ${type}::text as type, ${data}::jsonb as data
      ${from}),
  noted as (
    insert into ${sql.table(name)} (${keyNames}, at, by, command, from_state, to_state, revision, reason, refused, request_id, snapshot)
    select ${keyNames}, at, by, command, from_state, to_state, revision, reason, refused, request_id, snapshot from given
    on conflict do nothing returning id, ${keyNames}, request_id),
  told as (
    insert into events (type, at, subject, data, history_id)
    select g.type, g.at, ${history.subject}, g.data, n.id from noted n join given g using (${keyNames}) where g.type is not null)`;
}

/** The same for lines as they stand in a relation with the columns of delivery_lines: one step of all of them, without a snapshot. */
export const notedLines = (
  line: RawBuilder<unknown>,
  { command, type, ...columns }: Pick<Noted, 'at' | 'by' | 'from' | 'revision' | 'requestId'> & { command: string; type: string },
  from: RawBuilder<unknown>,
) =>
  noted(
    'delivery_history',
    [sql`${line}.delivery_no`, sql`${line}.line_no`],
    {
      ...columns,
      command: sql`${sql.lit(command)}`,
      to: sql`${line}.state`,
      type: sql`${sql.lit(type)}`,
      data: lineJson(line, command),
    },
    from,
  );

/**
 * Takes back what was told of voided rows of history, the last first: the same type once more, so that whoever heard it hears that too,
 * with the row as it is now and the event that is taken back (`corrects`). `voided` is a relation with their ids.
 */
export const takenBack = (subject: unknown, voided: RawBuilder<unknown>, data: unknown) => sql`
  insert into events (type, at, subject, data, history_id, corrects)
  select e.type, now(), e.subject, ${data}::jsonb || jsonb_build_object('command', e.data -> 'command'), e.history_id, e.key
    from ${voided} v join events e on e.subject = ${subject}::text and e.history_id = v.id
   where e.corrects is null order by e.key desc`;
