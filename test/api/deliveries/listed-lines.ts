import type { ListedRow } from '../../support/scenes/rows.ts';

/** What lists.test.ts finds and what it does not. */
export const listedLines: ListedRow[] = [
  {
    deliveryNo: 'A',
    orderedAt: '2026-11-22T14:59:59.999Z',
    productName: '캠핑 의자',
    placeNo: 1,
    updatedAt: '2026-11-25T00:00:00Z',
  },
  {
    deliveryNo: 'B',
    orderedAt: '2026-11-22T15:00:00Z',
    state: 'instructed',
    instructedAt: '2026-11-24T15:00:00Z',
    productName: '접이식 의자',
    placeNo: 2,
  },
  {
    deliveryNo: 'C',
    orderedAt: '2026-11-23T14:59:59.999Z',
    state: 'released',
    productName: '우드 테이블 100%',
    placeNo: 2,
    kind: 'exchange',
  },
  {
    deliveryNo: 'D',
    orderedAt: '2026-11-23T15:00:00Z',
    state: 'awaitingShipment',
    productName: 'LED_랜턴',
    placeNo: null,
    methodCode: '30',
  },
  {
    deliveryNo: 'E',
    state: 'shipped',
    shippedAt: '2026-11-24T03:00:00Z',
    carrierCode: '04',
    waybillNo: '111122223333',
    methodCode: '10',
  },
  {
    deliveryNo: 'F',
    state: 'delivered',
    deliveredAt: '2026-11-25T03:00:00Z',
    carrierCode: '05',
    waybillNo: '111122223333',
    methodCode: '10',
  },
  { deliveryNo: 'G', lineNo: 1, orderNo: 'O-two' },
  { deliveryNo: 'G', lineNo: 2, orderNo: 'O-two', productName: 'C:\\temp 상자', returned: 1 },
  { deliveryNo: 'X-canceled', state: 'canceled', canceled: 2 },
  { deliveryNo: 'X-returned', state: 'delivered', returned: 2 },
  { deliveryNo: 'X-both', state: 'delivered', canceled: 1, returned: 1 },
];
