import { createHash, randomUUID } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { ordersToPrint } from '../../db/printing/find.ts';
import { type PrintedDelivery, recordPrint } from '../../db/printing/write.ts';
import { koreanDay } from '../../domain/korea.ts';
import { notPacked, notPicked, type PrintedLine, type PrintKind, printKinds, sorted } from '../../domain/printing/print.ts';
import { Problem } from '../../domain/problems.ts';
import { attachment } from '../../domain/safe-text.ts';
import { recordAccess, subjectOf } from '../http/access.ts';
import type { Auth } from '../http/auth.ts';
import type { ApiDeps, ApiEnv, App } from '../http/deps.ts';
import { jsonBody, problemResponses, requestHeaders } from '../http/schemas.ts';
import { askedLines, labelBody, packingBody, pickingBody, refusedFor } from './asked.ts';
import { labelsOf, parcelsToLabel, printedOf } from './labels.ts';
import { packingSheets } from './packing.ts';
import { pickingParts } from './picking.ts';
import { createPress } from './press.ts';

const PDF = 'application/pdf';
const FIELDS = ['receiver.name', 'receiver.phone', 'receiver.address', 'receiver.memo'];
const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** 인쇄: picking lists, packing lists and labels as PDF, for the packing bench. */
export function printRoutes(app: App, deps: ApiDeps, auth: Auth): void {
  const { db } = deps;
  const press = createPress(deps.log);

  /** Counts the print (db/printing/write.ts) and, where people are shown, records who sees them: before the first byte. */
  const counted = async (
    c: Context<ApiEnv>,
    kind: PrintKind,
    deliveries: PrintedDelivery[],
    body: object,
    shown: { reason?: string | undefined } | null,
  ) => {
    const key = c.req.header('idempotency-key') ?? randomUUID();
    const { sub } = c.get('caller');
    const requestKey = hashOf([sub, kind, key]);
    const copies = await recordPrint(db, { kind, by: sub, requestKey, bodyHash: hashOf(body), deliveries });
    if (!copies) throw new Problem('IDEMPOTENCY_KEY_REUSED');
    const subjects = [...new Set(deliveries.map(({ deliveryNo }) => deliveryNo))];
    if (shown) await recordAccess(deps, c, { subject: subjectOf(subjects), subjects, fields: FIELDS, reason: shown.reason });
    return copies;
  };
  const pdf = (kind: PrintKind, stream: ReadableStream<Uint8Array>) =>
    new Response(stream, {
      headers: {
        'content-type': PDF,
        'content-disposition': attachment(`${printKinds[kind]} ${koreanDay(new Date())}`, 'pdf').replace('attachment', 'inline'),
        'cache-control': 'no-store',
      },
    }) as never;
  const route = <Body extends z.ZodType>(path: string, kind: PrintKind, body: Body, description: string) =>
    createRoute({
      method: 'post',
      path: `/api/bo/v1/prints/${path}`,
      summary: `${printKinds[kind]} 인쇄`,
      description,
      tags: ['인쇄'],
      ...auth('delivery.read'),
      request: { headers: requestHeaders, body: jsonBody(body) },
      responses: {
        200: { description: 'PDF', content: { [PDF]: { schema: z.string().openapi({ format: 'binary', example: '%PDF…' }) } } },
        ...problemResponses(400, 404, 409, 413, 415, 503),
      },
    });

  app.openapi(
    route(
      'picking-list',
      'picking-list',
      pickingBody,
      '출고지시된 줄을 출하지·상품별로. 그 밖의 줄은 끝에 사유와 함께 적힙니다.',
    ),
    async (c) => {
      const body = c.req.valid('json');
      const { printed, leftOut } = sorted(await askedLines(db.query, body), notPicked);
      if (printed.length === 0) throw refusedFor('NOTHING_TO_PRINT', leftOut);
      const stream = await press(c.req.raw.signal, async () => {
        await counted(c, 'picking-list', listed(printed), body, null);
        return { job: { kind: 'picking-list', title: printKinds['picking-list'] }, parts: pickingParts(printed, leftOut) };
      });
      return pdf('picking-list', stream);
    },
  );

  app.openapi(
    route(
      'packing-list',
      'packing-list',
      packingBody,
      '배송 하나에 한 장부터. pii.read가 없으면 받는 분이 가려지고, 있으면 접속기록이 한 줄 남습니다.',
    ),
    async (c) => {
      const body = c.req.valid('json');
      const lines = await askedLines(db.query, body);
      const { printed, leftOut } = sorted(lines, notPacked);
      if (printed.length === 0) throw refusedFor('NOTHING_TO_PRINT', leftOut);
      const mask = body.masked === true || !c.get('caller').permissions.has('pii.read');
      const stream = await press(c.req.raw.signal, async () => {
        const copies = await counted(c, 'packing-list', listed(lines), body, mask ? null : body);
        const orders = await ordersToPrint(db.query, [...new Set(lines.map(({ orderNo }) => orderNo))]);
        return {
          job: { kind: 'packing-list', title: printKinds['packing-list'] },
          parts: packingSheets({ lines, orders, copies, mask }),
        };
      });
      return pdf('packing-list', stream);
    },
  );

  app.openapi(
    route(
      'labels',
      'label',
      labelBody,
      '운송장마다 한 장 (합포장은 함께 한 장). 권한 pii.read도 필요하고 접속기록이 한 줄 남습니다. 라벨을 만들 수 없는 줄이 있으면 아무것도 인쇄하지 않고 그 줄을 알립니다.',
    ),
    async (c) => {
      const body = c.req.valid('json');
      const lines = await askedLines(db.query, body);
      if (!c.get('caller').permissions.has('pii.read'))
        throw new Problem('PERMISSION_DENIED', '권한 pii.read이(가) 필요합니다', { permission: 'pii.read' });
      const parcels = parcelsToLabel(lines, body);
      const stream = await press(c.req.raw.signal, async () => {
        const copies = await counted(c, 'label', parcels.flatMap(printedOf), body, body);
        const labels = await labelsOf(db.query, parcels);
        return {
          job: { kind: 'label', title: printKinds.label, paper: body.paper },
          parts: labels.map(({ key, ...label }) => ({ ...label, reprint: (copies.get(key) ?? 1) - 1 })),
        };
      });
      return pdf('label', stream);
    },
  );
}

/** The deliveries of these lines, as they are counted for a list. */
const listed = (lines: readonly PrintedLine[]): PrintedDelivery[] =>
  [...new Set(lines.map(({ deliveryNo }) => deliveryNo))].map((deliveryNo) => ({
    deliveryNo,
    carrierCode: null,
    waybillNo: null,
  }));
