import { createRoute, z } from '@hono/zod-openapi';
import { together } from '../../db/batching.ts';
import { countLines, findLines } from '../../db/deliveries/list.ts';
import type { DeliveryCommand, DeliveryInput } from '../../domain/deliveries/commands.ts';
import { deliveryMachine } from '../../domain/deliveries/machine.ts';
import type { Actor } from '../../domain/machine.ts';
import { problems } from '../../domain/problems.ts';
import type { Requests } from '../../requests/store.ts';
import type { Auth, Permission } from '../http/auth.ts';
import { answerOf } from '../http/command-answer.ts';
import type { ApiDeps, App } from '../http/deps.ts';
import { COUNT_LIMIT, listAnswer, totalOf } from '../http/list.ts';
import {
  businessNo,
  commandHeaders,
  instant,
  jsonAnswer,
  jsonBody,
  lineNo,
  optionalText,
  problemResponses,
  shippingCode,
} from '../http/schemas.ts';
import { storedRoute, wantsAsync } from '../http/stored-route.ts';
import { type CommandedLine, commandLines, type Target } from './line-commands.ts';
import { lineQuery, pageRequest } from './line-list.ts';
import { lineRow, lineRowSchema, stateSchema } from './rows.ts';

const target = z.object({
  deliveryNo: businessNo,
  lineNo: lineNo.optional().openapi({ description: '없으면 그 배송의 목록에 있는 모든 줄' }),
  carrierCode: shippingCode.nullish(),
  waybillNo: shippingCode.nullish(),
  revision: z.int().min(1).optional(),
});

/** 1–`most` lines, none of them named twice, also not by naming its whole delivery. */
const targets = (most: number) =>
  z
    .array(target)
    .min(1)
    .max(most)
    .superRefine((lines, context) => {
      const seen = new Set<string>();
      const whole = new Set(lines.filter((line) => line.lineNo === undefined).map((line) => line.deliveryNo));
      for (const [at, { deliveryNo, lineNo }] of lines.entries()) {
        const key = `${deliveryNo}/${lineNo ?? '*'}`;
        if (seen.has(key) || (lineNo !== undefined && whole.has(deliveryNo)))
          context.addIssue({ code: 'custom', path: [at], message: '같은 주문내역이 두 번 있습니다' });
        seen.add(key);
      }
    });

const commandBodyOf = (most: number) =>
  z.object({
    lines: targets(most),
    reason: optionalText(1_000),
    expectedAt: instant.nullish(),
    autoClear: z.boolean().optional(),
    combine: z.boolean().optional().openapi({ description: '합포장: 받는 분과 출하지가 같은 다른 배송의 운송장을 함께 씁니다.' }),
  });
const example = { lines: [{ deliveryNo: 'D261123000001', lineNo: 1, carrierCode: '04', waybillNo: '6812-3456-7890' }] };
const commandBody = commandBodyOf(500).openapi('LineCommand', { example: example as never });
const batchBody = commandBodyOf(1_000).openapi('LineCommandBatch', {
  example: { lines: [{ deliveryNo: 'D261123000001', lineNo: 1 }] } as never,
});
type CommandBody = z.output<typeof commandBody>;

export const resultSchema = z
  .object({
    deliveryNo: z.string(),
    lineNo: z.int().nullable(),
    ok: z.boolean(),
    state: stateSchema.optional(),
    stateName: z.string().optional(),
    revision: z.int().optional(),
    validQuantity: z.int().optional(),
    error: z.object({ code: z.enum(Object.keys(problems) as (keyof typeof problems)[]), title: z.string() }).optional(),
  })
  .openapi('LineResult', {
    example: { deliveryNo: 'D261123000001', lineNo: 1, ok: true, state: 'shipped', stateName: '출고완료', revision: 4 },
  });

const resultsSchema = z.object({ succeeded: z.int(), failed: z.int(), results: z.array(resultSchema) }).openapi('LineResults');
const acceptedSchema = z
  .object({ accepted: z.int(), rejected: z.array(resultSchema) })
  .openapi('Accepted', { example: { accepted: 2, rejected: [] } });

type AskedLine = Pick<CommandBody['lines'][number], 'deliveryNo' | 'lineNo'>;
type ReadLines = (lines: AskedLine[]) => Promise<CommandedLine[]>;

const read = 'l.delivery_no, l.line_no, l.state, l.revision, l.valid_quantity, l.started_at, l.finished_at';

/** Reads the rows that lines name; in a crowd those of many requests at once. One line alone has a statement whose plan is kept. */
function linesReader({ db }: ApiDeps): ReadLines {
  const readMany = (lines: AskedLine[]) =>
    db.query<CommandedLine>(
      `select ${read} from unnest($1::text[], $2::integer[]) as t (delivery_no, line_no)
         join delivery_lines l on l.delivery_no = t.delivery_no and (t.line_no is null or l.line_no = t.line_no)
        order by l.delivery_no, l.line_no`,
      [lines.map((line) => line.deliveryNo), lines.map((line) => line.lineNo ?? null)],
      'command-targets',
    );
  const readOne = ({ deliveryNo, lineNo }: AskedLine) =>
    db.query<CommandedLine>(
      `select ${read} from delivery_lines l where delivery_no = $1 and line_no = $2`,
      [deliveryNo, lineNo],
      'command-target',
    );
  const singles = together(async (lines: AskedLine[]) => {
    const [first] = lines;
    const rows = lines.length === 1 && first ? await readOne(first) : await readMany(lines);
    return lines.map(({ deliveryNo, lineNo }) =>
      rows.filter((row) => row.delivery_no === deliveryNo && row.line_no === lineNo).slice(0, 1),
    );
  });
  return (lines) => {
    const [only] = lines;
    return lines.length === 1 && only?.lineNo !== undefined ? singles(only) : readMany(lines);
  };
}

/** Rows of the lines asked for; a delivery without lineNo stands for its lines still in the lists. */
async function findTargets(readLines: ReadLines, body: CommandBody): Promise<Target[]> {
  const rows = await readLines(body.lines);
  const byDelivery = Map.groupBy(rows, (row) => row.delivery_no);
  return body.lines.flatMap(({ deliveryNo, lineNo = null, carrierCode, waybillNo, revision }): Target[] => {
    const input: DeliveryInput = {
      revision,
      carrierCode: carrierCode ?? undefined,
      waybillNo: waybillNo ?? undefined,
      combine: body.combine,
      expectedAt: body.expectedAt ?? undefined,
      autoClear: body.autoClear,
      hasReason: body.reason !== null,
    };
    const ofDelivery = byDelivery.get(deliveryNo) ?? [];
    if (lineNo !== null) return [{ deliveryNo, lineNo, row: ofDelivery.find((row) => row.line_no === lineNo), input }];
    const listed = ofDelivery.filter((row) => row.valid_quantity > 0 && row.state !== 'canceled');
    if (listed.length === 0) return [{ deliveryNo, lineNo, row: undefined, input }];
    return listed.map((row) => ({ deliveryNo, lineNo: row.line_no, row, input }));
  });
}

/** Commands of the back office and their routes' names in the requirements (docs/sources/requirements.md#배송처리). */
const boCommands = [
  ['instruct', '배송처리: 주문완료 → 배송지시'],
  ['release', '배송처리: 배송지시 → 출고지시'],
  ['ship', '배송처리: 출고지시 → 출고완료 (택배는 택배사와 운송장 필요)'],
  ['deliver', '배송처리: 출고완료 → 배송완료'],
  ['report-stockout', '결품처리: 출고지시 → 출고대기 (결품등록, 사유 필요)'],
  ['clear-stockout', '결품처리: 출고대기 → 출고지시 (결품해제)'],
  ['correct-waybill', '운송장정정 (사유 필요)'],
  ['undo', '처리취소: 한 단계 되돌림 (사유 필요)'],
  ['reopen', '배송완료취소: 배송완료 → 출고완료 (사유 필요)'],
] as const satisfies [DeliveryCommand, string][];

/** 배송처리목록조회, 배송처리, 결품처리, 운송장정정, 처리취소, and the order side's 배송완료지시배치. */
export function deliveryLineRoutes(app: App, deps: ApiDeps, auth: Auth, requests: Requests): void {
  const readLines = linesReader(deps);

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/bo/v1/delivery-lines',
      summary: '배송처리목록조회',
      tags: ['배송'],
      ...auth('delivery.read'),
      request: { query: lineQuery },
      responses: { 200: jsonAnswer(listAnswer(lineRowSchema), '주문내역 목록'), ...problemResponses(400) },
    }),
    async (c) => {
      const { request, wanted, counted, nextCursor } = pageRequest(c.req.valid('query'));
      const [rows, total] = await Promise.all([
        findLines(deps.db.query, request),
        counted ? countLines(deps.db.query, request.filter, COUNT_LIMIT, false) : undefined,
      ]);
      const items = rows.slice(0, wanted).map((row) => lineRow(row));
      return c.json({ items, nextCursor: nextCursor(rows), ...totalOf(total) }, 200);
    },
  );

  const command = (
    path: string,
    name: DeliveryCommand,
    actor: Actor,
    permission: Permission,
    summary: string,
    body: typeof commandBody,
  ) => {
    storedRoute(app, requests, {
      operation: `${actor}:${name}`,
      route: createRoute({
        method: 'post',
        path,
        summary,
        tags: [actor === 'batch' ? '주문' : '배송'],
        ...auth(permission),
        request: { headers: commandHeaders, body: jsonBody(body) },
        responses: {
          200: jsonAnswer(resultsSchema, '줄마다의 결과'),
          202: jsonAnswer(acceptedSchema, '접수됨 (Prefer: respond-async)'),
          ...problemResponses(400, 409, 413, 415, 503),
        },
      }),
      given: (c, { body: { reason } }) => ({ reason, respondAsync: wantsAsync(c) }),
      ahead: (body) => findTargets(readLines, body),
      execute: async ({ request, body, ahead }) => {
        const results = await commandLines(deps, request, name, actor, await (ahead ?? findTargets(readLines, body)));
        const answer = answerOf(results, request.respondAsync);
        // What a delivery without lineNo stood for may be another set of lines by the time of a repeat.
        const isNamed = body.lines.every(({ lineNo }) => lineNo !== undefined);
        return { ...answer, recallable: answer.recallable === true && isNamed };
      },
    });
  };
  for (const [name, summary] of boCommands)
    command(
      `/api/bo/v1/delivery-lines/${name}`,
      name,
      'admin',
      deliveryMachine.commands[name].permission as Permission,
      summary,
      commandBody,
    );
  command('/api/order/v1/delivery-lines/deliver', 'deliver', 'batch', 'order.write', '배송완료지시배치', batchBody);
}
