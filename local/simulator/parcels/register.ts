import { carrierOf, isWaybill } from './carriers.ts';
import { keyOf, type World } from './model.ts';
import type { Parcels } from './parcels.ts';

const REQUIRED = ['num', 'code', 'fid', 'callback_url', 'tier', 'key', 'type'] as const;
const FID_LIMIT = 30;

const MESSAGES: Record<string, string> = {
  '01': '필수 파라미터가 누락되었습니다.',
  '02': '유효하지 않은 운송장번호입니다.',
  '03': '이미 등록된 운송장번호입니다.',
  '04': '지원하지 않는 택배사코드입니다.',
  '99': '시스템 오류가 발생하였습니다.',
};

export interface RegisterAnswer {
  success: boolean;
  num: string;
  fid: string;
  e_code: string;
  e_message: string;
}

/** `POST /add_invoice`: accepts the waybill or answers why not. */
export function register(world: World, parcels: Parcels, form: URLSearchParams): RegisterAnswer {
  const given = (name: (typeof REQUIRED)[number]): string => form.get(name) ?? '';
  const num = given('num');
  const code = given('code');
  const fid = given('fid');
  const callbackUrl = given('callback_url');
  const refuse = (eCode: string, detail?: string) => refusal(num, fid, eCode, detail);

  const missing = REQUIRED.find((name) => given(name) === '');
  if (missing !== undefined) return refuse('01', `${MESSAGES['01']} (${missing})`);
  if (fid.length > FID_LIMIT) return refuse('01', `fid는 ${FID_LIMIT}자를 넘을 수 없습니다.`);
  if (!/^https?:/.test(callbackUrl) || !URL.canParse(callbackUrl)) return refuse('01', 'callback_url이 올바르지 않습니다.');
  const carrier = carrierOf(code);
  if (!carrier) return refuse('04');
  if (!isWaybill(carrier, num)) return refuse('02');
  const known = world.parcels.get(keyOf(code, num));
  if (known && (known.strangers || known.registration)) return refuse('03');
  parcels.register(code, num, fid, callbackUrl);
  return { success: true, num, fid, e_code: '', e_message: '' };
}

export function refusal(
  num: string,
  fid: string,
  eCode: string,
  message = MESSAGES[eCode] ?? '오류가 발생하였습니다.',
): RegisterAnswer {
  return { success: false, num, fid, e_code: eCode, e_message: message };
}
