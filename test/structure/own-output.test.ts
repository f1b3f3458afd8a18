import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assert, pre, property } from 'fast-check';
import type { z } from 'zod';
import { createApp } from '../../api/app.ts';
import { uploadBody } from '../../api/bulk-shipments/upload.ts';
import { instant, rangeFrom, rangeTo } from '../../api/http/schemas.ts';
import { inputOf } from '../support/from-schema.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
});
afterAll(() => stack.stop());

const FITTING_INPUTS = 40;

/** Every schema by which a request is read, with its name: found in the routes themselves, so that a new route is among them. */
function requestSchemas(): [name: string, schema: z.ZodType, isStored: boolean][] {
  const { app } = createApp(stack.deps);
  return app.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route') return [];
    const { method, path, request = {} } = definition.route;
    const name = `${method} ${path}`;
    // What is stored takes a key.
    const isStored = request.headers !== undefined;
    const bodies = Object.entries(request.body?.content ?? {}).flatMap(([type, media]): [string, z.ZodType, boolean][] =>
      media && 'schema' in media && media.schema && '_zod' in media.schema
        ? [[`${name} ${type}`, media.schema as z.ZodType, isStored && type.endsWith('json')]]
        : [],
    );
    const others = (['params', 'query', 'headers'] as const).flatMap((part): [string, z.ZodType, boolean][] => {
      const schema = request[part];
      return schema && '_zod' in schema ? [[`${name} ${part}`, schema as unknown as z.ZodType, false]] : [];
    });
    return [...bodies, ...others];
  });
}

/** Reads what it has made of an input again, and gets the same; `isStored`: also out of the database, where it is JSON. */
function expectOwnOutputTaken(schema: z.ZodType, isStored: boolean): void {
  void assert(
    property(inputOf(schema), (input) => {
      const first = schema.safeParse(input);
      pre(first.success);
      expect(schema.parse(first.data)).toEqual(first.data);
      if (isStored) expect(schema.parse(JSON.parse(JSON.stringify(first.data)))).toEqual(first.data);
    }),
    { numRuns: FITTING_INPUTS },
  );
}

describe('every schema of a request takes its own output, because a repeat and the sweep read what was stored with it again', () => {
  test('of all routes', () => {
    const schemas = requestSchemas();
    expect(schemas.length).toBeGreaterThan(100);
    const faults = schemas.flatMap(([name, schema, isStored]) => {
      try {
        expectOwnOutputTaken(schema, isStored);
        return [];
      } catch (error) {
        // fast-check says the input; its cause says what was wrong with it.
        const { message, cause } = error as Error;
        return [`${name}: ${message}\n${cause}`];
      }
    });
    expect(faults).toEqual([]);
  });

  test('the stored body of an upload', () => expectOwnOutputTaken(uploadBody, true));
});

describe('instants are the same however they are written', () => {
  test.each<[string, string]>([
    ['1900-01-01', '1899-12-31T15:00:00.000Z'],
    ['1900-01-01T00:00:00+08:27', '1899-12-31T15:33:00.000Z'],
    ['2999-12-31T23:59:59.999', '2999-12-31T14:59:59.999Z'],
    ['2999-12-31T15:59:59+01:00', '2999-12-31T14:59:59.000Z'],
  ])('%s is %s', (text, utc) => {
    expect(instant.parse(text)).toBe(utc);
    expect(instant.parse(utc)).toBe(utc);
  });

  test.each(['1899-12-31', '1899-12-31T14:59:59Z', '2999-12-31T23:59:59-23:59', '2999-12-31T15:00:00Z', '3000-01-01'])(
    '%s is in no year from 1900 to 2999 of Seoul',
    (text) => {
      for (const schema of [instant, rangeFrom, rangeTo])
        expect(schema.safeParse(text).error?.issues.map(({ message }) => message)).toEqual([
          '1900년부터 2999년까지 쓸 수 있습니다',
        ]);
    },
  );

  test('the end of the last day is no end that a list refuses', () => {
    const end = rangeTo.parse('2999-12-31');
    expect(end.toISOString()).toBe('2999-12-31T15:00:00.000Z');
    expect(rangeTo.parse(end)).toEqual(end);
  });
});
