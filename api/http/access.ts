import { getConnInfo } from '@hono/node-server/conninfo';
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { isRefused } from '../../db/errors.ts';
import { type Access, type AccessLimit, insertAccess, insertLimitedAccess } from '../../db/operations/accesses.ts';
import { namesOf } from '../../db/operations/callers.ts';
import { findAccesses } from '../../db/operations/list.ts';
import { Problem } from '../../domain/problems.ts';
import type { Auth } from './auth.ts';
import type { ApiDeps, ApiEnv, App } from './deps.ts';
import { limitQuery, listAnswer } from './list.ts';
import { isStorable, jsonAnswer, problemResponses, rangeFrom, rangeTo, text } from './schemas.ts';

/** Query of every route that may show personal data: `?masked=true` always masks, `?reason=` goes into the access row. */
export const maskingQuery = {
  masked: z.enum(['true', 'false']).optional().openapi({ description: 'true: 권한이 있어도 마스킹' }),
  reason: text(1_000).optional().openapi({ description: '개인정보 조회 사유 (접속기록에 남음)' }),
};

/** Whether this caller gets a masked answer. */
export const isMasked = (c: Context<ApiEnv>, { masked }: { masked?: 'true' | 'false' | undefined }) =>
  masked === 'true' || !c.get('caller').permissions.has('pii.read');

/** What stands for many numbers in an access row; all of them are beside it. */
export const subjectOf = (numbers: string[]): string =>
  numbers.length <= 1 ? (numbers[0] ?? '없음') : `${numbers[0]} 외 ${numbers.length - 1}건`;

type Seen = { subject: string; subjects?: string[]; fields: string[]; reason?: string | undefined };

/** Writes the access row before the unmasked answer: no row, no data (docs/sources/contract.md#masking). */
export const recordAccess = (deps: ApiDeps, c: Context<ApiEnv>, seen: Seen): Promise<void> =>
  written(deps, c, seen, (access) => insertAccess(deps.db.query, access)).then(() => {});

const SEARCH_LIMIT: AccessLimit = { most: 60, seconds: 60 };
/** Subjects of searches; those of a caller with `pii.read` are not limited, so they are told apart. */
const SEARCH = 'search';
const UNLIMITED_SEARCH = 'search:pii.read';

/**
 * Writes the access row of a search for people before it is made: the fields that were asked for, never their values. Masked answers
 * need it too, because who tries all middle digits of a number learns it from what is found.
 */
export async function recordSearch(deps: ApiDeps, c: Context<ApiEnv>, fields: string[]): Promise<void> {
  if (c.get('caller').permissions.has('pii.read')) return recordAccess(deps, c, { subject: UNLIMITED_SEARCH, fields });
  const seen = { subject: SEARCH, fields };
  const wait = await written(deps, c, seen, (access) => insertLimitedAccess(deps.db, access, SEARCH_LIMIT));
  if (wait === null) return;
  const sentence = `사람은 1분에 ${SEARCH_LIMIT.most}번까지 찾을 수 있습니다. ${wait}초 뒤에 다시 찾아 주세요`;
  throw new Problem('TOO_MANY_SEARCHES', sentence, {}, { 'retry-after': String(wait) });
}

async function written<T>(
  { log, config }: ApiDeps,
  c: Context<ApiEnv>,
  { subject, fields, subjects, reason }: Seen,
  write: (access: Access) => Promise<T>,
): Promise<T> {
  // The last entry was written by our own proxy; those before it can be anything the client sent.
  const forwarded = config.TRUST_PROXY ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
  const ip = forwarded || (getConnInfo(c).remote.address ?? 'unknown');
  const route = `${c.req.method} ${c.req.path}`;
  try {
    return await write({
      sub: c.get('caller').sub,
      ip,
      route,
      subject,
      subjects: subjects ?? null,
      fields,
      reason: reason ?? null,
    });
  } catch (error) {
    log.error({ err: error, route }, 'an access row could not be written');
    if (isRefused(error)) throw error;
    throw new Problem('UNAVAILABLE', '접속기록을 남길 수 없어 개인정보를 보여드릴 수 없습니다');
  }
}

const accessSchema = z
  .object({
    id: z.int(),
    at: z.iso.datetime(),
    sub: z.string(),
    byName: z.string().nullable().openapi({ description: '그 사람의 이름 (토큰의 name). 모르면 null' }),
    ip: z.string(),
    route: z.string(),
    subject: z
      .string()
      .openapi({ description: '배송·회수·주문번호. 사람을 찾은 기록은 search, pii.read로 찾은 것은 search:pii.read' }),
    subjects: z
      .array(z.string())
      .nullable()
      .openapi({ description: '내려받은 목록의 번호 (첫 1,000개; subject로 찾을 때는 모두)' }),
    fields: z.array(z.string()).openapi({ description: '본 항목, 찾은 기록에서는 찾는 데 쓴 항목 (값은 남지 않음)' }),
    reason: z.string().nullable(),
  })
  .openapi('PersonalDataAccess', {
    example: {
      id: 1,
      at: '2026-11-23T02:00:00.000Z',
      sub: 'kim',
      byName: '김관리',
      ip: '127.0.0.1',
      route: 'GET /api/bo/v1/deliveries/D261123000001',
      subject: 'D261123000001',
      subjects: null,
      fields: ['orderer', 'receiver'],
      reason: '배송지 확인 전화',
    },
  });

const accessQuery = z.strictObject({
  // As it stands in the token, which nobody cleans.
  sub: z.string().trim().min(1).max(200).refine(isStorable, '쓸 수 없는 문자가 있습니다').optional(),
  subject: text(50).optional(),
  from: rangeFrom.optional(),
  to: rangeTo.optional(),
  limit: limitQuery,
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
});

/** 개인정보 접속기록, newest first. */
export function accessRoutes(app: App, { db }: ApiDeps, auth: Auth): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/personal-data-accesses',
      summary: '개인정보 접속기록',
      tags: ['감사'],
      ...auth('audit.read'),
      request: { query: accessQuery },
      responses: { 200: jsonAnswer(listAnswer(accessSchema), '접속기록'), ...problemResponses(400) },
    }),
    async (c) => {
      const { limit = 50, ...filter } = c.req.valid('query');
      const rows = await findAccesses(db.query, filter, limit + 1);
      const page = rows.slice(0, limit);
      const names = await namesOf(
        db.query,
        page.map(({ sub }) => sub),
      );
      const items = page.map((row) => ({ ...row, at: row.at.toISOString(), byName: names.get(row.sub) ?? null }));
      const nextCursor = rows.length > limit ? String(items.at(-1)?.id) : null;
      return c.json({ items, nextCursor }, 200);
    },
  );
}
