import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assert, asyncProperty, constantFrom } from 'fast-check';
import { claimBody, commandPickup, instructWithWaybill, placedLine, postClaim } from '../../support/scenes/pickups.ts';
import { downloaded } from '../../support/scenes/sheets.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { writings } from '../../support/writings.ts';

interface Opened {
  pickupNo: string;
  claimNo: string;
  orderNo: string;
  deliveryNo: string;
  waybillNo: string;
}
let stack: Stack;
let opened: Opened[];
beforeAll(async () => {
  stack = await startStack();
  opened = await Promise.all(
    [1, 2, 3].map(async () => {
      const { deliveryNo, lineNo, orderNo } = await placedLine(stack);
      const claim = claimBody('return', orderNo, [{ lineNo, quantity: 1 }]);
      const { body } = await postClaim(stack, claim);
      const { pickupNo } = body.pickups[0];
      return { pickupNo, claimNo: claim.claimNo, orderNo, deliveryNo, waybillNo: await instructWithWaybill(stack, pickupNo) };
    }),
  );
});
afterAll(() => stack.stop());

const PICKUPS = '/api/bo/v1/pickups';
async function found(query: [string, string][]): Promise<string[]> {
  const { status, body } = await stack.get(`${PICKUPS}?${new URLSearchParams(query)}`);
  expect([status, body.errors]).toEqual([200, undefined]);
  return body.items.map((item: any) => item.pickupNo).sort();
}

describe('회수 조회 finds numbers as people write them', () => {
  test('pickupNo, claimNo, orderNo and waybillNo, each up to 200 times', async () => {
    const names = constantFrom('pickupNo', 'claimNo', 'orderNo', 'waybillNo');
    await assert(
      asyncProperty(names, constantFrom(0, 1, 2), writings, async (name, at, write) => {
        const own = opened[at] as Opened;
        expect(await found([[name, write(own[name])]])).toEqual([own.pickupNo]);
      }),
      { numRuns: 40 },
    );
    for (const name of ['pickupNo', 'claimNo', 'orderNo', 'waybillNo'] as const) {
      const others = Array.from({ length: 197 }, (_, at): [string, string] => [name, `other-${at}`]);
      const own = opened.map((each): [string, string] => [name, each[name]]);
      expect([name, await found([...others, ...own])]).toEqual([name, opened.map(({ pickupNo }) => pickupNo).sort()]);
      expect((await stack.get(`${PICKUPS}?${new URLSearchParams([...others, ...own, [name, 'x']])}`)).status).toBe(400);
    }
  });

  test('q finds by the beginning of the pickup, claim, order, original delivery or waybill number', async () => {
    const names = constantFrom('pickupNo', 'claimNo', 'orderNo', 'deliveryNo', 'waybillNo');
    const key = (text: string) => text.replace(/[\s-]/g, '').toUpperCase();
    await assert(
      asyncProperty(names, constantFrom(0, 1, 2), constantFrom(4, 8, 99), writings, async (name, at, length, write) => {
        const beginning = key((opened[at] as Opened)[name]).slice(0, length);
        const expected = opened.filter((each) => Object.values(each).some((number) => key(number).startsWith(beginning)));
        expect(await found([['q', write(beginning)]])).toEqual(expected.map(({ pickupNo }) => pickupNo).sort());
      }),
      { numRuns: 40 },
    );
  });

  test('with the other filters, in pages, counted, and in an export', async () => {
    const [first] = opened as [Opened];
    const q = first.pickupNo.slice(0, 5);
    await commandPickup(stack, 'confirm', first.pickupNo);
    expect(
      await found([
        ['q', q],
        ['screen', 'complete'],
      ]),
    ).toEqual([first.pickupNo]);
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await stack.get(
        `${PICKUPS}?q=${q}&limit=1&count=true${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      expect(body.total).toBe(3);
      seen.push(...body.items.map((item: any) => item.pickupNo));
      if (body.nextCursor === null) break;
      cursor = body.nextCursor;
    }
    expect(seen.sort()).toEqual(opened.map(({ pickupNo }) => pickupNo).sort());
    const sheet = await downloaded(stack, `${PICKUPS}/export.xlsx?claimNo=${first.claimNo.toLowerCase()}`);
    expect(sheet.slice(1).map(([pickupNo]) => pickupNo)).toEqual([first.pickupNo]);
  });

  test.each([
    ['q', 'P26'],
    ['q', ' -- - '],
    ['claimNo', ' - '],
  ])('%s=%s is 400 and says so', async (name, value) => {
    const { status, body } = await stack.get(`${PICKUPS}?${new URLSearchParams([[name, value]])}`);
    expect([status, body.errors]).toMatchObject([400, [{ path: name }]]);
  });
});
