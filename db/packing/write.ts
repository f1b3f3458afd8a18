import { sql } from 'kysely';
import type { LineKey } from '../../domain/deliveries/line.ts';
import type { DropReason, WorkBatchState } from '../../domain/packing/work-batch.ts';
import { build, instant, named, type Query, type Row } from '../statement.ts';

export type WorkBatchRow = Row<'work_batches'>;

const keysOf = (lines: readonly LineKey[]) =>
  sql`unnest(${lines.map(({ deliveryNo }) => deliveryNo)}::text[], ${lines.map(({ lineNo }) => lineNo)}::int[]) k (delivery_no, line_no)`;

/**
 * Puts those of these lines that are released and in no open batch into a new one; undefined = there is none of them. Lines go in by
 * their order, so that two people who pick the same ones at once wait for each other and never in a circle.
 */
export async function createWorkBatch(
  query: Query,
  lines: readonly LineKey[],
  { by, askedAt }: { by: string; askedAt: string },
): Promise<{ workBatchNo: number; taken: LineKey[] } | undefined> {
  const at = instant(askedAt);
  const [made] = await query(
    build
      .insertInto('work_batches')
      .values({ owner: by, created_by: by, owner_asked_at: at, state_asked_at: at })
      .returning('work_batch_no'),
  );
  if (!made) throw new Error('no work batch was made');
  const { work_batch_no: workBatchNo } = made;
  const taken = await query(sql<LineKey>`
    insert into work_batch_lines (work_batch_no, delivery_no, line_no)
    select ${workBatchNo}, l.delivery_no, l.line_no
      from ${keysOf(lines)} join delivery_lines l using (delivery_no, line_no)
     where l.state = 'released' and l.valid_quantity > 0
     order by l.delivery_no, l.line_no
    on conflict (delivery_no, line_no) where is_open do nothing
    returning delivery_no as "deliveryNo", line_no as "lineNo"`);
  if (taken.length === 0) {
    await query(build.deleteFrom('work_batches').where('work_batch_no', '=', workBatchNo));
    return undefined;
  }
  await query(sql`
    update work_batches set place_no = (
      select case when count(*) = count(l.place_no) and min(l.place_no) = max(l.place_no) then min(l.place_no) end
        from work_batch_lines w join delivery_lines l using (delivery_no, line_no) where w.work_batch_no = ${workBatchNo})
     where work_batch_no = ${workBatchNo}`);
  return { workBatchNo, taken };
}

/**
 * Puts a part into the open batch of the line that it is split off, so that what was picked stays together. The batch is held before it
 * is looked at: one that is being completed would be left with an open line, which could be neither shipped with it nor taken out.
 */
export async function joinWorkBatch(query: Query, line: LineKey, part: LineKey): Promise<void> {
  const [batch] = await query(
    named(
      'record-part-batch',
      sql<Pick<WorkBatchRow, 'work_batch_no'>>`
        select b.work_batch_no from work_batches b
         where b.state <> 'completed' and b.work_batch_no = (
           select w.work_batch_no from work_batch_lines w
            where w.delivery_no = ${line.deliveryNo} and w.line_no = ${line.lineNo} and w.is_open)
           for key share`,
    ),
  );
  if (!batch) return;
  await query(sql`
    insert into work_batch_lines (work_batch_no, delivery_no, line_no)
    select w.work_batch_no, ${part.deliveryNo}, ${part.lineNo}::int from work_batch_lines w
     where w.work_batch_no = ${batch.work_batch_no} and w.delivery_no = ${line.deliveryNo} and w.line_no = ${line.lineNo} and w.is_open`);
}

/** A batch, locked until the end of the transaction. */
export async function lockWorkBatch(query: Query, workBatchNo: number): Promise<WorkBatchRow | undefined> {
  const one = build.selectFrom('work_batches').selectAll().where('work_batch_no', '=', workBatchNo).forUpdate();
  return (await query(one))[0];
}

/** Moves an open batch; false = a later request has moved it. */
export async function moveWorkBatch(
  query: Query,
  workBatchNo: number,
  state: Exclude<WorkBatchState, 'completed'>,
  askedAt: string,
): Promise<boolean> {
  const moved = await query(
    build
      .updateTable('work_batches')
      .set({ state, state_asked_at: instant(askedAt), updated_at: sql<Date>`now()` })
      .where('work_batch_no', '=', workBatchNo)
      .where('state_asked_at', '<=', instant(askedAt))
      .returning('work_batch_no'),
  );
  return moved.length > 0;
}

/** Gives a batch to another; false = a later request has. */
export async function giveWorkBatch(query: Query, workBatchNo: number, owner: string, askedAt: string): Promise<boolean> {
  const given = await query(
    build
      .updateTable('work_batches')
      .set({ owner, owner_asked_at: instant(askedAt), updated_at: sql<Date>`now()` })
      .where('work_batch_no', '=', workBatchNo)
      .where('owner_asked_at', '<=', instant(askedAt))
      .returning('work_batch_no'),
  );
  return given.length > 0;
}

/** Takes lines out of an open batch: they are free for another. */
export const removeFromBatch = (query: Query, workBatchNo: number, lines: readonly LineKey[]) =>
  query(sql`
    update work_batch_lines w set is_open = false, dropped_as = 'removed'
      from ${keysOf(lines)}
     where w.work_batch_no = ${workBatchNo} and w.delivery_no = k.delivery_no and w.line_no = k.line_no and w.is_open`);

/** Completes a batch, with the lines that were dropped, and why: from now on they may be anything else. */
export async function completeWorkBatch(
  query: Query,
  workBatchNo: number,
  dropped: readonly (LineKey & { why: DropReason })[],
): Promise<void> {
  await query(sql`
    update work_batch_lines w set is_open = false, dropped_as = d.why
      from work_batch_lines o
      left join unnest(${dropped.map(({ deliveryNo }) => deliveryNo)}::text[], ${dropped.map(({ lineNo }) => lineNo)}::int[],
                       ${dropped.map(({ why }) => why)}::text[]) d (delivery_no, line_no, why) using (delivery_no, line_no)
     where o.work_batch_no = ${workBatchNo} and o.is_open
       and w.work_batch_no = o.work_batch_no and w.delivery_no = o.delivery_no and w.line_no = o.line_no`);
  await query(
    build
      .updateTable('work_batches')
      .set({ state: 'completed', completed_at: sql<Date>`now()`, updated_at: sql<Date>`now()` })
      .where('work_batch_no', '=', workBatchNo),
  );
}
