import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { constantFrom, sample } from 'fast-check';
import pLimit from 'p-limit';
import type { z } from 'zod';
import { createApp } from '../../../api/app.ts';
import { permissions } from '../../../api/http/auth.ts';
import { callbackToken } from '../../../tracker/callback-token.ts';
import { edgeNumbers, edgeTexts, inputOf } from '../../support/from-schema.ts';
import { orderBody } from '../../support/scenes/orders.ts';
import { createPlace } from '../../support/scenes/shipping.ts';
import { CALLBACK_SECRET, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let token: string;
/** Names of what is there, so that what is asked for is found half of the time, and the rest of the request meets it. */
const known: Record<string, unknown> = {
  ...{ lineNo: 1, claimNo: 'C-hostile', shipping_product_id: 81, product_id: 82, member_id: 70 },
  // A cursor that is nobody's would refuse every list.
  cursor: undefined,
};
beforeAll(async () => {
  stack = await startStack();
  token = await stack.token(permissions);
  const body = orderBody([{}, {}]);
  const { body: order } = await stack.post('/api/order/v1/orders', body);
  known.orderNo = body.orderNo;
  known.deliveryNo = order.deliveries[0].deliveryNo;
  for (const shipping_product_id of [81, 82])
    await stack.post('/v2/shipping/product', { member_id: 70, shipping_product_id, product_name: 'x' });
  const recipe = { member_id: 70, product_id: 82, item_list: [{ shipping_product_id: 81, quantity: 1 }] };
  const { body: assembly } = await stack.post('/v2/assembly/product', recipe);
  known.assembly_product_uid = known.id = assembly.response.assembly_product_uid;
  known.placeNo = await createPlace(stack);
});
afterAll(() => stack.stop());

const EACH = 14;
const AT_ONCE = 6;
type Json = Record<string, unknown>;
const oneOf = <T>(values: readonly T[]) => sample(constantFrom(...values), 1)[0] as T;
const isTrue = () => oneOf([true, false]);

/** The same with names that are known here and there. */
function withKnown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => withKnown(each));
  if (value === null || typeof value !== 'object' || value instanceof Date || value instanceof File) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, name in known && isTrue() ? known[name] : withKnown(field)]),
  );
}

/** The same with one value exchanged for one from the edge. */
function withFault(value: unknown): unknown {
  if (Array.isArray(value) && value.length > 0) {
    const at = oneOf([...value.keys()]);
    return value.map((each, index) => (index === at ? withFault(each) : each));
  }
  if (value !== null && typeof value === 'object' && Object.keys(value).length > 0) {
    const name = oneOf(Object.keys(value));
    return { ...value, [name]: withFault((value as Json)[name]) };
  }
  return oneOf<unknown>([...edgeTexts, ...edgeNumbers, null, true, [], {}, [[]]]);
}

/** An input of a schema, near what it takes. */
const inputs = (schema: unknown, count: number): unknown[] => {
  if (!schema || typeof schema !== 'object' || !('_zod' in schema)) return Array(count).fill(undefined);
  const given = schema as z.core.$ZodType;
  return [...sample(inputOf(given), count - 2), ...sample(inputOf(given, false), 2)]
    .map(withKnown)
    .map((value, at) => (at % 2 === 0 ? value : withFault(value)));
};

const texts = (value: unknown): string[] =>
  value === undefined || value === null
    ? []
    : [value].flat(9).map((each) => (each instanceof Date ? each.toISOString() : String(each).toWellFormed()));
const queryOf = (query: unknown) =>
  new URLSearchParams(
    Object.entries((query ?? {}) as Json).flatMap(([name, value]) => texts(value).map((text): [string, string] => [name, text])),
  );

interface Request {
  method: string;
  path: string;
  type?: string;
  body?: NonNullable<RequestInit['body']>;
}
function bodyOf(type: string, body: unknown): NonNullable<RequestInit['body']> {
  if (type === 'application/json') return JSON.stringify(body) ?? 'null';
  if (type !== 'multipart/form-data') return queryOf(body);
  const form = new FormData();
  const { file } = (body ?? {}) as Json;
  form.append('file', file instanceof File ? new File([file], oneOf(edgeTexts)) : String(file));
  return form;
}

/** Requests for every route of the app, made from its own schemas: a new route is among them. */
function requests(): Request[] {
  const { app } = createApp(stack.deps);
  return app.openAPIRegistry.definitions.flatMap((definition) => {
    // To be not ready is an answer, and not one about the question.
    if (definition.type !== 'route' || definition.route.path === '/readyz') return [];
    const { method, path, request = {} } = definition.route;
    const [params, queries] = [inputs(request.params, EACH), inputs(request.query, EACH)];
    const contents = Object.entries(request.body?.content ?? {}).map(([type, media]): [string, unknown[]] => [
      type,
      inputs(media && 'schema' in media ? media.schema : undefined, EACH),
    ]);
    return Array.from({ length: EACH }, (_, at): Request => {
      const named = (params[at] ?? {}) as Json;
      const address = path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(texts(named[name]).join()) || '-');
      const query = queryOf(queries[at]);
      const content = contents[at % Math.max(contents.length, 1)];
      const body = content?.[1][at];
      const { fid } = (body ?? {}) as Json;
      if (query.has('token') && typeof fid === 'string') query.set('token', callbackToken(CALLBACK_SECRET, fid));
      const question = query.toString();
      const sent = content && body !== undefined ? { type: content[0], body: bodyOf(content[0], body) } : {};
      return { method: method.toUpperCase(), path: question ? `${address}?${question}` : address, ...sent };
    });
  });
}

async function send({ method, path, type, body }: Request): Promise<[number, string]> {
  const answer = await fetch(stack.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(type === 'application/json' ? { 'content-type': type } : {}) },
    ...(body === undefined || method === 'GET' ? {} : { body }),
  });
  return [answer.status, await answer.text()];
}

describe('whatever is sent, nothing answers 5xx: bad input is told, and never tried again', () => {
  test('to every route, near what its schemas take', async () => {
    const all = requests();
    expect(all.length).toBeGreaterThan(60 * EACH);
    const limit = pLimit(AT_ONCE);
    const faults = await Promise.all(
      all.map((request) =>
        limit(async () => {
          const [status, text] = await send(request);
          return status < 500 ? [] : [{ status, text, ...request }];
        }),
      ),
    );
    expect(faults.flat()).toEqual([]);
  });
});
