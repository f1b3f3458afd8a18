import { isCarrier, judgeWaybill } from '../carriers.ts';
import type { FieldError } from '../problems.ts';

/** How a waybill is made of a number of its range. CJ, 한진 and 우체국 have no rule that is known: the number is the waybill. */
export const waybillRules = {
  lotte: '롯데: 열한 자리에 7로 나눈 나머지를 붙임',
  none: '번호 그대로',
} as const;
export type WaybillRule = keyof typeof waybillRules;

/** The numbers from `first` to `last` that a carrier has given, each written with as many digits as the carrier writes. */
export interface NumberRange {
  rule: WaybillRule;
  digits: number;
  first: number;
  last: number;
}

/** A range of which the numbers before `next` are used. */
export interface UsedRange extends NumberRange {
  next: number;
  paused: boolean;
}

/** The rule is the carrier's own. */
const LOTTE = '08';
const LOTTE_DIGITS = 11;
const MOST_DIGITS = 15;

/** The waybill that a number of the range makes. */
export function waybillAt({ rule, digits }: Pick<NumberRange, 'rule' | 'digits'>, number: number): string {
  const written = String(number).padStart(digits, '0');
  return rule === 'lotte' ? written + String(number % 7) : written;
}

/** How many numbers are left. */
export const leftOf = ({ next, last }: Pick<UsedRange, 'next' | 'last'>): number => last - next + 1;

/** How many were taken, or passed over because somebody had used them by hand. */
export const usedOf = ({ next, first }: Pick<UsedRange, 'next' | 'first'>): number => next - first;

export const rangeStates = { active: '사용 중', paused: '일시정지', 'used-up': '다 씀' } as const;
export type RangeState = keyof typeof rangeStates;

/** A range that is used up is that, paused or not. */
export const stateOf = (range: UsedRange): RangeState => (leftOf(range) === 0 ? 'used-up' : range.paused ? 'paused' : 'active');

/** With fewer left, a range runs low, unless it says otherwise: 100, of a small range a twentieth. */
export const lowByDefault = ({ first, last }: Pick<NumberRange, 'first' | 'last'>): number =>
  Math.max(1, Math.min(100, Math.floor((last - first + 1) / 20)));

/** Whether two ranges of one carrier could make the same waybill. */
export function overlap(one: NumberRange, other: NumberRange): boolean {
  const [a, b] = [spanOf(one), spanOf(other)];
  return a.digits === b.digits && a.from <= b.to && b.from <= a.to;
}

const spanOf = (range: NumberRange) => {
  const [from, to] = [waybillAt(range, range.first), waybillAt(range, range.last)];
  return { digits: from.length, from, to };
};

/** The range that a carrier's two numbers mean, or what is wrong with which field. */
export function rangeOf(
  carrierCode: string,
  rule: WaybillRule,
  from: string,
  to: string,
): { range: NumberRange } | { errors: FieldError[] } {
  const errors: FieldError[] = [];
  const wrong = (path: string, message: string) => errors.push({ path, message });
  if (!isCarrier(carrierCode)) wrong('carrierCode', '등록되지 않은 택배사입니다');
  if (rule === 'lotte' && carrierCode !== LOTTE) wrong('rule', `롯데택배(${LOTTE})에만 쓰는 규칙입니다`);
  for (const [path, text] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (!/^\d+$/.test(text)) wrong(path, '숫자만 쓸 수 있습니다');
    else if (rule === 'lotte' && text.length !== LOTTE_DIGITS)
      wrong(path, `마지막 검증 숫자를 뺀 ${LOTTE_DIGITS}자리여야 합니다`);
    else if (text.length > MOST_DIGITS) wrong(path, `${MOST_DIGITS}자리까지 쓸 수 있습니다`);
  }
  if (errors.length > 0) return { errors };
  const range = { rule, digits: from.length, first: Number(from), last: Number(to) };
  if (to.length !== from.length) wrong('to', '시작 번호와 자릿수가 같아야 합니다');
  else if (range.last < range.first) wrong('to', '시작 번호보다 작습니다');
  else if (judgeWaybill(carrierCode, waybillAt(range, range.first)) !== null) wrong('from', '이 택배사의 운송장 형식이 아닙니다');
  return errors.length > 0 ? { errors } : { range };
}
