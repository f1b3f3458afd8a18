import { z } from '@hono/zod-openapi';
import { type LineFilter, type LineSort, lineDates, type PageRequest } from '../db/delivery-line.search.ts';
import { deliveryStates } from '../domain/delivery.ts';
import { Problem } from './problem.ts';
import { businessNo, methodCode, positiveId, rangeFrom, rangeTo, text } from './schemas.ts';

const MOST_COUNTED = 10_000;
const sorts = [...Object.keys(lineDates), 'deliveryNo'] as LineSort[];
const repeatable = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(item).min(1).max(20));
const stateNames = Object.keys(deliveryStates) as (keyof typeof deliveryStates)[];

const filterFields = {
  state: repeatable(z.enum(stateNames))
    .optional()
    .openapi({ type: 'array', items: { type: 'string', enum: stateNames }, example: ['released'] }),
  orderNo: businessNo.optional(),
  deliveryNo: businessNo.optional(),
  productName: text(100).optional().openapi({ description: '상품명의 일부' }),
  carrierCode: text(10).optional(),
  waybillNo: text(50).optional(),
  methodCode: methodCode.optional(),
  placeNo: positiveId.optional(),
  kind: z.enum(['order', 'exchange']).optional(),
  dateField: z.enum(Object.keys(lineDates) as (keyof typeof lineDates)[]).optional(),
  from: rangeFrom.optional(),
  to: rangeTo.optional().openapi({ type: 'string', description: '날짜만 쓰면 그날 끝까지' }),
  updatedFrom: rangeFrom.optional(),
};

const pageFields = {
  sort: z
    .enum(sorts.flatMap((field): (LineSort | `-${LineSort}`)[] => [field, `-${field}`]))
    .optional()
    .openapi({ description: '기본 -orderedAt. 값이 없는 줄은 뒤에 옵니다.', example: '-orderedAt' }),
  cursor: z.string().max(500).optional(),
};

export const lineQuery = z.strictObject({
  ...filterFields,
  ...pageFields,
  limit: z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(500))
    .optional()
    .openapi({ type: 'integer', minimum: 1, maximum: 500, example: 50 }),
  count: z.enum(['true', 'false']).optional().openapi({ description: 'true: total을 함께 (10,000까지 정확)' }),
});

/** The same filters in a body, with the people: names and numbers never stand in a URL. */
export const searchBody = z
  .strictObject({
    ...filterFields,
    ...pageFields,
    limit: z.int().min(1).max(500).optional(),
    count: z.boolean().optional(),
    receiverName: text(100).optional(),
    ordererName: text(100).optional(),
    phone: text(30).optional(),
  })
  .openapi('DeliverySearch', { example: { receiverName: '홍길동', phone: '010-1234-5678' } });

type Asked = Omit<z.output<typeof lineQuery>, 'count'> & { count?: 'true' | 'false' | boolean | undefined } & Pick<
    LineFilter,
    'receiverName' | 'ordererName' | 'phone'
  >;

const cursorSchema = z.tuple([z.string(), z.iso.datetime().nullable(), z.string(), z.int()]);

function readCursor(cursor: string, sort: string): NonNullable<PageRequest['after']> {
  try {
    const [of, value, deliveryNo, lineNo] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (of !== sort) throw new Error('made for another sort');
    return { value, deliveryNo, lineNo };
  } catch {
    throw new Problem('BAD_REQUEST', undefined, {
      errors: [{ path: 'cursor', message: '이 목록과 정렬에서 받은 cursor가 아닙니다' }],
    });
  }
}

/** What a list was asked, as the search understands it. One row more than the page is fetched, to know whether there is a next. */
export function pageRequest(
  asked: Asked,
): PageRequest & { counted: boolean; wanted: number; cursorOf: (last: LastRow) => string } {
  const { sort: given = '-orderedAt', cursor, limit = 50, count, state, ...filter } = asked;
  const descending = given.startsWith('-');
  const sort = given.replace(/^-/, '') as LineSort;
  return {
    filter: { ...filter, states: state },
    sort,
    descending,
    limit: limit + 1,
    wanted: limit,
    after: cursor === undefined ? undefined : readCursor(cursor, given),
    counted: count === true || count === 'true',
    cursorOf: (last) => {
      const value = sort === 'deliveryNo' ? null : (last[lineDates[sort]]?.toISOString() ?? null);
      return Buffer.from(JSON.stringify([given, value, last.delivery_no, last.line_no])).toString('base64url');
    },
  };
}

type LastRow = { delivery_no: string; line_no: number } & Record<(typeof lineDates)[keyof typeof lineDates], Date | null>;

export const COUNT_LIMIT = MOST_COUNTED + 1;

/** `total` and, past 10,000, `totalIsMinimum`. */
export const totalOf = (counted: number) =>
  counted > MOST_COUNTED ? { total: MOST_COUNTED, totalIsMinimum: true } : { total: counted };

/** `{ items, nextCursor, total? }`. */
export const listAnswer = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    total: z.int().optional(),
    totalIsMinimum: z.boolean().optional(),
  });
