import { z } from '@hono/zod-openapi';
import { type DelayReason, delayReasons, MOST_DELAY_DAYS } from '../../domain/deliveries/delay.ts';
import { addDays, koreanDay } from '../../domain/korea.ts';
import { Problem } from '../../domain/problems.ts';
import { businessNo, day, instant, lineNo, optionalText, shippingCode } from '../http/schemas.ts';

const target = z.object({
  deliveryNo: businessNo,
  lineNo: lineNo.optional().openapi({ description: '없으면 그 배송의 목록에 있는 모든 줄' }),
  carrierCode: shippingCode.nullish(),
  waybillNo: shippingCode.nullish(),
  revision: z.int().min(1).optional(),
});

/** 1–`most` lines, none named twice, not even by naming its whole delivery too. */
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

const reason = optionalText(1_000);
const commandBodyOf = (most: number) =>
  z.object({
    lines: targets(most),
    reason,
    expectedAt: instant.nullish(),
    autoClear: z.boolean().optional(),
    combine: z.boolean().optional().openapi({ description: '합포장: 받는 분과 출하지가 같은 다른 배송의 운송장을 함께 씁니다.' }),
  });
const example = { lines: [{ deliveryNo: 'D261123000001', lineNo: 1, carrierCode: '04', waybillNo: '6812-3456-7890' }] };
export const commandBody = commandBodyOf(500).openapi('LineCommand', { example: example as never });
export const batchBody = commandBodyOf(1_000).openapi('LineCommandBatch', {
  example: { lines: [{ deliveryNo: 'D261123000001', lineNo: 1 }] } as never,
});

/** 발송지연안내. Whether the day is still to come is asked of the stored request (`refuseDay`), so that a repeat hears the same. */
export const delayBody = z
  .object({
    lines: targets(500),
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

/** The body of any command to lines: what each has, and what some have. */
export type CommandBody = z.output<typeof commandBody> & Partial<Pick<z.output<typeof delayBody>, 'expectedOn' | 'reasonCode'>>;

/** Refuses a day that is not after the request's own, or too far from it. */
export function refuseDay(expectedOn: string, storedAt: Date): void {
  const today = koreanDay(storedAt);
  if (expectedOn > today && expectedOn <= addDays(today, MOST_DELAY_DAYS)) return;
  const message = `내일부터 ${MOST_DELAY_DAYS}일 뒤까지의 날짜여야 합니다`;
  throw new Problem('BAD_REQUEST', `expectedOn: ${message}`, { errors: [{ path: 'expectedOn', message }] });
}
