import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiProcess, type ProcessStack, startProcesses } from '../support/processes/process-stack.ts';
import { BULK } from '../support/scenes/sheets.ts';
import { signToken, withoutPii } from '../support/stack.ts';

const MB = 1024 * 1024;
let stack: ProcessStack;
let api: ApiProcess;
let token: string;
beforeAll(async () => {
  stack = await startProcesses();
  api = await stack.startApi({}, false);
  token = await signToken(withoutPii);
});
afterAll(() => stack.stop());

/** Uploads these bytes; also one that is refused before its body is read hears why. */
async function upload(bytes: Uint8Array): Promise<number> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), '큰 파일.csv');
  const response = await fetch(api.url + BULK, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: form });
  await response.text();
  if (response.status === 503) expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
  return response.status;
}

/** Memory of the API's process at its highest, in MB; elsewhere than on Linux nothing is known. */
const highest = () =>
  process.platform === 'linux'
    ? Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${api.pid}/status`, 'utf8'))?.[1]) / 1024
    : 0;

describe('one file never ends the API', () => {
  test.each<[string, Uint8Array]>([
    ['19 MB of commas', Buffer.alloc(19 * MB, ',')],
    ['19 MB of semicolons', Buffer.alloc(19 * MB, ';')],
    ['19 MB of line ends', Buffer.alloc(19 * MB, '\n')],
    ['one field of 19 MB', Buffer.alloc(19 * MB, 'a')],
    [
      'one quoted field of 19 MB',
      Buffer.concat([Buffer.from('배송번호,순번,택배사코드,운송장번호\n"'), Buffer.alloc(19 * MB, 'a')]),
    ],
    [
      'commas below our header',
      Buffer.concat([Buffer.from('배송번호,순번,택배사코드,운송장번호\n'), Buffer.alloc(19 * MB, ',')]),
    ],
  ])('%s is refused', async (_name, bytes) => {
    expect([400, 413]).toContain(await upload(bytes));
    expect((await api.get('/healthz')).status).toBe(200);
  });

  test('24 of 19 MB at once: some are read, the others told to come back; the API answers others meanwhile', async () => {
    await upload(Buffer.alloc(19 * MB, ','));
    const before = highest();
    const going = Promise.all(Array.from({ length: 24 }, () => upload(Buffer.alloc(19 * MB, ','))));
    let over = false;
    void going.then(() => {
      over = true;
    });
    let answered = 0;
    while (!over) {
      expect((await api.get('/healthz')).status).toBe(200);
      answered++;
    }
    const statuses = await going;
    expect(answered).toBeGreaterThan(0);
    expect(statuses.filter((status) => status === 400 || status === 413).length).toBeGreaterThanOrEqual(2);
    for (const status of statuses) expect([400, 413, 503]).toContain(status);
    expect(highest() - before).toBeLessThan(200);
  });
});
