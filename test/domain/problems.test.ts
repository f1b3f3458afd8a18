import { describe, expect, test } from '@jest/globals';
import { isProblemCode, problems } from '../../domain/problems.ts';

/** docs/sources/contract.md: every code it names for orders and delivery lines, with the status where a whole answer has it. */
const named: [string, number | null][] = [
  ['ORDER_EXISTS', 409],
  ['ALREADY_SHIPPED', 409],
  ['NOT_CLAIMABLE', 409],
  ['IDEMPOTENCY_KEY_REUSED', 409],
  ['IDEMPOTENCY_KEY_BUSY', 409],
  ['COMMAND_PENDING', 503],
  ['UNAVAILABLE', 503],
  ['LINE_NOT_FOUND', null],
  ['TRANSITION_NOT_ALLOWED', null],
  ['WAYBILL_REQUIRED', null],
  ['CARRIER_UNKNOWN', null],
  ['WAYBILL_INVALID', null],
  ['WAYBILL_IN_USE', null],
  ['REVISION_CONFLICT', null],
  ['LINE_FINISHED', null],
  ['REASON_REQUIRED', null],
  ['ALREADY_MOVING', null],
];

describe('`code` is from domain/problems.ts, `title` its Korean sentence', () => {
  test.each(named)('%s', (code, status) => {
    expect(isProblemCode(code)).toBe(true);
    if (status !== null) expect(problems[code as keyof typeof problems].status).toBe(status);
  });

  test('every code has an error status and a Korean sentence of its own', () => {
    for (const [code, { status, title }] of Object.entries(problems)) {
      expect([code, status >= 400 && status <= 599]).toEqual([code, true]);
      expect([code, /[가-힣]/.test(title)]).toEqual([code, true]);
    }
    const titles = Object.values(problems).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  test('nothing else is a code', () => {
    for (const other of [null, undefined, '', 'toString', '__proto__', 'ship', 'order_exists'])
      expect(isProblemCode(other)).toBe(false);
  });
});
