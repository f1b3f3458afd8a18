import { createRoute, z } from '@hono/zod-openapi';
import { countPickups, findPickups, itemsOfPickups, type PickupSort, pickupDates } from '../../db/pickups/list.ts';
import type { PickupRow } from '../../db/pickups/row.ts';
import { type PickupScreen, type PickupState, pickupScreens, pickupStates } from '../../domain/pickups/pickup.ts';
import { Problem } from '../../domain/problems.ts';
import { isMasked, maskingQuery, recordAccess } from '../http/access.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { COUNT_LIMIT, keysetPage, listAnswer, numbersFilter, pageQuery, qFilter, repeatable, totalOf } from '../http/list.ts';
import { businessNo, jsonAnswer, problemResponses, rangeFrom, rangeTo } from '../http/schemas.ts';
import { PICKUP_PERSONAL_FIELDS, pickupDetail, pickupDetailSchema } from './detail.ts';
import { pickupRow, pickupRowSchema } from './rows.ts';

const sorts = [...Object.keys(pickupDates), 'pickupNo'] as PickupSort[];
const BY_DEFAULT = '-requestedAt';
const states = Object.keys(pickupStates) as PickupState[];

/** Query of 회수 조회. */
export const pickupQuery = z.strictObject({
  screen: z
    .enum(Object.keys(pickupScreens) as PickupScreen[])
    .optional()
    .openapi({ description: '회수지시처리·회수확인처리·회수완료처리 화면이 다루는 상태', example: 'instruct' }),
  state: repeatable(z.enum(states))
    .optional()
    .openapi({ type: 'array', items: { type: 'string', enum: states } }),
  kind: z.enum(['return', 'exchange']).optional(),
  q: qFilter('회수배송번호, 접수번호, 주문번호, 원배송번호, 운송장번호'),
  orderNo: numbersFilter('주문번호'),
  claimNo: numbersFilter('접수번호'),
  pickupNo: numbersFilter('회수배송번호'),
  waybillNo: numbersFilter('운송장번호'),
  dateField: z.enum(Object.keys(pickupDates) as (keyof typeof pickupDates)[]).optional(),
  from: rangeFrom.optional(),
  to: rangeTo.optional().openapi({ type: 'string', description: '날짜만 쓰면 그날 끝까지' }),
  updatedFrom: rangeFrom.optional(),
  ...pageQuery(sorts, BY_DEFAULT),
});

export const pickupNoParam = z.object({
  pickupNo: businessNo.openapi({ param: { name: 'pickupNo', in: 'path' }, example: 'P261123000001' }),
});

type Asked = Omit<z.output<typeof pickupQuery>, 'limit' | 'cursor' | 'count'>;

/** Turns the list's query into the filter. */
export function askedOfPickups({ screen, state, sort = BY_DEFAULT, ...filter }: Asked) {
  if (screen && state) {
    const errors = [{ path: 'screen', message: 'screen과 state는 함께 쓸 수 없습니다' }];
    throw new Problem('BAD_REQUEST', undefined, { errors });
  }
  const states = screen ? [pickupScreens[screen]] : state;
  return { filter: { ...filter, states }, sort: sort.replace(/^-/, '') as PickupSort, descending: sort.startsWith('-') };
}

/** 회수 조회 and 회수상세팝업조회. */
export function pickupRoutes(app: App, deps: ApiDeps, auth: Auth): void {
  const { query } = deps.db;
  const read = { tags: ['회수'], ...auth('pickup.read') };

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/pickups',
      summary: '회수 조회',
      ...read,
      request: { query: pickupQuery },
      responses: { 200: jsonAnswer(listAnswer(pickupRowSchema), '회수 목록'), ...problemResponses(400) },
    }),
    async (c) => {
      const { cursor, limit, count, ...given } = c.req.valid('query');
      const { filter: asked } = askedOfPickups(given);
      const { after, wanted, counted, nextCursor, ...page } = keysetPage({ ...given, cursor, limit, count }, BY_DEFAULT, 1);
      const [rows, total] = await Promise.all([
        findPickups(query, { ...page, filter: asked, after: after && { value: after.value, pickupNo: String(after.key[0]) } }),
        counted ? countPickups(query, asked, COUNT_LIMIT) : undefined,
      ]);
      const shown = rows.slice(0, wanted);
      const items = await itemsOfPickups(
        query,
        shown.map((row) => row.pickup_no),
      );
      const placeOf = (row: PickupRow) => ({
        value: page.sort === 'pickupNo' ? null : (row[pickupDates[page.sort]]?.toISOString() ?? null),
        key: [row.pickup_no],
      });
      return c.json(
        {
          items: shown.map((row) => pickupRow(row, items.get(row.pickup_no) ?? [])),
          nextCursor: nextCursor(rows, placeOf),
          ...totalOf(total),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/pickups/{pickupNo}',
      summary: '회수상세팝업조회',
      ...read,
      request: { params: pickupNoParam, query: z.strictObject(maskingQuery) },
      responses: { 200: jsonAnswer(pickupDetailSchema, '회수 상세'), ...problemResponses(400, 404, 503) },
    }),
    async (c) => {
      const { pickupNo } = c.req.valid('param');
      const asked = c.req.valid('query');
      const mask = isMasked(c, asked);
      const detail = await pickupDetail(deps, pickupNo, mask);
      if (!detail) throw new Problem('PICKUP_NOT_FOUND');
      if (!mask) await recordAccess(deps, c, { subject: pickupNo, fields: PICKUP_PERSONAL_FIELDS, reason: asked.reason });
      return c.json(detail, 200);
    },
  );
}
