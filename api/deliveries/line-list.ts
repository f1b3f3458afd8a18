import { z } from '@hono/zod-openapi';
import { dueStatuses } from '../../db/deliveries/due.ts';
import { type LineFilter, lineDates } from '../../db/deliveries/filter.ts';
import { type FoundLine, type LineSort, type PageRequest, sortDates } from '../../db/deliveries/list.ts';
import { deliveryStates } from '../../domain/deliveries/line.ts';
import { koreanDay } from '../../domain/korea.ts';
import { cleanNumber } from '../../domain/text.ts';
import { keysetPage, numbersFilter, pageBody, pageQuery, qFilter, repeatable } from '../http/list.ts';
import { cleanedText, day, methodCode, positiveId, rangeFrom, rangeTo, text } from '../http/schemas.ts';

const sorts = [...Object.keys(sortDates), 'deliveryNo'] as LineSort[];
/** The order without `dateField`, with which the newest by that date come first, or `due`, with which what is due first does. */
const BY_DEFAULT = '-orderedAt';
const stateNames = Object.keys(deliveryStates) as (keyof typeof deliveryStates)[];

const filterFields = {
  state: repeatable(z.enum(stateNames))
    .optional()
    .openapi({ type: 'array', items: { type: 'string', enum: stateNames }, example: ['released'] }),
  q: qFilter('주문번호, 배송번호, 운송장번호 (너무 많은 번호의 앞부분이면 400)'),
  orderNo: numbersFilter('주문번호'),
  deliveryNo: numbersFilter('배송번호'),
  productId: positiveId.optional().openapi({ description: '상품번호. state=awaitingShipment와 함께면 상품별 색인을 읽음' }),
  productName: text(100).optional().openapi({ description: '상품명의 일부' }),
  carrierCode: text(10).optional(),
  waybillNo: numbersFilter('운송장번호'),
  methodCode: methodCode.optional(),
  placeNo: positiveId.optional(),
  workBatch: positiveId.optional().openapi({ description: '작업차수: 지금 들어 있거나 함께 출고한 줄' }),
  kind: z.enum(['order', 'exchange']).optional(),
  dateField: z.enum(Object.keys(lineDates) as (keyof typeof lineDates)[]).optional(),
  from: rangeFrom.optional(),
  to: rangeTo.optional().openapi({ type: 'string', description: '날짜만 쓰면 그날 끝까지' }),
  updatedFrom: rangeFrom.optional(),
  due: z
    .enum(dueStatuses)
    .optional()
    .openapi({ description: '아직 출고하지 않은 것 중 dispatchStatus가 이것인 줄 (오늘은 서울의 날짜)' }),
  dueFrom: day.optional().openapi({ description: '발송기한 (dispatchDueOn). 출고한 것도 나옴' }),
  dueTo: day.optional().openapi({ description: '그날도 포함' }),
};

/** Query of 배송처리목록 and 배송목록. */
export const lineQuery = z.strictObject({ ...filterFields, ...pageQuery(sorts, BY_DEFAULT) });

/** The same filters in a body, together with people, because names and numbers must not be in a URL. */
export const searchBody = z
  .strictObject({
    ...filterFields,
    ...pageBody(sorts, BY_DEFAULT),
    receiverName: text(100).optional(),
    ordererName: text(100).optional(),
    phone: cleanedText(cleanNumber)
      .min(1)
      .max(30)
      .refine((value) => /\d/.test(value), '숫자가 있어야 합니다')
      .optional()
      .openapi({ description: '번호 전체, 또는 마지막 네 자리' }),
  })
  .openapi('DeliverySearch', { example: { receiverName: '홍길동', phone: '010-1234-5678' } });

/** Names of the people's fields that a search asks for. */
export const peopleAsked = (asked: z.output<typeof searchBody>): string[] =>
  (['receiverName', 'ordererName', 'phone'] as const).filter((field) => asked[field] !== undefined);

type Asked = Omit<z.output<typeof searchBody>, 'count'> & { count?: 'true' | 'false' | boolean | undefined };

/** Turns the list's query into a page request, and says how its pages continue. */
export function pageRequest(asked: Asked) {
  const { sort: given, cursor, limit, count, state, due, ...filter } = asked;
  const { after, nextCursor, ...page } = keysetPage<LineSort>(
    { sort: given, cursor, limit, count },
    filter.dateField ? `-${filter.dateField}` : due ? 'dispatchDueOn' : BY_DEFAULT,
    2,
  );
  const request: PageRequest = {
    ...page,
    filter: { ...filter, states: state, due: due && { status: due, today: koreanDay(new Date()) } } satisfies LineFilter,
    after: after && { value: after.value, deliveryNo: String(after.key[0]), lineNo: Number(after.key[1]) },
  };
  const placeOf = (row: FoundLine) => ({ value: sortValueOf(row, page.sort), key: [row.delivery_no, row.line_no] });
  return { ...page, request, nextCursor: (rows: FoundLine[]) => nextCursor(rows, placeOf) };
}

function sortValueOf(row: FoundLine, sort: LineSort): string | null {
  if (sort === 'deliveryNo') return null;
  return sort === 'dispatchDueOn' ? row.dispatch_due_on : (row[sortDates[sort]]?.toISOString() ?? null);
}
