import { type DeliveryState, deliveryStates, type SplitPart } from '../deliveries/line.ts';
import { type ProblemCode, problems } from '../problems.ts';

/** States of an 출고완료 일괄 job. */
export const bulkStates = { validated: '검증됨', running: '처리 중', completed: '완료', canceled: '취소됨' } as const;
export type BulkState = keyof typeof bulkStates;

/** Result of a row of the sheet; the names are 결과 in the result sheet. */
export const bulkRowStatuses = {
  pending: '대기',
  invalid: '오류',
  skipped: '건너뜀',
  succeeded: '성공',
  failed: '실패',
} as const;
export type BulkRowStatus = keyof typeof bulkRowStatuses;

/** A bulk shipment pauses for admins while one of their commands waits longer than this. */
export const ADMIN_WAITS_MS = 100;

/** Codes whose sentence is clearer when it names the state that blocked the row. */
const ofState: readonly ProblemCode[] = ['TRANSITION_NOT_ALLOWED', 'LINE_FINISHED'];

/** Codes of a cell that could not be read, whose sentence names its column. */
const ofCell: readonly ProblemCode[] = ['CELL_UNREADABLE', 'CELL_NOT_TEXT', 'DIGITS_LOST'];

/** One fault of a row in Korean, with the state's name, the lines and the columns concerned where they matter. */
export function bulkTitle(
  code: ProblemCode,
  states: readonly DeliveryState[],
  lineNos: readonly number[] = [],
  columns: readonly string[] = [],
): string {
  const about = [
    ...(ofCell.includes(code) ? columns : []),
    ...(ofState.includes(code) && states.length > 0 ? [`현재 ${states.map((state) => deliveryStates[state]).join(', ')}`] : []),
    ...(lineNos.length > 0 ? [`${lineNos.join(', ')}번 줄`] : []),
  ];
  return about.length === 0 ? problems[code].title : `${problems[code].title} (${about.join(' · ')})`;
}

/** 사유 of a row in the result sheet. */
export function bulkReason(
  status: BulkRowStatus,
  codes: readonly ProblemCode[],
  states: readonly DeliveryState[],
  lineNos: readonly number[],
  columns: readonly string[] = [],
): string {
  if (status === 'skipped' && codes.length === 0) return '이미 같은 운송장으로 출고되었습니다';
  return codes.map((code) => bulkTitle(code, states, lineNos, columns)).join(' / ');
}

/** 사유 of a row for a part of its line: where the rest is. */
export const splitReason = ({ deliveryNo, lineNo, state, validQuantity }: SplitPart): string =>
  `분할: 나머지 ${validQuantity}개는 ${deliveryNo} ${lineNo}번 줄 (${deliveryStates[state]})`;

/** 사유 of a row whose waybill was drawn from a range. */
export const drawnReason = (waybillNo: string): string => `운송장 대역에서 받은 번호 ${waybillNo}`;
