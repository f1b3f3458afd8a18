import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { Label } from '../../../api/printing/pdf/label.ts';
import { createPress } from '../../../api/printing/press.ts';
import { openPdf } from './opened-pdf.ts';

const label: Label = {
  carrierName: 'CJ대한통운',
  sortingCode: null,
  waybillNo: '681234567890',
  spokenNo: '6812-3456-7890',
  reprint: 0,
  collect: null,
  receiver: { name: '홍길동', phone: '010-1234-5678', zipCode: '06236', address: '서울특별시 강남구 테헤란로 123' },
  memo: null,
  sender: { name: '김포 물류센터', address: '(10048) 경기도 김포시 고촌읍' },
  goods: ['2개  캠핑 의자'],
  quantity: 2,
  deliveryNo: 'D261123000001',
  moreDeliveries: 0,
  printedAt: '2026-11-23 09:00',
  count: '1/1',
};
const press = createPress(pino({ level: 'silent' }));
async function drawnAll(labels: Partial<Label>[]) {
  const parts = labels.map((more) => ({ ...label, ...more }));
  const job = { kind: 'label', title: '라벨', paper: '100x150' } as const;
  const stream = await press(new AbortController().signal, async () => ({ job, parts }));
  return openPdf(await buffer(stream));
}
async function drawn(more: Partial<Label>) {
  const [page] = await drawnAll([more]);
  if (!page) throw new Error('no page');
  return page;
}

/** The longest that an order may hold, each letter in its place. */
const long = (most: number, words: string) =>
  words
    .repeat(Math.ceil(most / words.length))
    .slice(0, most - 1)
    .trimEnd();
const longest = {
  name: long(100, '남궁선우독고황보'),
  phone: long(100, '010-1234-5678 또는 '),
  zipCode: '06236',
  address: long(601, '경기도 성남시 분당구 판교역로 166번길 '),
};

describe('on a label', () => {
  test('the longest name, phone and address are all there, smaller, and nothing leaves its place', async () => {
    const { pieces, text, scan } = await drawn({ receiver: longest, memo: long(500, '부재 시 경비실에 맡겨 주세요 ') });
    for (const part of [longest.name, longest.phone, longest.address]) expect(text).toContain(part.replace(/\s/g, ''));
    const between = (from: number, to: number) => pieces.filter(({ y, height }) => y + height > from + 0.5 && y < to - 0.5);
    for (const { x, y, width, height } of pieces) {
      expect([x >= 3.9, x + width <= 96.2, y >= 0, y + height <= 150]).toEqual([true, true, true, true]);
    }
    // Every piece of the address is above the memo's line, every piece of the memo above the sender's.
    const address = longest.address.replace(/\s/g, '').slice(-8);
    const last = between(65, 90.3)
      .map((piece) => piece.text.replace(/\s/g, ''))
      .join('');
    expect(last.endsWith(address)).toBe(true);
    expect(Math.max(...pieces.filter((piece) => piece.text.includes('경비실')).map(({ y, height }) => y + height))).toBeLessThan(
      102.5,
    );
    expect(await scan()).toEqual([label.waybillNo, label.deliveryNo]);
  });

  test('what of a memo and of goods has no room is cut, and seen to be', async () => {
    const { text } = await drawn({ memo: long(5_000, '메모 '), goods: [`1개  ${long(600, '아주 긴 상품 이름 ')}`] });
    expect(text.match(/…/g)).toHaveLength(2);
  });

  test('a sorting code stands where 미정제 stood', async () => {
    const { text } = await drawn({ sortingCode: '5B24-A3' });
    expect([text.includes('5B24-A3'), text.includes('미정제')]).toEqual([true, false]);
  });

  test('every Korean syllable comes out as itself', async () => {
    const letters = Array.from({ length: 11_172 }, (_, at) => String.fromCharCode(0xac00 + at));
    const labels = Array.from({ length: Math.ceil(letters.length / 400) }, (_, at) => {
      const address = letters.slice(at * 400, at * 400 + 400).join('');
      return { receiver: { ...label.receiver, address } };
    });
    const pages = await drawnAll(labels);
    const seen = new Set(pages.flatMap(({ text }) => [...text]));
    expect(letters.filter((letter) => !seen.has(letter))).toEqual([]);
  });

  test('a letter of a script written from right to left does not turn the line that it begins', async () => {
    const address = 'م 테헤란로 123, 401호';
    const [, page] = await drawnAll([{}, { receiver: { ...label.receiver, address } }]);
    expect(page?.text).toContain('테헤란로123,401호');
    expect(await page?.scan()).toEqual([label.waybillNo, label.deliveryNo]);
  });

  test('a number of letters that have no bars is text alone', async () => {
    const { text, scan } = await drawn({ deliveryNo: '배송-가나다' });
    expect(text).toContain('배송-가나다');
    expect(await scan()).toEqual([label.waybillNo]);
  });

  test('a waybill of letters and of the longest form is read too', async () => {
    for (const waybillNo of ['EG123456789KR', 'A1B2C3D4E5F6G7H8I9J0']) {
      const { scan } = await drawn({ waybillNo, spokenNo: waybillNo });
      expect(await scan()).toEqual([waybillNo, label.deliveryNo].sort());
    }
  });
});
