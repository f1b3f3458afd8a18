import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { assert, asyncProperty } from 'fast-check';
import { createTracker } from '../../tracker/client.ts';
import { anyText } from '../support/opened-sheet.ts';

let words = '';
const server = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ success: false, e_code: words, e_message: words }));
});
beforeAll(() => new Promise<void>((done) => void server.listen(0, '127.0.0.1', done)));
afterAll(() => void server.close());

test('whatever the tracker says to a registration can be stored, and is cut between letters', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tracker = createTracker({
    DELIVERY_API_EXTERNAL_URL: url,
    DELIVERY_API_URL: url,
    DELIVERY_API_TIER: '1',
    DELIVERY_API_KEY: 'key',
    DELIVERY_API_TYPE: 'json',
    DELIVERY_TRACKING_PATH: '/trackingInfo',
    DELIVERY_TRACKING_METHOD: 'GET',
    DELIVERY_REGISTER_PATH: '/register',
    DELIVERY_CALLBACK_PATH: '/callback',
    DELIVERY_API_TIMEOUT_MS: 10_000,
    TRACKING_CALLBACK_SECRET: 'secret',
  });
  const parcel = { fid: 'D1', carrierCode: '04', waybillNo: '681234567890' };
  const storable = (text: string) => text.isWellFormed() && !text.includes('\u0000');
  await assert(
    asyncProperty(anyText, async (text) => {
      words = text.length === 0 ? text : text.repeat(Math.ceil(1_200 / text.length));
      const { eCode, answer } = await tracker.register(parcel, new AbortController().signal);
      expect(answer).not.toBeNull();
      // As PostgreSQL reads JSON: no escape of NUL, no half of a letter.
      expect(JSON.stringify([eCode, answer])).not.toMatch(/\\u(0000|d[89a-f])/i);
      expect(storable(`${eCode}`)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
