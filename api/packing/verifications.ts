import { createRoute, z } from '@hono/zod-openapi';
import { deliveryNumbered, linesOfParcel, type Parcel, type ParcelLineRow } from '../../db/packing/parcel.ts';
import {
  closeVerification,
  giveVerification,
  keepScan,
  lockVerification,
  openVerification,
  parcelOf,
  scanOutcome,
  type VerificationRow,
  verificationOf,
} from '../../db/packing/verifications.ts';
import type { Query } from '../../db/statement.ts';
import { normalizeWaybill } from '../../domain/carriers.ts';
import { blockOf, isPacked, judgeScan } from '../../domain/packing/verification.ts';
import { isProblemCode, Problem } from '../../domain/problems.ts';
import { numberKey } from '../../domain/text.ts';
import { type AskedAt, once } from '../../requests/in-transaction.ts';
import type { Requests, StoredRequest } from '../../requests/store.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { jsonAnswer, jsonBody, positiveId, problemResponses, requestHeaders, text } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { isOutdated, settled } from './complete.ts';
import { codeOf, codeSchema, parcelLine, shownVerification, verificationSchema } from './verification-rows.ts';

const openBody = z
  .object({
    number: text(50).openapi({ description: '배송번호 또는 운송장번호, 스캔한 그대로' }),
    takeOver: z.boolean().optional().openapi({ description: '다른 사람이 하던 검품이면 넘겨받음' }),
  })
  .openapi('VerificationOpen', { example: { number: 'D261123000001' } });
const scanBody = z
  .object({
    scanId: z
      .string()
      .regex(/^[\x21-\x7e]{1,100}$/)
      .openapi({ description: '스캔마다 새 것. 같은 것을 다시 보내면 한 번만 셉니다' }),
    barcode: text(100),
  })
  .openapi('VerificationScan', {
    example: { scanId: '0b51f0b2-8f0e-4a3a-9d0a-7a4f5d1c2b3a', barcode: '8801234567893' },
  });
const scanAnswer = z
  .object({
    ok: z.boolean(),
    error: codeSchema.optional(),
    verification: verificationSchema.openapi({ description: '무엇이 얼마나 남았는지' }),
  })
  .openapi('VerificationScanned', { example: { ok: true } as never });
const mineAnswer = z.object({ verification: z.union([verificationSchema, z.null()]) }).openapi('MyVerification');
const params = z.object({
  verificationId: positiveId.openapi({ param: { name: 'verificationId', in: 'path' }, type: 'integer', example: 7 }),
});

/** The parcel that a number means: of a delivery, else of a waybill. */
async function parcelNumbered(query: Query, number: string): Promise<{ parcel: Parcel; rows: ParcelLineRow[] }> {
  const deliveryNo = await deliveryNumbered(query, numberKey(number));
  const parcel: Parcel =
    deliveryNo === undefined ? { by: 'waybill', number: normalizeWaybill(number) } : { by: 'delivery', number: deliveryNo };
  const rows = await linesOfParcel(query, parcel, null);
  if (rows.length === 0) throw new Problem('PARCEL_NOT_FOUND');
  // A number is unique within its carrier alone, and a reader reads the number alone.
  const packed = rows.filter((row) => isPacked(parcelLine(row), parcel.by));
  if (parcel.by === 'waybill' && new Set(packed.map((row) => row.carrier_code)).size > 1) throw new Problem('PARCEL_AMBIGUOUS');
  return { parcel, rows };
}

async function open(query: Query, by: string, { askedAt }: AskedAt, { number, takeOver }: z.output<typeof openBody>) {
  const { parcel, rows } = await parcelNumbered(query, number);
  const block = blockOf(rows.map(parcelLine), parcel.by);
  if (block) return shownVerification(query, parcel, rows, null, block);
  let verification = await openVerification(query, parcel, { by, askedAt });
  if (await isOutdated(query, verification)) {
    await closeVerification(query, verification.verification_id);
    verification = await openVerification(query, parcel, { by, askedAt });
  }
  if (verification.owner !== by) {
    const counted = await linesOfParcel(query, parcel, verification.verification_id);
    if (!takeOver) return shownVerification(query, parcel, counted, verification, 'VERIFICATION_OWNED');
    if (!(await giveVerification(query, verification.verification_id, by, askedAt))) throw new Problem('SUPERSEDED');
  }
  return settled(query, { ...verification, owner: by }, by);
}

/** The verification of a call, locked; only its owner may go on with it. */
async function own(query: Query, request: StoredRequest): Promise<VerificationRow> {
  const verification = await lockVerification(query, Number(request.params.verificationId));
  if (!verification) throw new Problem('VERIFICATION_NOT_FOUND');
  if (verification.owner !== request.sub) throw new Problem('VERIFICATION_OWNED');
  return verification;
}

async function scan(query: Query, request: StoredRequest, { scanId, barcode }: z.output<typeof scanBody>) {
  const verification = await own(query, request);
  const { verification_id: verificationId } = verification;
  let refused = await scanOutcome(query, verificationId, scanId);
  if (refused === undefined) {
    if (verification.completed_at !== null || verification.closed_at !== null) throw new Problem('VERIFICATION_COMPLETED');
    const parcel = parcelOf(verification);
    const lines = (await linesOfParcel(query, parcel, verificationId)).map(parcelLine);
    const outcome = judgeScan(lines, parcel.by, barcode);
    await keepScan(query, { verificationId, scanId, by: request.sub, barcode }, outcome);
    refused = typeof outcome === 'string' ? outcome : null;
  }
  const shown = await settled(query, verification, request.sub);
  return isProblemCode(refused) ? { ok: false, error: codeOf(refused), verification: shown } : { ok: true, verification: shown };
}

/** Verification (검품): a parcel is found by a scan, then each of its products is scanned as often as its quantity. */
export function verificationRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const path = '/api/bo/v1/verifications';
  const tags = ['검품'];
  const write = { method: 'post', tags, ...auth('delivery.write') } as const;
  const failures = problemResponses(400, 404, 409, 413, 415, 503);
  app.openapi(
    createRoute({
      method: 'get',
      path: `${path}/mine`,
      summary: '부른 사람이 하던 검품: 화면을 다시 열었을 때',
      tags,
      ...auth('delivery.read'),
      responses: { 200: jsonAnswer(mineAnswer, '검품, 없으면 null'), ...problemResponses(400) },
    }),
    async (c) => {
      const { query } = deps.db;
      const verification = await verificationOf(query, c.get('caller').sub);
      if (!verification) return c.json({ verification: null }, 200);
      const parcel = parcelOf(verification);
      const rows = await linesOfParcel(query, parcel, verification.verification_id);
      return c.json({ verification: await shownVerification(query, parcel, rows, verification) }, 200);
    },
  );
  storedRoute(app, requests, {
    operation: 'verification-open',
    route: createRoute({
      ...write,
      path: `${path}/open`,
      summary: '검품 시작: 배송번호나 운송장번호를 스캔. 막혔으면 무엇이 막는지',
      request: { headers: requestHeaders, body: jsonBody(openBody) },
      responses: { 200: jsonAnswer(verificationSchema, '상자에 넣을 것'), ...failures },
    }),
    execute: ({ request, body }) =>
      once(deps, request, async (query, asked) => ({
        ...{ status: 200, final: true },
        body: await open(query, request.sub, asked, body),
      })),
  });
  storedRoute(app, requests, {
    operation: 'verification-scan',
    route: createRoute({
      ...write,
      path: `${path}/{verificationId}/scan`,
      summary: '상품 스캔: 다 스캔하면 검품이 끝나고 이력에 남습니다. 이어서 출고완료를 부릅니다',
      request: { headers: requestHeaders, params, body: jsonBody(scanBody) },
      responses: { 200: jsonAnswer(scanAnswer, '맞는지, 무엇이 남았는지'), ...failures },
    }),
    execute: ({ request, body }) =>
      once(deps, request, async (query) => ({ status: 200, body: await scan(query, request, body), final: true })),
  });
  storedRoute(app, requests, {
    operation: 'verification-close',
    route: createRoute({
      ...write,
      path: `${path}/{verificationId}/close`,
      summary: '검품을 닫음: 출고한 뒤, 또는 그만둘 때. 다시 시작하면 처음부터',
      request: { headers: requestHeaders, params },
      responses: { 200: jsonAnswer(mineAnswer, '닫힘'), ...failures },
    }),
    execute: ({ request }) =>
      once(deps, request, async (query) => {
        await closeVerification(query, (await own(query, request)).verification_id);
        return { status: 200, body: { verification: null }, final: true };
      }),
  });
}
