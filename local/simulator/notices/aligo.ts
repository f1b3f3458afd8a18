import { type Asked, type NoticeEntry, noticeKeys, type Told } from './model.ts';

const needed = ['senderkey', 'tpl_code', 'sender', 'receiver_1', 'subject_1', 'message_1'];

/** Every answer is a 200; the code says what it is. */
const told = (code: number | string, message: string, info?: object): Told => ({
  status: 200,
  body: { code, message, ...(info && { info }) },
});

/** Aligo's `POST /akv10/alimtalk/send/`, with one receiver. */
export function askAligo(notices: NoticeEntry[], now: number, contentType: string, text: string): Asked {
  const form = new URLSearchParams(contentType.startsWith('application/x-www-form-urlencoded') ? text : '');
  const of = (name: string): string => form.get(name) ?? '';
  const to = of('receiver_1');
  const act = (): Told => {
    if (of('apikey') !== noticeKeys.apiKey || of('userid') !== noticeKeys.userId) return told(-99, '인증오류입니다.');
    const missing = needed.find((name) => of(name) === '');
    if (missing !== undefined) return told(-99, `${missing} 값이 없습니다.`);
    if (of('senderkey') !== noticeKeys.senderKey) return told(-99, '발신프로필키가 올바르지 않습니다.');
    if (!/^\d{8,12}$/.test(to)) return told(-99, `수신번호가 올바르지 않습니다. (${to})`);
    const mid = String(now) + String(notices.length).padStart(3, '0');
    notices.push({
      ...{ provider: 'aligo', at: new Date(now).toISOString(), to, templateCode: of('tpl_code') },
      ...{ text: of('message_1'), variables: null, messageId: mid },
    });
    const info = { type: 'AT', mid, current: '100000.0', unit: 6.5, total: 6.5, scnt: 1, fcnt: 0 };
    return told(0, '성공적으로 전송요청 하였습니다.', info);
  };
  return { to, act, refuse: (code, said = '전송요청에 실패했습니다.') => told(code, `${said} (${to})`) };
}
