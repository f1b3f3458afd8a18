import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { act, failuresOf, openBrowser, resultOf, rowOf, selectRow, windowOf } from '../../support/browser/browser.ts';
import { dialogOf, idOf, placed, stateOf } from '../../support/browser/console.ts';
import { commandLine, listedLine, type PlacedLine, storedHistory, unique } from '../../support/scenes/orders.ts';
import { insertRows } from '../../support/scenes/rows.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1', COMMAND_TIMEOUT_MS: '1500' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const operator = (path: string) => windowOf(browser, stack.url, 'operator', path);
const statesOf = (lines: PlacedLine[]) => Promise.all(lines.map((line) => stateOf(stack, line)));
const done = (page: Page) => page.locator('.result:first-child[data-status=done]');
const commandsOf = async (line: PlacedLine) =>
  (await storedHistory(stack, line)).map(({ command, refused }) => (refused ? `${command}: ${refused}` : command));

describe('배송지시→출고지시 with one button', () => {
  const chain = 'instruct+release';

  test('both steps, told as one, and taken back by both', async () => {
    const lines = await placed(stack, [], [{}, {}]);
    const page = await operator(`/lines/instruct?orderNo=${lines[0].orderNo}`);
    for (const line of lines) await selectRow(page, idOf(line));
    await act(page, chain);
    expect(await resultOf(page)).toMatch(/^배송지시→출고지시 2건 완료/);
    expect(await statesOf(lines)).toEqual(['released', 'released']);
    await page.getByRole('button', { name: '되돌리기' }).click();
    await done(page).getByText('처리취소 2건 완료').waitFor();
    expect(await statesOf(lines)).toEqual(['ordered', 'ordered']);
    for (const line of lines) expect(await commandsOf(line)).toEqual(['order', 'instruct', 'release', 'undo', 'undo']);
    for (const line of lines) await rowOf(page, idOf(line)).first().waitFor();
    await page.context().close();
  });

  test('what the first step refuses does not go on, what the second refuses is told by its step; undo takes back what was done', async () => {
    const lines = await placed(stack, [], [{}, {}, {}]);
    const [first, second, third] = lines as [PlacedLine, PlacedLine, PlacedLine];
    const page = await operator(`/lines/instruct?orderNo=${first.orderNo}`);
    for (const line of lines) await selectRow(page, idOf(line));
    await commandLine(stack, 'instruct', first);
    // Somebody is faster between the two steps.
    await page.route('**/delivery-lines/release', async (route) => {
      await commandLine(stack, 'release', second);
      await route.continue();
    });
    await act(page, chain);
    const told = await resultOf(page);
    expect(told).toMatch(/배송지시 2건 완료 1건 실패/);
    expect(told).toMatch(/출고지시 1건 완료 1건 실패/);
    expect(await statesOf(lines)).toEqual(['instructed', 'released', 'released']);
    const rows = await failuresOf(page);
    expect(rows[0]).toMatch(new RegExp(`^배송지시 ${idOf(first)} .*REVISION_CONFLICT`));
    expect(rows[1]).toMatch(new RegExp(`^출고지시 ${idOf(second)} .*REVISION_CONFLICT`));
    await page.getByRole('button', { name: /^처리 결과/ }).click();
    await dialogOf(page).getByRole('button', { name: '되돌리기' }).click();
    // The third goes back two steps; the second was moved on by somebody else, which is left alone.
    await done(page).getByText('1건 실패').waitFor();
    expect(await statesOf(lines)).toEqual(['instructed', 'released', 'ordered']);
    expect((await listedLine(stack, third))?.revision).toBe(5);
    await page.context().close();
  });

  test('the answer of either step is lost, the page is loaded anew, nobody works for a while: each step acts once', async () => {
    const lines = await placed(stack, [], [{}, {}]);
    const page = await operator(`/lines/instruct?orderNo=${lines[0].orderNo}`);
    const keys = new Map<string, Set<string>>();
    const lost = new Set(['instruct', 'release']);
    await page.route(/delivery-lines\/(instruct|release)$/, async (route) => {
      const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
      keys.set(name, (keys.get(name) ?? new Set()).add(route.request().headers()['idempotency-key'] ?? ''));
      if (!lost.has(name)) return route.continue();
      await route.fetch();
      return route.abort();
    });
    for (const line of lines) await selectRow(page, idOf(line));
    await act(page, chain);
    await page.locator('.result[data-status=pending]').waitFor();
    expect([...keys.keys()]).toEqual(['instruct']);
    await page.reload();
    await page.locator('.result[data-status=pending]').waitFor();
    lost.delete('instruct');
    await eventually(async () => keys.has('release'));
    await stack.stopWorker();
    await page.reload();
    await page.locator('.result[data-status=pending]').waitFor();
    lost.delete('release');
    await stack.startWorker();
    expect(await resultOf(page)).toMatch(/^배송지시→출고지시 2건 완료/);
    expect([...keys].map(([name, some]) => [name, some.size])).toEqual([
      ['instruct', 1],
      ['release', 1],
    ]);
    for (const line of lines) expect(await commandsOf(line)).toEqual(['order', 'instruct', 'release']);
    await page.context().close();
  });

  test('more rows than a request takes: after each answer it says how far each step is', async () => {
    const placeNo = 551_400;
    const many = 600;
    await insertRows(
      stack.db,
      Array.from({ length: many }, () => ({ deliveryNo: unique('D'), placeNo })),
    );
    const page = await operator(`/lines/instruct?placeNo=${placeNo}`);
    const asked: string[] = [];
    const answers: (() => void)[] = [];
    await page.route(/delivery-lines\/(instruct|release)$/, async (route) => {
      asked.push(new URL(route.request().url()).pathname.split('/').at(-1) ?? '');
      const { lines }: { lines: unknown[] } = route.request().postDataJSON();
      await new Promise<void>((resolve) => answers.push(resolve));
      await route.fulfill({ json: { results: lines.map(() => ({ ok: true, state: 'released', revision: 2 })) } });
    });
    await page.locator('.ag-header-select-all input').check();
    await page.locator('.select-whole').click();
    await page.locator('.actions').getByText(`${many}건 선택`).waitFor();
    await page.locator(`.actions [data-command="${chain}"]`).click();
    const told = page.locator('.result:first-child');
    const steps: [string, string][] = [
      ['배송지시 0 / 600', '출고지시 0 / 600'],
      ['배송지시 500 / 600', '출고지시 0 / 600'],
      ['배송지시 500 / 600', '출고지시 500 / 600'],
      ['배송지시 600 / 600', '출고지시 500 / 600'],
    ];
    for (const [first, second] of steps) {
      await told.getByText(`${first} · ${second}`).waitFor();
      await eventually(() => Promise.resolve(answers.length > 0));
      answers.shift()?.();
    }
    expect(await resultOf(page)).toMatch(/^배송지시→출고지시 600건 완료/);
    expect(asked).toEqual(['instruct', 'release', 'instruct', 'release']);
    await page.context().close();
  });

  test('the second step is refused as a whole: the first is told, and again sends the second alone', async () => {
    const [line] = await placed(stack);
    const page = await operator(`/lines/instruct?orderNo=${line.orderNo}`);
    await page.route('**/delivery-lines/release', (route) =>
      route.fulfill({ status: 503, json: { status: 503, code: 'UNAVAILABLE', title: '지금은 받을 수 없습니다' } }),
    );
    await selectRow(page, idOf(line));
    await act(page, chain);
    const told = await resultOf(page);
    expect(told).toContain('배송지시 1건 완료');
    expect(told).toContain('출고지시 1 처리하지 못했습니다: 지금은 받을 수 없습니다');
    expect(await stateOf(stack, line)).toBe('instructed');
    await page.unroute('**/delivery-lines/release');
    await page.getByRole('button', { name: '출고지시 · 다시 시도' }).click();
    expect(await resultOf(page)).toMatch(/^출고지시 1건 완료/);
    expect(await commandsOf(line)).toEqual(['order', 'instruct', 'release']);
    await page.context().close();
  });
});
