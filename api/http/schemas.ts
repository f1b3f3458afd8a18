import { z } from '@hono/zod-openapi';
import { methods } from '../../domain/delivery-method.ts';
import { problems } from '../../domain/problems.ts';
import { cleanNumber, cleanText, numberKey } from '../../domain/text.ts';

z.config(z.locales.ko());

/** Whether PostgreSQL can store this text: no NUL, no half of a surrogate pair. */
export const isStorable = (value: string) => !value.includes('\u0000') && value.isWellFormed();

/** Every text from outside, cleaned (domain/text.ts) before its letters are counted; only invisible letters are an empty text. */
export const cleanedText = (clean: (text: string) => string = cleanText) =>
  z
    .string()
    .refine(isStorable, '쓸 수 없는 문자가 있습니다')
    .overwrite((value) => clean(value).trim());

/** Text of 1–`most` letters that PostgreSQL can store. */
export const text = (most: number) => cleanedText().min(1).max(most);

/** Optional text: absent, null and blank all become null. */
export const optionalText = (most: number) =>
  cleanedText()
    .max(most)
    .nullish()
    .transform((value) => value || null);

/** An optional value of a body, for which an empty text means absent too. */
export const absentWhenEmpty = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (typeof value === 'string' && cleanText(value).trim() === '' ? null : value), schema);

/** A number in a query: its digits. The number itself is what this schema has made of them before. */
export const digitsOf = (pattern: RegExp, message?: string) =>
  z.union([z.int(), z.string().regex(pattern, message).transform(Number)]);

const positive = (most: number) =>
  z.union([
    z.int().positive().max(most),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number)
      .pipe(z.int().positive().max(most)),
  ]);

/** lineNo: a positive integer, digit strings accepted. Above it there is room for the lines of exchanges, which come after an order's last. */
export const lineNo = positive(1_000_000_000).openapi({ type: 'integer', minimum: 1, example: 1 });
/** productId, placeNo, policyNo: positive integers, digit strings accepted. */
export const positiveId = positive(Number.MAX_SAFE_INTEGER).openapi({ type: 'integer', minimum: 1, example: 43897 });
export const quantity = z.int().min(1).max(9_999).openapi({ example: 1 });
export const businessNo = text(50);
/** A number that a list looks for, as people write it (`numberKey` of domain/text.ts). */
export const soughtNo = cleanedText(numberKey).min(1, '글자나 숫자가 있어야 합니다').max(50);
/** The beginning of a number. */
export const soughtBeginning = cleanedText(numberKey).min(4, '하이픈과 빈칸을 빼고 네 글자 이상이어야 합니다').max(50);
/** A carrier's code or waybill in a command. An invalid one is an error of its line, not of the body, so it is made harmless. */
export const shippingCode = z.string().transform((value) => {
  const plain = cleanNumber(value);
  return isStorable(value) && /^[0-9A-Za-z\s-]{0,50}$/.test(plain) ? plain : '?';
});
export const methodCode = z.enum(Object.keys(methods) as (keyof typeof methods)[]).openapi({ example: '10' });

const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;
const hasOffset = /(Z|[+-]\d{2}:?\d{2})$/;
/**
 * A date means its first instant in Seoul; an instant without an offset is in Seoul time. Seoul is nine hours ahead of UTC, also in
 * years when its clocks said otherwise (domain/korea.ts).
 */
function toDate(value: string | Date): Date {
  if (value instanceof Date) return value;
  return new Date(DATE_ONLY.test(value) ? `${value}T00:00:00+09:00` : hasOffset.test(value) ? value : `${value}+09:00`);
}
/** A `Date` is what this schema has made of a text before, and stays as it is. */
function afterwards(value: string | Date): Date {
  if (value instanceof Date) return value;
  return new Date(toDate(value).getTime() + (DATE_ONLY.test(value) ? 86_400_000 : 1));
}
const [FIRST, END] = [Date.parse('1900-01-01T00:00:00+09:00'), Date.parse('3000-01-01T00:00:00+09:00')];
/** The instant itself is compared, not its text, so that every text of the same instant is treated alike, in UTC too. */
function isOfOurTime(value: string | Date): boolean {
  const time = toDate(value).getTime();
  return value instanceof Date || (time >= FIRST && time < END);
}
const years = '1900년부터 2999년까지 쓸 수 있습니다';
const isoText = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })]);
const bound = z.union([z.date(), isoText]).refine(isOfOurTime, years);

/** A day in Seoul from outside, YYYY-MM-DD. */
export const day = z.iso.date().refine(isOfOurTime, years).openapi({ type: 'string', format: 'date', example: '2026-11-23' });

/** An instant from outside, as an ISO string in UTC. */
export const instant = isoText
  .refine(isOfOurTime, years)
  .transform((value) => toDate(value).toISOString())
  .openapi({ type: 'string', format: 'date-time', example: '2026-11-23T09:00:00+09:00' });
/** The first instant of a range. */
export const rangeFrom = bound.transform(toDate).openapi({ type: 'string', example: '2026-11-01' });
/** The first instant after a range: a date includes the whole day, an instant is inclusive. */
export const rangeTo = bound.transform(afterwards).openapi({ type: 'string', example: '2026-11-30' });

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problems) as (keyof typeof problems)[]),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    permission: z.string().optional().openapi({ description: '403에서: 없는 권한', example: 'delivery.write' }),
  })
  .openapi('Problem', {
    example: {
      type: '/docs#BAD_REQUEST',
      title: problems.BAD_REQUEST.title,
      status: 400,
      code: 'BAD_REQUEST',
      detail: problems.BAD_REQUEST.title,
      errors: [{ path: 'lines.0.deliveryNo', message: '필수 항목입니다' }],
    },
  });

const problemContent = { 'application/problem+json': { schema: problemSchema } };

/** The error answers a route documents; 401, 403, 500 and 503 are added to all routes. */
export function problemResponses(...statuses: (400 | 404 | 409 | 410 | 413 | 415 | 429 | 503)[]) {
  const described: Record<number, string> = {
    400: '요청 형식 오류',
    401: '토큰 없음 또는 오류',
    403: '권한 없음',
    404: '없음',
    409: '현재 상태와 충돌',
    410: '지워짐',
    413: '본문이 너무 큼',
    415: '지원하지 않는 Content-Type',
    429: '횟수 제한을 넘음: Retry-After 초 뒤에 다시',
    500: '내부 오류',
    503: '결과를 아직 모르거나(COMMAND_PENDING) 요청을 받지 못함(UNAVAILABLE)',
  };
  return Object.fromEntries(
    [401, 403, 500, 503, ...statuses].map((status) => [
      status,
      { description: described[status] ?? '', content: problemContent },
    ]),
  );
}

/** A JSON answer with an example. */
export const jsonAnswer = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** A required JSON body. */
export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  required: true,
  content: { 'application/json': { schema } },
});

export const requestHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .optional()
    .openapi({
      description: '같은 요청을 다시 보내도 한 번만 처리됩니다. 없으면 만들어 돌려줍니다.',
      example: 'ship-20261123-001',
    }),
});

export const commandHeaders = requestHeaders.extend({
  prefer: z
    .string()
    .optional()
    .openapi({ description: '`respond-async`: 202로 접수만 하고 신호로 보냅니다.', example: 'respond-async' }),
});

export const deliveryNoParam = z.object({
  deliveryNo: businessNo.openapi({ param: { name: 'deliveryNo', in: 'path' }, example: 'D261123000001' }),
});
export const orderNoParam = z.object({
  orderNo: businessNo.openapi({ param: { name: 'orderNo', in: 'path' }, example: 'S20261123-0001' }),
});
