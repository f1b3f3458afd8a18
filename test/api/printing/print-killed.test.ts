import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { unique } from '../../support/scenes/orders.ts';
import { insertRows, numbers } from '../../support/scenes/rows.ts';
import { eventually, signToken } from '../../support/stack.ts';
import { print } from './opened-pdf.ts';

let stack: ProcessStack;
let token: string;
beforeAll(async () => {
  stack = await startProcesses();
  token = await signToken(['delivery.read', 'pii.read']);
  await stack.startWorker();
});
afterAll(() => stack.stop());

const COUNT = 300;
/** Shipped deliveries, each with a waybill of its own. */
async function shipped(): Promise<string[]> {
  const no = numbers('PK');
  const rows = Array.from({ length: COUNT }, (_, at) => ({
    deliveryNo: no(at),
    state: 'shipped',
    methodCode: '10',
    carrierCode: '04',
    waybillNo: `${no(at)}W`,
  }));
  await insertRows(stack.db, rows);
  return rows.map(({ deliveryNo }) => deliveryNo);
}

/** Sends a print of labels and answers with what comes of it, piece by piece. */
const begin = (api: ApiProcess, deliveryNos: string[], key: string, signal?: AbortSignal) =>
  fetch(`${api.url}/api/bo/v1/prints/labels`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ deliveryNos }),
    ...(signal ? { signal } : {}),
  });

const counts = async (deliveryNos: string[]) => {
  const [row] = await stack.db.query(sql<{ prints: number; most: number; accesses: number }>`
    select count(*)::int as prints, max(copy) as most,
           (select count(*)::int from personal_data_accesses where subjects @> array[${deliveryNos[0]}]) as accesses
      from prints where delivery_no = any(${deliveryNos})`);
  return row;
};

describe('the API killed while it prints', () => {
  test('the print is counted and its access is recorded; a repeat is the same print, another one says 재출력', async () => {
    const api = await stack.startApi();
    const deliveryNos = await shipped();
    const key = unique('key');
    const response = await begin(api, deliveryNos, key);
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(
      Buffer.from(value ?? [])
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    // The first bytes are out: all of it is counted, and written down who sees it.
    expect(await counts(deliveryNos)).toEqual({ prints: COUNT, most: 1, accesses: 1 });
    await api.kill();
    // Half a PDF does not end as if it were whole.
    const rest = async () => {
      for (;;) if ((await reader?.read())?.done) return;
    };
    await expect(rest()).rejects.toThrow();

    const next = await stack.startApi();
    const body = { deliveryNos };
    const again = await print(next.url, token, 'labels', body, { 'idempotency-key': key });
    expect(again.pages).toHaveLength(COUNT);
    expect(again.pages.filter(({ text }) => text.includes('재출력'))).toEqual([]);
    expect(await counts(deliveryNos)).toEqual({ prints: COUNT, most: 1, accesses: 2 });
    const other = await print(next.url, token, 'labels', body);
    expect(other.pages.filter(({ text }) => !text.includes('재출력1'))).toEqual([]);
    expect(await counts(deliveryNos)).toEqual({ prints: 2 * COUNT, most: 2, accesses: 3 });
    await next.kill();
  });

  test('callers who hang up leave their places to others', async () => {
    const api = await stack.startApi();
    const deliveryNos = await shipped();
    for (let at = 0; at < 4; at++) {
      const leaving = new AbortController();
      const response = await begin(api, deliveryNos, unique('key'), leaving.signal);
      await response.body?.getReader().read();
      leaving.abort();
    }
    const [, , ...more] = deliveryNos;
    const patient = await eventually(async () => {
      const answer = await print(api.url, token, 'labels', { deliveryNos: more });
      return answer.status === 200 && answer;
    });
    expect(patient.pages).toHaveLength(COUNT - 2);
    await api.kill();
  });
});
