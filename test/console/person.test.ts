import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { complaintsOf, openBrowser, rowOf, violationsOn, windowOf } from '../support/browser/browser.ts';
import { placeOrder, receiver } from '../support/scenes/orders.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ LOCAL_STACK: '1' }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

test('search by person: receiver, orderer, phone; the values stand in no address and in no storage, and a reload forgets them', async () => {
  const [name, phone] = ['독고찾음', '010-7777-4321'];
  const [line] = await placeOrder(stack, [{}], { receiver: { ...receiver, name, phone }, orderer: { name: '제갈주문', phone } });
  const [other] = await placeOrder(stack);
  if (!line || !other) throw new Error('no line');
  const page = await windowOf(browser, stack.url, 'viewer', '/deliveries');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await rowOf(page, other.deliveryNo).first().waitFor();
  for (const [field, value] of [
    ['receiverName', name],
    ['ordererName', '제갈주문'],
    ['phone', '01077774321'],
    ['phone', '4321'],
  ] as const) {
    await page.locator(`.person-search [name=${field}]`).fill(value);
    await page.keyboard.press('Enter');
    await rowOf(page, other.deliveryNo).first().waitFor({ state: 'detached' });
    await rowOf(page, line.deliveryNo).getByText('독**음').waitFor();
    expect(await page.locator('.ag-row[row-index="1"]').count()).toBe(0);
    const stored: string = await page.evaluate(
      'JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie, location.href])',
    );
    for (const secret of [name, '제갈주문', '7777-4321', '77774321']) {
      expect(stored).not.toContain(secret);
      for (const url of asked) expect(decodeURIComponent(url)).not.toContain(secret);
    }
    if (value === '4321') break;
    await page.getByRole('button', { name: '지우기' }).click();
    await rowOf(page, other.deliveryNo).first().waitFor();
    expect(await page.locator(`.person-search [name=${field}]`).inputValue()).toBe('');
  }
  // The address's own filters hold besides; what is found opens as ever.
  await rowOf(page, line.deliveryNo).getByRole('button', { name: line.deliveryNo }).click();
  await page.locator('.panel .timeline').first().waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await page.getByRole('button', { name: '필터 +' }).click();
  await page.locator('.filters [name=state]').selectOption('shipped');
  await page.getByText('조건에 맞는 내역이 없습니다').waitFor();
  await page.reload();
  expect(await page.locator('.person-search [name=phone]').inputValue()).toBe('');
  expect(complaintsOf(page)).toEqual([]);
  await page.context().close();
});

test('too many searches: the API’s sentence, and the search goes on where it was', async () => {
  const receivers = { receiver: { ...receiver, name: '독고많음' } };
  const [line] = await placeOrder(stack, [{}], receivers);
  if (!line) throw new Error('no line');
  const page = await windowOf(browser, stack.url, 'viewer', '/deliveries');
  // The minute of this person is full: `park` of the persona has searched elsewhere.
  const token = await stack.token(['delivery.read'], { sub: 'park' });
  let status = 200;
  while (status === 200) ({ status } = await stack.post('/api/bo/v1/deliveries/search', { phone: '0000' }, { token }));
  expect(status).toBe(429);
  await page.locator('.person-search [name=receiverName]').fill('독고많음');
  await page.keyboard.press('Enter');
  await page
    .getByRole('alert')
    .getByText(/사람은 1분에 60번까지 찾을 수 있습니다. \d+초 뒤에 다시 찾아 주세요/)
    .waitFor();
  await stack.db.query(sql`update personal_data_accesses set at = at - interval '61 s' where sub = 'park'`);
  await page.getByRole('button', { name: '다시' }).click();
  await rowOf(page, line.deliveryNo).getByText('독**음').waitFor();
  expect(complaintsOf(page)).toEqual([]);
  const chief = await windowOf(browser, stack.url, 'privacy', '/accesses?sub=park');
  await chief.locator('.ag-row').first().getByText('사람으로 찾기').waitFor();
  await chief.locator('.ag-row').first().getByText('받는 분 이름').waitFor();
  expect(complaintsOf(chief)).toEqual([]);
  await Promise.all([page.context().close(), chief.context().close()]);
});

test('개인정보 접속기록: who, whose, when and why, found by user, subject and day; only with audit.read', async () => {
  const [line] = await placeOrder(stack);
  if (!line) throw new Error('no line');
  const token = await stack.token(['delivery.read', 'pii.read'], { sub: 'choi-1' });
  const look = `/api/bo/v1/deliveries/${line.deliveryNo}?reason=${encodeURIComponent('배송지 확인 전화')}`;
  await stack.get(look, { token });
  await stack.get(look, { token: await stack.token(['delivery.read', 'pii.read'], { sub: 'park-1' }) });
  const page = await windowOf(browser, stack.url, 'admin', '/');
  await page.clock.install();
  await page.goto(`${stack.url}/accesses?subject=${line.deliveryNo}`);
  await page.locator('.ag-row').nth(1).waitFor();
  await page.locator('[name=sub]').fill('choi-1');
  await page.locator('.ag-row').nth(1).waitFor({ state: 'detached' });
  const row = page.locator('.ag-row').first();
  await row.getByText('배송지 확인 전화').waitFor();
  await row.getByText(/주문자 이름·전화번호·이메일, 받는 분 이름/).waitFor();
  expect(page.url()).toContain('sub=choi-1');
  expect(await violationsOn(page)).toEqual([]);
  // Another look is made elsewhere: the list says so.
  await stack.get(look, { token });
  await page.clock.runFor(11_000);
  await page.locator('.news').click();
  await page.locator('.ag-row').nth(1).waitFor();
  await page.locator('[name=to]').fill('2020-01-01');
  await page.getByText('조건에 맞는 접속기록이 없습니다').waitFor();
  const viewer = await windowOf(browser, stack.url, 'viewer', '/accesses');
  await viewer.getByRole('alert').getByText('이 화면을 볼 권한이 없습니다').waitFor();
  expect(complaintsOf(page)).toEqual([]);
  await Promise.all([page.context().close(), viewer.context().close()]);
});
