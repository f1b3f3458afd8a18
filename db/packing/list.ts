import { type SqlBool, sql } from 'kysely';
import type { WorkBatchState } from '../../domain/packing/work-batch.ts';
import { type Condition, when } from '../lists.ts';
import type { Query } from '../statement.ts';
import { isStillOpen } from './batch-lines.ts';
import type { WorkBatchRow } from './write.ts';

/** Absent = not filtered; `cursor` is the last number of the page before. */
export interface WorkBatchFilter {
  state?: WorkBatchState | undefined;
  owner?: string | undefined;
  placeNo?: number | undefined;
  cursor?: number | undefined;
}

/** A batch and how its lines stand. */
export type ListedWorkBatch = WorkBatchRow & { lines: number; open: number; shipped: number };

const counted = sql`lateral (
  select count(*) as lines, count(*) filter (where ${isStillOpen}) as open,
         count(*) filter (where w.dropped_as is null and (not w.is_open or l.state in ('shipped', 'delivered'))) as shipped
    from work_batch_lines w join delivery_lines l using (delivery_no, line_no) where w.work_batch_no = b.work_batch_no)`;

const batches = (conditions: readonly Condition[], limit: number) => sql<ListedWorkBatch>`
  select b.*, c.lines, c.open, c.shipped
    from (select * from work_batches where ${sql.join(conditions, sql` and `)} order by work_batch_no desc limit ${limit}) b,
         ${counted} c
   order by b.work_batch_no desc`;

/** Batches, newest first. */
export const findWorkBatches = (query: Query, filter: WorkBatchFilter, limit: number): Promise<ListedWorkBatch[]> =>
  query(
    batches(
      [
        sql<SqlBool>`work_batch_no > 0`,
        ...when(filter.state, (state): Condition => sql`state = ${state}`),
        ...when(filter.owner, (owner): Condition => sql`owner = ${owner}`),
        ...when(filter.placeNo, (placeNo): Condition => sql`place_no = ${placeNo}`),
        ...when(filter.cursor, (last): Condition => sql`work_batch_no < ${last}`),
      ],
      limit,
    ),
  );

/** One batch. */
export const findWorkBatch = async (query: Query, workBatchNo: number): Promise<ListedWorkBatch | undefined> =>
  (await query(batches([sql<SqlBool>`work_batch_no = ${workBatchNo}`], 1)))[0];

/**
 * Open batches of which no line is still to be shipped, locked until the end of the transaction; others are left to who has them.
 * `offset 0` and the inner select look at one batch after the other, each until its first such line, instead of at all that is released.
 */
export const lockDoneBatches = (query: Query, most: number): Promise<Pick<WorkBatchRow, 'work_batch_no'>[]> =>
  query(sql<Pick<WorkBatchRow, 'work_batch_no'>>`
    select b.work_batch_no from work_batches b
     where b.state <> 'completed' and not exists (
       select from (select * from work_batch_lines w where w.work_batch_no = b.work_batch_no offset 0) w
        where (select ${isStillOpen} from delivery_lines l where l.delivery_no = w.delivery_no and l.line_no = w.line_no))
     order by b.work_batch_no limit ${most} for update of b skip locked`);
