import { type SqlBool, sql } from 'kysely';
import type { BatchId } from '../../workflows/messages/batches.ts';
import { when } from '../lists.ts';
import { build, type Query, type Row } from '../statement.ts';

const runOf = (row: Row<'batch_runs'>) => ({
  workflowId: row.workflow_id,
  runId: row.run_id,
  startedAt: row.started_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
  trigger: row.trigger,
  by: row.by,
  examined: row.examined,
  succeeded: row.succeeded,
  failed: row.failed,
  skipped: row.skipped,
  errors: row.errors,
  updatedAt: row.updated_at.toISOString(),
});

/** The newest run of each batch. */
export async function lastRuns(query: Query, batches: BatchId[]): Promise<Map<BatchId, ReturnType<typeof runOf>>> {
  const rows = await query(sql<Row<'batch_runs'>>`
    select r.* from unnest(${batches}::text[]) b,
      lateral (select * from batch_runs where batch = b order by id desc limit 1) r`);
  return new Map(rows.map((row) => [row.batch, runOf(row)]));
}

/** A page of runs, newest first; the ascending id is the keyset, because rows are only appended. */
export async function runsOf(
  query: Query,
  batch: BatchId,
  { updatedFrom, limit, cursor }: { updatedFrom?: Date | undefined; limit: number; cursor?: string | undefined },
) {
  const page = build
    .selectFrom('batch_runs')
    .selectAll()
    .where('batch', '=', batch)
    .$if(cursor !== undefined, (runs) => runs.where('id', '<', Number(cursor)))
    .$if(updatedFrom !== undefined, (runs) => runs.where('updated_at', '>=', updatedFrom as Date))
    .orderBy('id', 'desc')
    .limit(limit + 1);
  const rows = await query(page);
  const runs = rows.slice(0, limit);
  return { items: runs.map(runOf), nextCursor: rows.length > limit ? String(runs.at(-1)?.id) : null };
}

/** Who saw whose personal data; absent = not filtered. Instants are Dates, `to` excluded; `cursor` is the last id of the page before. */
export interface AccessFilter {
  sub?: string | undefined;
  subject?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  cursor?: string | undefined;
}

/** 개인정보 접속기록, newest first, with the ascending id as keyset. At most 1,000 numbers of an export are shown. */
export function findAccesses(query: Query, { sub, subject, from, to, cursor }: AccessFilter, limit: number) {
  const among = build
    .selectFrom('personal_data_accesses')
    .select(['id', 'at', 'sub', 'ip', 'route', 'subject'])
    .select(sql<string[] | null>`subjects[1:1000]`.as('subjects'))
    .select(['fields', 'reason'])
    .where((eb) =>
      eb.and([
        ...when(sub, (by) => eb('sub', '=', by)),
        ...when(subject, (no) => eb.or([eb('subject', '=', no), sql<SqlBool>`subjects @> array[${no}::text]`])),
        ...when(from, (first) => eb('at', '>=', first)),
        ...when(to, (end) => eb('at', '<', end)),
        ...when(cursor, (last) => eb('id', '<', Number(last))),
      ]),
    );
  return query(among.orderBy('id', 'desc').limit(limit));
}
