import { sql } from 'kysely';
import type { AssemblyPlan } from '../../domain/assembly.ts';
import { type DeliveryLine, wholeLine } from '../../domain/deliveries/line.ts';
import { lineData, lineEvent, pickupData, pickupEvent, type Told } from '../../domain/events/event.ts';
import { type Pickup, wholePickup } from '../../domain/pickups/pickup.ts';
import type { ProblemCode } from '../../domain/problems.ts';
import { isTold, noted, takenBack } from '../events/noted.ts';
import { prepared, type Query, type Row } from '../statement.ts';
import type { RowEntry } from './recorder.ts';

/** How a command ended: refused, or with the row as it was then. */
export interface Ended<Life> {
  refused: ProblemCode | null;
  snapshot: Life | null;
}

/** The history row of a command that was done. */
export interface Done<Life> extends Ended<Life>, Pick<Row<'delivery_history'>, 'revision'> {}

/** What was done to a row, by one command. */
export interface Step<Life> extends Pick<Row<'delivery_history'>, 'command'> {
  revision: number;
  snapshot: Life;
}

/** A history row: its key columns, and these. */
interface Values extends Record<string, unknown> {
  at: string;
  by: string;
  command: string;
  from: string;
  to: string;
  revision: number | null;
  reason: string | null;
  refused: string | null;
  requestId: string;
  snapshot: string | null;
  type: string | null;
  data: string | null;
}

/** How a history is told outside: what a command is told as, and what an event says of a row. */
interface Telling<Life> {
  eventOf: (row: Life, command: string) => Told | null;
  dataOf: (row: Life, command: string) => object;
}

/** The history of one kind of row. It is only appended to; a repair sets `voided_at` on rows it takes out. */
export type History<Life, Key extends unknown[]> = ReturnType<typeof createHistory<Life, Key>>;

function createHistory<Life, Key extends unknown[]>(
  name: 'delivery_history' | 'pickup_history' | 'assembly_plan_history',
  keys: { [At in keyof Key]: string },
  /** A row as it is now, of one that an earlier version wrote. */
  whole: (row: Life) => Life = (row) => row,
  /** Absent = it is not told. */
  telling?: Telling<Life>,
) {
  const history = sql.table(name);
  const isMine = (key: Key) =>
    sql.join(
      keys.map((column, at) => sql`${sql.ref(column)} = ${key[at]}`),
      sql` and `,
    );
  const ended = <E extends Ended<Life>>(row: E): E => (row.snapshot === null ? row : { ...row, snapshot: whole(row.snapshot) });
  const insert = prepared<Values, Pick<Row<'delivery_history'>, 'id'>>(`${name}-insert`, (of) => {
    if (isTold(name)) {
      const columns = {
        ...{ at: sql`${of('at')}`, by: sql`${of('by')}`, command: sql`${of('command')}`, from: sql`${of('from')}` },
        ...{
          to: sql`${of('to')}`,
          revision: sql`${of('revision')}`,
          reason: sql`${of('reason')}`,
          refused: sql`${of('refused')}`,
        },
        ...{
          requestId: sql`${of('requestId')}`,
          snapshot: sql`${of('snapshot')}`,
          type: sql`${of('type')}`,
          data: sql`${of('data')}`,
        },
      };
      const typed = keys.map((column) => sql`${of(column)}::${column === 'line_no' ? sql`int` : sql`text`}`);
      return sql`with ${noted(name, typed, columns, sql``)} select id from noted`;
    }
    return sql`
      insert into ${history} (${sql.join([...keys].map((column) => sql.ref(column)))}, at, by, command, from_state, to_state, revision, reason, refused, request_id, snapshot)
      values (${sql.join([...keys].map((column) => of(column)))}, ${of('at')}, ${of('by')}, ${of('command')}, ${of('from')}, ${of('to')},
        ${of('revision')}, ${of('reason')}, ${of('refused')}, ${of('requestId')}, ${of('snapshot')})
      on conflict do nothing returning id`;
  });

  return {
    /** Inserts a row; false when this request had done this command before. A refused command has no revision and no snapshot. */
    insert: async (
      query: Query,
      key: Key,
      entry: RowEntry<Life & { state: string; revision: number }>,
      by: string,
      reason: string | null,
    ): Promise<boolean> => {
      const { row, at, command, from, requestId, refused = null } = entry;
      const [revision, snapshot] = refused === null ? [row.revision, JSON.stringify(row)] : [null, null];
      const event = (refused === null && telling?.eventOf(row, command)) || null;
      const told = { type: event?.type ?? null, data: event && JSON.stringify(event.data) };
      const values: Values = { at, by, command, from, to: row.state, revision, reason, refused, requestId, snapshot, ...told };
      keys.forEach((column, index) => {
        values[column] = key[index];
      });
      return (await query(insert(values))).length > 0;
    },

    /** The result of this request's command. */
    done: async (query: Query, key: Key, requestId: string, command: string): Promise<Done<Life> | undefined> => {
      const rows = await query(sql<Done<Life>>`select revision, refused, snapshot from ${history}
        where ${isMine(key)} and request_id = ${requestId} and command = ${command} and voided_at is null`);
      return rows[0] && ended(rows[0]);
    },

    /** What this request's command did, by key, as far as recorded. */
    ofRequest: async (query: Query, requestId: string, command: string): Promise<Map<string, Ended<Life>>> => {
      const rows = await query(sql<Ended<Life> & Record<string, unknown>>`
        select ${sql.join([...keys].map((column) => sql.ref(column)))}, refused, snapshot from ${history}
         where request_id = ${requestId} and command = ${command} and voided_at is null`);
      return new Map(rows.map((row) => [keys.map((column) => row[column]).join('/'), ended(row)]));
    },

    /** What was done from this revision on, the last first. */
    stepsFrom: (query: Query, key: Key, revision: number): Promise<Step<Life>[]> =>
      query(sql<Step<Life>>`select command, revision, snapshot from ${history}
        where ${isMine(key)} and revision >= ${revision} and voided_at is null and snapshot is not null order by revision desc`),

    /** Voids the history from this revision on, and takes back what was told of it: the row is to be as `now`. Call it with the row locked. */
    voidFrom: async (query: Query, key: Key, revision: number, now: Life): Promise<void> => {
      const voided = sql`update ${history} set voided_at = now() where ${isMine(key)} and revision >= ${revision} and voided_at is null`;
      if (!telling) await query(voided);
      else {
        const data = JSON.stringify(telling.dataOf(now, ''));
        await query(sql`with voided as (${voided} returning id) ${takenBack(key.join('/'), sql`voided`, data)}`);
      }
    },

    /** The row after the last command. */
    lastSnapshot: async (query: Query, key: Key): Promise<Life | undefined> => {
      const rows = await query(sql<{ snapshot: Life }>`select snapshot from ${history}
        where ${isMine(key)} and voided_at is null and snapshot is not null order by revision desc limit 1`);
      return rows[0] && whole(rows[0].snapshot);
    },

    /** The request that last did this command. */
    lastRequest: async (query: Query, key: Key, command: string): Promise<string | null> => {
      const rows = await query(sql<Pick<Row<'delivery_history'>, 'request_id'>>`select request_id from ${history}
        where ${isMine(key)} and command = ${command} and voided_at is null and refused is null order by id desc limit 1`);
      return rows[0]?.request_id ?? null;
    },

    /** The reason given when this command was last done. */
    lastReason: async (query: Query, key: Key, command: string): Promise<string | null> => {
      const rows = await query(sql<Pick<Row<'delivery_history'>, 'reason'>>`select reason from ${history}
        where ${isMine(key)} and command = ${command} and voided_at is null and refused is null order by id desc limit 1`);
      return rows[0]?.reason ?? null;
    },
  };
}

export const lineHistory = createHistory<DeliveryLine, [deliveryNo: string, lineNo: number]>(
  'delivery_history',
  ['delivery_no', 'line_no'],
  wholeLine,
  { eventOf: lineEvent, dataOf: lineData },
);
export const pickupHistory = createHistory<Pickup, [pickupNo: string]>('pickup_history', ['pickup_no'], wholePickup, {
  eventOf: pickupEvent,
  dataOf: pickupData,
});
export const planHistory = createHistory<AssemblyPlan, [assemblyPlanUid: number]>('assembly_plan_history', ['assembly_plan_uid']);
