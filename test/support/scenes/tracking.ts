import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../../../db/database.ts';
import type { Answer, Http } from '../http.ts';
import { CALLBACK_SECRET, eventually } from '../stack.ts';
import { placeIn, uniqueWaybill } from './orders.ts';

export const CALLBACK_PATH = '/api/order/v1/delivery/tracker/trackerCallback';

/** The token as the contract describes it: HMAC of the fid, made here without any code of ours. */
export const tokenFor = (fid: string): string => createHmac('sha256', CALLBACK_SECRET).update(fid).digest('base64url');

/** `yyyy-MM-dd HH:mm:ss` in Korea, so many minutes from now. */
export const wireTime = (minutes = 0): string =>
  new Date(Date.now() + 9 * 3_600_000 + minutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');

/** People that must never be seen outside of PostgreSQL. */
export const people = {
  recv_addr: '비밀시 은밀구 조용로 77',
  recv_name: '독고수령',
  send_name: '제갈보냄',
  man: '황보기사',
  telno_man: '010-9876-1234',
};

/** A callback's fields as SweetTracker names them, every value a string. */
export const callbackFields = (fid: string, waybillNo: string, level: number | string, more: Record<string, unknown> = {}) => ({
  secret_value: '',
  fid,
  invoice_no: waybillNo,
  level: String(level),
  time_trans: wireTime(),
  time_sweet: wireTime(),
  where: '서울강남',
  telno_office: '02-123-4567',
  details: '간선하차',
  estmate: '14~16시',
  courier_code: '04',
  ...people,
  ...more,
});

/** Posts fields as a form. */
export const postForm = (
  api: Pick<Http, 'post'>,
  fields: Record<string, unknown>,
  token: string | null = tokenFor(String(fields.fid)),
) =>
  api.post(
    `${CALLBACK_PATH}${token === null ? '' : `?token=${token}`}`,
    new URLSearchParams(fields as Record<string, string>).toString(),
    {
      token: null,
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
    },
  );

/** The same as JSON. */
export const postJson = (api: Pick<Http, 'post'>, fields: Record<string, unknown>, token = tokenFor(String(fields.fid))) =>
  api.post(`${CALLBACK_PATH}?token=${token}`, fields, {
    token: null,
    headers: { 'content-type': 'application/json;charset=UTF-8' },
  });

/** What the tracker takes for a yes. */
export const success = { status: 200, body: { code: true, message: 'success' } };

/** A callback that has to be taken. */
export async function callback(
  api: Pick<Http, 'post'>,
  fid: string,
  waybillNo: string | null,
  level: number,
  more: Record<string, unknown> = {},
): Promise<void> {
  const answer: Answer = await postForm(api, callbackFields(fid, waybillNo ?? '', level, more));
  if (answer.status !== 200 || JSON.stringify(answer.body) !== JSON.stringify(success.body))
    throw new Error(`callback: ${answer.status} ${JSON.stringify(answer.body)}`);
}

/** The journal of a number, oldest first. */
export const journalOf = ({ db }: { db: Db }, fid: string) =>
  db.query(
    sql<{
      id: number;
      level: number;
      waybill_no: string;
      outcome: string | null;
      processed_at: Date | null;
      body: any;
      attempts: number;
    }>`select id, level, waybill_no, outcome, processed_at, body, attempts from tracking_journal where fid = ${fid} order by id`,
  );

/** Waits until all of a number's callbacks have been acted on, and answers what became of them. */
export const outcomesOf = (stack: { db: Db }, fid: string): Promise<(string | null)[]> =>
  eventually(async () => {
    const rows = await journalOf(stack, fid);
    return rows.length > 0 && rows.every((row) => row.processed_at !== null) && rows.map((row) => row.outcome);
  });

/** The exceptions that name this number. */
export const exceptionsOf = async (api: Pick<Http, 'get'>, filter: string) =>
  (await api.get(`/api/bo/v1/tracking-exceptions?${filter}`)).body.items as { id: number; kind: string; [field: string]: any }[];

/** The one open exception of this delivery. */
export async function oneException(api: Pick<Http, 'get'>, deliveryNo: string) {
  const [found, ...others] = await exceptionsOf(api, `deliveryNo=${deliveryNo}&state=open`);
  if (!found || others.length > 0) throw new Error(`not one exception of ${deliveryNo}: ${found ? 1 + others.length : 'none'}`);
  return found;
}

/** An open exception of a shipped line whose waybill is typed wrong, as the tracker reported the right one. */
export async function mistypedWaybill(stack: Http & { db: Db }) {
  const line = await placeIn(stack, 'shipped');
  const waybillNo = uniqueWaybill();
  await callback(stack, line.deliveryNo, waybillNo, 6);
  await outcomesOf(stack, line.deliveryNo);
  const [found] = await exceptionsOf(stack, `deliveryNo=${line.deliveryNo}&state=open`);
  if (!found) throw new Error('no exception');
  return { line, waybillNo, id: String(found.id) };
}
