/** Every error code of the HTTP API: its HTTP status and its Korean sentence. Results of single lines use only the sentence. */
export const problems = {
  BAD_REQUEST: { status: 400, title: '요청 형식이 올바르지 않습니다' },
  UNAUTHENTICATED: { status: 401, title: '로그인이 필요하거나 토큰이 올바르지 않습니다' },
  PERMISSION_DENIED: { status: 403, title: '이 작업을 할 권한이 없습니다' },
  NOT_FOUND: { status: 404, title: '찾을 수 없습니다' },
  EVENTS_GONE: {
    status: 410,
    title: '그 뒤의 이벤트 가운데 보관 기간(30일)이 지나 지워진 것이 있습니다. 목록을 다시 읽고 이어 주세요',
  },
  TOO_MANY_SEARCHES: { status: 429, title: '사람은 1분에 60번까지 찾을 수 있습니다. 잠시 뒤에 다시 찾아 주세요' },
  BODY_TOO_LARGE: { status: 413, title: '요청 본문이 너무 큽니다' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: '지원하지 않는 Content-Type입니다' },
  IDEMPOTENCY_KEY_REUSED: { status: 409, title: '같은 Idempotency-Key가 다른 내용으로 이미 사용되었습니다' },
  SUPERSEDED: { status: 409, title: '이 요청보다 나중에 한 변경이 있어 이 요청은 처리하지 않았습니다' },
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
  WAYBILL_RANGE_EMPTY: { status: 409, title: '출하지에 쓸 수 있는 운송장 대역이 없거나 다 썼습니다' },
  WAYBILL_RANGE_AMBIGUOUS: { status: 409, title: '출하지에 여러 택배사의 운송장 대역이 있습니다. 택배사를 정해 주세요' },
  WAYBILL_RANGE_NOT_FOUND: { status: 404, title: '운송장 대역을 찾을 수 없습니다' },
  WAYBILL_RANGE_OVERLAP: { status: 409, title: '같은 택배사의 다른 운송장 대역과 겹칩니다' },
  WAYBILL_RANGE_USED: { status: 409, title: '이미 쓴 번호가 있어 바꿀 수 없습니다' },
  REVISION_CONFLICT: { status: 409, title: '조회한 뒤에 다른 처리로 변경되었습니다' },
  LINE_FINISHED: { status: 409, title: '이미 종료된 주문내역입니다' },
  DELAY_NOTICED: { status: 409, title: '이미 발송지연을 안내한 주문내역입니다' },
  REASON_REQUIRED: { status: 400, title: '사유가 필요합니다' },
  ALREADY_MOVING: { status: 409, title: '이미 택배사에서 이동이 시작되어 취소할 수 없습니다' },
  ALREADY_SHIPPED: { status: 409, title: '이미 출고되었습니다' },
  CLAIM_OPEN: { status: 409, title: '진행 중인 반품·교환이 있어 할 수 없습니다' },
  QUANTITY_EXCEEDED: { status: 409, title: '남은 수량보다 많습니다' },
  MERGE_NOT_POSSIBLE: { status: 409, title: '분할한 줄과 원래 줄이 출고 전 같은 상태일 때만 분할을 취소할 수 있습니다' },
  NOT_CLAIMABLE: { status: 409, title: '반품·교환할 수 있는 수량이 아닙니다' },
  CLAIM_SETTLED: { status: 409, title: '반품·교환이 이미 반영된 수량이라 되돌릴 수 없습니다. 회수완료로 마치세요' },
  CLAIM_EXISTS: { status: 409, title: '같은 접수번호가 다른 내용으로 이미 접수되어 있습니다' },
  CLAIM_NOT_FOUND: { status: 404, title: '반품·교환 접수를 찾을 수 없습니다' },
  PICKUP_NOT_FOUND: { status: 404, title: '회수를 찾을 수 없습니다' },
  PICKUP_FINISHED: { status: 409, title: '이미 종료된 회수입니다' },
  PICKUP_HELD: { status: 409, title: '보류 중인 회수입니다. 보류를 해제한 뒤 처리하세요' },
  KIND_NOT_EXCHANGE: { status: 409, title: '교환 회수가 아닙니다' },
  KIND_NOT_RETURN: { status: 409, title: '반품 회수가 아닙니다' },
  QUANTITY_MISMATCH: { status: 400, title: '재입고와 폐기 수량의 합이 회수 수량과 다릅니다' },
  TRACKING_EXCEPTION_NOT_FOUND: { status: 404, title: '배송추적 예외를 찾을 수 없습니다' },
  NOTICE_NOT_FOUND: { status: 404, title: '알림톡을 찾을 수 없습니다' },
  NOTICE_NOT_RESENDABLE: { status: 409, title: '실패했거나 보내지 않았거나 결과를 모르는 알림톡만 다시 보낼 수 있습니다' },
  WORK_BATCH_NOT_FOUND: { status: 404, title: '없는 작업차수입니다' },
  WORK_BATCH_COMPLETED: { status: 409, title: '이미 완료된 작업차수입니다' },
  WORK_BATCH_OWNED: { status: 409, title: '다른 사람이 맡은 작업차수입니다. 넘겨받은 뒤에 하세요' },
  WORK_BATCH_NOT_DONE: { status: 409, title: '아직 출고하지 않은 줄이 있는 작업차수입니다' },
  IN_WORK_BATCH: { status: 409, title: '이미 다른 작업차수에 들어 있는 줄입니다' },
  NOT_IN_WORK_BATCH: { status: 404, title: '이 작업차수에 들어 있지 않은 줄입니다' },
  NOT_RELEASED: { status: 409, title: '출고지시 상태인 줄만 작업차수에 넣을 수 있습니다' },
  PARCEL_AMBIGUOUS: { status: 409, title: '택배사가 다른 상자에 같은 운송장번호가 있습니다. 이력에서 확인해 주세요' },
  PARCEL_NOT_FOUND: { status: 404, title: '그 번호의 배송이나 운송장이 없습니다' },
  PARCEL_CANCELED: { status: 409, title: '취소된 배송입니다. 보내지 마세요' },
  PARCEL_SHIPPED: { status: 409, title: '이미 출고한 배송입니다' },
  PARCEL_STOCKOUT: { status: 409, title: '결품인 상품이 있는 배송입니다' },
  PARCEL_UNRELEASED: { status: 409, title: '아직 출고지시하지 않은 상품이 있는 배송입니다' },
  PARCEL_VERIFIED: { status: 409, title: '이미 검품한 상자입니다' },
  SCAN_WRONG_PRODUCT: { status: 409, title: '이 배송에 없는 상품입니다' },
  SCAN_TOO_MANY: { status: 409, title: '이 상품은 필요한 수량을 다 스캔했습니다' },
  SCAN_NOT_NEEDED: { status: 409, title: '취소되었거나 이미 출고한 상품입니다. 상자에서 빼세요' },
  VERIFICATION_NOT_FOUND: { status: 404, title: '없는 검품입니다' },
  VERIFICATION_OWNED: { status: 409, title: '다른 사람이 검품하고 있는 상자입니다' },
  VERIFICATION_COMPLETED: { status: 409, title: '이미 끝난 검품입니다' },
  BATCH_NOT_FOUND: { status: 404, title: '없는 배치입니다' },
  BATCH_RUNNING: { status: 409, title: '같은 배치가 이미 실행 중입니다' },
  VALUE_MISSING: { status: 400, title: 'Null 허용 개체에는 값이 있어야 합니다.' },
  FEE_PAYER_MISSING: {
    status: 400,
    title: '유료 배송비 선결제 여부(IsPrepay)와 착불 여부(IsCod)가 모두 false일 수 없습니다.',
  },
  PLACE_FIXED: { status: 400, title: '출하지 번호는 변경할 수 없습니다' },
  PLACE_NOT_FOUND: { status: 404, title: '출하지 번호를 확인해 주세요' },
  POLICY_NOT_FOUND: { status: 404, title: '배송비정책번호를 확인해 주세요' },
  DISPATCH_POLICY_NOT_FOUND: { status: 404, title: '발송정책번호를 확인해 주세요' },
  RECALCULATION_RUNNING: { status: 409, title: '발송기한을 다시 계산하는 중입니다. 끝난 뒤에 다시 하세요' },
  SHEET_UNREADABLE: { status: 400, title: '읽을 수 없는 파일입니다. .xlsx 또는 .csv 파일을 올려 주세요' },
  SHEET_ENCRYPTED: { status: 400, title: '암호가 걸린 파일입니다. 암호를 풀어 다시 저장해 주세요' },
  SHEET_HEADER_MISSING: { status: 400, title: '머리글(배송번호, 택배사코드, 운송장번호)을 찾을 수 없습니다' },
  SHEET_AMBIGUOUS: { status: 400, title: '머리글이 있는 시트가 둘 이상입니다. 어느 시트인지 골라 주세요' },
  SHEET_NOT_FOUND: { status: 400, title: '그 이름의 시트가 없습니다' },
  CSV_UNCLOSED_QUOTE: { status: 400, title: '닫히지 않은 따옴표가 있습니다' },
  SHEET_EMPTY: { status: 400, title: '처리할 행이 없습니다' },
  SHEET_TOO_LARGE: { status: 413, title: '시트가 너무 큽니다. 50,000행까지 나누어 올려 주세요' },
  DELIVERY_NO_REQUIRED: { status: 400, title: '배송번호가 비어 있습니다 (병합된 셀은 나누어 주세요)' },
  LINE_NO_INVALID: { status: 400, title: '순번은 1 이상의 정수입니다' },
  LINE_NO_REQUIRED: { status: 400, title: '여러 줄인 배송의 일부 수량은 순번을 적어야 합니다' },
  QUANTITY_INVALID: { status: 400, title: '수량은 1 이상의 정수입니다' },
  DIGITS_LOST: { status: 400, title: '숫자 셀에서 자릿수가 잘렸습니다. 텍스트 서식으로 다시 입력해 주세요' },
  CELL_UNREADABLE: {
    status: 400,
    title: '읽을 수 없는 셀입니다. 계산되지 않은 수식이나 깨진 글자라면 값으로 다시 입력해 주세요',
  },
  CELL_NOT_TEXT: { status: 400, title: '날짜나 오류 값인 셀입니다. 텍스트로 입력해 주세요' },
  LINE_REPEATED: { status: 400, title: '같은 주문내역이 시트에 두 번 이상 있습니다' },
  NOT_A_PARCEL: {
    status: 409,
    title: '택배가 아니어서 건너뛰었습니다. 함께 출고하려면 “택배가 아닌 행도 출고”를 켜고 다시 올려 주세요',
  },
  BULK_NOT_FOUND: { status: 404, title: '일괄 출고 작업을 찾을 수 없습니다' },
  BULK_FINISHED: { status: 409, title: '이미 끝났거나 취소된 일괄 출고 작업입니다' },
  EXPORT_TOO_LARGE: { status: 400, title: '100,000행을 넘습니다. 조건을 좁혀 주세요' },
  PRINT_TOO_LARGE: { status: 400, title: '주문내역 5,000줄을 넘습니다. 나누어 인쇄해 주세요' },
  NOTHING_TO_PRINT: { status: 409, title: '인쇄할 주문내역이 없습니다' },
  LABEL_NOT_PRINTABLE: { status: 409, title: '라벨을 인쇄할 수 없는 주문내역이 있습니다. 그것을 빼고 다시 인쇄해 주세요' },
  ASSEMBLY_NOT_FOUND: { status: 404, title: '없는 자료입니다' },
  ASSEMBLY_EXISTS: { status: 409, title: '이미 등록되어 있습니다' },
  PLAN_FINISHED: { status: 409, title: '이미 끝난 상품가공 계획입니다' },
  PLAN_QUANTITY_EXCEEDED: { status: 400, title: '완성 수량은 1개 이상, 계획 수량 이하여야 합니다' },
  MATERIAL_SHORTAGE: { status: 409, title: '가공재료가 모자랍니다' },
  WEBHOOK_NOT_FOUND: { status: 404, title: '웹훅을 찾을 수 없습니다' },
  WEBHOOK_DELIVERY_NOT_FOUND: { status: 404, title: '이 웹훅이 받은 이벤트가 아니거나 보관 기간이 지났습니다' },
  WEBHOOK_DISABLED: { status: 409, title: '꺼진 웹훅입니다. 켠 뒤에 하세요' },
  WEBHOOK_LIMIT: { status: 409, title: '웹훅은 20개까지 만들 수 있습니다' },
  DATA_CONFLICT: { status: 409, title: '이미 있는 다른 자료와 맞지 않아 처리할 수 없습니다' },
  COMMAND_PENDING: { status: 503, title: '아직 처리 결과를 알 수 없습니다. 잠시 후 자동으로 마무리됩니다' },
  UNAVAILABLE: { status: 503, title: '지금은 요청을 받을 수 없습니다. 아무것도 처리되지 않았습니다' },
  INTERNAL: { status: 500, title: '처리 중 오류가 발생했습니다' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** True when a text from another process (a workflow failure's type) is one of these codes. */
export function isProblemCode(code: string | null | undefined): code is ProblemCode {
  return code !== null && code !== undefined && Object.hasOwn(problems, code);
}

export interface FieldError {
  path: string;
  message: string;
}

/** RFC 9457 body of every error (docs/sources/contract.md#conventions). */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail: string;
  errors?: FieldError[];
  [more: string]: unknown;
}

/** An error for the caller; the API turns it into application/problem+json in one place. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly more: Record<string, unknown>;
  readonly headers: Record<string, string>;
  constructor(code: ProblemCode, detail?: string, more: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
    super(code);
    this.code = code;
    this.detail = detail ?? problems[code].title;
    this.more = more;
    this.headers = headers;
  }
}

/** The RFC 9457 body of a problem. */
export function problemBody({ code, detail, more }: Problem): ProblemBody {
  const { status, title } = problems[code];
  return { type: `/docs#${code}`, title, status, code, detail, ...more };
}
