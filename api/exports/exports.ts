import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { countLines } from '../../db/deliveries/count.ts';
import { tooManyFound } from '../../db/deliveries/numbered.ts';
import { countPickups } from '../../db/pickups/list.ts';
import { koreanTime } from '../../domain/korea.ts';
import { Problem } from '../../domain/problems.ts';
import { lineQuery, pageRequest } from '../deliveries/line-list.ts';
import { PERSONAL_FIELDS } from '../deliveries/people.ts';
import { recordAccess, subjectOf } from '../http/access.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, ApiEnv, App } from '../http/deps.ts';
import { problemResponses, text } from '../http/schemas.ts';
import { PICKUP_PERSONAL_FIELDS } from '../pickups/detail.ts';
import { askedOfPickups, pickupQuery } from '../pickups/pickups.ts';
import { sheetAnswer, sheetContent } from '../sheets/write.ts';
import { EXPORT_REACH, lineColumns, linePages, maskedLines, unmaskedLines } from './export-lines.ts';
import { maskedPickups, pickupColumns, pickupPages, unmaskedPickups } from './export-pickups.ts';

const MOST_EXPORTED = 100_000;

const unmaskedFields = {
  unmasked: z.enum(['true', 'false']).optional().openapi({ description: 'true: 개인정보 포함 (권한 pii.read와 reason 필요)' }),
  reason: text(1_000).optional().openapi({ description: '개인정보 내려받기 사유 (접속기록에 남음)' }),
};
const pageFields = { limit: true, cursor: true, count: true } as const;

/** Whether the sheet has personal data; refuses callers without the permission or without a reason. */
function isUnmasked(c: Context<ApiEnv>, { unmasked, reason }: { unmasked?: string | undefined; reason?: string | undefined }) {
  if (unmasked !== 'true') return false;
  if (!c.get('caller').permissions.has('pii.read'))
    throw new Problem('PERMISSION_DENIED', '권한 pii.read이(가) 필요합니다', { permission: 'pii.read' });
  if (reason === undefined) throw new Problem('REASON_REQUIRED', '개인정보를 내려받는 사유가 필요합니다');
  return true;
}

const refuseTooMany = (count: number) => {
  if (count > MOST_EXPORTED) throw new Problem('EXPORT_TOO_LARGE');
};

/** Excel exports of the delivery-line and pickup lists, with the lists' own filters. */
export function exportRoutes(app: App, deps: ApiDeps, auth: Auth): void {
  const { query } = deps.db;
  const today = () => koreanTime(new Date())?.slice(0, 10);
  const responses = { 200: sheetContent('목록'), ...problemResponses(400, 503) };

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/delivery-lines/export.xlsx',
      summary: '배송처리목록 엑셀 내려받기 (100,000행까지)',
      tags: ['배송'],
      ...auth('delivery.read'),
      request: { query: lineQuery.omit(pageFields).extend(unmaskedFields) },
      responses,
    }),
    async (c) => {
      const { unmasked, reason, ...filters } = c.req.valid('query');
      const shown = isUnmasked(c, { unmasked, reason });
      const { count, isMinimum } = await countLines(
        query,
        pageRequest(filters).request.filter,
        MOST_EXPORTED + 1,
        false,
        EXPORT_REACH,
      );
      refuseTooMany(count);
      if (isMinimum) throw tooManyFound();
      const name = `배송처리목록 ${today()}`;
      if (!shown) return sheetAnswer(name, lineColumns(true), maskedLines(query, filters)) as never;
      const keys: [string, number][] = [];
      for await (const rows of linePages(query, filters)) for (const row of rows) keys.push([row.delivery_no, row.line_no]);
      const subjects = [...new Set(keys.map(([deliveryNo]) => deliveryNo))];
      await recordAccess(deps, c, { subject: subjectOf(subjects), subjects, fields: PERSONAL_FIELDS, reason });
      return sheetAnswer(name, lineColumns(false), unmaskedLines(query, keys)) as never;
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/pickups/export.xlsx',
      summary: '회수목록 엑셀 내려받기 (100,000행까지)',
      tags: ['회수'],
      ...auth('pickup.read'),
      request: { query: pickupQuery.omit(pageFields).extend(unmaskedFields) },
      responses,
    }),
    async (c) => {
      const { unmasked, reason, ...asked } = c.req.valid('query');
      const shown = isUnmasked(c, { unmasked, reason });
      const filters = askedOfPickups(asked);
      refuseTooMany(await countPickups(query, filters.filter, MOST_EXPORTED + 1));
      const name = `회수목록 ${today()}`;
      if (!shown) return sheetAnswer(name, pickupColumns(true), maskedPickups(query, filters)) as never;
      const subjects: string[] = [];
      for await (const rows of pickupPages(query, filters)) for (const row of rows) subjects.push(row.pickup_no);
      await recordAccess(deps, c, { subject: subjectOf(subjects), subjects, fields: PICKUP_PERSONAL_FIELDS, reason });
      return sheetAnswer(name, pickupColumns(false), unmaskedPickups(query, subjects)) as never;
    },
  );
}
