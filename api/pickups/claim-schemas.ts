import { z } from '@hono/zod-openapi';
import { reasonCodes } from '../../domain/pickups/pickup.ts';
import { partSchema } from '../deliveries/line-commands.ts';
import { receiverSchema, uniqueLines } from '../http/order-schemas.ts';
import { businessNo, lineNo, optionalText, positiveId, quantity, text } from '../http/schemas.ts';
import { pickupResultSchema } from './commands.ts';

/** The product that an exchange sends instead. */
export const exchangeTo = z.object({ productId: positiveId, productName: text(300), optionName: optionalText(300) });
const claimItem = z.object({
  lineNo,
  quantity,
  reasonCode: z.enum(Object.keys(reasonCodes) as (keyof typeof reasonCodes)[]),
  reason: optionalText(1_000),
  exchangeTo: exchangeTo.nullish(),
});

export const claimBody = z
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
export const claimAnswer = z
  .object({
    claimNo: z.string(),
    pickups: z.array(
      z.object({
        pickupNo: z.string(),
        deliveryNo: z.string(),
        items: z.array(
          z.object({
            lineNo: z.int(),
            quantity: z.int(),
            parts: z.array(partSchema).optional().openapi({ description: '분할된 줄이면, 어느 줄의 몇 개인지' }),
          }),
        ),
      }),
    ),
  })
  .openapi('ClaimAccepted', {
    example: {
      claimNo: 'C20261123-0001',
      pickups: [{ pickupNo: 'P261123000001', deliveryNo: 'D261123000001', items: [{ lineNo: 1, quantity: 1 }] }],
    },
  });

export const claimNoParam = z.object({
  claimNo: businessNo.openapi({ param: { name: 'claimNo', in: 'path' }, example: 'C20261123-0001' }),
});
export const withdrawBody = z
  .object({ reason: optionalText(1_000) })
  .openapi('ClaimWithdrawal', { example: { reason: '고객 변심 철회' } });

export const withdrawalAnswer = z
  .object({ claimNo: z.string(), succeeded: z.int(), failed: z.int(), results: z.array(pickupResultSchema) })
  .openapi('ClaimWithdrawn');
