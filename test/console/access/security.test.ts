import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { problems } from '../../../domain/problems.ts';
import { complaintsOf, openBrowser, openWindow, signInAs, windowOf } from '../../support/browser/browser.ts';
import { placeOrder } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }, { hasWorker: false }), openBrowser({ hasFonts: true })]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

/** So many failures of a command are shown one by one. */
const MOST_NAMED = 50;
const SCREENS = [
  '/',
  '/lines/instruct',
  '/lines/ship',
  '/lines/clear',
  '/deliveries',
  '/pickups',
  '/bulk',
  '/stockouts',
  '/exceptions',
  '/batches',
  '/places',
  '/assembly',
  '/accesses',
];
const asPage = { token: null, headers: { accept: 'text/html', 'accept-encoding': 'gzip' } };

describe('strict CSP without inline scripts, frame-ancestors none', () => {
  test('the page and its files have the headers that they should', async () => {
    const { headers, body } = await stack.get<string>('/lines/ship?orderNo=1', asPage);
    const policy = Object.fromEntries(
      (headers.get('content-security-policy') ?? '').split(/;\s*/).map((part) => [part.split(' ')[0], part.split(' ').slice(1)]),
    );
    const nonce = /nonce="([^"]+)"/.exec(body)?.[1];
    expect(policy).toMatchObject({
      'default-src': ["'self'"],
      'script-src': ["'self'"],
      'style-src': ["'self'", `'nonce-${nonce}'`],
      'connect-src': ["'self'"],
      'frame-ancestors': ["'none'"],
      'object-src': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
    });
    expect(body).not.toMatch(/<script(?![^>]* src=)/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-cache');
    const again = await stack.get<string>('/', asPage);
    expect(again.body).not.toContain(nonce ?? 'no nonce');
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(body)?.[1] ?? '';
    const file = await stack.get(script, asPage);
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(file.headers.get('content-encoding')).toBe('gzip');
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await stack.get('/assets/nothing.js', { token: null })).status).toBe(404);
    const plain = { token: null, headers: { accept: '*/*' } };
    expect((await stack.get('/', plain)).headers.get('content-type')).toMatch(/^text\/html/);
    expect((await fetch(`${stack.url}/`, { method: 'HEAD' })).status).toBe(200);
    expect((await stack.get('/deliverie', plain)).headers.get('content-type')).toBe('application/problem+json');
  });

  test('a script that gets into the page does not run', async () => {
    const page = await windowOf(browser, stack.url, 'operator', '/');
    await page.evaluate(`{
      const script = document.createElement('script');
      script.textContent = 'globalThis.isHit = true';
      document.head.append(script);
      document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="globalThis.isHit = true"><style>body { color: red }</style>');
    }`);
    expect(await page.evaluate('globalThis.isHit')).toBe(undefined);
    await eventually(() => Promise.resolve(complaintsOf(page).some((told) => /Content Security Policy/.test(told))));
    await page.context().close();
  });
});

describe('Korean first; English beside it, switchable', () => {
  /** What a person can read on the page in Korean, but for data. */
  const koreanOn = async (page: Page, data: string[]) => {
    const texts = await page.evaluate<string[]>(`[...document.querySelectorAll('body *')].flatMap((node) => [
      ...[...node.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ textContent }) => textContent),
      ...['placeholder', 'title', 'aria-label', 'alt'].map((name) => node.getAttribute(name) ?? ''),
    ])`);
    return [...new Set(texts.filter((text) => /[가-힣]/.test(text) && text !== '한국어' && !data.includes(text)))];
  };

  test('every screen, panel and dialog is in English then, and does nothing that the policy forbids', async () => {
    const people = { name: 'Hong', phone: '010-1234-5678', zipCode: '06236', address1: 'Seoul', address2: '4F', memo: 'Door' };
    const more = { channel: 'Mall', receiver: people, orderer: { name: 'Kim', phone: '010-2345-6789', email: 'a@example.com' } };
    const [line] = await placeOrder(stack, [{ productName: 'Camp chair', optionName: 'Khaki' } as object], more);
    const { body } = await stack.get('/api/bo/v1/carriers');
    const carriers = (body.items as { name: string }[]).map(({ name }) => name);
    const page = await openWindow(browser, stack.url);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('Choose who to be').waitFor();
    const names = await page.locator('[data-persona] span').allTextContents();
    const data = [...carriers, ...names];
    const found: [string, string[]][] = [['sign-in', await koreanOn(page, data)]];
    await signInAs(page, 'admin');
    const panel = `delivery=${line?.deliveryNo}`;
    for (const path of [...SCREENS, `/deliveries?${panel}`, '/pickups?pickup=P9', '/nowhere']) {
      await page.goto(stack.url + path);
      await page.locator('.ag-root, .tile, .page, .trouble').first().waitFor();
      if (path.includes('=')) await page.locator('.panel').locator('.timeline, .trouble').first().waitFor();
      found.push([path, await koreanOn(page, data)]);
    }
    await page.keyboard.press('?');
    await page.locator('[role=dialog]').waitFor();
    found.push(['dialog', await koreanOn(page, data)]);
    expect(await page.evaluate('getComputedStyle(document.body).overflow')).toBe('hidden');
    expect(found.filter(([, texts]) => texts.length > 0)).toEqual([]);
    await page.goto(`${stack.url}/docs`);
    await page.locator('.swagger-ui .opblock').first().waitFor();
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('what the API refuses has an English sentence, whatever its code', async () => {
    const codes = Object.keys(problems);
    // As many as the details of a result name one by one.
    const parts = Array.from({ length: Math.ceil(codes.length / MOST_NAMED) }, (_, at) =>
      codes.slice(at * MOST_NAMED, (at + 1) * MOST_NAMED),
    );
    const page = await openWindow(browser, stack.url);
    await page.getByRole('button', { name: 'English' }).click();
    await signInAs(page, 'operator');
    for (const part of parts) {
      const [line] = await placeOrder(
        stack,
        part.map(() => ({})),
      );
      const results = part.map((code) => ({
        ok: false,
        error: { code: code === 'COMMAND_PENDING' ? 'INTERNAL' : code, title: '한글' },
      }));
      await page.goto(`${stack.url}/lines/instruct?orderNo=${line?.orderNo}`);
      await page.route('**/delivery-lines/instruct', (route) =>
        route.fulfill({ json: { succeeded: 0, failed: part.length, results } }),
      );
      await page.locator('.ag-row').first().waitFor();
      await page.locator('.ag-header-select-all input').first().check();
      await page.locator('.actions [data-command="instruct"]').click();
      await page.locator('.result:first-child[data-status=done]').getByRole('button', { name: 'Details' }).click();
      const failures = page.locator('[role=dialog] .failures li');
      await eventually(async () => (await failures.count()) === part.length);
      const sentences = await failures.allTextContents();
      expect(sentences.filter((sentence) => sentence.includes('한글'))).toEqual([]);
    }
    await page.context().close();
  });
});
