import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isPublicAddress } from '../../../process/public-address.ts';
import { startSecondApi } from '../../support/second-api.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { hook, WEBHOOKS } from './hooks.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
});
afterAll(() => stack.stop());

/** Networks that lead nowhere in the open, as [first octets, how many bits are free]. */
const closed4: [number[], number][] = [
  [[0], 24],
  [[10], 24],
  [[100, 64], 16],
  [[127], 24],
  [[169, 254], 16],
  [[172, 16], 16],
  [[172, 31], 16],
  [[192, 0, 0], 8],
  [[192, 0, 2], 8],
  [[192, 168], 16],
  [[198, 18], 16],
  [[198, 51, 100], 8],
  [[203, 0, 113], 8],
  [[224], 24],
  [[240], 24],
  [[255, 255, 255, 255], 0],
];
const octets = (number: number) => [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255];
const numberOf = ([a = 0, b = 0, c = 0, d = 0]: number[]) => ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
const closed = fc
  .tuple(fc.constantFrom(...closed4), fc.nat(0xff_ff_ff))
  .map(([[first, free], rest]) => (numberOf(first) | (free === 0 ? 0 : rest & (2 ** free - 1))) >>> 0);
const hex = (number: number) => number.toString(16);
const pair = (number: number) => `${hex(number >>> 16)}:${hex(number & 0xffff)}`;
/** The same address as people who want to get past a rule write it. */
const writings: Record<string, (address: number) => string> = {
  dotted: (address) => octets(address).join('.'),
  decimal: (address) => String(address),
  hexadecimal: (address) => `0x${hex(address)}`,
  octal: (address) =>
    octets(address)
      .map((octet) => `0${octet.toString(8)}`)
      .join('.'),
  mixed: (address) =>
    octets(address)
      .map((octet, at) => (at % 2 === 0 ? `0x${hex(octet)}` : octet))
      .join('.'),
  'three parts': (address) => [address >>> 24, (address >>> 16) & 255, address & 0xffff].join('.'),
  'two parts': (address) => [address >>> 24, address & 0xff_ff_ff].join('.'),
  'with a dot': (address) => `${octets(address).join('.')}.`,
  'full width': (address) =>
    octets(address)
      .join('。')
      .replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  'IPv4-mapped': (address) => `[::ffff:${octets(address).join('.')}]`,
  'IPv4-mapped in hexadecimal': (address) => `[0:0:0:0:0:ffff:${pair(address)}]`,
  'IPv4-compatible': (address) => `[::${pair(address)}]`,
  NAT64: (address) => `[64:ff9b::${pair(address)}]`,
  'local NAT64': (address) => `[64:ff9b:1::${pair(address)}]`,
  '6to4': (address) => `[2002:${pair(address)}::1]`,
  translated: (address) => `[::ffff:0:${pair(address)}]`,
};

describe('an address that not everybody reaches is refused, however it is written', () => {
  test.each(Object.entries(writings))('%s', (_name, write) => {
    fc.assert(
      fc.property(closed, (address) => {
        const url = `https://${write(address)}/hook`;
        if (!URL.canParse(url)) return;
        expect([url, isPublicAddress(new URL(url).hostname)]).toEqual([url, false]);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ...['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'printer.local', 'db.internal', 'nas.lan', 'router.home.arpa'],
    ...['[::1]', '[::]', '[fe80::1]', '[fc00::1]', '[fd12:3456::1]', '[ff02::1]', '[fec0::1]', '[100::1]', '[2001:db8::1]'],
    ...['[2001::1]', '[4000::1]', '[::ffff:127.0.0.1]', '0', '127.1', '0177.0.0.1', '2130706433'],
  ])('%s', (host) => expect(isPublicAddress(new URL(`https://${host}`).hostname)).toBe(false));

  test.each([
    'shop.example',
    'localhost.example',
    'mylocal.example',
    '8.8.8.8',
    '134744072',
    '[2606:4700::1111]',
    '[::ffff:8.8.8.8]',
    'local.kr',
  ])('but not %s', (host) => expect(isPublicAddress(new URL(`https://${host}`).hostname)).toBe(true));
});

const urls: [string, string][] = [
  ['http', 'http://shop.example/in'],
  ['no URL', 'shop.example'],
  ['another scheme', 'ftp://shop.example'],
  ['without slashes', 'https:shop.example'],
  ['a name and a password', 'https://kim:pw@shop.example/in'],
  ['a name alone', 'https://kim@shop.example/in'],
  ['loopback', 'https://127.0.0.1/in'],
  ['loopback as a number', 'https://2130706433/in'],
  ['a name of the machine', 'https://localhost:3000/in'],
  ['metadata of a cloud', 'https://169.254.169.254/latest/meta-data'],
  ['blanks', 'https://shop.example/a b'],
  ['a line break', 'https://shop.example/\r\nx: y'],
  ['letters outside ASCII', 'https://쇼핑몰.example'],
  ['too long', `https://shop.example/${'x'.repeat(2_048)}`],
  ['a port too high', 'https://shop.example:70000'],
];

describe('a body', () => {
  test.each<[string, object, string]>([
    ...urls.map(([what, url]): [string, object, string] => [what, { url }, 'url']),
    ['no url', { url: undefined }, 'url'],
    ['no types', { types: undefined }, 'types'],
    ['an empty list', { types: [] }, 'types'],
    ['one that there is not', { types: ['*', 'delivery.eaten'] }, 'types.1'],
    ['41 types', { types: Array(41).fill('delivery.shipped') }, 'types'],
    ['501 letters', { description: 'x'.repeat(501) }, 'description'],
    ['a letter that cannot be stored', { description: 'a\u0000b' }, 'description'],
  ])('%s is refused, and the field is named', async (_what, more, field) => {
    const { id } = (await stack.post(WEBHOOKS, hook())).body;
    const one = `${WEBHOOKS}/${id}`;
    for (const answer of [await stack.post(WEBHOOKS, hook(more as any)), await stack.put(one, hook(more as any))]) {
      expect([answer.status, answer.body.code]).toEqual([400, 'BAD_REQUEST']);
      expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual([field]);
      // What was typed may be a password.
      expect(JSON.stringify(answer.body)).not.toContain('kim');
    }
    expect((await stack.get(one)).body.url).toBe(hook().url);
    await stack.delete(one);
  });

  test('at its bounds is taken, its texts cleaned', async () => {
    const url = `https://shop.example/${'x'.repeat(2_048 - 21)}`;
    const types = Array(40).fill('delivery.shipped');
    const { status, body } = await stack.post(WEBHOOKS, { url, types, description: ` ${'한'.repeat(500)}\u200b ` });
    expect([status, body.url, body.types, body.description]).toEqual([201, url, ['delivery.shipped'], '한'.repeat(500)]);
    for (const description of ['', '  ', null])
      expect((await stack.put(`${WEBHOOKS}/${body.id}`, hook({ description }))).body.description).toBeNull();
    await stack.delete(`${WEBHOOKS}/${body.id}`);
  });

  test('anything else is 400 or taken, never our fault', async () => {
    const body = fc.record(
      {
        url: fc.oneof(
          fc.webUrl(),
          fc.string({ unit: 'binary' }),
          fc.ipV4().map((ip) => `https://${ip}`),
          fc.ipV6().map((ip) => `https://[${ip}]/`),
        ),
        types: fc.oneof(fc.array(fc.constantFrom('*', 'delivery.shipped', 'x')), fc.string(), fc.constant(null)),
        description: fc.oneof(fc.string({ unit: 'binary', maxLength: 600 }), fc.integer(), fc.constant(null)),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(body, async (given) => {
        const answer = await stack.post(WEBHOOKS, given);
        expect([201, 400]).toContain(answer.status);
        if (answer.status !== 201) return;
        expect(new URL(answer.body.url).protocol).toBe('https:');
        expect(isPublicAddress(new URL(answer.body.url).hostname)).toBe(true);
        expect((await stack.delete(`${WEBHOOKS}/${answer.body.id}`)).status).toBe(200);
      }),
      { numRuns: 150 },
    );
  });
});

test('where private addresses are allowed, http and loopback are taken; a name in the address never', async () => {
  const other = await startSecondApi({ ...stack.deps, webhooks: { ...stack.deps.webhooks, WEBHOOK_ALLOW_PRIVATE: true } });
  try {
    for (const url of ['http://127.0.0.1:8400/hook', 'http://localhost/x', 'https://shop.example'])
      expect((await other.post(WEBHOOKS, hook({ url }))).status).toBe(201);
    for (const url of ['http://kim:pw@127.0.0.1', 'ftp://127.0.0.1'])
      expect((await other.post(WEBHOOKS, hook({ url }))).status).toBe(400);
  } finally {
    await other.stop();
  }
});
