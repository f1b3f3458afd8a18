import { sql } from 'kysely';
import type { NoticeRule } from '../../domain/notices/rule.ts';
import { build, instant, json, type Query, type Row } from '../statement.ts';

export type NoticeRuleRow = Row<'notice_rules'>;

/** Every rule, by its type. */
export const findNoticeRules = (query: Query): Promise<NoticeRuleRow[]> =>
  query(build.selectFrom('notice_rules').selectAll().orderBy('type'));

/** Writes the rule of a type; undefined = one that was asked for later is there. */
export async function saveNoticeRule(
  query: Query,
  { type, templateCode, text, variables, enabled }: NoticeRule,
  { by, askedAt }: { by: string; askedAt: string },
): Promise<NoticeRuleRow | undefined> {
  const written = { template_code: templateCode, text, variables: json(variables), enabled, by, asked_at: instant(askedAt) };
  const [saved] = await query(
    build
      .insertInto('notice_rules')
      .values({ type, ...written })
      .onConflict((on) =>
        on
          .column('type')
          .doUpdateSet({ ...written, updated_at: sql<Date>`now()` })
          .where('notice_rules.asked_at', '<=', instant(askedAt)),
      )
      .returningAll(),
  );
  return saved;
}
