import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ask, callbackUrl, nextNum, post, register, reset, simulator, start, stop } from './receiver.ts';

beforeAll(start);
afterEach(reset);
afterAll(stop);

describe('운송장등록 POST /add_invoice', () => {
  test('answers success, num, fid, e_code and e_message', async () => {
    const num = nextNum();
    expect(await register(num)).toEqual({ success: true, num, fid: 'D1001', e_code: '', e_message: '' });
    expect(simulator.control.registrations({ num })).toEqual([
      expect.objectContaining({ code: '04', fid: 'D1001', callbackUrl, tier: 'T', key: 'K', type: 'json', answeredBy: 'right' }),
    ]);
  });

  test.each(['num', 'code', 'fid', 'callback_url', 'tier', 'key', 'type'])('01 without %s', async (name) => {
    expect(await register(nextNum(), { [name]: '' })).toMatchObject({ success: false, e_code: '01' });
  });

  test('01 for a JSON body and for a fid of 31 characters', async () => {
    const { text } = await post('/add_invoice', { num: nextNum(), code: '04' });
    expect(JSON.parse(text)).toMatchObject({ success: false, e_code: '01' });
    expect(await register(nextNum(), { fid: 'D'.repeat(31) })).toMatchObject({ e_code: '01' });
  });

  test.each([['6000-0000-0001'], ['12345678'], ['123456789012345'], ['60000000000A']])('02 for waybill %s', async (num) => {
    expect(await register(num)).toEqual({ success: false, num, fid: 'D1001', e_code: '02', e_message: expect.any(String) });
  });

  test('an international waybill may hold letters', async () => {
    expect(await register('EB123456789KR', { code: '12' })).toMatchObject({ success: true });
  });

  test('03 for the same carrier and number again, whoever asks; another carrier is another parcel', async () => {
    const num = nextNum();
    await register(num);
    expect(await register(num, { fid: 'D2002' })).toMatchObject({ success: false, fid: 'D2002', e_code: '03' });
    expect(await register(num, { code: '05' })).toMatchObject({ success: true });
    expect(simulator.control.waybills({ registeredAtLeast: 2 })).toEqual([
      { num, code: '04', counters: expect.objectContaining({ registrations: 2, accepted: 1 }) },
    ]);
    const strangers = nextNum();
    simulator.control.preload({ parcels: [{ num: strangers, level: 0, strangers: true }] });
    expect(await register(strangers)).toMatchObject({ e_code: '03' });
  });

  test('04 for a carrier it does not follow', async () => {
    expect(await register(nextNum(), { code: '99' })).toMatchObject({ success: false, e_code: '04' });
    expect(await register(nextNum(), { code: '4' })).toMatchObject({ success: false, e_code: '04' });
  });
});

describe('배송정보조회 trackingInfo', () => {
  test('the fields, by POST JSON and by GET, details never in order', async () => {
    const num = nextNum();
    simulator.control.preload({ parcels: [{ num, level: 5, at: '2026-11-23T15:00:00+09:00' }] });
    const answer = await ask(num);
    expect(answer).toMatchObject({ result: 'Y', invoiceNo: num, level: 5, complete: false, completeYN: 'N' });
    expect(answer).toEqual(expect.objectContaining({ itemName: expect.any(String), receiverName: expect.stringContaining('*') }));
    const times = answer.trackingDetails.map(({ time }: { time: number }) => time);
    expect(times).not.toEqual(times.toSorted());
    expect(times).toHaveLength(5);
    expect(answer.trackingDetails.find(({ level }: { level: number }) => level === 5)).toMatchObject({
      time: Date.parse('2026-11-23T15:00:00+09:00'),
      timeString: '2026-11-23 15:00:00',
      where: expect.any(String),
      kind: '배송출발',
      telno: expect.any(String),
      manName: expect.any(String),
      code: null,
    });
    const response = await fetch(`${simulator.url}/api/v1/trackingInfo?t_key=K&t_code=04&t_invoice=${num}`);
    expect(await response.json()).toEqual(answer);
    expect(simulator.control.questions({ num }).map(({ method, level }) => [method, level])).toEqual([
      ['POST', 5],
      ['GET', 5],
    ]);
  });

  test('errors are HTTP 200 with status false: 101, 102, 103, 104, 105, 106, 500', async () => {
    const { control } = simulator;
    const [num, other, fresh] = [nextNum(), nextNum(), nextNum()];
    control.preload({ parcels: [{ num }, { num: other }] });
    await register(fresh);
    const error = (code: string) => ({ status: false, msg: expect.any(String), code });
    expect(await ask(num, { t_key: '' })).toEqual(error('101'));
    expect(await ask(nextNum())).toEqual(error('104'));
    expect(await ask(fresh)).toEqual(error('104'));
    expect(await ask(num, { t_code: '05' })).toEqual(error('104'));
    control.settings({ keyRefused: '102' });
    expect(await ask(num)).toEqual(error('102'));
    control.settings({ keyRefused: 'off', perWaybillPerDay: 1 });
    expect([await ask(num), await ask(num), await ask(other)]).toMatchObject([{ level: 6 }, error('105'), { level: 6 }]);
    control.newDay();
    control.settings({ perWaybillPerDay: null, quotaPerDay: 1 });
    expect([await ask(num), await ask(other)]).toMatchObject([{ level: 6 }, error('103')]);
    control.settings({ quotaPerDay: null });
    for (const code of ['106', '500']) control.behave({ on: 'trackingInfo', kind: 'code', code, times: 1 });
    expect([await ask(num), await ask(num), await ask(num)]).toMatchObject([error('106'), error('500'), { level: 6 }]);
  });

  test('companylist', async () => {
    const response = await fetch(`${simulator.url}/api/v1/companylist?t_key=K`);
    const { Company } = (await response.json()) as { Company: { Code: string }[] };
    expect(Company).toContainEqual({ Code: '04', Name: 'CJ대한통운', International: 'false' });
    expect(Company.map(({ Code }) => Code).join(' ')).toBe('01 04 05 06 08 11 12 13 14 17 18 20 21 22 23 24 32 46');
  });
});
