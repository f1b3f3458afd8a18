import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { unique } from '../../support/scenes/orders.ts';
import { insertRows } from '../../support/scenes/rows.ts';
import { type SecondApi, startSecondApi } from '../../support/second-api.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let second: SecondApi;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
  second = await startSecondApi(stack.deps);
  await insertRows(stack.db, [{ deliveryNo: 'S1', placeNo: 31, receiverName: '성춘향', receiverPhone: '010-1111-2222' }]);
});
afterAll(async () => {
  await second.stop();
  await stack.stop();
});

const PATH = '/api/bo/v1/deliveries/search';
const MOST = 60;
/** Somebody nobody else is, without `pii.read` unless told otherwise. */
async function somebody(permissions = ['delivery.read']) {
  const sub = unique('who');
  const token = await stack.token(permissions, { sub });
  return { sub, search: (body: object, api: Pick<Stack, 'post'> = stack) => api.post(PATH, body, { token }) };
}
const rowsOf = (sub: string) =>
  stack.db.query(
    sql<{ route: string; subject: string; fields: string[]; reason: string | null }>`
      select route, subject, fields, reason from personal_data_accesses where sub = ${sub} order by id`,
  );
const numbers = (n: number) => Array.from({ length: n }, (_, at) => `010-${String(1_000 + at)}-2222`);
/** Lets a minute pass for this person. */
const aMinuteLater = (sub: string) =>
  stack.db.query(sql`update personal_data_accesses set at = at - interval '61 s' where sub = ${sub}`);

describe('searching people writes one access row a search, without `pii.read` too: fields searched, never the value', () => {
  test.each<[object, string[]]>([
    [{ receiverName: '성춘향' }, ['receiverName']],
    [{ ordererName: '이몽룡' }, ['ordererName']],
    [{ phone: '010-1111-2222' }, ['phone']],
    [{ phone: '2222', receiverName: '성춘향', ordererName: '이몽룡', placeNo: 31 }, ['receiverName', 'ordererName', 'phone']],
  ])('%j', async (body, fields) => {
    for (const [permissions, subject] of [
      [['delivery.read'], 'search'],
      [['delivery.read', 'pii.read'], 'search:pii.read'],
    ] as const) {
      const { sub, search } = await somebody([...permissions]);
      expect((await search(body)).status).toBe(200);
      expect(await rowsOf(sub)).toEqual([{ route: `POST ${PATH}`, subject, fields, reason: null }]);
      expect(JSON.stringify(await stack.db.query(sql`select * from personal_data_accesses where sub = ${sub}`))).not.toMatch(
        /성춘향|이몽룡|2222/,
      );
    }
  });

  test('the list of access records shows it', async () => {
    const { sub, search } = await somebody();
    await search({ phone: '2222' });
    const { body } = await stack.get(`/api/bo/v1/personal-data-accesses?sub=${sub}&subject=search`);
    expect(body.items).toMatchObject([{ sub, fields: ['phone'], subject: 'search', route: `POST ${PATH}` }]);
  });

  test('each page is one; a search without people is none, nor is one that was refused', async () => {
    const { sub, search } = await somebody();
    for (const body of [{ placeNo: 31 }, { placeNo: 31, limit: 1, count: true }]) expect((await search(body)).status).toBe(200);
    for (const body of [{ phone: '' }, { phone: '2222', cursor: 'x' }, { phone: '2222', nobody: 1 }])
      expect((await search(body)).status).toBe(400);
    expect(await rowsOf(sub)).toEqual([]);
    await search({ phone: '2222' });
    await search({ phone: '2222', limit: 1 });
    expect(await rowsOf(sub)).toHaveLength(2);
  });

  test('no row, no data: when it cannot be written, nobody is looked for', async () => {
    const [reader, chief] = [await somebody(), await somebody(['delivery.read', 'pii.read'])];
    await stack.db.query(sql`alter table personal_data_accesses rename to elsewhere`);
    try {
      for (const { search } of [reader, chief]) {
        const { status, body } = await search({ phone: '2222' });
        expect([status, body.code, body.items]).toEqual([503, 'UNAVAILABLE', undefined]);
        expect((await search({ placeNo: 31 })).status).toBe(200);
      }
    } finally {
      await stack.db.query(sql`alter table elsewhere rename to personal_data_accesses`);
    }
  });
});

describe('and is limited to 60 a minute a `sub` without it', () => {
  test('the 61st is 429 with `Retry-After`, before anybody is looked for; a minute later it goes on', async () => {
    const { sub, search } = await somebody();
    for (const phone of numbers(MOST)) expect((await search({ phone })).status).toBe(200);
    const refused = await search({ phone: '010-1111-2222' });
    expect(refused).toMatchObject({
      status: 429,
      body: { type: '/docs#TOO_MANY_SEARCHES', code: 'TOO_MANY_SEARCHES', title: expect.stringContaining('1분에 60번') },
    });
    const wait = Number(refused.headers.get('retry-after'));
    expect([wait >= 1, wait <= 60]).toEqual([true, true]);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(refused.body.items).toBeUndefined();
    // What was not answered is no access; the request's log line has its `sub`.
    expect(await rowsOf(sub)).toHaveLength(MOST);
    // Everything that is no search for people is as ever, and so is everybody else.
    expect((await search({ placeNo: 31 })).status).toBe(200);
    expect((await (await somebody()).search({ phone: '2222' })).status).toBe(200);
    await aMinuteLater(sub);
    expect((await search({ phone: '010-1111-2222' })).body.items).toMatchObject([{ deliveryNo: 'S1' }]);
  });

  test('`Retry-After` is when the oldest of the sixty is a minute ago', async () => {
    const { sub, search } = await somebody();
    for (const phone of numbers(MOST)) await search({ phone });
    await stack.db.query(sql`
      update personal_data_accesses set at = statement_timestamp() - interval '5 s' - row.n * interval '500 ms'
        from (select id as row_id, row_number() over (order by id desc) - 1 as n from personal_data_accesses where sub = ${sub}) row
       where id = row.row_id and row.n < 30`);
    await stack.db.query(sql`
      update personal_data_accesses set at = statement_timestamp() - interval '10 minutes'
       where sub = ${sub} and id in (select id from personal_data_accesses where sub = ${sub} order by id limit 30)`);
    for (const phone of numbers(30)) expect((await search({ phone })).status).toBe(200);
    const wait = Number((await search({ phone: '2222' })).headers.get('retry-after'));
    const [left] = await stack.db.query(sql<{ seconds: number }>`
      select 60 - extract(epoch from statement_timestamp() - at)::float8 as seconds from personal_data_accesses
       where sub = ${sub} and at > statement_timestamp() - interval '60 s' order by at limit 1`);
    expect(wait).toBeGreaterThanOrEqual(left?.seconds ?? Number.NaN);
    expect(wait).toBeLessThanOrEqual(Math.ceil(60 - 5 - 29 * 0.5));
  });

  test('many at once, over two API processes: sixty are answered, not one more', async () => {
    const { sub, search } = await somebody();
    const answers = await Promise.all(numbers(MOST + 30).map((phone, at) => search({ phone }, at % 2 === 0 ? stack : second)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(MOST);
    expect(statuses.filter((status) => status === 429)).toHaveLength(30);
    expect(await rowsOf(sub)).toHaveLength(MOST);
  });

  test('with `pii.read` there is no limit, and what was found with it counts for nobody', async () => {
    const { sub, search } = await somebody(['delivery.read', 'pii.read']);
    for (const phone of numbers(MOST + 5)) expect((await search({ phone })).status).toBe(200);
    expect(await rowsOf(sub)).toHaveLength(MOST + 5);
    const token = await stack.token(['delivery.read'], { sub });
    expect((await stack.post(PATH, { phone: '2222' }, { token })).status).toBe(200);
  });

  test('the middle digits of a number are not found by trying: sixty tries are answered, and those are on record', async () => {
    const { sub, search } = await somebody();
    let [found, answered] = [0, 0];
    for (let middle = 0; middle < 300; middle += 10) {
      const tried = Array.from({ length: 10 }, (_, at) => `010-${String(middle + at).padStart(4, '0')}-2222`);
      for (const { status, body } of await Promise.all(tried.map((phone) => search({ phone })))) {
        if (status !== 200) continue;
        answered++;
        found += body.items.length;
      }
    }
    expect([found, answered]).toEqual([0, MOST]);
    expect(await rowsOf(sub)).toHaveLength(MOST);
  });
});

describe('nothing else finds people', () => {
  test('no list takes a person, in any parameter of its own', async () => {
    const { paths } = (await stack.get('/openapi.json', { token: null })).body;
    const named = Object.entries<any>(paths).flatMap(([path, operations]) =>
      Object.values<any>(operations).flatMap(({ parameters = [] }) =>
        parameters
          .filter(
            ({ in: where, name }: any) => where === 'query' && /name|phone|address|zip|email|memo|receiver|orderer/i.test(name),
          )
          .map(({ name }: any) => `${path} ${name}`),
      ),
    );
    expect(named.sort()).toEqual(
      ['/api/bo/v1/deliveries', '/api/bo/v1/delivery-lines', '/api/bo/v1/delivery-lines/export.xlsx'].map(
        (path) => `${path} productName`,
      ),
    );
  });

  test('nor does a cursor of a search hold one', async () => {
    await insertRows(
      stack.db,
      [1, 2, 3].map((at) => ({ deliveryNo: `C${at}`, placeNo: 32, receiverName: '월매', receiverPhone: '010-9999-8888' })),
    );
    const { search } = await somebody();
    const { body } = await search({ receiverName: '월매', phone: '8888', limit: 1 });
    expect(Buffer.from(body.nextCursor, 'base64url').toString()).not.toMatch(/월매|8888/);
    expect(JSON.stringify(body)).not.toMatch(/월매|9999/);
  });
});
