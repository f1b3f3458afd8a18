/** Every error code of the HTTP API: its status as a whole answer and its Korean sentence. Line results use the sentence alone. */
export const problems = {
  BAD_REQUEST: { status: 400, title: '요청 형식이 올바르지 않습니다' },
  UNAUTHENTICATED: { status: 401, title: '로그인이 필요하거나 토큰이 올바르지 않습니다' },
  PERMISSION_DENIED: { status: 403, title: '이 작업을 할 권한이 없습니다' },
  NOT_FOUND: { status: 404, title: '찾을 수 없습니다' },
  BODY_TOO_LARGE: { status: 413, title: '요청 본문이 너무 큽니다' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: '지원하지 않는 Content-Type입니다' },
  IDEMPOTENCY_KEY_REUSED: { status: 409, title: '같은 Idempotency-Key가 다른 내용으로 이미 사용되었습니다' },
  IDEMPOTENCY_KEY_BUSY: { status: 409, title: '같은 Idempotency-Key의 요청이 아직 처리 중입니다' },
  ORDER_EXISTS: { status: 409, title: '같은 주문번호가 다른 내용으로 이미 접수되어 있습니다' },
  ORDER_NOT_FOUND: { status: 404, title: '주문을 찾을 수 없습니다' },
  DELIVERY_NOT_FOUND: { status: 404, title: '배송을 찾을 수 없습니다' },
  LINE_NOT_FOUND: { status: 404, title: '주문내역을 찾을 수 없습니다' },
  TRANSITION_NOT_ALLOWED: { status: 409, title: '현재 상태에서는 할 수 없는 처리입니다' },
  WAYBILL_REQUIRED: { status: 400, title: '택배사와 운송장번호가 필요합니다' },
  CARRIER_UNKNOWN: { status: 400, title: '등록되지 않은 택배사입니다' },
  WAYBILL_INVALID: { status: 400, title: '운송장번호 형식이 올바르지 않습니다' },
  WAYBILL_IN_USE: { status: 409, title: '다른 배송에서 사용 중인 운송장번호입니다' },
  REVISION_CONFLICT: { status: 409, title: '조회한 뒤에 다른 처리로 변경되었습니다' },
  LINE_FINISHED: { status: 409, title: '이미 종료된 주문내역입니다' },
  REASON_REQUIRED: { status: 400, title: '사유가 필요합니다' },
  ALREADY_MOVING: { status: 409, title: '이미 택배사에서 이동이 시작되어 취소할 수 없습니다' },
  ALREADY_SHIPPED: { status: 409, title: '이미 출고되었습니다' },
  CLAIM_OPEN: { status: 409, title: '진행 중인 반품·교환이 있어 할 수 없습니다' },
  QUANTITY_EXCEEDED: { status: 409, title: '남은 수량보다 많습니다' },
  NOT_CLAIMABLE: { status: 409, title: '반품·교환할 수 있는 수량이 아닙니다' },
  CLAIM_EXISTS: { status: 409, title: '같은 접수번호가 다른 내용으로 이미 접수되어 있습니다' },
  CLAIM_NOT_FOUND: { status: 404, title: '반품·교환 접수를 찾을 수 없습니다' },
  PICKUP_NOT_FOUND: { status: 404, title: '회수를 찾을 수 없습니다' },
  PICKUP_FINISHED: { status: 409, title: '이미 종료된 회수입니다' },
  PICKUP_HELD: { status: 409, title: '보류 중인 회수입니다. 보류를 해제한 뒤 처리하세요' },
  KIND_NOT_EXCHANGE: { status: 409, title: '교환 회수가 아닙니다' },
  QUANTITY_MISMATCH: { status: 400, title: '재입고와 폐기 수량의 합이 회수 수량과 다릅니다' },
  ASSEMBLY_NOT_FOUND: { status: 404, title: '없는 자료입니다' },
  ASSEMBLY_EXISTS: { status: 409, title: '이미 등록되어 있습니다' },
  PLAN_FINISHED: { status: 409, title: '이미 끝난 상품가공 계획입니다' },
  PLAN_QUANTITY_EXCEEDED: { status: 400, title: '완성 수량은 1개 이상, 계획 수량 이하여야 합니다' },
  MATERIAL_SHORTAGE: { status: 409, title: '가공재료가 모자랍니다' },
  COMMAND_PENDING: { status: 503, title: '아직 처리 결과를 알 수 없습니다. 잠시 후 자동으로 마무리됩니다' },
  UNAVAILABLE: { status: 503, title: '지금은 요청을 받을 수 없습니다. 아무것도 처리되지 않았습니다' },
  INTERNAL: { status: 500, title: '처리 중 오류가 발생했습니다' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** True when a text from another process (a workflow failure's type) is one of our codes. */
export function isProblemCode(code: string | null | undefined): code is ProblemCode {
  return code !== null && code !== undefined && Object.hasOwn(problems, code);
}
