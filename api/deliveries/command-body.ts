import { z } from '@hono/zod-openapi';
import { type DelayReason, delayReasons, MOST_DELAY_DAYS } from '../../domain/deliveries/delay.ts';
import { addDays, koreanDay } from '../../domain/korea.ts';
import { Problem } from '../../domain/problems.ts';
import { businessNo, day, instant, lineNo, optionalText, shippingCode } from '../http/schemas.ts';

const revision = z.int().min(1).optional();
const target = z.object({
  deliveryNo: businessNo,
  lineNo: lineNo.optional().openapi({ description: '없으면 그 배송의 목록에 있는 모든 줄' }),
  carrierCode: shippingCode.nullish(),
  waybillNo: shippingCode.nullish(),
  revision,
});

const partQuantity = z.int().openapi({ description: '유효수량보다 적으면 나머지(결품등록은 모자란 수량)를 먼저 분할합니다.' });
/** 출고완료 and 결품등록 may mean a part of one line. */
const partTarget = target
  .extend({ quantity: partQuantity.optional() })
  .refine((line) => line.quantity === undefined || line.lineNo !== undefined, {
    path: ['lineNo'],
    message: 'quantity는 줄 하나의 수량이므로 lineNo가 있어야 합니다',
  });
/** 출고완료 may also leave the number to the place's range. */
const shipTarget = partTarget
  .extend({
    autoWaybill: z.boolean().optional().openapi({
      description:
        'true면 출하지의 운송장 대역에서 다음 번호를 씁니다 (carrierCode가 없으면 대역의 택배사). 한 명령의 같은 배송은 한 번호를 함께 씁니다. 없으면 출하지의 기본',
    }),
  })
  .refine((line) => !(line.autoWaybill && line.waybillNo), {
    path: ['autoWaybill'],
    message: 'waybillNo와 함께 쓸 수 없습니다',
  });
const splitTarget = z.object({ deliveryNo: businessNo, lineNo, quantity: z.int(), revision });
const mergeTarget = z.object({ deliveryNo: businessNo, lineNo, revision });

/** A line that a command names, and what it is to do with it. */
interface AskedLine {
  deliveryNo: string;
  lineNo?: number | undefined;
  carrierCode?: string | null | undefined;
  waybillNo?: string | null | undefined;
  autoWaybill?: boolean | undefined;
  quantity?: number | undefined;
  revision?: number | undefined;
}

/** 1–`most` lines, none named twice, not even by naming its whole delivery too. */
const targets = <Target extends z.ZodType<AskedLine>>(of: Target, most: number) =>
  z
    .array(of)
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

const reason = optionalText(1_000);
const commandBodyOf = <Target extends z.ZodType<AskedLine>>(of: Target, most: number) =>
  z.object({
    lines: targets(of, most),
    reason,
    expectedAt: instant.nullish(),
    autoClear: z.boolean().optional(),
    combine: z.boolean().optional().openapi({ description: '합포장: 받는 분과 출하지가 같은 다른 배송의 운송장을 함께 씁니다.' }),
  });
const example = { lines: [{ deliveryNo: 'D261123000001', lineNo: 1, carrierCode: '04', waybillNo: '6812-3456-7890' }] };
export const commandBody = commandBodyOf(target, 500).openapi('LineCommand', { example: example as never });
export const batchBody = commandBodyOf(target, 1_000).openapi('LineCommandBatch', {
  example: { lines: [{ deliveryNo: 'D261123000001', lineNo: 1 }] } as never,
});
export const partBody = commandBodyOf(partTarget, 500).openapi('LinePartCommand', {
  example: { lines: [{ ...example.lines[0], quantity: 2 }] } as never,
});
export const shipBody = commandBodyOf(shipTarget, 500).openapi('LineShipment', {
  example: { lines: [example.lines[0], { deliveryNo: 'D261123000002', lineNo: 1, autoWaybill: true }] } as never,
});
export const splitBody = z.object({ lines: targets(splitTarget, 500), reason }).openapi('LineSplit', {
  example: { lines: [{ deliveryNo: 'D261123000001', lineNo: 1, quantity: 2 }] } as never,
});
export const mergeBody = z.object({ lines: targets(mergeTarget, 500), reason }).openapi('LineMerge', {
  example: { lines: [{ deliveryNo: 'D261123000002', lineNo: 2 }] } as never,
});

/** 발송지연안내. Whether the day is still to come is asked of the stored request (`refuseDay`), so that a repeat hears the same. */
export const delayBody = z
  .object({
    lines: targets(target, 500),
    expectedOn: day.openapi({ description: `안내할 발송예정일. 내일부터 ${MOST_DELAY_DAYS}일 뒤까지` }),
    reasonCode: z.enum(Object.keys(delayReasons) as DelayReason[]),
    reason,
  })
  .openapi('DelayNotice', {
    example: {
      lines: [{ deliveryNo: 'D261123000001', lineNo: 1 }],
      expectedOn: '2026-12-03',
      reasonCode: 'STOCK',
      reason: '12월 2일 재입고',
    } as never,
  });

/** What any of these bodies says: what each has, and what some have. */
export interface CommandBody extends Partial<Pick<z.output<typeof delayBody>, 'expectedOn' | 'reasonCode'>> {
  lines: AskedLine[];
  reason: string | null;
  expectedAt?: string | null | undefined;
  autoClear?: boolean | undefined;
  combine?: boolean | undefined;
}

/** Refuses a day that is not after the request's own, or too far from it. */
export function refuseDay(expectedOn: string, storedAt: Date): void {
  const today = koreanDay(storedAt);
  if (expectedOn > today && expectedOn <= addDays(today, MOST_DELAY_DAYS)) return;
  const message = `내일부터 ${MOST_DELAY_DAYS}일 뒤까지의 날짜여야 합니다`;
  throw new Problem('BAD_REQUEST', `expectedOn: ${message}`, { errors: [{ path: 'expectedOn', message }] });
}
