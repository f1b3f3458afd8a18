import { createRoute, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import type { BulkShipmentRecord } from '../db/bulk-shipment.row.ts';
import { linesOfDeliveries } from '../db/delivery-line.search.ts';
import type { Auth } from './auth.ts';
import { resultColumns, resultRows } from './bulk-result.ts';
import { bulkIdParam, bulkRow, bulkSchema, bulkValidatedSchema, findBulk, validatedBulk } from './bulk-rows.ts';
import { createUpload, keepUpload } from './bulk-upload.ts';
import type { ApiDeps, App } from './deps.ts';
import { keysetPage, listAnswer, pageQuery } from './list.ts';
import { Problem } from './problem.ts';
import type { Answer, Requests, StoredRequest } from './requests.ts';
import { type DeliveryRecord, deliveryRow, deliveryRowSchema, lineRow, lineRowSchema } from './rows.ts';
import { businessNo, jsonAnswer, problemResponses, requestHeaders } from './schemas.ts';
import { sheetAnswer, sheetContent, sheetHeaders, shipmentTemplate } from './sheet-write.ts';
import { startBulk } from './starts.ts';
import { timeLimit } from './temporal.ts';

export const UPLOAD_PATH = '/api/bo/v1/bulk-shipments';
export const MOST_UPLOAD_BYTES = 20 * 1024 * 1024;
const MOST_LOOKED_UP = 100;
const EVENT_EVERY_MS = 500;
const COMMENT_EVERY_MS = 15_000;
const BY_DEFAULT = '-createdAt';

const uploadForm = z.object({
  file: z
    .custom<File>((value) => typeof value === 'object' && value !== null && 'arrayBuffer' in value, '파일이 필요합니다')
    .openapi({ type: 'string', format: 'binary', description: '.xlsx 또는 .csv, 20 MiB, 50,000행까지' }),
});

const lookupSchema = z
  .object({ items: z.array(deliveryRowSchema.extend({ lines: z.array(lineRowSchema) })), notFound: z.array(z.string()) })
  .openapi('BulkShipmentLookup');

/** 출고완료 일괄: lookup, template, upload and validation, start, cancel, progress, result. */
export function bulkShipmentRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const { query } = deps.db;
  const read = { tags: ['출고완료 일괄'], ...auth('delivery.read') };
  const write = { tags: ['출고완료 일괄'], ...auth('delivery.write') };
  const jobOf = async (id: string): Promise<BulkShipmentRecord> => {
    const job = await findBulk(query, id);
    if (!job) throw new Problem('BULK_NOT_FOUND');
    return job;
  };

  app.openapi(
    createRoute({
      method: 'get',
      path: `${UPLOAD_PATH}/lookup`,
      summary: '출고완료일괄등록정보조회',
      ...read,
      request: {
        query: z.strictObject({
          deliveryNo: z
            .preprocess((value) => [value].flat(), z.array(businessNo).min(1).max(MOST_LOOKED_UP))
            .openapi({ type: 'array', items: { type: 'string' }, description: '100개까지 되풀이', example: ['D261123000001'] }),
        }),
      },
      responses: { 200: jsonAnswer(lookupSchema, '배송과 주문내역'), ...problemResponses(400) },
    }),
    async (c) => {
      const asked = [...new Set(c.req.valid('query').deliveryNo)];
      const [deliveries, lines] = await Promise.all([
        query<DeliveryRecord>('select * from deliveries where delivery_no = any($1)', [asked]),
        linesOfDeliveries(query, asked, false),
      ]);
      const byNo = new Map(deliveries.map((delivery) => [delivery.delivery_no, delivery]));
      const linesByNo = Map.groupBy(lines, (line) => line.delivery_no);
      const found = asked.map((deliveryNo) => ({ deliveryNo, delivery: byNo.get(deliveryNo), own: linesByNo.get(deliveryNo) }));
      const items = found.flatMap(({ delivery, own }) =>
        delivery && own ? [{ ...deliveryRow(delivery, own), lines: own.map((line) => lineRow(line)) }] : [],
      );
      const notFound = found.flatMap(({ deliveryNo, delivery, own }) => (delivery && own ? [] : [deliveryNo]));
      return c.json({ items, notFound }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: `${UPLOAD_PATH}/template.xlsx`,
      summary: '출고완료 일괄 양식',
      ...read,
      request: { query: z.strictObject({}) },
      responses: { 200: sheetContent('양식: 배송번호 · 순번 · 택배사코드 · 운송장번호'), ...problemResponses(400) },
    }),
    async () => new Response(new Uint8Array(await shipmentTemplate()), { headers: sheetHeaders('출고완료 일괄 양식') }) as never,
  );

  requests.register('bulk-upload', createUpload(deps));
  app.openapi(
    createRoute({
      method: 'post',
      path: UPLOAD_PATH,
      summary: '출고완료 일괄 올리기: 읽고 검증만 합니다',
      ...write,
      request: {
        headers: requestHeaders,
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
    async (c) => {
      const { file } = c.req.valid('form');
      if (file.size > MOST_UPLOAD_BYTES) throw new Problem('BODY_TOO_LARGE', '파일은 20 MiB까지입니다');
      const bytes = Buffer.from(await file.arrayBuffer());
      return requests.run(c, 'bulk-upload', { body: await keepUpload(deps, file.name, bytes) }) as never;
    },
  );

  const act = (name: 'start' | 'cancel', summary: string, work: (request: StoredRequest, id: string) => Promise<void>) => {
    requests.register(`bulk-${name}`, async (request): Promise<Answer> => {
      const id = request.params.id ?? '';
      await work(request, id);
      return { status: 202, body: bulkRow(await jobOf(id)), final: true };
    });
    app.openapi(
      createRoute({
        method: 'post',
        path: `${UPLOAD_PATH}/{id}/${name}`,
        summary,
        ...write,
        request: { headers: requestHeaders, params: bulkIdParam },
        responses: { 202: jsonAnswer(bulkSchema, '접수됨'), ...problemResponses(400, 404, 409, 503) },
      }),
      (c) => requests.run(c, `bulk-${name}`, { body: null, params: c.req.valid('param') }) as never,
    );
  };

  act('start', '출고완료 일괄 시작', async (request, id) => {
    const started = await query(
      `update bulk_shipments set state = 'running', started_at = now(), start_request_id = $2 where id = $1 and state = 'validated'
       returning id`,
      [id, request.id],
    );
    const job = await jobOf(id);
    if (job.state !== 'running') {
      // A repeat after a crash may find its own job finished.
      if (job.start_request_id === request.id) return;
      throw new Problem('BULK_FINISHED');
    }
    const time = timeLimit(deps.config.COMMAND_TIMEOUT_MS);
    try {
      await time.run(deps.temporal, () => startBulk(deps, id));
    } catch (error) {
      deps.log.warn({ reqId: request.traceId, jobId: id, first: started.length > 0, err: error }, 'a job waits for its workflow');
      throw new Problem('COMMAND_PENDING');
    } finally {
      time.clear();
    }
  });

  act('cancel', '출고완료 일괄 취소: 처리 중인 묶음까지만', async (request, id) => {
    // A running job's workflow looks here before and after every chunk.
    const canceled = await query(
      `update bulk_shipments set cancel_at = coalesce(cancel_at, now()),
         state = case when state = 'validated' then 'canceled' else state end,
         finished_at = case when state = 'validated' then now() end
       where id = $1 and state in ('validated', 'running') returning id`,
      [id],
    );
    if (canceled.length > 0 || request.attempts > 1) return;
    if ((await jobOf(id)).state !== 'canceled') throw new Problem('BULK_FINISHED');
  });

  app.openapi(
    createRoute({
      method: 'get',
      path: UPLOAD_PATH,
      summary: '출고완료 일괄 목록',
      ...read,
      request: { query: z.strictObject(pageQuery(['createdAt'], BY_DEFAULT)) },
      responses: { 200: jsonAnswer(listAnswer(bulkSchema), '작업 목록'), ...problemResponses(400) },
    }),
    async (c) => {
      const { after, wanted, counted, nextCursor, limit, descending } = keysetPage(c.req.valid('query'), BY_DEFAULT, 1);
      const [than, order] = descending ? ['<', 'desc'] : ['>', 'asc'];
      const rows = await query<BulkShipmentRecord>(
        `select * from bulk_shipments where state <> 'reading' and ($1::timestamptz is null or (created_at, id) ${than} ($1, $2))
          order by created_at ${order}, id ${order} limit $3`,
        [after?.value ?? null, String(after?.key[0] ?? ''), limit],
      );
      const counts = counted
        ? await query<{ total: number }>(`select count(*) as total from bulk_shipments where state <> 'reading'`)
        : [];
      const placeOf = (row: BulkShipmentRecord) => ({ value: row.created_at.toISOString(), key: [row.id] });
      const items = rows.slice(0, wanted).map(bulkRow);
      return c.json({ items, nextCursor: nextCursor(rows, placeOf), ...counts[0] }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: `${UPLOAD_PATH}/{id}`,
      summary: '출고완료 일괄 진행 상황',
      ...read,
      request: { params: bulkIdParam, query: z.strictObject({}) },
      responses: { 200: jsonAnswer(bulkValidatedSchema, '작업'), ...problemResponses(400, 404) },
    }),
    async (c) => c.json(await validatedBulk(query, await jobOf(c.req.valid('param').id)), 200),
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: `${UPLOAD_PATH}/{id}/events`,
      summary: '출고완료 일괄 진행 상황 (server-sent events)',
      ...read,
      request: { params: bulkIdParam, query: z.strictObject({}) },
      responses: {
        200: {
          description: '`progress` 이벤트마다 작업 하나; 끝나면 닫힘',
          content: {
            'text/event-stream': { schema: z.string().openapi({ example: 'event: progress\ndata: {"state":"running",…}\n\n' }) },
          },
        },
        ...problemResponses(400, 404),
      },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      let job: BulkShipmentRecord | undefined = await jobOf(id);
      return streamSSE(c, async (stream) => {
        let told = '';
        let toldAt = performance.now();
        while (job && !stream.aborted && !deps.stopping?.aborted) {
          const data = JSON.stringify(bulkRow(job));
          if (data !== told) await stream.writeSSE({ event: 'progress', data, retry: EVENT_EVERY_MS });
          else if (performance.now() - toldAt > COMMENT_EVERY_MS) await stream.write(': still here\n\n');
          if (data !== told || performance.now() - toldAt > COMMENT_EVERY_MS) toldAt = performance.now();
          told = data;
          if (job.finished_at !== null) return;
          await stream.sleep(EVENT_EVERY_MS);
          job = await findBulk(query, id);
        }
      }) as never;
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: `${UPLOAD_PATH}/{id}/result.xlsx`,
      summary: '출고완료 일괄 결과: 올린 행에 결과와 사유',
      ...read,
      request: {
        params: bulkIdParam,
        query: z.strictObject({
          only: z.enum(['failed']).optional().openapi({ description: 'failed: 고쳐서 다시 올릴 오류·실패 행만' }),
        }),
      },
      responses: { 200: sheetContent('결과'), ...problemResponses(400, 404) },
    }),
    async (c) => {
      const job = await jobOf(c.req.valid('param').id);
      const name = `출고완료 결과 ${job.file_name.replace(/\.[^.]*$/, '')}`;
      return sheetAnswer(name, resultColumns(job), resultRows(query, job, c.req.valid('query').only === 'failed')) as never;
    },
  );
}
