import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { createApp } from '../../../api/app.ts';
import { permissions } from '../../../api/http/auth.ts';
import { apiConfig } from '../../../process/config/api.ts';
import type { Environment } from '../../../process/config/reading.ts';
import { addressIs, complaintsOf, openBrowser, openWindow, refuseToken, storedIn } from '../../support/browser/browser.ts';
import { AUDIENCE, CLIENT_ID, startProvider, type TestProvider } from '../../support/browser/provider.ts';
import { eventually, SECRET, type Stack, startStack } from '../../support/stack.ts';

let browser: Browser;
let provider: TestProvider;
/** Signs people in by the company's provider, and by nothing else. */
let company: Stack;
/** `npm start`, with its personas. */
let local: Stack;
beforeAll(async () => {
  // The provider warns that it keeps everything in memory.
  for (const kind of ['warn', 'info'] as const) jest.spyOn(console, kind).mockReturnValue();
  provider = await startProvider();
  provider.tokens.permissions = permissions.filter((each) => each !== 'pii.read');
  const keys = { AUTH_JWKS_URL: `${provider.issuer}/jwks`, AUTH_ISSUER: provider.issuer, AUTH_AUDIENCE: AUDIENCE };
  [company, local, browser] = await Promise.all([
    startStack({ ...keys, OIDC_AUTHORITY: provider.issuer, OIDC_CLIENT_ID: CLIENT_ID }, { hasWorker: false }),
    startStack({ LOCAL_STACK: '1' }, { hasWorker: false }),
    openBrowser(),
  ]);
  provider.serve(company.url);
});
afterAll(async () => {
  await browser.close();
  await Promise.all([company.stop(), local.stop()]);
  await provider.stop();
});

/** From the console's sign-in over the provider's page and back. */
async function signInAtCompany(page: Page, choice: string): Promise<void> {
  await page.getByRole('button', { name: '로그인' }).click();
  await page.getByRole('link', { name: choice }).click();
}

describe('in production OIDC (authorization code + PKCE with a well-kept library)', () => {
  test('sign in and come back to the same screen with its filters; no token in an address or in a storage; also after a reload', async () => {
    const page = await openWindow(browser, company.url, '/lines/release?productName=의자');
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    await signInAtCompany(page, '이운영');
    await page.locator('.grid .ag-root').waitFor();
    await page.locator('.who').getByText('이운영').waitFor();
    await addressIs(page, '/lines/release?productName=의자');
    expect(await storedIn(page)).not.toMatch(/eyJ/);
    expect(addresses.filter((address) => /eyJ/.test(address))).toEqual([]);
    const asked = addresses.find((address) => address.startsWith(`${provider.issuer}/auth?`)) ?? '';
    expect(new URL(asked).searchParams.get('code_challenge_method')).toBe('S256');
    expect(new URL(asked).searchParams.get('response_type')).toBe('code');
    await page.reload();
    await page.locator('.grid .ag-root').waitFor();
    await addressIs(page, '/lines/release?productName=의자');
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('a session that ends is taken up in a window beside: the screen, its panel and what was typed stay', async () => {
    const page = await openWindow(browser, company.url, '/accesses?subject=D1');
    await signInAtCompany(page, '이운영');
    await page.locator('.grid .ag-root').waitFor();
    await refuseToken(page);
    await page.locator('[name=subject]').fill('D12');
    await page.getByText('로그인이 만료되었습니다').waitFor();
    await page.unroute('**/api/bo/v1/**');
    await page.evaluate('globalThis.isSamePage = true');
    await page.getByRole('button', { name: '로그인' }).click();
    await page.locator('.sign-in.over').waitFor({ state: 'detached' });
    expect(await page.evaluate('globalThis.isSamePage')).toBe(true);
    await addressIs(page, '/accesses?subject=D12');
    expect(await page.locator('[name=subject]').inputValue()).toBe('D12');
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('with a refresh token the session goes on by itself', async () => {
    provider.tokens.refresh = true;
    const page = await openWindow(browser, company.url, '/');
    await page.clock.install();
    const renewed = page.waitForRequest(
      (request) => request.url() === `${provider.issuer}/token` && /refresh_token/.test(request.postData() ?? ''),
    );
    await signInAtCompany(page, '이운영');
    await page.locator('.tile').first().waitFor();
    provider.tokens.refresh = false;
    // The page's clock alone: the token is good for as long as a slow machine needs.
    await page.clock.fastForward('09:50');
    expect((await (await renewed).response())?.status()).toBe(200);
    expect(await page.locator('.sign-in').count()).toBe(0);
    await page.context().close();
  });

  test('a refused sign-in says so, on the screen that was asked for, and can be tried again', async () => {
    const page = await openWindow(browser, company.url, '/deliveries?state=shipped');
    await signInAtCompany(page, '거절');
    await page.getByText('로그인이 거절되었습니다').waitFor();
    await addressIs(page, '/deliveries?state=shipped');
    await signInAtCompany(page, '김관리');
    await page.locator('.who').getByText('김관리').waitFor();
    await addressIs(page, '/deliveries?state=shipped');
    await page.context().close();
  });

  test('an answer that this window did not ask for is not taken', async () => {
    const page = await openWindow(browser, company.url, '/');
    const exchanged: string[] = [];
    page.on('request', (request) => request.url().startsWith(provider.issuer) && exchanged.push(request.url()));
    await page.goto(`${company.url}/signed-in?code=stolen&state=forged`);
    await page.getByText('이 창에서 시작한 로그인이 아니어서').waitFor();
    await addressIs(page, '/');
    expect(exchanged).toEqual([]);
    await page.context().close();
  });

  test('a token that the API does not take is said, not tried again and again', async () => {
    const page = await openWindow(browser, company.url, '/');
    await refuseToken(page);
    await signInAtCompany(page, '이운영');
    await page.locator('.sign-in.over').getByText('만료', { exact: true }).waitFor();
    await page.context().close();
  });

  test('sign-out leaves nothing in the tab and ends the session at the provider too', async () => {
    const page = await openWindow(browser, company.url, '/lines');
    await signInAtCompany(page, '이운영');
    await page.locator('.grid .ag-root').waitFor();
    await page.getByRole('button', { name: '로그아웃' }).click();
    await page.locator(`form[action^="${provider.issuer}/session/end"] button, [name=logout]`).first().click();
    await page.getByText('회사 계정으로 로그인합니다').waitFor();
    expect(await page.evaluate('Object.keys(sessionStorage)')).toEqual([]);
    await signInAtCompany(page, '김관리');
    await page.locator('.who').getByText('김관리').waitFor();
    await page.context().close();
  });

  test('the page may talk to the API and to the authority, and to nobody else', async () => {
    const { headers } = await company.get('/', { token: null, headers: { accept: 'text/html' } });
    expect(headers.get('content-security-policy')).toContain(`connect-src 'self' ${provider.issuer};`);
    const own = await local.get('/', { token: null, headers: { accept: 'text/html' } });
    expect(own.headers.get('content-security-policy')).toMatch(/connect-src 'self'(;|$)/);
  });
});

describe('locally a page to choose a persona', () => {
  const answerOf = async (environment: Environment, path: string, method = 'GET') => {
    const { app } = createApp({ ...local.deps, config: apiConfig({ AUTH_JWT_SECRET: SECRET, ...environment }) });
    const response = await app.request(`http://127.0.0.1${path}`, { method, headers: { host: '127.0.0.1' } });
    return { status: response.status, body: await response.json() };
  };

  test('only when the embedded stack runs, and only on a loopback address', async () => {
    const token = '/console/personas/admin/token';
    expect((await answerOf({ LOCAL_STACK: '1' }, token, 'POST')).status).toBe(200);
    expect((await answerOf({ LOCAL_STACK: '1', HOST: '::1' }, token, 'POST')).status).toBe(200);
    for (const environment of [{}, { LOCAL_STACK: '1', HOST: '0.0.0.0' }, { LOCAL_STACK: '1', HOST: '192.0.2.7' }]) {
      expect((await answerOf(environment, token, 'POST')).status).toBe(404);
      expect((await answerOf(environment, '/console/settings')).body).toMatchObject({ signIn: 'none', personas: [] });
    }
  });

  test('and only for a request to this machine: no proxy, no other site, no foreign name that leads here', async () => {
    const ask = async (headers: Record<string, string>) =>
      (await local.post('/console/personas/admin/token', {}, { token: null, headers })).status;
    expect(await ask({})).toBe(200);
    expect(await ask({ 'x-forwarded-for': '203.0.113.7' })).toBe(404);
    expect(await ask({ 'sec-fetch-site': 'cross-site' })).toBe(404);
    const { app } = createApp(local.deps);
    const foreign = { method: 'POST', headers: { host: 'rebound.example' } };
    expect((await app.request('http://rebound.example/console/personas/admin/token', foreign)).status).toBe(404);
  });

  test('elsewhere it does not appear; where it does, it says what each person may do', async () => {
    const page = await openWindow(browser, local.url);
    await eventually(async () => (await page.locator('[data-persona]').count()) === 6);
    await page.locator('[data-persona=viewer]').getByText('보기만 합니다').waitFor();
    const { body } = await answerOf({ LOCAL_STACK: '1', HOST: '0.0.0.0' }, '/console/settings');
    await page.route('**/console/settings', (route) => route.fulfill({ json: body }));
    await page.reload();
    await page.getByText('로그인 방법이 설정되지 않았습니다').waitFor();
    expect(await page.locator('[data-persona]').count()).toBe(0);
    await page.context().close();
  });
});
