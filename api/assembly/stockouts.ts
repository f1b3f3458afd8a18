import { createRoute, z } from '@hono/zod-openapi';
import { countStockouts, findStockouts, type Stockout } from '../../db/assembly/list.ts';
import { planStates, planStatus } from '../../domain/assembly.ts';
import { Problem } from '../../domain/problems.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { COUNT_LIMIT, keysetPage, listAnswer, pageQuery, totalOf } from '../http/list.ts';
import { jsonAnswer, problemResponses } from '../http/schemas.ts';

const BY_DEFAULT = 'productId';

const stockoutSchema = z
  .object({
    productId: z.int(),
    productName: z.string(),
    waitingLines: z.int().openapi({ description: '출고대기 주문내역 수' }),
    waitingQuantity: z.int(),
    oldestOrderedAt: z.iso.datetime().nullable(),
    isRegistered: z.boolean().openapi({ description: '물류사가 출고상품으로 등록(또는 확인)함' }),
    heldByMember: z
      .int()
      .nullable()
      .openapi({ description: '이 번호를 자기 상품으로만 등록한 고객사. 그 재고와 가공 계획은 이 결품과 무관함' }),
    stock: z.int().nullable().openapi({ description: '재고를 관리하지 않으면 null' }),
    available: z.int().nullable().openapi({ description: '재고 − 가공 예약 − 출고지시 수량' }),
    shortage: z.int().nullable().openapi({
      description: '부족: 기다리는 수량에서 available을 뺀 것, 모자라지 않으면 0. 재고를 관리하지 않으면 null',
    }),
    shortfall: z.int().openapi({ description: 'shippedBeyondStock과 같음' }),
    shippedBeyondStock: z.int().openapi({ description: '재고보다 더 나간 수량 (재고를 조정하면 0). 기다리는 것과 무관함' }),
    isAssemblyProduct: z.boolean(),
    assemblyProductUid: z.int().nullable(),
    makeable: z.int().openapi({ description: '지금 있는 가공재료로 만들 수 있는 수량' }),
    openPlans: z
      .array(
        z.object({
          assemblyPlanUid: z.int(),
          planStatus: z.int(),
          planStatusName: z.string(),
          planQuantity: z.int(),
          planDate: z.string(),
          overdue: z.boolean(),
        }),
      )
      .openapi({ description: '예정이거나 가공중인 상품가공 계획, 기한이 이른 20개까지' }),
  })
  .openapi('Stockout', {
    example: {
      productId: 43897,
      productName: '커피·쿠키 선물세트',
      waitingLines: 3,
      waitingQuantity: 4,
      oldestOrderedAt: '2026-11-20T01:00:00.000Z',
      isRegistered: true,
      heldByMember: null,
      stock: 0,
      available: 0,
      shortage: 4,
      shortfall: 0,
      shippedBeyondStock: 0,
      isAssemblyProduct: true,
      assemblyProductUid: 91,
      makeable: 8,
      openPlans: [
        { assemblyPlanUid: 12, planStatus: 2, planStatusName: '가공중', planQuantity: 6, planDate: '2026-11-30', overdue: false },
      ],
    },
  });

/** What must come in before all that wait can leave; what 출고지시 has promised beyond the stock counts too. */
const shortageOf = ({ stock, available, waiting_quantity }: Stockout): number | null =>
  stock !== null && available !== null ? Math.max(0, waiting_quantity - available) : null;

const stockoutOf = (row: Stockout): z.output<typeof stockoutSchema> => ({
  productId: row.product_id,
  productName: row.product_name,
  waitingLines: row.waiting_lines,
  waitingQuantity: row.waiting_quantity,
  oldestOrderedAt: row.oldest?.toISOString() ?? null,
  isRegistered: row.registered,
  heldByMember: row.held_by,
  stock: row.stock,
  available: row.registered ? row.available : null,
  shortage: shortageOf(row),
  shortfall: row.shortfall,
  shippedBeyondStock: row.shortfall,
  isAssemblyProduct: row.assembly_product_uid !== null,
  assemblyProductUid: row.assembly_product_uid,
  makeable: row.makeable ?? 0,
  openPlans: row.open_plans.map(({ uid, state, quantity, day, overdue }) => ({
    assemblyPlanUid: uid,
    planStatus: planStatus[state],
    planStatusName: planStates[state],
    planQuantity: quantity,
    planDate: day,
    overdue,
  })),
});

/** 결품: a row per product that lines wait for, or of which more has left than was in stock. */
export function stockoutRoutes(app: App, { db }: ApiDeps, auth: Auth): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/stockouts',
      summary: '결품 현황: 상품별 출고대기, 재고, 만들 수 있는 수량, 열린 가공 계획',
      tags: ['배송'],
      ...auth('delivery.read'),
      request: {
        query: z.strictObject({
          waiting: z
            .enum(['true', 'false'])
            .optional()
            .openapi({ description: 'true: 기다리는 주문내역이 있는 상품만. 없거나 false: 재고보다 더 나간 상품도' }),
          ...pageQuery(['productId'], BY_DEFAULT),
        }),
      },
      responses: { 200: jsonAnswer(listAnswer(stockoutSchema), '결품 현황'), ...problemResponses(400) },
    }),
    async (c) => {
      const { waiting, ...asked } = c.req.valid('query');
      const { after, descending, limit, wanted, counted, nextCursor } = keysetPage(asked, BY_DEFAULT, 1);
      const onlyWaiting = waiting === 'true';
      const from = after === undefined ? (descending ? Number.MAX_SAFE_INTEGER : 0) : Number(after.key[0]);
      if (!Number.isSafeInteger(from))
        throw new Problem('BAD_REQUEST', undefined, {
          errors: [{ path: 'cursor', message: '이 목록에서 받은 cursor가 아닙니다' }],
        });
      const [rows, total] = await Promise.all([
        findStockouts(db.query, { after: from, descending, limit, onlyWaiting }),
        counted ? countStockouts(db.query, onlyWaiting, COUNT_LIMIT) : undefined,
      ]);
      const placeOf = (row: Stockout) => ({ value: null, key: [String(row.product_id)] });
      return c.json(
        { items: rows.slice(0, wanted).map(stockoutOf), nextCursor: nextCursor(rows, placeOf), ...totalOf(total) },
        200,
      );
    },
  );
}
