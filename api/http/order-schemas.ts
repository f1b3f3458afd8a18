import { z } from '@hono/zod-openapi';
import { koreanDay } from '../../domain/korea.ts';
import { cleanZipCode, isZipCode, ZIP_CODE } from '../../domain/shipping/postal-areas.ts';
import { cleanCode, cleanNumber } from '../../domain/text.ts';
import {
  absentWhenEmpty,
  businessNo,
  cleanedText,
  day,
  instant,
  lineNo,
  methodCode,
  optionalText,
  positiveId,
  quantity,
  text,
} from './schemas.ts';

/** A postal code of five digits, or one of six of before 2015 (135-080), for which only Jeju's surcharge is known. */
export const zipCode = cleanedText(cleanZipCode)
  .refine(isZipCode, '우편번호는 숫자 5자리입니다 (2015년 이전 것은 6자리)')
  .openapi({ pattern: ZIP_CODE.source });
/** Room for several numbers with words between (010-1234-5678 또는 …), as shops fill one field. */
const phone = cleanedText(cleanNumber).min(1).max(100);
/** There, and true, when the postal code is one of before 2015: whether it is a remote island is not known. */
export const zipCodeOld = z.literal(true).optional().openapi({
  description: '2015년 이전 6자리 우편번호: 제주 추가배송비만 계산됨, 도서산간 여부는 모름',
});
/** placeNo or policyNo of a line, where it may be absent. */
export const placeOrPolicy = absentWhenEmpty(positiveId.nullish()).openapi({ type: 'integer', minimum: 1 });

export const receiverSchema = z
  .object({
    name: text(100),
    phone,
    zipCode,
    address1: text(300),
    address2: optionalText(300),
    memo: optionalText(500),
  })
  .openapi('Receiver', {
    example: {
      name: '홍길동',
      phone: '010-1234-5678',
      zipCode: '06236',
      address1: '서울특별시 강남구 테헤란로 123',
      address2: '4층 401호',
      memo: '문 앞에 놓아주세요',
    },
  });

export const unitPrice = z.int().min(0).max(1_000_000_000).openapi({ example: 12900 });

/** Absent rather than null, so that the hash of an order that has none is that of before there were such fields. */
const dispatchDay = absentWhenEmpty(day.nullish()).transform((value) => value ?? undefined);
const dispatchFields = {
  dispatchPolicyNo: placeOrPolicy
    .transform((value) => value ?? undefined)
    .openapi({ description: '이 줄의 발송정책. 없으면 출하지의 것, 그것도 없으면 기본 발송정책', example: 1 }),
  requestedDispatchOn: dispatchDay.openapi({ type: 'string', format: 'date', description: '구매자가 고른 발송일 (요청일 발송)' }),
  dispatchDueOn: dispatchDay.openapi({
    type: 'string',
    format: 'date',
    description: '판매채널이 정한 발송기한. 정책보다 앞섭니다',
  }),
};

const orderLineSchema = z.object({
  lineNo,
  productId: positiveId,
  productName: text(300),
  optionName: optionalText(300),
  quantity,
  unitPrice,
  placeNo: placeOrPolicy,
  methodCode,
  policyNo: placeOrPolicy,
  ...dispatchFields,
});

/** 1–`most` items, each with a different `lineNo`. */
export const uniqueLines = <T extends z.ZodType<{ lineNo: number }>>(item: T, most: number) =>
  z
    .array(item)
    .min(1)
    .max(most)
    .superRefine((lines, context) => {
      const seen = new Set<number>();
      for (const [at, line] of lines.entries()) {
        if (seen.has(line.lineNo))
          context.addIssue({ code: 'custom', path: [at, 'lineNo'], message: `lineNo ${line.lineNo}이(가) 두 번 있습니다` });
        seen.add(line.lineNo);
      }
    });

export const orderBody = z
  .object({
    orderNo: businessNo,
    orderedAt: instant,
    channel: optionalText(50),
    orderer: z.object({
      name: text(100),
      phone,
      email: absentWhenEmpty(cleanedText(cleanCode).pipe(z.email().max(200)).nullish())
        .transform((value) => value ?? null)
        .openapi({ type: ['string', 'null'], format: 'email', maxLength: 200 }),
    }),
    receiver: receiverSchema,
    notices: z
      .boolean()
      .optional()
      .transform((wanted) => (wanted === false ? (false as const) : undefined))
      .openapi({ type: 'boolean', default: true, description: 'false: 받는 분에게 알림톡을 보내지 않음' }),
    lines: uniqueLines(orderLineSchema, 200),
  })
  .superRefine(({ orderedAt, lines }, context) => {
    const paidOn = koreanDay(new Date(orderedAt));
    for (const [at, line] of lines.entries())
      for (const field of ['requestedDispatchOn', 'dispatchDueOn'] as const)
        if ((line[field] ?? paidOn) < paidOn)
          context.addIssue({ code: 'custom', path: ['lines', at, field], message: `결제일(${paidOn})보다 앞설 수 없습니다` });
  })
  .openapi('Order', {
    example: {
      orderNo: 'S20261123-0001',
      orderedAt: '2026-11-23T09:00:00+09:00',
      channel: '자사몰',
      orderer: { name: '김주문', phone: '010-2345-6789', email: 'gildong@example.com' },
      receiver: {
        name: '홍길동',
        phone: '010-1234-5678',
        zipCode: '06236',
        address1: '서울특별시 강남구 테헤란로 123',
        address2: '4층',
        memo: null,
      },
      lines: [
        {
          lineNo: 1,
          productId: 43897,
          productName: '캠핑 의자',
          optionName: '카키',
          quantity: 2,
          unitPrice: 39000,
          placeNo: 176042,
          methodCode: '10',
        },
      ],
    },
  });
export type OrderBody = z.output<typeof orderBody>;

export const cancellationBody = z
  .object({ lines: uniqueLines(z.object({ lineNo, quantity }), 200), reason: optionalText(500) })
  .openapi('Cancellation', { example: { lines: [{ lineNo: 1, quantity: 1 }] } });
export type CancellationBody = z.output<typeof cancellationBody>;

/** A shipping fee, as in a delivery and in a quote. */
export const feeFields = {
  policyNo: z.int().nullable(),
  feeType: z.int().nullable(),
  baseFee: z.int(),
  surcharge: z.int(),
  fee: z.int(),
  payment: z.enum(['prepaid', 'collect', 'none']),
};

export const shippingFeeSchema = z.object(feeFields).openapi('ShippingFee', {
  example: { policyNo: 663289, feeType: 2, baseFee: 2500, surcharge: 0, fee: 2500, payment: 'prepaid' },
});

export const orderAnswer = z
  .object({
    orderNo: z.string(),
    zipCodeOld,
    deliveries: z.array(
      z.object({
        deliveryNo: z.string(),
        placeNo: z.int().nullable(),
        methodCode,
        lineNos: z.array(z.int()),
        shippingFee: shippingFeeSchema,
      }),
    ),
  })
  .openapi('OrderAccepted');
