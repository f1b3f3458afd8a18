import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type Db, openDb } from '../../db/database.ts';
import { build, compile, json, named, prepared } from '../../db/statement.ts';
import { ShippingPlaceEntity } from '../../db/tables/shipping.ts';
import { createDatabase } from '../support/database.ts';

let db: Db;
let url: string;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ url, drop } = await createDatabase());
  db = openDb({ url });
});
afterAll(async () => {
  await db.close();
  await drop();
});

const place = (placeNo: number) => ({
  placeNo,
  placeName: '서울 물류센터',
  zipCode: '04524',
  addr1: '서울 중구',
  isDefault: false,
  surchargeOn: true,
  jejuSurcharge: 3_000,
  remoteSurcharge: 5_000,
  imposeType: 1 as const,
  askedAt: new Date('2026-11-23T01:00:00.000Z'),
});
const stored = (placeNo: number) => build.selectFrom('shipping_places').selectAll().where('place_no', '=', placeNo);

describe('a statement', () => {
  test('answers what the types of the entities say: numbers, instants, days as text', async () => {
    const day = sql<{ n: number; at: Date; day: string }>`
      select 7::bigint as n, ${'2026-11-23T00:00:00+09:00'}::timestamptz as at, ${'2026-11-23'}::date as day`;
    expect(await db.query(day)).toEqual([{ n: 7, at: new Date('2026-11-22T15:00:00.000Z'), day: '2026-11-23' }]);
    expect(await db.unitOfWork((_em, query) => query(day))).toEqual(await db.query(day));
  });

  test('binds every value, whatever stands in it', async () => {
    const worst = `'); drop table orders; --`;
    const statement = build.selectFrom('orders').select('order_no').where('order_no', '=', worst);
    expect(compile(statement).sql).not.toContain('drop');
    expect(await db.query(statement)).toEqual([]);
    expect(await db.query(sql`select ${json([worst])}::jsonb as kept`)).toEqual([{ kept: [worst] }]);
  });

  test('that has a name is planned once on its connection', async () => {
    const name = `test-${randomUUID()}`;
    const prepared = await db.transaction(async (query) => {
      for (const orderNo of ['a', 'b'])
        await query(named(name, build.selectFrom('orders').select('order_no').where('order_no', '=', orderNo)));
      return query(sql<{ n: number }>`select generic_plans + custom_plans as n from pg_prepared_statements where name = ${name}`);
    });
    expect(prepared).toEqual([{ n: 2 }]);
  });
});

describe('a prepared statement', () => {
  const statement = prepared<{ order: string; day: string }, { both: string; day: string }>(
    'test-prepared',
    (of) => sql`select ${of('order')}::text || ${of('order')}::text as both, ${of('day')}::date as day`,
  );

  test('binds each value wherever it has a place, in any order', async () => {
    const values = { day: '2026-11-23', order: 'a' };
    expect(compile(statement(values))).toMatchObject({ name: 'test-prepared', parameters: ['a', 'a', '2026-11-23'] });
    expect(await db.query(statement(values))).toEqual([{ both: 'aa', day: '2026-11-23' }]);
    expect(await db.query(statement({ ...values, order: 'b' }))).toEqual([{ both: 'bb', day: '2026-11-23' }]);
  });

  test('has one text, whatever its values', () => {
    const texts = ['a', "'; --"].map((order) => compile(statement({ order, day: '' })).sql);
    expect(new Set(texts).size).toBe(1);
  });
});

describe('a unit of work', () => {
  test('writes entities and statements together', async () => {
    await db.unitOfWork(async (em, query) => {
      em.create(ShippingPlaceEntity, place(901));
      await em.flush();
      expect(await query(stored(901).select('place_no'))).toHaveLength(1);
    });
    expect(await db.query(stored(901))).toMatchObject([
      { place_no: 901, place_name: '서울 물류센터', jeju_surcharge: 3_000, asked_at: new Date('2026-11-23T01:00:00.000Z') },
    ]);
    expect(await db.em().findOneOrFail(ShippingPlaceEntity, { placeNo: 901 })).toMatchObject(place(901));
  });

  test('or takes both back', async () => {
    const work = db.unitOfWork(async (em, query) => {
      em.create(ShippingPlaceEntity, place(902));
      await em.flush();
      await query(build.updateTable('shipping_places').set({ place_name: '부산' }).where('place_no', '=', 902));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await db.query(stored(902))).toEqual([]);
  });

  test('keeps the names of its statements', async () => {
    const name = `test-${randomUUID()}`;
    const prepared = await db.unitOfWork(async (_em, query) => {
      await query(named(name, build.selectFrom('orders').select('order_no').where('order_no', '=', 'a')));
      return query(sql<{ name: string }>`select name from pg_prepared_statements where name = ${name}`);
    });
    expect(prepared).toEqual([{ name }]);
  });

  test('whose connection is lost gives its place in the pool to another', async () => {
    const single = openDb({ url, poolSize: 1 });
    const lost = single.unitOfWork(async (em, query) => {
      const [own] = await query(sql<{ pid: number }>`select pg_backend_pid() as pid`);
      await db.query(sql`select pg_terminate_backend(${own?.pid})`);
      await em.findOne(ShippingPlaceEntity, { placeNo: 901 });
    });
    await expect(lost).rejects.toThrow();
    expect(await single.query(sql`select 1 as n`)).toEqual([{ n: 1 }]);
    await single.close();
  });
});
