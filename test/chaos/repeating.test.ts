import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Heard, Wish } from '../../chaos/clients/asking.ts';
import { runClient } from '../../chaos/clients/client.ts';
import { streamOf } from '../../chaos/nemesis/plan.ts';
import { newFolder, readOptions } from '../../chaos/options.ts';

const folder = mkdtempSync(join(tmpdir(), 'delivery-chaos-options-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the command line', () => {
  const read = (line: string) => readOptions(line === '' ? [] : line.split(' '));

  test('ten minutes, six clients and any seed, unless somebody asks for others', () => {
    expect(read('')).toEqual({ minutes: 10, seed: expect.any(Number), clients: 6, cluster: false, keep: false });
    expect(read('--minutes 0.5 --seed=7 --clients 99 --cluster --keep')).toEqual({
      minutes: 0.5,
      seed: 7,
      clients: 99,
      cluster: true,
      keep: true,
    });
  });

  test('a run in which nobody would do anything is refused, every option in a line of its own', () => {
    expect(() => read('--minutes -1')).toThrow('--minutes');
    expect(() => read('--minutes 0 --seed seven --clients 0')).toThrow(/^--minutes: .*\n--seed: .*seven\n--clients: .*0$/);
    expect(() => read('--clients 100')).toThrow('99');
    expect(() => read('--seed 1.5')).toThrow('--seed');
    expect(() => read('--minute 1')).toThrow('--minute');
    expect(() => read('5')).toThrow('5');
  });

  test('the same seed again takes nothing away from the run before', () => {
    const first = newFolder(join(folder, 'chaos'), 'dev-7');
    writeFileSync(join(first, 'history.jsonl'), 'what happened');
    const again = [newFolder(join(folder, 'chaos'), 'dev-7'), newFolder(join(folder, 'chaos'), 'dev-7')];
    expect(again).toEqual([`${first}-2`, `${first}-3`]);
    expect(() => rmSync(join(first, 'history.jsonl'))).not.toThrow();
  });
});

/** The first orders of a client whose wishes are answered so. */
async function ordersOf(seed: number, answer: (wish: Wish) => Heard | undefined): Promise<unknown[]> {
  const leaving = new AbortController();
  const orders: unknown[] = [];
  await runClient({
    name: 'client-1',
    randomOf: (story) => streamOf(seed, `client-1 ${story}`),
    orderPrefix: 'CH',
    waybillPrefix: '600001',
    asking: {
      ask: async (_client, wish) => {
        if (wish.path.endsWith('/orders')) {
          const { orderedAt: _, ...body } = wish.body as { orderedAt: string };
          orders.push(body);
          if (orders.length === 3) leaving.abort();
        }
        return answer(wish);
      },
      again: async () => undefined,
      unheard: () => [],
    },
    tracker: { address: '', callTo: () => {}, parcel: () => {}, settled: async () => {}, close: async () => {} },
    leaving: leaving.signal,
  });
  return orders;
}

test('a seed gives the same orders again, whatever became of those before', async () => {
  const deliveries = [{ deliveryNo: 'D1', lineNos: [1, 2, 3] }];
  const granted = await ordersOf(7, ({ path }) => ({ status: 201, body: { deliveries, pickups: [], id: path } }));
  const lost = await ordersOf(7, () => undefined);
  expect(granted).toHaveLength(3);
  expect(lost).toEqual(granted);
  expect(await ordersOf(8, () => undefined)).not.toEqual(lost);
});
