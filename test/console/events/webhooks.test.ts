import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { addressIs, complaintsOf, openBrowser, storedIn, violationsOn, windowOf } from '../../support/browser/browser.ts';
import { dialogOf, refusalOf, save } from '../../support/browser/console.ts';
import { placeOrder } from '../../support/scenes/orders.ts';
import { eventually, type Stack, startStack } from '../../support/stack.ts';
import { type Receiver, startReceiver, verify } from '../../webhooks/world.ts';
import { startSender } from './sending.ts';

let stack: Stack;
let browser: Browser;
let sender: { stop: () => Promise<void> };
let receiver: Receiver;
beforeAll(async () => {
  [stack, browser, receiver] = await Promise.all([
    startStack({ LOCAL_STACK: '1', WEBHOOK_ALLOW_PRIVATE: 'on' }),
    openBrowser(),
    startReceiver(),
  ]);
  sender = startSender(stack);
});
afterAll(async () => {
  await browser.close();
  await sender.stop();
  await receiver.stop();
  await stack.stop();
});

const head = (page: Page) => page.locator('section.webhook');
const act = (page: Page, name: string) => head(page).locator(`[data-act="${name}"]`).click();
/** An event in the list of what was sent, by the number it is about. */
const sent = (page: Page, subject: string) => page.locator('.events li', { hasText: subject });
const opened = async (page: Page, subject: string) => {
  await sent(page, subject).locator('summary').click();
  return sent(page, subject).locator('.event-open');
};
/** Reads the secret that is shown, and closes it. */
async function readSecret(page: Page): Promise<string> {
  const field = dialogOf(page).locator('[name=secret]');
  await field.waitFor();
  const secret = await field.inputValue();
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
  return secret;
}
const stateIs = (page: Page, state: string) => page.locator(`section.webhook[data-state=${state}]`).waitFor();
const test_ = async (page: Page, outcome: 'passed' | 'failed') => {
  await act(page, 'test');
  const said = page.locator(`[data-test=${outcome}]`);
  await said.waitFor();
  return (await said.textContent()) ?? '';
};

describe('이벤트·웹훅', () => {
  test('an endpoint is added, tested, fails and is seen on home, sent to again, given another secret, turned off and deleted', async () => {
    const page = await windowOf(browser, stack.url, 'admin', '/');
    await page.locator('.menu').getByRole('link', { name: '이벤트·웹훅' }).click();
    await page.getByText('웹훅이 없습니다').waitFor();
    await page.getByRole('button', { name: '새 웹훅' }).click();
    await dialogOf(page).getByLabel('고른 이벤트만').check();
    expect(await refusalOf(page, '입력해 주세요')).toBe('입력해 주세요: 받는 주소, 이벤트 하나 이상');
    await dialogOf(page).locator('[name=url]').fill(receiver.url);
    await dialogOf(page).locator('[name=description]').fill('쇼핑몰 주문 상태');
    await dialogOf(page).locator('[name="delivery.ordered"]').check();
    await dialogOf(page).locator('[type=submit]').click();

    // Once, in words that say so, and then nowhere: not on the page, not in the browser, not after a reload.
    await dialogOf(page).getByText('다시 볼 수 없으니').waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await dialogOf(page).getByRole('button', { name: '비밀키 복사' }).click();
    expect(await violationsOn(page)).toEqual([]);
    const copied = await eventually(() => page.evaluate<string>('navigator.clipboard.readText()'));
    const secret = await readSecret(page);
    expect([copied, secret.slice(0, 6)]).toEqual([secret, 'whsec_']);
    await eventually(() => page.evaluate<boolean>(`document.activeElement.classList.contains('webhook-title')`));
    expect([await page.content(), await storedIn(page)].filter((all) => all.includes(secret))).toEqual([]);
    await page.reload();
    await stateIs(page, 'enabled');
    expect(await page.content()).not.toContain(secret);

    // The result comes by itself, and so do later events.
    expect(await test_(page, 'passed')).toMatch(/^시험 성공: 204 · \d+ ms$/);
    expect(verify(receiver.got.at(-1) as Receiver['got'][number], secret)).toMatchObject({ type: 'webhook.test' });
    const [line] = await placeOrder(stack);
    const subject = `${line?.deliveryNo}/1`;
    await sent(page, subject).locator('.told-succeeded').waitFor();
    const entry = await opened(page, subject);
    await entry.locator('[data-attempt="204"]').waitFor();
    const body = receiver.got.find((got) => got.body.includes(line?.deliveryNo ?? ''))?.body ?? '';
    expect(JSON.parse((await entry.locator('.body').textContent()) ?? '')).toEqual(JSON.parse(body));
    await entry.getByRole('button', { name: '내용 복사' }).click();
    await eventually(async () => (await page.evaluate('navigator.clipboard.readText()')) === body);
    await entry.locator('[data-open=delivery]').click();
    await page.locator('.panel .timeline').first().waitFor();
    await page.locator('.panel').getByRole('button', { name: '닫기' }).click();

    // It is sent again under the same id.
    const timesOf = () => receiver.got.filter((got) => got.body === body).map(({ id }) => id);
    await entry.locator('[data-act=resend]').click();
    await eventually(async () => timesOf().length === 2);
    expect(new Set(timesOf()).size).toBe(1);
    await entry.getByRole('row').nth(2).waitFor();

    // It fails: why, since when, and when it is tried next.
    receiver.answer((_got, response) => response.writeHead(500).end('재고 서버 점검 중'));
    const [late] = await placeOrder(stack);
    await stateIs(page, 'failing');
    await head(page)
      .getByText(/마지막 시도: 500 · \d+ ms “재고 서버 점검 중”/)
      .waitFor();
    const waiting = await opened(page, `${late?.deliveryNo}/1`);
    await waiting.getByText(/다음 시도 20/).waitFor();
    await waiting.locator('.answer').first().filter({ hasText: '재고 서버 점검 중' }).waitFor();
    await page.locator('[data-told=waiting]').click();
    await addressIs(page, `${new URL(page.url()).pathname}?webhook=1&state=waiting`);
    await eventually(async () => (await page.locator('.events li').count()) === 1);
    await sent(page, `${late?.deliveryNo}/1`).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.locator('.menu').getByRole('link', { name: '홈' }).click();
    await page
      .locator('.attention')
      .getByRole('link', { name: /1.*실패 중인 웹훅/ })
      .click();
    await addressIs(page, '/events/webhooks?webhook=1');

    // It works again, and what waits is sent at once.
    receiver.answer((_got, response) => response.writeHead(204).end());
    await (await opened(page, `${late?.deliveryNo}/1`)).getByRole('button', { name: '지금 보내기' }).click();
    await stateIs(page, 'enabled');
    await sent(page, `${late?.deliveryNo}/1`).locator('.told-succeeded').waitFor();

    // A range again.
    const before = receiver.got.length;
    await act(page, 'replayRange');
    await dialogOf(page).locator('[name=to]').fill('2020-01-01T00:00');
    await dialogOf(page).getByText('끝이 시작보다 뒤여야 합니다').waitFor();
    expect(await dialogOf(page).locator('[type=submit]').isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await act(page, 'replayRange');
    await save(page);
    await eventually(async () => receiver.got.length === before + 2);

    // Another secret: the one before signs too.
    await act(page, 'rotateSecret');
    await dialogOf(page).getByText('24시간').waitFor();
    await dialogOf(page).locator('[type=submit]').click();
    const second = await readSecret(page);
    expect(second).not.toBe(secret);
    await test_(page, 'passed');
    const last = receiver.got.at(-1) as Receiver['got'][number];
    for (const each of [secret, second]) expect(verify(last, each)).toMatchObject({ type: 'webhook.test' });

    // Changed, turned off and on, deleted.
    await act(page, 'edit');
    await dialogOf(page).getByLabel('모든 이벤트').check();
    await save(page);
    await page.locator('tr[data-webhook]').filter({ hasText: '모든 이벤트' }).waitFor();
    await act(page, 'disableWebhook');
    await save(page);
    await stateIs(page, 'disabled');
    await head(page).getByText('담당자가 껐습니다').waitFor();
    expect(await head(page).locator('[data-act=test]').isDisabled()).toBe(true);
    await act(page, 'enableWebhook');
    await save(page);
    await stateIs(page, 'enabled');
    await act(page, 'deleteWebhook');
    await dialogOf(page).getByText('되돌릴 수 없습니다').waitFor();
    await save(page);
    await page.getByText('웹훅이 없습니다').waitFor();
    await addressIs(page, '/events/webhooks');
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });

  test('one that wants no more is off with its reason, on home too; who only reads is offered nothing', async () => {
    receiver.answer((_got, response) => response.writeHead(410).end('gone'));
    const { body } = await stack.post('/api/bo/v1/webhooks', { url: receiver.url, types: ['*'] });
    await placeOrder(stack);
    const page = await windowOf(browser, stack.url, 'viewer', '/');
    await page
      .locator('.attention')
      .getByRole('link', { name: /1.*저절로 꺼진 웹훅/ })
      .click();
    await addressIs(page, `/events/webhooks?webhook=${body.id}`);
    await head(page).getByText('더 받지 않겠다고 답해서(410)').waitFor();
    await page.locator('.events summary').first().click();
    await page.locator('.event-open .body').waitFor();
    expect(await page.locator('[data-act]').count()).toBe(0);
    expect(await page.getByRole('button', { name: '새 웹훅' }).count()).toBe(0);
    expect(await violationsOn(page)).toEqual([]);
    // An address that is gone says so.
    await page.goto(`${stack.url}/events/webhooks?webhook=999`);
    await page.getByText('없는 웹훅입니다').waitFor();
    expect(complaintsOf(page)).toEqual([]);
    await page.context().close();
  });
});
