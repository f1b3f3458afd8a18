import { createRoute, z } from '@hono/zod-openapi';
import { startBulk } from '../../commands/start.ts';
import { timeLimit } from '../../commands/time-limit.ts';
import { cancelJob, markRunning } from '../../db/bulk-shipments/write.ts';
import { deliveriesByNo } from '../../db/deliveries/find.ts';
import { linesOfDeliveries } from '../../db/deliveries/shown.ts';
import type { Query } from '../../db/statement.ts';
import { Problem } from '../../domain/problems.ts';
import { numberKey } from '../../domain/text.ts';
import { once } from '../../requests/in-transaction.ts';
import type { Answer, Requests, StoredRequest } from '../../requests/store.ts';
import { deliveryRow, deliveryRowSchema } from '../deliveries/delivery-row.ts';
import { lineRow, lineRowSchema } from '../deliveries/line-row.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { businessNo, jsonAnswer, problemResponses, requestHeaders, text } from '../http/schemas.ts';
import { storedRoute } from '../http/stored-route.ts';
import { sheetContent, sheetHeaders, shipmentTemplate } from '../sheets/write.ts';
import { BULK_PATH, bulkIdParam, bulkOf, bulkSchema, bulkValidatedSchema, namedBulk } from './rows.ts';
import { createUpload, keepUpload, others, type UploadBody, uploadBody } from './upload.ts';
import { formOnly, MOST_UPLOAD_BYTES, readForm } from './upload-form.ts';
import { uploadPlaces } from './upload-places.ts';

const TEMPLATE =
  '양식: 배송번호 · 순번 · 택배사코드 · 운송장번호 · 수량. 택배사코드만 적고 운송장번호를 비우면, 운송장 대역을 자동으로 쓰는 출하지에서는 다음 번호를 받습니다';
const MOST_LOOKED_UP = 100;
/** Reading and judging 50,000 rows takes some seconds, and uploads wait for each other. */
const UPLOAD_MS = 600_000;

const uploadForm = z.object({
  file: z
    .custom<File>((value) => typeof value === 'object' && value !== null && 'arrayBuffer' in value, '파일이 필요합니다')
    .openapi({ type: 'string', format: 'binary', description: '.xlsx 또는 .csv, 20 MiB, 50,000행까지' }),
});

type UploadQuery = Partial<Pick<UploadBody, 'others'>> & { sheet?: string };

const lookupSchema = z
  .object({ items: z.array(deliveryRowSchema.extend({ lines: z.array(lineRowSchema) })), notFound: z.array(z.string()) })
  .openapi('BulkShipmentLookup');

/** 출고완료 일괄: lookup, template, upload and validation, start, cancel. */
export function bulkShipmentRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const { query } = deps.db;
  const read = { tags: ['출고완료 일괄'], ...auth('delivery.read') };
  const write = { tags: ['출고완료 일괄'], ...auth('delivery.write') };

  app.openapi(
    createRoute({
      method: 'get',
      path: `${BULK_PATH}/lookup`,
      summary: '출고완료일괄등록정보조회',
      ...read,
      request: {
        query: z.strictObject({
          deliveryNo: z
            .preprocess((value) => [value].flat(), z.array(businessNo).min(1).max(MOST_LOOKED_UP))
            .openapi({
              type: 'array',
              items: { type: 'string' },
              description: '100개까지 되풀이. 대소문자, 하이픈, 빈칸을 가리지 않음',
              example: ['D261123000001'],
            }),
        }),
      },
      responses: { 200: jsonAnswer(lookupSchema, '배송과 주문내역'), ...problemResponses(400) },
    }),
    async (c) => {
      const asked = new Map(c.req.valid('query').deliveryNo.map((number) => [numberKey(number), number]));
      const numbers = [...asked.keys()];
      const [deliveries, lines] = await Promise.all([deliveriesByNo(query, numbers), linesOfDeliveries(query, numbers, false)]);
      const byNo = new Map(deliveries.map((delivery) => [delivery.delivery_no, delivery]));
      const linesByNo = Map.groupBy(lines, (line) => line.delivery_no);
      const found = numbers.map((number) => ({ number, delivery: byNo.get(number), own: linesByNo.get(number) }));
      const items = found.flatMap(({ delivery, own }) =>
        delivery && own ? [{ ...deliveryRow(delivery, own), lines: own.map((line) => lineRow(line)) }] : [],
      );
      const notFound = found.flatMap(({ number, delivery, own }) => (delivery && own ? [] : [asked.get(number) ?? number]));
      return c.json({ items, notFound }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: `${BULK_PATH}/template.xlsx`,
      summary: '출고완료 일괄 양식',
      ...read,
      request: { query: z.strictObject({}) },
      responses: { 200: sheetContent(TEMPLATE), ...problemResponses(400) },
    }),
    async () => new Response(new Uint8Array(await shipmentTemplate()), { headers: sheetHeaders('출고완료 일괄 양식') }) as never,
  );

  storedRoute(app, requests, {
    operation: 'bulk-upload',
    route: createRoute({
      method: 'post',
      path: BULK_PATH,
      summary: '출고완료 일괄 올리기: 읽고 검증만 합니다',
      ...write,
      middleware: [write.middleware, formOnly, uploadPlaces(), readForm] as const,
      request: {
        headers: requestHeaders,
        query: z.strictObject({
          sheet: text(100).optional().openapi({ description: '머리글이 있는 시트가 둘 이상일 때: 읽을 시트의 이름' }),
          others: others.openapi({ description: 'include: 택배가 아닌 행도 출고. 없으면 건너뜀 (NOT_A_PARCEL)' }),
        }),
        body: {
          required: true,
          content: { 'multipart/form-data': { schema: uploadForm.openapi({ example: { file: '출고완료.xlsx' } as never }) } },
        },
      },
      responses: {
        201: jsonAnswer(bulkValidatedSchema, '검증된 작업; 아직 아무것도 출고되지 않음'),
        ...problemResponses(400, 409, 413, 415, 503),
      },
    }),
    longestMs: UPLOAD_MS,
    stored: uploadBody,
    given: async (c) => {
      // Validated by the route; a context of any route has no type for it.
      const { file } = c.req.valid('form' as never) as z.output<typeof uploadForm>;
      const { sheet = null, others: also } = c.req.valid('query' as never) as UploadQuery;
      if (file.size > MOST_UPLOAD_BYTES) throw new Problem('BODY_TOO_LARGE', '파일은 20 MiB까지입니다');
      return {
        body: await keepUpload(deps, { name: file.name, bytes: Buffer.from(await file.arrayBuffer()), sheet, others: also }),
      };
    },
    execute: createUpload(deps),
  });

  const act = (name: 'start' | 'cancel', summary: string, work: (request: StoredRequest, id: string) => Promise<Answer>) =>
    storedRoute(app, requests, {
      operation: `bulk-${name}`,
      route: createRoute({
        method: 'post',
        path: `${BULK_PATH}/{id}/${name}`,
        summary,
        ...write,
        request: { headers: requestHeaders, params: bulkIdParam },
        responses: { 202: jsonAnswer(bulkSchema, '접수됨'), ...problemResponses(400, 404, 409, 503) },
      }),
      execute: ({ request }) => work(request, request.params.id ?? ''),
    });
  const accepted = async (query: Query, id: string): Promise<Answer> => {
    return { status: 202, body: await namedBulk(query, await bulkOf(query, id)), final: true };
  };

  act('start', '출고완료 일괄 시작', async (request, id) => {
    const first = await markRunning(query, id, request.id);
    const job = await bulkOf(query, id);
    if (job.state !== 'running') {
      // A repeat after a crash may find that its job has ended.
      if (job.start_request_id === request.id) return accepted(query, id);
      throw new Problem('BULK_FINISHED');
    }
    const time = timeLimit(deps.config.COMMAND_TIMEOUT_MS);
    try {
      await time.run(deps.temporal, () => startBulk(deps, id));
    } catch (error) {
      deps.log.warn({ reqId: request.traceId, jobId: id, first, err: error }, 'a job waits for its workflow');
      throw new Problem('COMMAND_PENDING');
    } finally {
      time.clear();
    }
    return accepted(query, id);
  });

  act('cancel', '출고완료 일괄 취소: 처리 중인 묶음까지만', (request, id) =>
    once(deps, request, async (query, { askedAt }) => {
      if (!(await cancelJob(query, id, askedAt))) {
        const { state } = await bulkOf(query, id);
        if (state === 'running') throw new Problem('SUPERSEDED');
        if (state !== 'canceled') throw new Problem('BULK_FINISHED');
      }
      return accepted(query, id);
    }),
  );
}
