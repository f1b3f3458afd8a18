import { z } from '@hono/zod-openapi';
import { addDays } from '../../domain/korea.ts';
import { Problem } from '../../domain/problems.ts';
import { businessNo, day, digitsOf, instant, soughtBeginning, soughtNo } from './schemas.ts';

const MOST_COUNTED = 10_000;
/** One more than the API reports, to know whether there are more. */
export const COUNT_LIMIT = MOST_COUNTED + 1;
export const DEFAULT_LIMIT = 50;

/** A query parameter that may be given several times. */
export const repeatable = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(item).min(1).max(20));

const MOST_NUMBERS = 200;
/** A filter by numbers, any of which will do; one may stand alone. */
export const numbersFilter = (what: string) =>
  z
    .union([soughtNo, z.array(soughtNo).min(1).max(MOST_NUMBERS)])
    .transform((given) => [given].flat())
    .optional()
    .openapi({ description: `${what}: ${MOST_NUMBERS}개까지 되풀이. 대소문자, 하이픈, 빈칸을 가리지 않음` });

/** `q` of a list. */
export const qFilter = (what: string) =>
  soughtBeginning.optional().openapi({
    type: 'string',
    description: `${what}, 또는 그 앞부분 (하이픈과 빈칸을 빼고 4글자 이상). 대소문자, 하이픈, 빈칸을 가리지 않음`,
    example: 'd2611-23',
  });

/** `limit` of a list in a query. */
export const limitQuery = digitsOf(/^\d{1,4}$/)
  .pipe(z.int().min(1).max(500))
  .optional()
  .openapi({ type: 'integer', minimum: 1, maximum: 500, example: 50 });

/** `limit`, `count`, `cursor` and `sort` of a list in a query; the default order is `byDefault`, not the first of `sorts`. */
export const pageQuery = <S extends string>(sorts: readonly S[], byDefault: S | `-${S}`) => ({
  ...pageFields(sorts, byDefault),
  limit: limitQuery,
  count: z.enum(['true', 'false']).optional().openapi({ description: 'true: total을 함께 (10,000까지 정확)' }),
});

/** The same for a body. */
export const pageBody = <S extends string>(sorts: readonly S[], byDefault: S | `-${S}`) => ({
  ...pageFields(sorts, byDefault),
  limit: z.int().min(1).max(500).optional(),
  count: z.boolean().optional(),
});

const pageFields = <S extends string>(sorts: readonly S[], byDefault: S | `-${S}`) => ({
  sort: z
    .enum(sorts.flatMap((field): (S | `-${S}`)[] => [field, `-${field}`]))
    .optional()
    .openapi({ description: `기본 ${byDefault}. 값이 없는 줄은 뒤에 옵니다.`, example: byDefault }),
  cursor: z.string().max(500).optional(),
});

interface Asked<S extends string> {
  sort?: S | `-${S}` | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
  count?: 'true' | 'false' | boolean | undefined;
}

/** A position in a list: the sort value of the last row (null = it has none) and its key. */
export interface Place {
  value: string | null;
  key: (string | number)[];
}

/** Sort, value (an instant or a day), key: a business number, then integers. A cursor with other content is not ours and must not reach a query. */
const cursorSchema = z.tuple([
  z.string(),
  z.union([day, instant]).nullable(),
  z.tuple([businessNo], z.int().min(1).max(2_147_483_647)),
]);

function readCursor(cursor: string, sort: string, keyLength: number): Place {
  try {
    const [of, value, key] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (of !== sort || key.length !== keyLength) throw new Error('made for another list');
    return { value, key };
  } catch {
    const errors = [{ path: 'cursor', message: '이 목록과 정렬에서 받은 cursor가 아닙니다' }];
    throw new Problem('BAD_REQUEST', undefined, { errors });
  }
}

/** A requested page. Fetch one row more than `wanted`, to know whether there is a next page. */
export function keysetPage<S extends string>(
  { sort: given, cursor, limit, count }: Asked<S>,
  byDefault: S | `-${S}`,
  keyLength: number,
) {
  const named = given ?? byDefault;
  const wanted = limit ?? DEFAULT_LIMIT;
  return {
    sort: named.replace(/^-/, '') as S,
    descending: named.startsWith('-'),
    wanted,
    limit: wanted + 1,
    after: cursor === undefined ? undefined : readCursor(cursor, named, keyLength),
    counted: count === true || count === 'true',
    /** `nextCursor` of a page whose `rows` include one extra; `place` gives the position of the last shown row. */
    nextCursor: <Row>(rows: Row[], place: (row: Row) => Place): string | null => {
      const last = rows[wanted - 1];
      if (rows.length <= wanted || last === undefined) return null;
      const { value, key } = place(last);
      return Buffer.from(JSON.stringify([named, value, key])).toString('base64url');
    },
  };
}

/** `total` and, above 10,000 or if there may be more, `totalIsMinimum`; nothing when no count was requested. */
export function totalOf(counted: number | undefined, isMinimum = false): { total?: number; totalIsMinimum?: boolean } {
  if (counted === undefined) return {};
  if (counted > MOST_COUNTED) return { total: MOST_COUNTED, totalIsMinimum: true };
  return isMinimum ? { total: counted, totalIsMinimum: true } : { total: counted };
}

/** `{ items, nextCursor, total? }`. */
export const listAnswer = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    total: z.int().optional(),
    totalIsMinimum: z.boolean().optional(),
  });

/** Refuses a range of days that ends before it begins, or is longer than so many days. */
export function requireSpan({ from, to }: { from: string; to: string }, most: number): void {
  const message = to < from ? 'from보다 앞입니다' : to >= addDays(from, most) ? `from부터 ${most}일까지 물을 수 있습니다` : null;
  if (message) throw new Problem('BAD_REQUEST', `to: ${message}`, { errors: [{ path: 'to', message }] });
}
