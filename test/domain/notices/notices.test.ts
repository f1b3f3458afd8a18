import { describe, expect, test } from '@jest/globals';
import { mobileIn } from '../../../domain/notices/mobile.ts';
import { noticeTypes } from '../../../domain/notices/notice.ts';
import { afterQuiet, isQuiet } from '../../../domain/notices/quiet.ts';
import { type NoticeSource, type NoticeValues, noticeSources, render } from '../../../domain/notices/rule.ts';
import { judgeNotice, type NoticeFacts } from '../../../domain/notices/verdict.ts';

const seoul = (text: string) => new Date(`${text}+09:00`);
const night = { from: 21, until: 8 };

describe('quiet hours', () => {
  test.each([
    ['20:59:59', '2026-03-01T20:59:59'],
    ['21:00:00', '2026-03-02T08:00:00'],
    ['23:59:59', '2026-03-02T08:00:00'],
    ['00:00:00', '2026-03-01T08:00:00'],
    ['07:59:59', '2026-03-01T08:00:00'],
    ['08:00:00', '2026-03-01T08:00:00'],
    ['12:00:00', '2026-03-01T12:00:00'],
  ])('from 21 to 8: what is due at %s goes at %s', (time, goes) => {
    expect(afterQuiet(night, seoul(`2026-03-01T${time}`))).toEqual(seoul(goes));
  });

  test('also those within a day, and none', () => {
    expect(isQuiet({ from: 12, until: 13 }, seoul('2026-03-01T12:30:00'))).toBe(true);
    expect(isQuiet({ from: 12, until: 13 }, seoul('2026-03-01T13:00:00'))).toBe(false);
    expect(afterQuiet({ from: 12, until: 13 }, seoul('2026-03-01T12:30:00'))).toEqual(seoul('2026-03-01T13:00:00'));
    expect(afterQuiet(null, seoul('2026-03-01T03:00:00'))).toEqual(seoul('2026-03-01T03:00:00'));
  });

  test('the instant it ends at is never quiet, whatever the hours', () => {
    for (let from = 0; from < 24; from++)
      for (let until = 0; until < 24; until++)
        for (let hour = 0; hour < 24; hour++) {
          if (from === until) continue;
          const at = seoul(`2026-12-31T${String(hour).padStart(2, '0')}:30:00`);
          const after = afterQuiet({ from, until }, at);
          expect(isQuiet({ from, until }, after)).toBe(false);
          expect(after.getTime() - at.getTime()).toBeLessThan(24 * 3_600_000);
        }
  });
});

test.each([
  ['010-1234-5678', '01012345678'],
  ['+82 10-1234-5678', '01012345678'],
  ['02-123-4567 또는 010-1234-5678', '01012345678'],
  ['0504-1234-5678', '050412345678'],
  ['0507-123-4567', '05071234567'],
  ['011-234-5678', '0112345678'],
  ['02-123-4567', undefined],
  ['031-1234-5678', undefined],
  ['070-1234-5678', undefined],
  ['1588-1234', undefined],
  ['', undefined],
  ['없음', undefined],
])('a message for %s goes to %s', (field, number) => {
  expect(mobileIn(field)).toBe(number);
});

const values = { ...Object.fromEntries(Object.keys(noticeSources).map((name) => [name, null])) } as NoticeValues;
const rule = (text: string, variables: Record<string, NoticeSource>) => ({ text, variables });

describe('a message', () => {
  test('has the values in place of the variables', () => {
    const known = { ...values, receiverName: '홍길동', orderNo: 'S-1' };
    expect(render(rule('#{고객}님 #{번호} #{고객}', { 고객: 'receiverName', 번호: 'orderNo' }), known)).toEqual({
      text: '홍길동님 S-1 홍길동',
      variables: { 고객: '홍길동', 번호: 'S-1' },
    });
  });

  test('a value that looks like a variable, or like a pattern, stays as it is', () => {
    const known = { ...values, receiverName: '#{번호}$&', orderNo: 'S-1' };
    expect(render(rule('#{고객} #{번호}', { 고객: 'receiverName', 번호: 'orderNo' }), known)).toMatchObject({
      text: '#{번호}$& S-1',
    });
  });

  test('without a value, or too long, there is none', () => {
    expect(render(rule('#{운송장}', { 운송장: 'waybillNo' }), values)).toBe('VALUE_MISSING');
    const long = { ...values, productName: '가'.repeat(995) };
    expect(render(rule('#{상품} 소식입니다', { 상품: 'productName' }), long)).toBe('TOO_LONG');
  });
});

describe('whether it is sent', () => {
  const now = seoul('2026-03-04T12:00:00');
  const facts: NoticeFacts = {
    since: seoul('2026-03-04T11:00:00'),
    now,
    takenBack: false,
    undone: false,
    rule: { type: 'delivery.shipped', templateCode: 'T', text: '소식', variables: {}, enabled: true },
    order: { phone: '010-1234-5678', wantsNotices: true },
    values,
  };

  test('to the number, with the words', () => {
    expect(judgeNotice(facts)).toMatchObject({ kind: 'send', to: '01012345678', message: { text: '소식' } });
  });

  test.each<[string, Partial<NoticeFacts>]>([
    ['TAKEN_BACK', { takenBack: true }],
    ['UNDONE', { undone: true }],
    ['TOO_OLD', { since: seoul('2026-03-01T11:59:59') }],
    ['NO_RULE', { rule: null }],
    ['NO_RULE', { rule: { type: 'delivery.shipped', templateCode: 'T', text: '소식', variables: {}, enabled: false } }],
    ['NO_ORDER', { order: null }],
    ['NOT_WANTED', { order: { phone: '010-1234-5678', wantsNotices: false } }],
    ['NO_MOBILE', { order: { phone: '02-123-4567', wantsNotices: true } }],
  ])('no: %s', (reason, change) => {
    expect(judgeNotice({ ...facts, ...change })).toEqual({ kind: 'skipped', reason });
  });

  test('three days old is not too old', () => {
    expect(judgeNotice({ ...facts, since: seoul('2026-03-01T12:00:00') }).kind).toBe('send');
  });
});

test('only lines and pickups have a receiver to tell', () => {
  expect(noticeTypes).toContain('delivery.shipped');
  expect(noticeTypes).toContain('pickup.completed');
  expect(noticeTypes.filter((type) => !/^(delivery|pickup)\./.test(type))).toEqual([]);
});
