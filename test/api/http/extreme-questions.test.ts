import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sample, shuffledSubarray } from 'fast-check';
import pLimit from 'p-limit';
import type { z } from 'zod';
import { createApp } from '../../../api/app.ts';
import { permissions } from '../../../api/http/auth.ts';
import { edgeTexts, inputOf } from '../../support/from-schema.ts';
import { orderBody } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
  token = await stack.token(permissions);
  await stack.post('/api/order/v1/orders', orderBody([{}, {}]));
});
afterAll(() => stack.stop());

const AT_ONCE = 12;
/** Around the ends of smallint, integer, bigint, of what a double holds exactly, and of PostgreSQL's numeric, dates and instants. */
const numbers = [15n, 31n, 53n, 63n, 64n].flatMap((bits) =>
  [-1n, 0n, 1n].flatMap((by) => [2n ** bits + by, -(2n ** bits) + by].map(String)),
);
const digits = [4, 9, 10, 15, 16, 18, 19, 20].map((most) => '9'.repeat(most));
const instants = [
  ...['-infinity', 'infinity', 'epoch', 'now', '+294276-12-31', '+294277-01-01T00:00:00Z', '-4713-11-24', '275760-09-13'],
  ...['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+23:59', '9999-12-31T23:59:59.999999999-23:59', '2026-11-23T09:00:00+24:00'],
];
const texts = [...numbers, ...digits, ...instants, '1e400', '1e-400', '9'.repeat(7_000), ...edgeTexts].map((text) =>
  text.toWellFormed(),
);
const values = ['1900-01-01', '2999-12-31', '2026-11-23T00:00:00Z', '294277-01-01', null, '', 'x'];
const keys = [
  ['D1', 2_147_483_647],
  ['D1', 2_147_483_648],
  ['D1', 1],
  ['9'.repeat(15)],
  ['9'.repeat(16)],
  [''],
  ['a\u0000b'],
  [],
];

/** Cursors as if an own list had given them, with values at every edge. */
const cursorsOf = (sorts: string[]) =>
  sorts.flatMap((sort) =>
    values.flatMap((value) => keys.map((key) => Buffer.from(JSON.stringify([sort, value, key])).toString('base64url'))),
  );

type Shape = Record<string, z.core.$ZodType>;
const shapeOf = (schema: unknown): Shape =>
  schema && typeof schema === 'object' && 'shape' in schema ? (schema.shape as Shape) : {};
const fits = (schema: z.core.$ZodType, value: unknown) => '_zod' in schema && (schema as z.ZodType).safeParse(value).success;
/** Some value that the parameter takes, for the others of its question. */
const some = (schema: z.core.$ZodType): string => {
  const found = sample(inputOf(schema), 200)
    .map((value) => (value instanceof Date ? value.toISOString() : String(value)))
    .find((text) => text !== '' && fits(schema, text));
  return found ?? '1';
};

/** How many texts that the schema takes are asked with, and how many that it refuses. */
const [TAKEN, REFUSED] = [25, 4];
const asksOf = (schema: z.core.$ZodType, from: readonly string[]): string[] => {
  const [taken, refused] = [true, false].map((is) => from.filter((text) => fits(schema, text) === is));
  return [...someOf(taken ?? [], TAKEN), ...someOf(refused ?? [], REFUSED)];
};
const someOf = (all: string[], most: number) =>
  all.length <= most ? all : (sample(shuffledSubarray(all, { minLength: most, maxLength: most }), 1)[0] ?? []);

interface Question {
  /** The parameter that is at an edge. */
  name: string;
  address: string;
}

/** For every reading route, each of its parameters at every edge: found in the routes, so that a new one is among them. */
function questions(): Question[] {
  return createApp(stack.deps).app.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route' || definition.route.method !== 'get' || definition.route.path === '/readyz') return [];
    const { path, request = {} } = definition.route;
    const [params, query] = [shapeOf(request.params), shapeOf(request.query)];
    const given = Object.fromEntries(Object.entries(params).map(([name, schema]) => [name, some(schema)]));
    // Its wire asks a shop's token for the member, though its schema does not.
    const needed = Object.entries(query).filter(([name, schema]) => name === 'member_id' || !fits(schema, undefined));
    // Two ends of a range that must be given belong together.
    const range = needed.filter(([name]) => name in DAYS).length === 2 ? DAYS : {};
    const asked = { ...Object.fromEntries(needed.map(([name, schema]) => [name, some(schema)])), ...range };
    const address = (inPath: Record<string, string>, inQuery: Record<string, string>) =>
      `${path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent((inPath[name] ?? '1').toWellFormed()) || '-')}?${new URLSearchParams(inQuery)}`;
    return [
      ...Object.entries(params).flatMap(([name, schema]) =>
        asksOf(
          schema,
          texts.filter((text) => !/^\.*$/.test(text)),
        ).map((text) => ({ name, address: address({ ...given, [name]: text }, asked) })),
      ),
      ...Object.entries(query).flatMap(([name, schema]) =>
        asksOf(schema, name === 'cursor' ? [...texts, ...cursorsOf([''])] : texts).map((text) => ({
          name,
          address: address(given, { ...asked, [name]: text }),
        })),
      ),
      ...(query.cursor && query.sort
        ? someOf(sortsOf(query.sort), 4).flatMap((sort) =>
            someOf(cursorsOf([sort]), TAKEN).map((cursor) => ({
              name: 'cursor',
              address: address(given, { ...asked, sort, cursor }),
            })),
          )
        : []),
    ];
  });
}
const sortsOf = (schema: z.core.$ZodType): string[] => {
  const { innerType } = schema._zod.def as unknown as { innerType: z.core.$ZodEnum };
  return Object.values(innerType._zod.def.entries).map(String);
};

async function ask({ address }: Question): Promise<{ status: number; body: any }> {
  const answer = await fetch(stack.url + address, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  return { status: answer.status, body: /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text };
}

/** A short range, for what asks for both of its ends. */
const DAYS = { from: '2026-11-01', to: '2026-11-30' };
const isEnd = (name: string) => name in DAYS;

/** In our own form errors name their paths; the foreign wires have one sentence, which begins with it. A code of its own says enough. */
const namesField = ({ code, errors, message }: any, name: string): boolean =>
  code === 'REASON_REQUIRED' ||
  (errors === undefined
    ? String(message).startsWith(name)
    : errors.length > 0 &&
      errors.every(({ path }: { path: string }) => path.split('.')[0] === name || (isEnd(path) && isEnd(name))));

describe('a reader’s parameter at the edge of what a column holds', () => {
  test('is found nowhere, or refused by its name: nothing is our fault, and PostgreSQL refuses none', async () => {
    const all = questions();
    expect(new Set(all.map(({ address }) => address.split('?')[0])).size).toBeGreaterThan(30);
    const limit = pLimit(AT_ONCE);
    const faults = await Promise.all(
      all.map((question) =>
        limit(async () => {
          const { status, body } = await ask(question);
          const fine = status < 500 && (status !== 400 || namesField(body, question.name));
          return fine ? [] : [`${status} ${question.name} of ${question.address.slice(0, 200)}: ${JSON.stringify(body)}`];
        }),
      ),
    );
    expect(faults.flat().slice(0, 20)).toEqual([]);
    expect((await stack.deps.metrics.refused.get()).values).toEqual([]);
  });
});
