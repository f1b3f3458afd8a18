import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { Label } from '../../../api/printing/pdf/label.ts';
import { createPress, type Press, type ToPrint } from '../../../api/printing/press.ts';
import { printProcesses } from '../../support/processes/print-processes.ts';
import { eventually } from '../../support/stack.ts';
import { openPdf } from './opened-pdf.ts';

const labelAt = (at: number): Label => ({
  carrierName: '롯데택배',
  sortingCode: null,
  waybillNo: String(681_234_000_000 + at),
  spokenNo: String(681_234_000_000 + at),
  reprint: 0,
  collect: null,
  receiver: { name: '홍길동', phone: '010-1234-5678', zipCode: '06236', address: `서울특별시 강남구 테헤란로 ${at}` },
  memo: '문 앞에 놓아주세요',
  sender: { name: '김포 물류센터', address: '(10048) 경기도 김포시 고촌읍' },
  goods: ['2개  캠핑 의자'],
  quantity: 2,
  deliveryNo: `D${261_123_000_000 + at}`,
  moreDeliveries: 0,
  printedAt: '2026-11-23 09:00',
  count: `${at + 1}`,
});
const job = { kind: 'label', title: '라벨', paper: '100x150' } as const;
const newPress = () => createPress(pino({ level: 'silent' }));
const never = new AbortController().signal;
const labels = (parts: ToPrint['parts'], press: Press = newPress(), signal = never) =>
  press(signal, async () => ({ job, parts }));

describe('the press', () => {
  test('sends the first pages before it has been given the last label', async () => {
    const { promise: isRead, resolve: read } = Promise.withResolvers<void>();
    async function* parts() {
      for (let at = 0; at < 499; at++) yield labelAt(at);
      await isRead;
      yield labelAt(499);
    }
    const stream = await labels(parts());
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) {
      if (chunks.length === 0) expect(Buffer.from(chunk.slice(0, 5)).toString()).toBe('%PDF-');
      chunks.push(chunk);
      read();
    }
    const pages = await openPdf(Buffer.concat(chunks));
    expect(pages.map(({ text }) => text.includes('홍길동'))).toEqual(Array(500).fill(true));
    expect(pages[499]?.text).toContain(String(681_234_000_499));
  });

  test('waits for whoever reads it, so that a slow reader’s pages are not held in memory', async () => {
    const count = 1_200;
    let taken = 0;
    function* parts() {
      for (; taken < count; taken++) yield labelAt(taken);
    }
    const start = performance.now();
    const stream = await labels(parts());
    let [before, changed] = [-1, start];
    // It stands still for longer than the process's start and all that was taken has needed: nobody reads.
    await eventually(async () => {
      const now = performance.now();
      if (taken !== before) [before, changed] = [taken, now];
      return taken > 0 && now - changed > Math.max(changed - start, 1_000);
    });
    expect(taken).toBeLessThan(count);
    expect(await openPdf(await buffer(stream))).toHaveLength(count);
  });

  test('ends in an error, never as a PDF that looks whole, when a label is missing', async () => {
    function* parts() {
      for (let at = 0; at < 400; at++) yield labelAt(at);
      throw new Error('PostgreSQL is away');
    }
    await expect(labels(parts()).then(buffer)).rejects.toThrow();
  });

  test('makes two at once; whoever leaves gives the place to the next, who is not printed if gone too', async () => {
    const press = newPress();
    const begun: string[] = [];
    const start = (name: string, signal: AbortSignal) =>
      press(signal, async () => {
        begun.push(name);
        return { job, parts: Array.from({ length: 1_200 }, (_, at) => labelAt(at)) };
      });
    const first = await start('first', never);
    const second = await start('second', never);
    const gone = new AbortController();
    const third = start('third', gone.signal);
    third.catch(() => {});
    const fourth = start('fourth', never);
    expect(begun).toEqual(['first', 'second']);
    gone.abort();
    await first.cancel();
    await expect(third).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await (await fourth).cancel();
    expect(begun).toEqual(['first', 'second', 'fourth']);
    await second.cancel();
  });

  test('a process that is killed gives its place to the next, although its reader stands still', async () => {
    const press = newPress();
    const start = () =>
      labels(
        Array.from({ length: 1_200 }, (_, at) => labelAt(at)),
        press,
      );
    const [first, second] = [await start(), await start()];
    for (const pid of printProcesses(process.pid)) process.kill(pid, 'SIGKILL');
    expect(await openPdf(await buffer(await labels([labelAt(0)], press)))).toHaveLength(1);
    for (const stream of [first, second]) await expect(buffer(stream)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('a caller who hangs up before the first page leaves the place, although the process hangs', async () => {
    const press = newPress();
    const leaving = [new AbortController(), new AbortController()];
    const started = leaving.map(({ signal }) => labels([labelAt(0)], press, signal));
    for (const stream of started) stream.catch(() => {});
    const pids = await eventually(async () => {
      const found = printProcesses(process.pid);
      for (const pid of found) process.kill(pid, 'SIGSTOP');
      return found.length === 2 && found;
    });
    for (const caller of leaving) caller.abort();
    for (const stream of started) await expect(stream).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await openPdf(await buffer(await labels([labelAt(0)], press)))).toHaveLength(1);
    await eventually(async () => printProcesses(process.pid).every((pid) => !pids.includes(pid)));
  });

  test('tells the ninth to come back', async () => {
    const press = newPress();
    const { promise: may, resolve: go } = Promise.withResolvers<void>();
    const all = Array.from({ length: 8 }, () =>
      press(never, async () => {
        await may;
        return { job, parts: [labelAt(0)] };
      }),
    );
    await expect(labels([labelAt(0)], press)).rejects.toMatchObject({ code: 'UNAVAILABLE', headers: { 'retry-after': '5' } });
    go();
    for (const stream of all) expect(await openPdf(await buffer(await stream))).toHaveLength(1);
  });
});
