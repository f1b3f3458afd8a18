import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { assembly, planOf, shippingProduct, takePlan } from '../../support/scenes/assembly.ts';
import { cancel, commandLine, orderBody, placeIn, receiver, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import { claimBody, commandPickup, DELIVERED, placedLine, postClaim } from '../../support/scenes/pickups.ts';
import { BULK, upload } from '../../support/scenes/sheets.ts';
import { callback } from '../../support/scenes/tracking.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** In parts of letters, with a letter between that nobody sees. */
const dirty = (text: string) => [...text].join('\u200b').normalize('NFD');
const person = {
  ...receiver,
  name: dirty('홍길동'),
  phone: '０１０\u20131234\u20135678',
  address1: dirty(receiver.address1),
  address2: dirty('4층 401호'),
  memo: dirty('문 앞에'),
};
const good = (answer: { status: number; body: any }) => {
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};

/** Texts anywhere in the database that are not as a person sees them; the bodies and paths of calls stay as they came. */
async function dirtyTexts(): Promise<string[]> {
  const columns = await stack.db.query(sql<{ table_name: string; column_name: string; data_type: string }>`
    select table_name, column_name, data_type from information_schema.columns
     where table_schema = 'public' and data_type in ('text', 'ARRAY', 'jsonb', 'json', 'character varying')
       and column_name <> 'body' and not (table_name = 'requests' and column_name = 'path')`);
  const found = await Promise.all(
    columns.map(async ({ table_name, column_name }) => {
      const rows = await stack.db.query(sql<{ text: string }>`select ${sql.ref(column_name)}::text as text
        from ${sql.ref(table_name)} where ${sql.ref(column_name)}::text is not nfc normalized
          or ${sql.ref(column_name)}::text ~ '[\\u200b\\uff10-\\uff19]' limit 3`);
      return rows.map(({ text }) => `${table_name}.${column_name}: ${JSON.stringify(text)}`);
    }),
  );
  return found.flat();
}

test('every way in keeps a text as a person sees it, in whatever column it ends', async () => {
  const lineText = { productName: dirty('캠핑 의자'), optionName: dirty('카키') };
  const orderer = { name: dirty('김주문'), phone: '０２-１２３-４５６７', email: 'ｇildong@example.com' };
  const channel = dirty('자사몰');
  const orderNo = dirty(unique('주문'));
  good(await stack.post('/api/order/v1/orders', orderBody([lineText], { orderNo, orderer, receiver: person, channel })));
  good(await stack.put(`/api/order/v1/orders/${encodeURIComponent(orderNo)}/receiver`, person));

  const stockout = await placeIn(stack, 'released');
  expect(await commandLine(stack, 'report-stockout', stockout, {}, { reason: dirty('재고 없음') })).toMatchObject({ ok: true });
  const shipped = await placeIn(stack, 'shipped');
  const waybill = { carrierCode: '０４', waybillNo: `\u202a${uniqueWaybill()}\u202c` };
  expect(await commandLine(stack, 'correct-waybill', shipped, waybill, { reason: dirty('잘못 붙임') })).toMatchObject({
    ok: true,
  });
  const [{ waybill_no } = { waybill_no: '' }] = await stack.db.query(
    sql<{ waybill_no: string }>`select waybill_no from delivery_lines where delivery_no = ${shipped.deliveryNo}`,
  );
  await callback(stack, shipped.deliveryNo, waybill_no, 3, { where: dirty('서울강남'), details: dirty('간선하차') });
  good(await cancel(stack, [await placeIn(stack, 'ordered')], { reason: dirty('변심') }));

  const delivered = await placedLine(stack, DELIVERED);
  const item = { lineNo: 1, quantity: 1, reason: dirty('다리가 휨') };
  const exchangeTo = { productId: 7, productName: dirty('새 의자'), optionName: dirty('검정') };
  const claim = {
    ...claimBody('exchange', delivered.orderNo, [{ ...item, exchangeTo }], { pickupFrom: person }),
    claimNo: dirty(unique('접수')),
  };
  const [{ pickupNo }] = good(await postClaim(stack, claim)).pickups;
  const reason = dirty('사유가 있음');
  for (const name of ['instruct', 'confirm', 'hold', 'resume', 'convert-to-return'])
    expect(await commandPickup(stack, name, pickupNo, {}, { reason })).toMatchObject({ ok: true });
  const converted = { items: [{ lineNo: 1, exchangeTo }] };
  expect(await commandPickup(stack, 'convert-to-exchange', pickupNo, converted, { reason })).toMatchObject({ ok: true });
  expect(await commandPickup(stack, 'refuse', pickupNo, {}, { reason })).toMatchObject({ ok: true });
  const withdrawn = await placedLine(stack, DELIVERED);
  const second = claimBody('return', withdrawn.orderNo, [item]);
  good(await postClaim(stack, second));
  good(await stack.post(`/api/order/v1/claims/${second.claimNo}/withdraw`, { reason: dirty('철회함') }));

  const place = {
    placeName: dirty('파주 창고'),
    zipCode: '１０８８１',
    addr1: dirty('경기도 파주시'),
    addr2: dirty('문발로'),
    isDefaultShippingPlace: false,
    isSetAdditionalShippingFee: false,
    backwoodsAdditionalShippingFee: 0,
    jejuAdditionalShippingFee: 0,
    imposeType: 1,
  };
  const { placeNo } = good(await stack.post('/item/v1/shipping/places', place));
  good(await stack.put(`/item/v1/shipping/places/${placeNo}`, { ...place, placeNo, placeName: dirty('양주 창고') }));

  const material = await shippingProduct(stack, 10, { member_id: 70, product_name: dirty('재료') });
  good(await stack.put(`/v2/shipping/product/${material}/stock`, { quantity: 9, reason: dirty('실사') }));
  const { uid } = await assembly(stack, [[material, 1]]);
  good(
    await stack.post('/v2/assembly/plan', {
      assembly_product_uid: uid,
      plan_quantity: 1,
      plan_date: '2999-12-31',
      comment: dirty('급함'),
    }),
  );
  await takePlan(stack, await planOf(stack, uid, 1), 'start');

  const sheet = [
    '배송번호,순번,택배사코드,운송장번호,받는 분'.normalize('NFD'),
    ['없는배송', 1, '04', '681234567890', '홍길동'].map(String).map(dirty),
  ].join('\n');
  const job = await upload(stack, new TextEncoder().encode(sheet), { name: dirty('출고완료.csv') });
  expect(job.status).toBe(201);
  expect((await stack.get(`${BULK}/${job.body.id}`)).body.fileName).toBe('출고완료.csv');

  expect(await dirtyTexts()).toEqual([]);
  expect(
    await stack.db.query(
      sql`select receiver_name, receiver_phone from orders where order_no = ${orderNo.normalize('NFC').replaceAll('\u200b', '')}`,
    ),
  ).toEqual([{ receiver_name: '홍길동', receiver_phone: '010-1234-5678' }]);
});
