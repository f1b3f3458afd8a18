import { sql } from 'kysely';
import type { NoticeState, NoticeType } from '../../domain/notices/notice.ts';
import { when } from '../lists.ts';
import { build, named, type Query, type Row } from '../statement.ts';

export type NoticeRow = Omit<Row<'notices'>, 'data'>;

/** Absent = not filtered; `cursor` is the last id of the page before. */
export interface NoticeFilter {
  state?: NoticeState | undefined;
  type?: NoticeType | undefined;
  orderNo?: string | undefined;
  cursor?: string | undefined;
}

const columns = [
  ...(['id', 'event_id', 'type', 'happened_at', 'subject', 'order_no', 'state', 'reason', 'due_at', 'attempts'] as const),
  ...(['attempts_left', 'resent_at', 'sending_at', 'provider', 'template_code', 'message_id', 'sent_at'] as const),
  ...(['created_at', 'updated_at'] as const),
] as const;

/** Notices, newest first, with the ascending id as keyset. */
export const findNotices = (query: Query, filter: NoticeFilter, limit: number): Promise<NoticeRow[]> =>
  query(
    build
      .selectFrom('notices')
      .select(columns)
      .where((eb) =>
        eb.and([
          ...when(filter.state, (state) => eb('state', '=', state)),
          ...when(filter.type, (type) => eb('type', '=', type)),
          ...when(filter.orderNo, (orderNo) => eb('order_no', '=', orderNo)),
          ...when(filter.cursor, (last) => eb('id', '<', Number(last))),
        ]),
      )
      .orderBy('id', 'desc')
      .limit(limit),
  );

/** How many wait, and for how many seconds the one that should have gone first. */
export async function waitingNotices(query: Query): Promise<{ count: number; late: number }> {
  const [waiting] = await query(
    named(
      'notices-waiting',
      sql<{ count: number; late: number }>`
        select count(*) as count, coalesce(extract(epoch from now() - min(due_at) filter (where due_at < now())), 0)::float as late
          from notices where state = 'waiting'`,
    ),
  );
  return waiting ?? { count: 0, late: 0 };
}
