import { z } from 'zod';

const taken = z.object({ deliveries: z.array(z.object({ deliveryNo: z.string() })) });
const done = z.object({
  results: z.array(z.object({ ok: z.boolean(), state: z.string().optional(), error: z.unknown().optional() })),
});

/** An order comes in and its line is sent and delivered, over HTTP; returns its states. Throws at the first that is not reached. */
export async function liveALine(url: string, token: string): Promise<string[]> {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const person = { name: '홍길동', phone: '010-1234-5678' };
  const product = { productId: 43897, productName: '캠핑 의자', quantity: 2, unitPrice: 39000, placeNo: 176042 };
  const order = {
    orderNo: `TRY-${Date.now()}`,
    orderedAt: new Date().toISOString(),
    orderer: person,
    receiver: { ...person, zipCode: '06236', address1: '서울특별시 강남구 테헤란로 123' },
    lines: [{ lineNo: 1, methodCode: '10', ...product }],
  };
  const { deliveries } = taken.parse(await post('/api/order/v1/orders', order));
  const line = { deliveryNo: deliveries[0]?.deliveryNo, lineNo: 1 };
  const states: string[] = [];
  for (const [command, more] of Object.entries({
    instruct: {},
    release: {},
    ship: { carrierCode: '04', waybillNo: String(Date.now()).slice(-12).padStart(12, '6') },
    deliver: {},
  })) {
    const { results } = done.parse(await post(`/api/bo/v1/delivery-lines/${command}`, { lines: [{ ...line, ...more }] }));
    if (!results[0]?.ok) throw new Error(`${command}: ${JSON.stringify(results)}`);
    states.push(results[0].state ?? '');
  }
  return states;
}
