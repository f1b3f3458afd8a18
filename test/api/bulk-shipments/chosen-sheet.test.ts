import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { unique } from '../../support/scenes/orders.ts';
import { BULK, upload } from '../../support/scenes/sheets.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({}, { hasWorker: false });
});
afterAll(() => stack.stop());

const folder = join(import.meta.dirname, '..', '..', 'sheets', 'cases');
const two = readFileSync(join(folder, '08-two-sheets-with-headers.xlsx'));
const filtered = readFileSync(join(folder, '10-rows-hidden-by-a-filter.xlsx'));
const shown = (body: any) => body.errors.map(({ row, deliveryNo }: any) => `${row} ${deliveryNo}`);

describe('two sheets with our headers are `SHEET_AMBIGUOUS` unless `?sheet=NAME`', () => {
  test('both are named, and the one that is chosen is read', async () => {
    const asked = await upload(stack, two);
    expect(asked).toMatchObject({ status: 400, body: { code: 'SHEET_AMBIGUOUS', errors: [{ path: 'sheet' }] } });
    expect(asked.body.sheets).toHaveLength(2);
    const chosen = await upload(stack, two, { query: `?sheet=${encodeURIComponent('한진'.normalize('NFD'))}` });
    expect([chosen.status, chosen.body.total, shown(chosen.body)]).toEqual([201, 1, ['2 D261128000002']]);
  });

  test('the choice is part of the request: another one under the same key is another body', async () => {
    const headers = { 'idempotency-key': unique('key') };
    const [first, second] = (await upload(stack, two)).body.sheets as string[];
    const choose = (name = '') => upload(stack, two, { headers, query: `?sheet=${encodeURIComponent(name)}` });
    const { body } = await choose(first);
    expect((await choose(first)).body).toEqual(body);
    expect(await choose(second)).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  test.each([
    ['?sheet=%EC%97%86%EB%8A%94', 400, 'SHEET_NOT_FOUND'],
    ['?sheet=', 400, 'BAD_REQUEST'],
    ['?page=1', 400, 'BAD_REQUEST'],
  ])('%s is %i %s', async (query, status, code) => {
    expect(await upload(stack, two, { query })).toMatchObject({ status, body: { code } });
  });
});

test('hidden rows count and are named in the job', async () => {
  const { body } = await upload(stack, filtered);
  expect(body).toMatchObject({ total: 2, hiddenRows: 1 });
  expect((await stack.get(`${BULK}/${body.id}`)).body).toMatchObject({ total: 2, hiddenRows: 1 });
});

test('a cell that cannot be read is named by its row and its column', async () => {
  const { body } = await upload(stack, readFileSync(join(folder, '03-line-number-formula-never-calculated.xlsx')));
  expect(body).toMatchObject({ total: 1, valid: 0, errors: [{ row: 2, code: 'CELL_UNREADABLE' }, {}] });
  expect(body.errors[0].title).toContain('순번');
});
