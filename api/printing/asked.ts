import { z } from '@hono/zod-openapi';
import { linesOfWorkBatch } from '../../db/packing/batch-lines.ts';
import { findWorkBatch } from '../../db/packing/list.ts';
import { type AskedLine, linesToPrint } from '../../db/printing/find.ts';
import type { Query } from '../../db/statement.ts';
import { isDropped } from '../../domain/packing/work-batch.ts';
import { type LabelPaper, type LeftOut, labelPapers, leftOutReasons, type PrintedLine } from '../../domain/printing/print.ts';
import { Problem, type ProblemCode } from '../../domain/problems.ts';
import { businessNo, lineNo, positiveId, text } from '../http/schemas.ts';
import { standingIn } from '../packing/work-batch-rows.ts';

const MOST_DELIVERIES = 500;
const MOST_ASKED_LINES = 2_000;
/** Of a delivery may be 200 lines: this many are 250 pages. */
const MOST_LINES = 5_000;

/** What is printed: deliveries with all their lines, single lines, or the lines of a batch of work. One of them. */
const target = {
  deliveryNos: z
    .array(businessNo)
    .min(1)
    .max(MOST_DELIVERIES)
    .optional()
    .openapi({ description: '배송번호 (그 주문내역 모두). lines, workBatchNo와 셋 중 하나', example: ['D261123000001'] }),
  lines: z
    .array(z.strictObject({ deliveryNo: businessNo, lineNo }))
    .min(1)
    .max(MOST_ASKED_LINES)
    .optional()
    .openapi({ description: '주문내역 한 줄씩' }),
  workBatchNo: positiveId.optional().openapi({ type: 'integer', description: '작업차수에서 빠지지 않은 줄', example: 12 }),
};
const reason = text(1_000).optional().openapi({ description: '개인정보 출력 사유 (접속기록에 남음)' });

export const pickingBody = z
  .strictObject(target)
  .openapi('PickingListPrint', { example: { deliveryNos: ['D261123000001', 'D261123000002'] } });
export const packingBody = z
  .strictObject({
    ...target,
    masked: z.boolean().optional().openapi({ description: 'true: 권한이 있어도 마스킹' }),
    reason,
  })
  .openapi('PackingListPrint', { example: { deliveryNos: ['D261123000001'], masked: true } });
export const labelBody = z
  .strictObject({
    ...target,
    paper: z.enum(Object.keys(labelPapers) as LabelPaper[]).default('100x150'),
    reason,
  })
  .openapi('LabelPrint', { example: { deliveryNos: ['D261123000001'], paper: '100x150', reason: '출고' } });

export type Target = Pick<z.output<typeof pickingBody>, 'deliveryNos' | 'lines' | 'workBatchNo'>;

/** The lines of a batch (작업차수) that have not fallen out of it. */
async function linesOfBatch(query: Query, workBatchNo: number): Promise<AskedLine[]> {
  if (!(await findWorkBatch(query, workBatchNo))) throw new Problem('WORK_BATCH_NOT_FOUND');
  const rows = await linesOfWorkBatch(query, workBatchNo);
  return rows.filter((row) => !isDropped(standingIn(row))).map((row) => ({ deliveryNo: row.delivery_no, lineNo: row.line_no }));
}

/** The lines that a body asks for. Names all numbers that nobody knows, before anything is printed. */
export async function askedLines(query: Query, { deliveryNos, lines, workBatchNo }: Target): Promise<PrintedLine[]> {
  if ([deliveryNos, lines, workBatchNo].filter((way) => way !== undefined).length !== 1)
    throw new Problem('BAD_REQUEST', 'deliveryNos, lines, workBatchNo 가운데 하나만 적어 주세요', {
      errors: [{ path: 'deliveryNos', message: 'lines, workBatchNo와 셋 중 하나' }],
    });
  const asked: AskedLine[] =
    workBatchNo === undefined
      ? (lines ?? (deliveryNos ?? []).map((deliveryNo) => ({ deliveryNo, lineNo: null })))
      : await linesOfBatch(query, workBatchNo);
  const found = await linesToPrint(query, asked, MOST_LINES + 1);
  if (found.length > MOST_LINES) throw new Problem('PRINT_TOO_LARGE');
  const known = new Set(found.flatMap((line) => [line.deliveryNo, `${line.deliveryNo}/${line.lineNo}`]));
  const errors = asked.flatMap(({ deliveryNo, lineNo: no }, at) => {
    if (known.has(no === null ? deliveryNo : `${deliveryNo}/${no}`)) return [];
    const path = no === null ? `deliveryNos.${at}` : `lines.${at}`;
    return [{ path, message: `${no === null ? deliveryNo : `${deliveryNo}-${no}`}: 없습니다` }];
  });
  if (errors.length === 0) return found;
  const code = deliveryNos ? 'DELIVERY_NOT_FOUND' : 'LINE_NOT_FOUND';
  throw new Problem(code, `찾을 수 없는 번호가 ${errors.length}개 있습니다`, { errors });
}

/** Lines that a sentence names; the body of the problem has them all. */
const MOST_NAMED = 5;

/** Nothing is printed because of these lines, which are named. */
export function refusedFor(code: ProblemCode, leftOut: readonly LeftOut[]): Problem {
  const named = leftOut.slice(0, MOST_NAMED).map((line) => `${line.deliveryNo}-${line.lineNo} (${leftOutReasons[line.reason]})`);
  const more = leftOut.length > MOST_NAMED ? ` 외 ${leftOut.length - MOST_NAMED}줄` : '';
  const what = code === 'LABEL_NOT_PRINTABLE' ? '라벨을 인쇄할 수 없는 주문내역이 있습니다' : '인쇄할 주문내역이 없습니다';
  // Of a batch from which all lines have fallen out there is none to name.
  return new Problem(code, leftOut.length === 0 ? what : `${what}: ${named.join(', ')}${more}`, {
    errors: leftOut.map((line) => ({
      path: `${line.deliveryNo}-${line.lineNo}`,
      message: leftOutReasons[line.reason],
    })),
  });
}
