import { z } from '@hono/zod-openapi';
import type { Row } from '../../db/statement.ts';
import { maskEmail, maskName, maskPhone, maskText } from '../../domain/masking.ts';
import { oldZipCodeMark } from '../../domain/shipping/postal-areas.ts';
import { zipCodeOld } from '../http/order-schemas.ts';

export const ordererSchema = z
  .object({ name: z.string(), phone: z.string(), email: z.string().nullable() })
  .openapi('Orderer', { example: { name: '김*문', phone: '010-****-6789', email: 'gi*****@example.com' } });
export const shownReceiverSchema = z
  .object({
    name: z.string(),
    phone: z.string(),
    zipCode: z.string(),
    zipCodeOld,
    address1: z.string(),
    address2: z.string().nullable(),
    memo: z.string().nullable(),
  })
  .openapi('ShownReceiver', {
    example: {
      name: '홍*동',
      phone: '010-****-5678',
      zipCode: '06236',
      address1: '서울특별시 강남구 테헤란로 123',
      address2: '***',
      memo: '***',
    },
  });

interface People {
  orderer: z.output<typeof ordererSchema>;
  receiver: z.output<typeof shownReceiverSchema>;
}

/** Orderer and receiver of an order, masked or not. */
export function peopleOf(order: Row<'orders'>, mask: boolean): People {
  const name = (value: string) => (mask ? (maskName(value) ?? '') : value);
  const phone = (value: string) => (mask ? (maskPhone(value) ?? '') : value);
  const hidden = (value: string | null) => (mask ? maskText(value) : value);
  return {
    orderer: {
      name: name(order.orderer_name),
      phone: phone(order.orderer_phone),
      email: mask ? maskEmail(order.orderer_email) : order.orderer_email,
    },
    receiver: {
      name: name(order.receiver_name),
      phone: phone(order.receiver_phone),
      zipCode: order.receiver_zip_code,
      ...oldZipCodeMark(order.receiver_zip_code),
      address1: order.receiver_address1,
      address2: hidden(order.receiver_address2),
      memo: hidden(order.receiver_memo),
    },
  };
}

/** Names of the personal fields in a detail, for the access row. */
export const PERSONAL_FIELDS = [
  'orderer.name',
  'orderer.phone',
  'orderer.email',
  'receiver.name',
  'receiver.phone',
  'receiver.address',
  'receiver.memo',
];
