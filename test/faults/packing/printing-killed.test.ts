import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { print } from '../../api/printing/opened-pdf.ts';
import { isRunning, printProcesses } from '../../support/processes/print-processes.ts';
import { type ApiProcess, type ProcessStack, startProcesses } from '../../support/processes/process-stack.ts';
import { unique } from '../../support/scenes/orders.ts';
import { insertRows, numbers } from '../../support/scenes/rows.ts';
import { eventually, signToken } from '../../support/stack.ts';
import { stopAt } from './stop-at.ts';

let stack: ProcessStack;
let api: ApiProcess;
let token: string;
beforeAll(async () => {
  stack = await startProcesses();
  token = await signToken(['delivery.read', 'pii.read']);
  await stack.startWorker();
  api = await stack.startApi();
});
afterAll(() => stack.stop());

/** A shipped delivery with a waybill. */
async function shipped(): Promise<string> {
  const deliveryNo = numbers('PF')(1);
  await insertRows(stack.db, [
    { deliveryNo, state: 'shipped', methodCode: '10', carrierCode: '04', waybillNo: `${deliveryNo}W` },
  ]);
  return deliveryNo;
}
const labels = (deliveryNo: string, headers = {}) => print(api.url, token, 'labels', { deliveryNos: [deliveryNo] }, headers);
const counts = async (deliveryNo: string) => {
  const [row] = await stack.db.query(sql<{ prints: number; accesses: number }>`
    select count(*)::int as prints,
           (select count(*)::int from personal_data_accesses where subjects @> array[${deliveryNo}]) as accesses
      from prints where delivery_no = ${deliveryNo}`);
  return row;
};
/** Sends this signal to each of the API's print processes as soon as they are there, before they have made anything. */
const signaled = (signal: 'SIGKILL' | 'SIGSTOP', count = 1) =>
  eventually(async () => {
    const pids = printProcesses(api.pid);
    for (const pid of pids) process.kill(pid, signal);
    return pids.length >= count && pids;
  });

describe('the print process', () => {
  test('killed: a clear 503, a count and an access row, and the next print works and says 재출력', async () => {
    const deliveryNo = await shipped();
    const sent = labels(deliveryNo);
    await signaled('SIGKILL');
    expect(await sent).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    expect(await counts(deliveryNo)).toEqual({ prints: 1, accesses: 1 });
    const next = await labels(deliveryNo);
    expect(next.pages.map(({ text }) => text.includes('재출력1'))).toEqual([true]);
    expect(await counts(deliveryNo)).toEqual({ prints: 2, accesses: 2 });
  });

  test('hanging, until its callers give up: their places are free at once', async () => {
    const deliveryNo = await shipped();
    const leaving = new AbortController();
    const sent = [1, 2].map(() =>
      fetch(`${api.url}/api/bo/v1/prints/labels`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ deliveryNos: [deliveryNo] }),
        signal: leaving.signal,
      }),
    );
    const hanging = await signaled('SIGSTOP', 2);
    leaving.abort();
    for (const call of sent) await expect(call).rejects.toThrow();
    await eventually(async () => printProcesses(api.pid).every((pid) => !hanging.includes(pid)));
    expect((await labels(deliveryNo)).pages).toHaveLength(1);
  });
});

test('the API killed between the count and the access row: no label has left, and the repeat is the same print', async () => {
  const deliveryNo = await shipped();
  const key = { 'idempotency-key': unique('key') };
  const there = await stopAt(stack, 'insert', 'personal_data_accesses', `new.subjects @> array['${deliveryNo}']`);
  const sent = labels(deliveryNo, key);
  sent.catch(() => {});
  await there.reached();
  expect(printProcesses(api.pid)).toEqual([]);
  await api.kill();
  await expect(sent).rejects.toThrow();
  await there.end();
  expect(await counts(deliveryNo)).toEqual({ prints: 1, accesses: 0 });
  api = await stack.startApi();
  const again = await labels(deliveryNo, key);
  expect(again.pages.map(({ text }) => text.includes('재출력'))).toEqual([false]);
  expect(await counts(deliveryNo)).toEqual({ prints: 1, accesses: 1 });
});

test('the API killed while a print process hangs: the process ends when it goes on', async () => {
  const deliveryNo = await shipped();
  const sent = labels(deliveryNo);
  sent.catch(() => {});
  const [pid = 0] = await signaled('SIGSTOP');
  await api.kill();
  await expect(sent).rejects.toThrow();
  process.kill(pid, 'SIGCONT');
  await eventually(async () => !isRunning(pid));
  api = await stack.startApi();
  expect((await labels(deliveryNo)).pages[0]?.text).toContain('재출력1');
});
