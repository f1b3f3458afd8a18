import { build, instant, type Query } from '../statement.ts';

/** What an operator wants of a Schedule, who, and when the request was stored. */
export interface PauseWish {
  scheduleId: string;
  paused: boolean;
  by: string;
  askedAt: string;
}

/** Notes the wish; false = one that was asked for later has been noted. */
export async function notePause(query: Query, { scheduleId, paused, by, askedAt }: PauseWish): Promise<boolean> {
  const wish = { paused, by, asked_at: instant(askedAt) };
  const noted = await query(
    build
      .insertInto('batch_pauses')
      .values({ schedule_id: scheduleId, ...wish })
      .onConflict((known) => known.column('schedule_id').doUpdateSet(wish).where('batch_pauses.asked_at', '<=', instant(askedAt)))
      .returning('schedule_id'),
  );
  return noted.length > 0;
}

/** Whether no other wish has been noted since. */
export async function isNewestPause(query: Query, { scheduleId, paused, askedAt }: PauseWish): Promise<boolean> {
  const newest = build.selectFrom('batch_pauses').select('schedule_id').where('schedule_id', '=', scheduleId);
  const own = await query(newest.where('paused', '=', paused).where('asked_at', '=', instant(askedAt)));
  return own.length > 0;
}
