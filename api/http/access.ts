import { getConnInfo } from '@hono/node-server/conninfo';
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { Problem } from '../../domain/problems.ts';
import type { Auth } from './auth.ts';
import type { ApiDeps, ApiEnv, App } from './deps.ts';
import { listAnswer } from './list.ts';
import { jsonAnswer, problemResponses, rangeFrom, rangeTo, text } from './schemas.ts';

/** Query of every route that may show people: `?masked=true` hides them all the same, `?reason=` goes into the access row. */
export const maskingQuery = {
  masked: z.enum(['true', 'false']).optional().openapi({ description: 'true: 권한이 있어도 마스킹' }),
  reason: text(1_000).optional().openapi({ description: '개인정보 조회 사유 (접속기록에 남음)' }),
};

/** Whether this caller gets this answer masked. */
export const isMasked = (c: Context<ApiEnv>, { masked }: { masked?: 'true' | 'false' | undefined }) =>
  masked === 'true' || !c.get('caller').permissions.has('pii.read');

/** Writes the access row of an unmasked answer, before it: no row, no data (docs/sources/contract.md#masking). */
export async function recordAccess(
  { db, log, config }: ApiDeps,
  c: Context<ApiEnv>,
  access: { subject: string; subjects?: string[]; fields: string[]; reason: string | undefined },
): Promise<void> {
  // The last entry is the one our own proxy wrote; those before it are whatever the client said.
  const forwarded = config.TRUST_PROXY ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
  const ip = forwarded || (getConnInfo(c).remote.address ?? 'unknown');
  const route = `${c.req.method} ${c.req.path}`;
  try {
    await db.query(
      'insert into personal_data_accesses (sub, ip, route, subject, fields, reason, subjects) values ($1, $2, $3, $4, $5, $6, $7)',
      [c.get('caller').sub, ip, route, access.subject, access.fields, access.reason ?? null, access.subjects ?? null],
    );
  } catch (error) {
    log.error({ err: error, route }, 'an access row could not be written');
    throw new Problem('UNAVAILABLE', '접속기록을 남길 수 없어 개인정보를 보여드릴 수 없습니다');
  }
}

const accessSchema = z
  .object({
    id: z.int(),
    at: z.iso.datetime(),
    sub: z.string(),
    ip: z.string(),
    route: z.string(),
    subject: z.string(),
    subjects: z
      .array(z.string())
      .nullable()
      .openapi({ description: '내려받은 목록의 번호 (첫 1,000개; subject로 찾을 때는 모두)' }),
    fields: z.array(z.string()),
    reason: z.string().nullable(),
  })
  .openapi('PersonalDataAccess', {
    example: {
      id: 1,
      at: '2026-11-23T02:00:00.000Z',
      sub: 'kim',
      ip: '127.0.0.1',
      route: 'GET /api/bo/v1/deliveries/D261123000001',
      subject: 'D261123000001',
      subjects: null,
      fields: ['orderer', 'receiver'],
      reason: '배송지 확인 전화',
    },
  });

const accessQuery = z.strictObject({
  sub: text(200).optional(),
  subject: text(50).optional(),
  from: rangeFrom.optional(),
  to: rangeTo.optional(),
  limit: z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(500))
    .optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
});

interface AccessRow {
  id: number;
  at: Date;
  sub: string;
  ip: string;
  route: string;
  subject: string;
  subjects: string[] | null;
  fields: string[];
  reason: string | null;
}

/** 개인정보 접속기록, newest first; the running id is the keyset, since rows are only appended. */
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
      const { sub, subject, from, to, limit = 50, cursor } = c.req.valid('query');
      const rows = await db.query<AccessRow>(
        `select id, at, sub, ip, route, subject, subjects[1:1000] as subjects, fields, reason from personal_data_accesses
          where ($1::text is null or sub = $1) and ($2::text is null or subject = $2 or subjects @> array[$2::text])
            and ($3::timestamptz is null or at >= $3) and ($4::timestamptz is null or at < $4)
            and ($5::bigint is null or id < $5)
          order by id desc limit $6`,
        [sub ?? null, subject ?? null, from ?? null, to ?? null, cursor ?? null, limit + 1],
      );
      const items = rows.slice(0, limit).map((row) => ({ ...row, at: row.at.toISOString() }));
      const nextCursor = rows.length > limit ? String(items.at(-1)?.id) : null;
      return c.json({ items, nextCursor }, 200);
    },
  );
}
