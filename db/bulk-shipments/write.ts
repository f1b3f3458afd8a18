import { sql } from 'kysely';
import { build, instant, json, type Query, type Row } from '../statement.ts';

/** Stores the bytes of an upload; existing ones are kept a day longer. */
export async function insertUpload(query: Query, hash: string, content: Buffer): Promise<void> {
  await query(
    build
      .insertInto('bulk_uploads')
      .values({ hash, content })
      .onConflict((known) => known.column('hash').doUpdateSet({ created_at: sql<Date>`now()` })),
  );
}

/** A job whose sheet is about to be read; it is hidden until it has been judged. */
export async function insertJob(
  query: Query,
  job: Pick<Row<'bulk_shipments'>, 'id' | 'request_id' | 'file_name' | 'by'>,
): Promise<void> {
  await query(build.insertInto('bulk_shipments').values({ ...job, state: 'reading' }));
}

export async function updateTitles(query: Query, id: string, titles: string[]): Promise<void> {
  await query(
    build
      .updateTable('bulk_shipments')
      .set({ titles: json(titles) })
      .where('id', '=', id),
  );
}

/** Makes a judged job visible. Throws `isAlreadyMade` when another execution of the same request was faster. */
export async function markValidated(query: Query, id: string, hiddenRows: number): Promise<void> {
  const made = { state: 'validated', hidden_rows: hiddenRows, created_at: sql<Date>`now()` } as const;
  await query(build.updateTable('bulk_shipments').set(made).where('id', '=', id));
}

export const isAlreadyMade = (error: unknown) =>
  error instanceof Error && 'constraint' in error && error.constraint === 'bulk_shipments_request';

/** Deletes a job that could not be read. */
export async function deleteUnread(query: Query, id: string): Promise<void> {
  await query(build.deleteFrom('bulk_shipments').where('id', '=', id).where('state', '=', 'reading'));
}

/** Starts a waiting job; false when there is none in that state. */
export async function markRunning(query: Query, id: string, requestId: string): Promise<boolean> {
  const started = build
    .updateTable('bulk_shipments')
    .set({ state: 'running', started_at: sql<Date>`now()`, start_request_id: requestId })
    .where('id', '=', id)
    .where('state', '=', 'validated')
    .returning('id');
  return (await query(started)).length > 0;
}

/**
 * Cancels a job: at once before it runs; later its workflow checks this before and after every chunk. False when it has ended, or was
 * started after the cancellation was asked for.
 */
export async function cancelJob(query: Query, id: string, askedAt: string): Promise<boolean> {
  const canceled = await query(sql`
    update bulk_shipments set cancel_at = coalesce(cancel_at, now()),
      state = case when state = 'validated' then 'canceled' else state end,
      finished_at = case when state = 'validated' then now() end
     where id = ${id} and state in ('validated', 'running')
       and not exists (select from requests r where r.id = start_request_id and r.created_at > ${instant(askedAt)}) returning id`);
  return canceled.length > 0;
}
