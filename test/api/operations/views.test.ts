import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { httpOf } from '../../support/http.ts';
import { unique } from '../../support/scenes/orders.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const VIEWS = '/console/views';
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
});
afterAll(() => stack.stop());

const view = (more: object = {}) => ({
  id: 'to-ship',
  screen: '/lines/ship',
  name: '이천 오늘 출고',
  query: 'placeNo=176042&dateField=orderedAt&days=today',
  ...more,
});
/** Somebody new, with no permission at all. */
const person = async (sub = unique('person')) => httpOf(stack.url, await stack.token([], { sub }));
const save = async (views: object[], revision = 0) => (await person()).put(VIEWS, { views, revision });
/** The fields that a refusal names. */
const faultsOf = ({ body }: { body: any }) => (body.errors ?? []).map(({ path }: { path: string }) => path);

describe('views that a person has saved', () => {
  test('none at first; then what was saved, wherever the person signs in, and nobody else’s', async () => {
    const sub = unique('person');
    const kim = await person(sub);
    expect((await kim.get(VIEWS)).body).toEqual({ views: [], revision: 0 });
    const views = [view(), view({ id: 'late', screen: '/', name: '늦은 것', query: '' })];
    const saved = await kim.put(VIEWS, { views, revision: 0 });
    expect([saved.status, saved.body]).toEqual([200, { views, revision: 1 }]);
    const { body, headers } = await (await person(sub)).get(VIEWS);
    expect([body, headers.get('cache-control')]).toEqual([{ views, revision: 1 }, 'no-store']);
    expect((await (await person()).get(VIEWS)).body).toEqual({ views: [], revision: 0 });
    expect((await kim.put(VIEWS, { views: [], revision: 1 })).body).toEqual({ views: [], revision: 2 });
  });

  test('with the revision of another window: REVISION_CONFLICT, and nothing is lost', async () => {
    const kim = await person();
    await kim.put(VIEWS, { views: [view()], revision: 0 });
    for (const revision of [0, 2]) {
      const { status, body } = await kim.put(VIEWS, { views: [], revision });
      expect([status, body.code]).toEqual([409, 'REVISION_CONFLICT']);
    }
    expect((await kim.get(VIEWS)).body).toEqual({ views: [view()], revision: 1 });
  });

  test('of several windows that save at once, the first time too, exactly one does', async () => {
    const kim = await person();
    for (const revision of [0, 1, 2]) {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, at) => kim.put(VIEWS, { views: [view({ name: `창 ${at}` })], revision })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 409)]);
      const codes = answers.flatMap(({ status, body }) => (status === 409 ? [body.code] : []));
      expect(new Set(codes)).toEqual(new Set(['REVISION_CONFLICT']));
      const won = answers.find(({ status }) => status === 200);
      expect((await kim.get(VIEWS)).body).toEqual(won?.body);
    }
  });

  test('the same key again: saved once, and the first answer', async () => {
    const kim = await person();
    const headers = { 'idempotency-key': unique('key') };
    const first = await kim.put(VIEWS, { views: [view()], revision: 0 }, { headers });
    const again = await kim.put(VIEWS, { views: [view()], revision: 0 }, { headers });
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect((await kim.get(VIEWS)).body.revision).toBe(1);
    const other = await kim.put(VIEWS, { views: [], revision: 1 }, { headers });
    expect([other.status, other.body.code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
  });
});

describe('what is refused, field by field', () => {
  test.each<[string, object[], string[]]>([
    ['51 views', Array.from({ length: 51 }, (_, at) => view({ id: String(at) })), ['views']],
    ['a name of 61 letters', [view({ name: '가'.repeat(61) })], ['views.0.name']],
    ['no name', [view({ name: ' ' })], ['views.0.name']],
    ['a query of 2,001 letters', [view(), view({ id: 'b', query: 'x'.repeat(2_001) })], ['views.1.query']],
    ['the same id twice', [view(), view({ id: 'b' }), view()], ['views.2.id']],
    ['another site', [view({ screen: '//example.com' })], ['views.0.screen']],
    ['no path', [view({ screen: 'lines' })], ['views.0.screen']],
    ['a path with parameters of its own', [view({ screen: '/lines?phone=5678' })], ['views.0.screen']],
  ])('%s', async (_what, views, paths) => {
    const answer = await save(views);
    expect([answer.status, faultsOf(answer)]).toEqual([400, paths]);
  });

  test.each([
    'receiverName=%ED%99%8D%EA%B8%B8%EB%8F%99',
    'state=shipped&ordererName=x',
    '?phone=5678',
    'PHONE=5678',
    'ph%6Fne=5678',
    '+phone=5678',
  ])('people in a query: %s', async (query) => {
    const answer = await save([view({ query })]);
    expect([answer.status, faultsOf(answer)]).toEqual([400, ['views.0.query']]);
    expect(JSON.stringify(answer.body)).not.toMatch(/5678|홍길동/);
  });

  test('50 views, each as long as it may be', async () => {
    const long = (at: number) => view({ id: String(at), name: '가'.repeat(60), query: `q=${'가'.repeat(1_998)}` });
    expect((await save(Array.from({ length: 50 }, (_, at) => long(at)))).status).toBe(200);
  });

  test('another type of content, and none', async () => {
    const kim = await person();
    const headers = { 'content-type': 'text/plain' };
    expect((await kim.put(VIEWS, '{}', { headers })).status).toBe(415);
    expect((await kim.put(VIEWS, undefined)).status).toBe(400);
  });
});
