import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type ProcessStack, startProcesses } from '../support/processes/process-stack.ts';
import { expectSame, historyOf, holdRows, recordsWaiting, requestOf, sweepNow } from '../support/scenes/faults.ts';
import { command, type PlacedLine, placeOrder, receiver, unique } from '../support/scenes/orders.ts';
import { eventually } from '../support/stack.ts';

/** The name in a receiver that ends the process which writes it. */
const POISON = '독';
const poison = join(import.meta.dirname, '..', 'support', 'processes', 'poison.ts');
let stack: ProcessStack;
beforeAll(async () => {
  stack = await startProcesses();
  await stack.startWorker();
});
afterAll(() => stack.stop());

const startPoisoned = (environment: Record<string, string> = {}) =>
  stack.startApi({ NODE_OPTIONS: `--import ${poison}`, POISON, ...environment }, false);
const unendedOf = async (key: string) =>
  (await stack.db.query(sql<{ unended: number }>`select unended from requests where key = ${key}`))[0]?.unended;
/** So that the next API is up before it dies of it. */
const sweepLater = (...keys: string[]) =>
  stack.db.query(sql`update requests set sweep_at = now() + interval '1 hour' where key = any(${keys}) and answered_at is null`);

describe('a request whose execution ends the process', () => {
  test('is answered as failed before a fourth execution; what died with it is done once', async () => {
    const api = await startPoisoned({ SWEEP_INTERVAL_MS: '3600000' });
    const [poisoned, innocent] = (await placeOrder(api, [{}, {}])) as [PlacedLine, PlacedLine];
    const [other] = (await placeOrder(api)) as [PlacedLine];
    const [key, innocentKey] = [unique('poison'), unique('innocent')];
    const path = `/api/order/v1/orders/${other.orderNo}/receiver`;
    const body = { ...receiver, name: POISON };
    const headers = { 'idempotency-key': key };
    const letGo = await holdRows(stack.databaseUrl, [innocent]);
    const dying = command(api, 'instruct', [innocent], {}, { 'idempotency-key': innocentKey }).catch(() => 'broken');
    await recordsWaiting(stack, 1);
    await expect(api.put(path, body, { headers })).rejects.toThrow();
    expect(await dying).toBe('broken');
    await api.exited;
    await letGo();
    expect([await unendedOf(key), await unendedOf(innocentKey)]).toEqual([1, 1]);

    for (const time of [2, 3]) {
      const next = await startPoisoned();
      await sweepNow(stack, key, innocentKey);
      expect(await next.exited).toMatchObject({ signal: 'SIGKILL' });
      expect(await unendedOf(key)).toBe(time);
      await sweepLater(key, innocentKey);
    }
    const last = await startPoisoned();
    await sweepNow(stack, key, innocentKey);
    const request = await eventually(async () => {
      const row = await requestOf(stack, key);
      return row?.answered_at && row;
    });
    expect(request).toMatchObject({ status: 500, answer: { code: 'INTERNAL' } });
    expect(await last.put(path, body, { headers })).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });

    // Told where operators look.
    const [row] = await stack.db.query(sql<{ id: string }>`select id from requests where key = ${key}`);
    const metrics = (await last.get('/metrics', { token: null })).body as string;
    expect(metrics).toContain(`requests_given_up_total{operation="receiver",request="${row?.id}"} 1`);
    expect(readFileSync(last.logFile, 'utf8')).toContain(`"requestId":"${row?.id}"`);

    const innocents = await eventually(async () => {
      const found = await requestOf(stack, innocentKey);
      return found?.answered_at && found;
    });
    expect(innocents).toMatchObject({ status: 200, answer: { succeeded: 1 } });
    expect(await historyOf(stack, innocent)).toEqual(['order', 'instruct']);
    await expectSame(stack, innocent);
    await expectSame(stack, poisoned);
    await last.kill();
  });
});
