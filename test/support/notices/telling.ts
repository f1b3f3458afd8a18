import { pino } from 'pino';
import type { Db } from '../../../db/database.ts';
import type { NoticeState } from '../../../domain/notices/notice.ts';
import { noticeKeys } from '../../../local/simulator/notices/model.ts';
import { noticeConfig } from '../../../process/config/notices.ts';
import type { Environment } from '../../../process/config/reading.ts';
import { startNotices } from '../../../worker/notices/notices.ts';
import type { Http } from '../http.ts';
import { placeOrder, receiver } from '../scenes/orders.ts';
import { eventually } from '../stack.ts';

export const RULES = '/api/bo/v1/notice-rules';
export const NOTICES = '/api/bo/v1/notices';

/** The rule of a type, for tests: names whom it is for and which order. */
export const ruleFor = (type = 'delivery.ordered', more: object = {}) => ({
  type,
  templateCode: 'T-1',
  text: '#{고객}님, #{주문} 주문의 #{상품} 소식입니다.',
  variables: { 고객: 'receiverName', 주문: 'orderNo', 상품: 'productName' },
  enabled: true,
  ...more,
});

/** A worker's environment for the simulated provider; never quiet, and quick. */
export const noticeEnvironment = (url: string, provider: 'solapi' | 'aligo' = 'solapi', more: Environment = {}): Environment => ({
  NOTICE_PROVIDER: provider,
  NOTICE_URL: url,
  NOTICE_API_KEY: noticeKeys.apiKey,
  NOTICE_API_SECRET: noticeKeys.apiSecret,
  NOTICE_USER_ID: noticeKeys.userId,
  NOTICE_SENDER_KEY: noticeKeys.senderKey,
  NOTICE_SENDER: noticeKeys.sender,
  NOTICE_QUIET_HOURS: 'off',
  NOTICE_INTERVAL_MS: '20',
  NOTICE_RETRY_MS: '20',
  ...more,
});

/** What a worker does of it, without the worker; `lines` are what it logs. */
export function startTelling(db: Db, environment: Environment) {
  const ended: NoticeState[] = [];
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
  const config = noticeConfig(environment);
  const { stop } = startNotices({ db, log, config, counters: { onEnded: (state) => ended.push(state) } });
  return { ended, lines, stop };
}

let last = Date.now() % 90_000_000;
/** A mobile number that no other test has, as people write it and in digits. */
export function uniquePhone(): { written: string; digits: string } {
  const eight = String(++last + 10_000_000).slice(-8);
  return { written: `010-${eight.slice(0, 4)}-${eight.slice(4)}`, digits: `010${eight}` };
}

/** An order of one line for a receiver with a number of his own. */
export async function orderFor(api: Http, phone: string, more: Record<string, unknown> = {}): Promise<string> {
  const [line] = await placeOrder(api, [{}], { receiver: { ...receiver, phone }, ...more });
  return line?.orderNo ?? '';
}

/** Writes a rule; throws when it is refused. */
export async function setRule(api: Http, rule: object): Promise<void> {
  const { status, body } = await api.put(RULES, rule);
  if (status !== 200) throw new Error(`rule: ${status} ${JSON.stringify(body)}`);
}

/** The notices of an order, the latest first. */
export const noticesOf = async (api: Http, orderNo: string): Promise<any[]> =>
  (await api.get(`${NOTICES}?orderNo=${orderNo}`)).body.items;

/** The notice of an order, once it is in this state. */
export const noticeIn = (api: Http, orderNo: string, state: NoticeState): Promise<any> =>
  eventually(async () => {
    const items = await noticesOf(api, orderNo);
    return items.find((item) => item.state === state) ?? Promise.reject(new Error(JSON.stringify(items)));
  });
