import { sql } from 'kysely';
import pg from 'pg';
import type { Db } from '../../../db/database.ts';
import type { Http } from '../http.ts';
import { cancel, type orderBody, type PlacedLine, placeOrder, take } from './orders.ts';
import { SHIPPED, takePickup } from './pickups.ts';

/** After so many days the people of an ended order go, in these tests. */
export const TERM_DAYS = 30;

const receiver = {
  name: '남궁받음',
  phone: '010-3939-4747',
  zipCode: '06237',
  address1: '숨김특별시 감춤구 그늘로 31',
  address2: '뒤채 707호',
  memo: '초인종 누르지 마세요',
};
/** People and texts that occur nowhere else. */
export const secretPeople = {
  orderer: { name: '선우주문', phone: '010-7171-2828', email: 'seonwoo@example.com' },
  receiver,
  pickupFrom: { ...receiver, name: '탁가져감', phone: '010-5656-9191', address1: '숨김특별시 가림구 안개길 8', memo: '개 조심' },
  reason: '동방화남 님이 전화로 요청',
  /** Of a callback. */
  courier: {
    details: '담당 피기사 010-6262-1313 배송출발',
    recv_name: receiver.name,
    man: '피기사',
    telno_man: '010-6262-1313',
  },
};
/** What must not be found any more. */
export const secrets = [secretPeople.orderer, receiver, secretPeople.pickupFrom, secretPeople.courier]
  .flatMap((person) => Object.values(person))
  .concat(secretPeople.reason, '피기사', '6262-1313');

interface World {
  db: Db;
}

/** As if the order had been taken, and whatever of it has ended had ended, so many days ago. */
export async function shiftBack({ db }: World, orderNo: string, days: number): Promise<void> {
  const past = sql`interval '1 day' * ${days}`;
  await db.query(sql`update orders set created_at = created_at - ${past} where order_no = ${orderNo}`);
  await db.query(sql`update delivery_lines set finished_at = finished_at - ${past} where order_no = ${orderNo}`);
  await db.query(sql`update pickups set finished_at = finished_at - ${past} where order_no = ${orderNo}`);
}

/** Tables in which this text stands, in any column of any row. */
export async function tablesWith({ db }: World, text: string): Promise<string[]> {
  const tables = await db.query(sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`);
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await db.query(sql`select from ${sql.table(name)} t where t::text like ${`%${text}%`} limit 1`);
    if (rows.length > 0) found.push(name);
  }
  return found;
}

/** A wholly canceled order, which ends at once: its term is over. */
export async function endedOrder(api: Http & World): Promise<PlacedLine> {
  const [line] = await placeOrder(api);
  if (!line) throw new Error('no line');
  await cancel(api, [line], { reason: '변심' });
  await shiftBack(api, line.orderNo, TERM_DAYS + 1);
  return line;
}

/** An order of two lines, both gone: one canceled, one shipped and wholly returned. Every text of it is somebody's. */
export async function returnedOrder(api: Http, body: ReturnType<typeof orderBody>, pickupFrom: object, reason: string) {
  const [kept, gone] = await placeOrder(api, body.lines, body);
  if (!kept || !gone) throw new Error('no lines');
  await cancel(api, [gone], { reason });
  const { waybillNo } = await take(api, kept, SHIPPED);
  const more = { reason, pickupFrom };
  const pickupNo = await openClaimOf(api, kept, more);
  await takePickup(api, pickupNo, ['instruct', 'confirm', 'hold', 'resume', 'complete']);
  return { kept, gone, pickupNo, waybillNo: waybillNo ?? '' };
}

async function openClaimOf(api: Http, line: PlacedLine, { reason, pickupFrom }: { reason: string; pickupFrom: object }) {
  const claim = {
    claimNo: `CLAIM-${line.orderNo}`,
    kind: 'return',
    orderNo: line.orderNo,
    items: [{ lineNo: line.lineNo, quantity: 2, reasonCode: 'OTHER', reason }],
    pickupFrom,
  };
  const answer = await api.post('/api/order/v1/claims', claim);
  if (answer.status !== 201) throw new Error(`claim: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.pickups[0].pickupNo as string;
}

/** The people of an order as PostgreSQL has them. */
export async function peopleOf({ db }: World, orderNo: string) {
  const [row] = await db.query(
    sql<{
      receiver_name: string;
      orderer_name: string;
      people_erased_at: Date | null;
      open_until: Date | null;
    }>`select receiver_name, orderer_name, people_erased_at, open_until from orders where order_no = ${orderNo}`,
  );
  if (!row) throw new Error(`no order ${orderNo}`);
  return row;
}

export const isErased = async (world: World, orderNo: string) => (await peopleOf(world, orderNo)).people_erased_at !== null;

/** Keeps the history of a line locked: the page with its order stands still in the middle of its statement. */
export async function holdUp({ databaseUrl }: { databaseUrl: string }, { deliveryNo }: PlacedLine) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('begin');
  await client.query('select from delivery_history where delivery_no = $1 for update', [deliveryNo]);
  return {
    release: async (): Promise<void> => {
      await client.query('rollback');
      await client.end();
    },
  };
}

/** Whether a statement with this in its text waits for a lock: without one, the erasure of a page. */
export async function isHeldUp({ db }: World, text = 'people_erased_at = now()'): Promise<boolean> {
  const [held] = await db.query(sql<{ n: number }>`
    select count(*) as n from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and query like ${`%${text}%`}`);
  return (held?.n ?? 0) > 0;
}
