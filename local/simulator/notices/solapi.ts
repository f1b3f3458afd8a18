import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Asked, type NoticeEntry, noticeKeys, type Told } from './model.ts';

const HEADER = /^HMAC-SHA256 apiKey=([^,]+), date=([^,]+), salt=([^,]+), signature=([0-9a-f]{64})$/i;
/** A signature's date may be so far from now. */
const CLOCK_MS = 900_000;

const body = z.object({
  messages: z
    .array(
      z.object({
        to: z.string().regex(/^\d{8,12}$/),
        from: z.string().min(1),
        kakaoOptions: z.object({
          pfId: z.string().min(1),
          templateId: z.string().min(1),
          variables: z.record(z.string().regex(/^#\{.+\}$/), z.string().min(1)).default({}),
        }),
      }),
    )
    .length(1),
});

const error = (status: number, errorCode: string, errorMessage: string): Told => ({ status, body: { errorCode, errorMessage } });

/** Who signs wrongly is nobody. */
function stranger(header: string, now: number): Told | undefined {
  const [, apiKey, date = '', salt = '', signature = ''] = HEADER.exec(header) ?? [];
  if (apiKey !== noticeKeys.apiKey) return error(403, 'InvalidAPIKey', '유효한 API Key가 아닙니다.');
  if (!(Math.abs(Date.parse(date) - now) < CLOCK_MS)) return error(403, 'RequestTimeTooSkewed', '요청 시각이 다릅니다.');
  const right = createHmac('sha256', noticeKeys.apiSecret)
    .update(date + salt)
    .digest();
  const isRight = timingSafeEqual(right, Buffer.from(signature, 'hex'));
  return isRight ? undefined : error(403, 'SignatureDoesNotMatch', '잘못된 시그니처입니다.');
}

/** Solapi's `POST /messages/v4/send-many/detail`, with one message. */
export function askSolapi(notices: NoticeEntry[], now: number, authorization: string, text: string): Asked {
  const { data } = body.safeParse(jsonOf(text));
  const message = data?.messages[0];
  const to = message?.to ?? '';
  const act = (): Told => {
    const unknown = stranger(authorization, now);
    if (unknown) return unknown;
    if (!message) return error(400, 'ValidationError', '요청 형식이 올바르지 않습니다.');
    if (message.from !== noticeKeys.sender || message.kakaoOptions.pfId !== noticeKeys.senderKey)
      return failed('1062', '등록되지 않은 발신번호 또는 채널입니다.');
    const messageId = `M4V${now}${String(notices.length).padStart(6, '0')}`;
    const { templateId: templateCode, variables } = message.kakaoOptions;
    notices.push({ provider: 'solapi', at: new Date(now).toISOString(), to, templateCode, text: null, variables, messageId });
    return group([], [{ messageId, statusCode: '2000', statusMessage: '정상 접수(이통사로 접수 예정)' }]);
  };
  // The real one repeats the number in what it says of a failure.
  const failed = (statusCode: string, statusMessage: string): Told =>
    group(
      [{ to, from: noticeKeys.sender, type: 'ATA', country: '82', statusCode, statusMessage: `${statusMessage} (${to})` }],
      [],
    );
  return { to, act, refuse: (code, said = '접수에 실패했습니다.') => failed(code, said) };
}

const group = (failedMessageList: object[], messageList: object[]): Told => ({
  status: 200,
  body: {
    failedMessageList,
    messageList,
    groupInfo: {
      groupId: 'G4V20261123000000LOCALSIMULATOR',
      status: 'SENDING',
      count: { total: 1, registeredSuccess: messageList.length, registeredFailed: failedMessageList.length },
    },
  },
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
