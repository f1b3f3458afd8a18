import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type Db, openDb } from '../../db/database.ts';
import { isAway, isUnwritten } from '../../db/errors.ts';
import { ShippingPlaceEntity } from '../../db/tables/shipping.ts';
import { createDatabase } from '../support/database.ts';

const LIMIT_MS = 300;
const silent = sql`select pg_sleep(30)`;

let database: Awaited<ReturnType<typeof createDatabase>>;
let db: Db;
beforeAll(async () => {
  database = await createDatabase();
  db = openDb({ url: database.url, poolSize: 1, queryTimeout: LIMIT_MS });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const connection = async () => (await db.query(sql<{ pid: number }>`select pg_backend_pid() as pid`))[0]?.pid;

test('a statement that PostgreSQL does not answer fails as one of a server that is away, and the next gets a connection of its own', async () => {
  const before = await connection();
  const error = await db.query(silent).catch((thrown: unknown) => thrown);
  expect(isAway(error)).toBe(true);
  // It may have been done: nobody knows.
  expect(isUnwritten(error)).toBe(false);
  expect(await connection()).not.toBe(before);
});

test('so does a transaction in which one is not answered, and its connection does not go back to the pool', async () => {
  const before = await connection();
  const error = await db.transaction((query) => query(silent)).catch((thrown: unknown) => thrown);
  expect(isAway(error)).toBe(true);
  expect(await connection()).not.toBe(before);
});

test('a connection on which every statement is answered in time, or none is under way, is kept', async () => {
  const before = await connection();
  const from = performance.now();
  while (performance.now() < from + 2 * LIMIT_MS) await db.query(sql`select pg_sleep(0.05)`);
  await new Promise((resolve) => setTimeout(resolve, 2 * LIMIT_MS));
  expect(await connection()).toBe(before);
});

describe('where there is no connection nothing was sent, so nothing is written, however connecting ends', () => {
  test.each<[string, (socket: Socket) => void]>([
    ['the server hangs up at once', (socket) => socket.destroy()],
    ['it resets', (socket) => socket.resetAndDestroy()],
    ['it hangs up in the middle of the greeting', (socket) => socket.once('data', () => socket.end())],
    ['it resets in the middle of the greeting', (socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['it is another program', (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))],
    ['it says nothing', () => {}],
  ])('%s', async (_, greet) => {
    const server = createServer(greet).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const away = openDb({ url: `postgresql://nobody@127.0.0.1:${(server.address() as AddressInfo).port}/none` });
    try {
      const errors = [
        await away.query(sql`select 1`).catch((thrown: unknown) => thrown),
        await away.transaction((query) => query(sql`select 1`)).catch((thrown: unknown) => thrown),
        await away
          .em()
          .count(ShippingPlaceEntity)
          .catch((thrown: unknown) => thrown),
      ];
      expect(errors.map(isUnwritten)).toEqual([true, true, true]);
      expect(errors.map(isAway)).toEqual([true, true, true]);
    } finally {
      await away.close();
      server.close();
    }
  });
});
