import { sql } from 'kysely';
import { anyOf } from '../lists.ts';
import { build, type Query, type Row } from '../statement.ts';

/** The states of these notices, locked until the end of the transaction. */
export const lockNotices = (query: Query, ids: number[]): Promise<Pick<Row<'notices'>, 'id' | 'state'>[]> =>
  query(build.selectFrom('notices').select(['id', 'state']).where('id', '=', anyOf(ids)).orderBy('id').forUpdate());

/** Lets these be sent anew, with all their attempts. */
export const resendNotices = (query: Query, ids: number[], attempts: number) =>
  query(
    build
      .updateTable('notices')
      .set({
        state: 'waiting',
        reason: null,
        attempts_left: attempts,
        due_at: sql<Date>`now()`,
        resent_at: sql<Date>`now()`,
        updated_at: sql<Date>`now()`,
      })
      .where('id', '=', anyOf(ids)),
  );
