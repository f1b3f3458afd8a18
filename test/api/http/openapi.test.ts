import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApp } from '../../../api/app.ts';
import { createPlace } from '../../support/scenes/shipping.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let document: any;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
  document = (await stack.get('/openapi.json', { token: null })).body;
});
afterAll(() => stack.stop());

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
interface Operation {
  name: string;
  path: string;
  operation: any;
}
const operations = (): Operation[] =>
  Object.entries(document.paths as Record<string, any>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation })),
  );
/** The part of the document that a `$ref` names. */
const resolve = (ref: string): any =>
  ref
    .replace(/^#\//, '')
    .split('/')
    .reduce((at: any, key) => at?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], document);

/** Every object of a tree with the way to it. */
function* objects(node: any, way = '#'): Generator<[string, any]> {
  if (node === null || typeof node !== 'object') return;
  yield [way, node];
  for (const [key, value] of Object.entries(node)) yield* objects(value, `${way}/${key}`);
}
/** Whether an example stands in a media type or anywhere in its schema. */
function hasExample(node: any, seen = new Set<string>()): boolean {
  if (node === null || typeof node !== 'object') return false;
  if ('example' in node || 'examples' in node) return true;
  if (typeof node.$ref === 'string') {
    if (seen.has(node.$ref)) return false;
    seen.add(node.$ref);
    return hasExample(resolve(node.$ref), seen);
  }
  return Object.values(node).some((value) => hasExample(value, seen));
}

describe('/openapi.json is OpenAPI 3.1', () => {
  test('its head', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    expect(document.components.securitySchemes.bearer).toEqual({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  });

  test('paths start with a slash, operations are methods, `operationId`s are unique', () => {
    expect(Object.keys(document.paths).every((path) => path.startsWith('/'))).toBe(true);
    for (const item of Object.values(document.paths as object))
      expect(METHODS).toEqual(expect.arrayContaining(Object.keys(item)));
    const ids = operations().flatMap(({ operation }) => operation.operationId ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('every $ref leads somewhere', () => {
    const refs = [...objects(document)].flatMap(([way, node]) => (typeof node.$ref === 'string' ? [[way, node.$ref]] : []));
    expect(refs.length).toBeGreaterThan(50);
    expect(refs.filter(([, ref]) => resolve(ref) === undefined)).toEqual([]);
  });

  test('its schemas are JSON Schema 2020-12: nothing of 3.0 is left in them', () => {
    const odd = [...objects(document)].filter(
      ([, node]) =>
        'nullable' in node || typeof node.exclusiveMinimum === 'boolean' || typeof node.exclusiveMaximum === 'boolean',
    );
    expect(odd.map(([way]) => way)).toEqual([]);
    const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
    for (const [way, node] of objects(document.components.schemas))
      if (!/\/examples?(\/|$)/.test(way) && (typeof node.type === 'string' || Array.isArray(node.type)))
        expect([way, [node.type].flat().filter((type) => !types.includes(type))]).toEqual([way, []]);
  });

  test('every parameter in a path is declared and required, and declared once', () => {
    for (const { name, path, operation } of operations()) {
      const parameters = (operation.parameters ?? []) as { in: string; name: string; required?: boolean; schema?: object }[];
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      expect([name, inPath.map((parameter) => parameter.name).sort()]).toEqual([
        name,
        [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]).sort(),
      ]);
      expect([name, inPath.every(({ required }) => required === true)]).toEqual([name, true]);
      expect([name, parameters.every(({ schema }) => schema !== undefined)]).toEqual([name, true]);
      expect([name, new Set(parameters.map((parameter) => `${parameter.in} ${parameter.name}`)).size]).toEqual([
        name,
        parameters.length,
      ]);
    }
  });
});

describe('complete: every route, parameter, body, error and an example', () => {
  test('holds every route the app serves', () => {
    const { app } = createApp(stack.deps);
    const routes = app.routes
      .filter(
        ({ method, path }) => method !== 'ALL' && !path.includes('*') && !path.startsWith('/docs') && path !== '/openapi.json',
      )
      .map(({ method, path }) => `${method} ${path.replace(/:([^/{}]+)(\{[^}]*\})?/g, '{$1}')}`);
    const named = operations().map(({ name }) => name);
    expect([...new Set(routes)].filter((route) => !named.includes(route))).toEqual([]);
    expect(named.filter((route) => !routes.includes(route))).toEqual([]);
  });

  test('every operation has a Korean summary, a tag and described responses', () => {
    for (const { name, operation } of operations()) {
      expect([name, operation.summary]).toEqual([name, expect.stringMatching(/[가-힣]/)]);
      expect([name, operation.tags?.length]).toEqual([name, 1]);
      const responses = Object.entries(operation.responses as Record<string, any>);
      expect([name, responses.some(([status]) => status.startsWith('2'))]).toEqual([name, true]);
      for (const [status, { description }] of responses)
        expect([name, status, description]).toEqual([name, status, expect.stringMatching(/./)]);
    }
  });

  test('every operation under /api asks for the bearer token and documents its errors as problem+json', () => {
    for (const { name, path, operation } of operations().filter(
      (each) => each.path.startsWith('/api') && !/trackerCallback/.test(each.path),
    )) {
      expect([name, operation.security]).toEqual([name, [{ bearer: [expect.stringMatching(/^[a-z]+\.[a-z]+$/)] }]]);
      const errors = Object.entries(operation.responses as Record<string, any>).filter(([status]) => Number(status) >= 400);
      expect([name, errors.map(([status]) => status)]).toEqual([name, expect.arrayContaining(['400', '401', '403', '500'])]);
      for (const [status, { content }] of errors)
        expect([name, status, Object.keys(content)]).toEqual([name, status, ['application/problem+json']]);
      if (path.includes('{')) expect([name, errors.map(([status]) => status)]).toEqual([name, expect.arrayContaining(['404'])]);
      if (operation.requestBody)
        expect([name, errors.map(([status]) => status)]).toEqual([name, expect.arrayContaining(['413', '415'])]);
    }
  });

  test('every body and every answer has an example', () => {
    const without = operations().flatMap(({ name, operation }) => {
      const body = Object.values((operation.requestBody?.content ?? {}) as object).map(
        (media) => [`${name} body`, media] as const,
      );
      const answers = Object.entries(operation.responses as Record<string, any>).flatMap(([status, { content = {} }]) =>
        Object.values(content as object).map((media) => [`${name} ${status}`, media] as const),
      );
      return [...body, ...answers].filter(([, media]) => !hasExample(media)).map(([what]) => what);
    });
    expect(without).toEqual([]);
  });

  test('what changes something takes an Idempotency-Key, a command `Prefer` too', () => {
    for (const { name, operation } of operations()) {
      if (!/^(POST|PUT) /.test(name) || /search|quote|waybills\/check|trackerCallback/.test(name)) continue;
      const headers = ((operation.parameters ?? []) as { in: string; name: string }[])
        .filter((parameter) => parameter.in === 'header')
        .map((parameter) => parameter.name.toLowerCase());
      if (/^\w+ \/api/.test(name)) expect([name, headers]).toEqual([name, expect.arrayContaining(['idempotency-key'])]);
      if (/delivery-lines\//.test(name)) expect([name, headers]).toEqual([name, expect.arrayContaining(['prefer'])]);
    }
  });

  test('the examples of bodies are bodies the API takes', async () => {
    // The first place of a database has the number that the examples name.
    expect(await createPlace(stack)).toBe(176_042);
    for (const { name, path, operation } of operations()) {
      const media = operation.requestBody?.content?.['application/json'];
      if (!media || path.includes('{')) continue;
      const schema = media.schema.$ref ? resolve(media.schema.$ref) : media.schema;
      const body = media.example ?? schema.example;
      if (body === undefined) continue;
      const answer = name.startsWith('POST') ? await stack.post(path, body) : await stack.put(path, body);
      expect([name, answer.status, answer.body.errors]).not.toEqual([name, 400, expect.anything()]);
    }
  });
});

describe('/docs', () => {
  test('served, with everything it needs, from nowhere else', async () => {
    const { status, body, headers } = await stack.get('/docs', { token: null });
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    expect(body).not.toMatch(/https?:\/\//);
    const assets = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
    expect(assets.length).toBeGreaterThanOrEqual(3);
    for (const path of assets) expect([path, (await stack.get(path, { token: null })).status]).toEqual([path, 200]);
    const { body: start } = await stack.get('/docs/start.js', { token: null });
    expect(start).toContain('/openapi.json');
    expect(start).not.toMatch(/https?:\/\//);
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  });

  test.each(['/docs/../package.json', '/docs/%2e%2e%2fpackage.json', '/docs/package.json', '/docs/nowhere.js'])(
    '%s is 404',
    async (path) => {
      expect((await stack.get(path, { token: null })).status).toBe(404);
    },
  );
});
