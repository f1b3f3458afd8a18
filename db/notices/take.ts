import { sql } from 'kysely';
import type { NoticeState } from '../../domain/notices/notice.ts';
import { build, named, type Query, type Row } from '../statement.ts';

/** A notice that this process has taken, and as which attempt. */
export type TakenNotice = Pick<Row<'notices'>, 'id' | 'type' | 'attempts' | 'attempts_left'>;

/**
 * Takes notices that are due. They are marked as being sent before anything is: a process that dies leaves the mark, and what has it is
 * never sent again without a person (`leaveUnknown`).
 */
export const takeNotices = (query: Query, most: number): Promise<TakenNotice[]> =>
  query(
    named(
      'notices-take',
      sql<TakenNotice>`
        update notices set state = 'sending', attempts = attempts + 1, attempts_left = attempts_left - 1, sending_at = now(),
               reason = null, updated_at = now()
         where id in (select id from notices where state = 'waiting' and due_at <= now()
                       order by due_at, id limit ${most} for update skip locked)
        returning id, type, attempts, attempts_left`,
    ),
  );

/** What was taken longer ago than a sending process can live: nobody knows whether the provider has it. Returns how many. */
export async function leaveUnknown(query: Query, leaseMs: number): Promise<number> {
  const left = await query(
    build
      .updateTable('notices')
      .set({ state: 'unknown', reason: 'NO_ANSWER', updated_at: sql<Date>`now()` })
      .where('state', '=', sql.lit('sending'))
      .where('sending_at', '<', sql<Date>`now() - make_interval(secs => ${leaseMs / 1000})`)
      .returning('id'),
  );
  return left.length;
}

/** Moves what would be due while it is quiet to the end of the quiet hours, so that a person sees when it is sent. */
export const holdNotices = (query: Query, until: Date) =>
  query(
    build
      .updateTable('notices')
      .set({ due_at: until, updated_at: sql<Date>`now()` })
      .where('state', '=', sql.lit('waiting'))
      .where('due_at', '<', until),
  );

/** How an attempt ended. */
export interface NoticeEnd {
  state: Exclude<NoticeState, 'sending'>;
  reason: string | null;
  /** When it is tried again, if it is. */
  dueAt?: Date | undefined;
  provider?: string | undefined;
  templateCode?: string | undefined;
  messageId?: string | undefined;
}

/**
 * Stores how an attempt ended; false = a person has sent the notice again meanwhile. A late answer still says what became of an
 * `unknown` one.
 */
export async function endAttempt(query: Query, { id, attempts }: TakenNotice, end: NoticeEnd): Promise<boolean> {
  const ended = await query(
    build
      .updateTable('notices')
      .set({
        state: end.state,
        reason: end.reason,
        ...(end.dueAt && { due_at: end.dueAt }),
        ...(end.provider !== undefined && { provider: end.provider }),
        ...(end.templateCode !== undefined && { template_code: end.templateCode }),
        ...(end.messageId !== undefined && { message_id: end.messageId }),
        ...(end.state === 'sent' && { sent_at: sql<Date>`now()` }),
        updated_at: sql<Date>`now()`,
      })
      .where('id', '=', id)
      .where('attempts', '=', attempts)
      .where('state', 'in', ['sending', 'unknown'])
      .returning('id'),
  );
  return ended.length > 0;
}

/** Deletes at most `most` notices that ended more than `days` days ago; returns how many. */
export async function deleteNotices(query: Query, days: number, most: number): Promise<number> {
  const gone = await query(sql<{ id: number }>`
    delete from notices where id in (
      select id from notices where state in ('sent', 'skipped', 'failed', 'unknown')
         and updated_at < now() - interval '1 day' * ${days} order by id limit ${most}) returning id`);
  return gone.length;
}
