import { createRoute, z } from '@hono/zod-openapi';
import { startPickups } from '../../commands/start.ts';
import { timeLimit } from '../../commands/time-limit.ts';
import { type DeliveryLineRow, toDeliveryLine } from '../../db/deliveries/row.ts';
import { acceptedClaim, type ClaimRow, claimHash, findClaim, insertClaim, insertPickups } from '../../db/pickups/claim-intake.ts';
import type { PickupRow } from '../../db/pickups/row.ts';
import { claimableQuantity } from '../../domain/deliveries/line.ts';
import { reasonCodes } from '../../domain/pickups/pickup.ts';
import { Problem } from '../../domain/problems.ts';
import type { Answer, Requests, StoredRequest } from '../../requests/store.ts';
import { commandLines, type Target } from '../deliveries/line-commands.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { receiverSchema, uniqueLines } from '../http/order-schemas.ts';
import {
  businessNo,
  jsonAnswer,
  jsonBody,
  lineNo,
  optionalText,
  positiveId,
  problemResponses,
  quantity,
  requestHeaders,
  text,
} from '../http/schemas.ts';
import { storedAnswer } from '../http/stored-answer.ts';
import { commandPickups, pickupResultSchema } from './commands.ts';

const exchangeTo = z.object({ productId: positiveId, productName: text(300), optionName: optionalText(300) });
const claimItem = z.object({
  lineNo,
  quantity,
  reasonCode: z.enum(Object.keys(reasonCodes) as (keyof typeof reasonCodes)[]),
  reason: optionalText(1_000),
  exchangeTo: exchangeTo.nullish(),
});

const claimBody = z
  .object({
    claimNo: businessNo,
    kind: z.enum(['return', 'exchange']),
    orderNo: businessNo,
    items: uniqueLines(claimItem, 200),
    pickupFrom: receiverSchema.nullish(),
  })
  .superRefine(({ kind, items }, context) => {
    for (const [at, item] of items.entries())
      if (kind === 'return' && item.exchangeTo)
        context.addIssue({ code: 'custom', path: ['items', at, 'exchangeTo'], message: '반품에는 교환할 상품을 쓸 수 없습니다' });
  })
  .openapi('Claim', {
    example: {
      claimNo: 'C20261123-0001',
      kind: 'exchange',
      orderNo: 'S20261123-0001',
      items: [{ lineNo: 1, quantity: 1, reasonCode: 'DEFECT', reason: '다리가 휘어 있음' }],
    } as never,
  });
type ClaimBody = z.output<typeof claimBody>;

const claimAnswer = z
  .object({
    claimNo: z.string(),
    pickups: z.array(
      z.object({
        pickupNo: z.string(),
        deliveryNo: z.string(),
        items: z.array(z.object({ lineNo: z.int(), quantity: z.int() })),
      }),
    ),
  })
  .openapi('ClaimAccepted', {
    example: {
      claimNo: 'C20261123-0001',
      pickups: [{ pickupNo: 'P261123000001', deliveryNo: 'D261123000001', items: [{ lineNo: 1, quantity: 1 }] }],
    },
  });

const claimNoParam = z.object({
  claimNo: businessNo.openapi({ param: { name: 'claimNo', in: 'path' }, example: 'C20261123-0001' }),
});
const withdrawBody = z
  .object({ reason: optionalText(1_000) })
  .openapi('ClaimWithdrawal', { example: { reason: '고객 변심 철회' } });

const withdrawalAnswer = z
  .object({ claimNo: z.string(), succeeded: z.int(), failed: z.int(), results: z.array(pickupResultSchema) })
  .openapi('ClaimWithdrawn');

/** 반품·교환 접수 and its withdrawal, from the order system. */
export function claimRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const write = { tags: ['주문'], ...auth('order.write') };

  requests.register('claim', (request) => openClaim(deps, request, claimBody.parse(request.body)));
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/order/v1/claims',
      summary: '반품·교환 접수: 관련 배송마다 회수 하나',
      ...write,
      request: { headers: requestHeaders, body: jsonBody(claimBody) },
      responses: {
        201: jsonAnswer(claimAnswer, '접수됨'),
        200: jsonAnswer(claimAnswer, '같은 접수가 이미 있음'),
        ...problemResponses(400, 404, 409, 413, 415, 503),
      },
    }),
    (c) => storedAnswer(c, requests, 'claim', { body: c.req.valid('json') }) as never,
  );

  requests.register('claim-withdraw', (request) => withdrawClaim(deps, request));
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/order/v1/claims/{claimNo}/withdraw',
      summary: '반품취소·교환취소: 회수확인 전의 회수를 철회',
      ...write,
      request: { headers: requestHeaders, params: claimNoParam, body: jsonBody(withdrawBody) },
      responses: { 200: jsonAnswer(withdrawalAnswer, '철회됨'), ...problemResponses(400, 404, 409, 413, 415, 503) },
    }),
    (c) => {
      const { reason } = c.req.valid('json');
      const given = { body: { reason }, params: c.req.valid('param'), reason: reason ?? '주문 시스템의 접수 취소' };
      return storedAnswer(c, requests, 'claim-withdraw', given) as never;
    },
  );
}

/**
 * Reserve every quantity on its line, then write the pickups, then start them; a refusal gives the others back first. The
 * claim's row says how far it came, and every step is repeatable under the claim's own request id: by the client, under
 * whatever key, or by the sweep.
 */
async function openClaim(deps: ApiDeps, request: StoredRequest, body: ClaimBody): Promise<Answer> {
  const { db } = deps;
  const lines = await db.query<DeliveryLineRow>('select * from delivery_lines where order_no = $1', [body.orderNo]);
  const known = await findClaim(db.query, body.claimNo);
  if (!known) {
    refuseEarly(body, lines);
    await insertClaim(db.query, request.id, body, lines);
  }
  const claim = known ?? (await findClaim(db.query, body.claimNo));
  if (!claim) throw new Problem('COMMAND_PENDING');
  if (claim.body_hash !== claimHash(body)) throw new Problem('CLAIM_EXISTS');
  const ours = claim.request_id === request.id;
  const driver = { ...request, id: claim.request_id, attempts: ours ? request.attempts : 2 };
  if (claim.status === 'releasing') return giveBack(deps, driver, body, claim, lines);
  if (claim.status === 'reserving') {
    const results = await commandLines(deps, driver, 'reserve-claim', 'machine', targets(body, claim, lines, true));
    if (results.some(({ error }) => error?.code === 'COMMAND_PENDING')) throw new Problem('COMMAND_PENDING');
    if (results.some(({ ok }) => !ok)) {
      await db.query(`update claims set status = 'releasing' where claim_no = $1 and status = 'reserving'`, [body.claimNo]);
      return giveBack(deps, driver, body, claim, lines);
    }
    const written = await db.transaction((query) => insertPickups(query, driver, body, claim, new Date()));
    // Somebody else gave the claim back meanwhile: the next execution begins anew.
    if (!written) throw new Problem('COMMAND_PENDING');
  }
  await startAll(deps, request, body.claimNo);
  return { status: ours ? 201 : 200, body: await acceptedClaim(db.query, body.claimNo), final: true };
}

/** What the rows already show to be impossible is refused before anything is written; the workflows are the judges of the rest. */
function refuseEarly(body: ClaimBody, lines: DeliveryLineRow[]): void {
  if (lines.length === 0) throw new Problem('ORDER_NOT_FOUND');
  for (const [at, { lineNo, quantity }] of body.items.entries()) {
    const row = lines.find((line) => line.line_no === lineNo);
    const path = `items.${at}.lineNo`;
    if (!row)
      throw new Problem('LINE_NOT_FOUND', `${lineNo}번 줄이 주문에 없습니다`, {
        errors: [{ path, message: '주문에 없는 줄입니다' }],
      });
    const line = toDeliveryLine(row);
    const left =
      line.finishedAt === null && (line.state === 'shipped' || line.state === 'delivered') ? claimableQuantity(line) : 0;
    if (quantity > left) throw notClaimable([{ path, message: `${lineNo}번 줄에서 반품·교환할 수 있는 수량은 ${left}개입니다` }]);
  }
}

const notClaimable = (errors: { path: string; message: string }[]) =>
  new Problem('NOT_CLAIMABLE', errors[0]?.message, { errors });

function targets(body: ClaimBody, claim: ClaimRow, lines: DeliveryLineRow[], withQuantity: boolean): Target[] {
  return body.items.map(({ lineNo, quantity }) => {
    const row = lines.find((line) => line.line_no === lineNo);
    const deliveryNo = row?.delivery_no ?? '';
    const pickupNo = claim.pickup_nos[deliveryNo];
    return { deliveryNo, lineNo, row, input: { pickupNo, ...(withQuantity ? { quantity } : {}) } };
  });
}

/** Gives back what was reserved; a line that never held any has nothing to give. Then the claimNo is free again. */
async function giveBack(
  deps: ApiDeps,
  driver: StoredRequest,
  body: ClaimBody,
  claim: ClaimRow,
  lines: DeliveryLineRow[],
): Promise<Answer> {
  const results = await commandLines(deps, driver, 'release-claim', 'machine', targets(body, claim, lines, false));
  if (results.some(({ error }) => error?.code === 'COMMAND_PENDING')) throw new Problem('COMMAND_PENDING');
  await deps.db.query(`delete from claims where claim_no = $1 and status = 'releasing'`, [body.claimNo]);
  throw notClaimable([{ path: 'items', message: '반품·교환할 수 있는 수량이 남아 있지 않습니다' }]);
}

/** Every pickup's workflow runs before the claim is answered; what Temporal cannot take now is the sweep's. */
async function startAll(deps: ApiDeps, request: StoredRequest, claimNo: string): Promise<void> {
  const rows = await deps.db.query<PickupRow>('select * from pickups where claim_no = $1 and started_at is null', [claimNo]);
  if (rows.length === 0) return;
  const time = timeLimit(deps.config.COMMAND_TIMEOUT_MS);
  try {
    await time.run(deps.temporal, () => startPickups(deps, rows));
  } catch (error) {
    deps.log.warn({ reqId: request.traceId, claimNo, err: error }, 'a claim waits for its workflows');
    throw new Problem('COMMAND_PENDING');
  } finally {
    time.clear();
  }
}

/** Withdraws the claim's pickups that are not yet confirmed; 409 when there is none of them. */
async function withdrawClaim(deps: ApiDeps, request: StoredRequest): Promise<Answer> {
  const claimNo = request.params.claimNo ?? '';
  const rows = await deps.db.query<PickupRow>('select * from pickups where claim_no = $1 order by pickup_no', [claimNo]);
  if (rows.length === 0) throw new Problem('CLAIM_NOT_FOUND');
  const asks = rows.map((row) => ({ key: row.pickup_no, row, input: { hasReason: true } }));
  const results = await commandPickups(deps, request, 'withdraw', 'order', asks);
  if (results.some(({ error }) => error?.code === 'COMMAND_PENDING')) throw new Problem('COMMAND_PENDING');
  if (!results.some(({ ok }) => ok)) throw new Problem('TRANSITION_NOT_ALLOWED', '철회할 수 있는 회수가 없습니다', { results });
  return {
    status: 200,
    body: { claimNo, succeeded: results.filter(({ ok }) => ok).length, failed: results.filter(({ ok }) => !ok).length, results },
    final: true,
  };
}
