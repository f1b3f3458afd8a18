import type { Random } from '../../local/sample/random.ts';

/** Texts that occur nowhere else: one of them found outside PostgreSQL is a leak. */
export const CANARIES = [
  '독고혼돈',
  '제갈무질서',
  '은밀난장구',
  '비밀소동로',
  '몰래한사유',
  '조용한상품',
  'kanarie.secret',
  '7319-0246',
  '73190246',
];

export const REASON = '몰래한사유 때문에';
export const PRODUCT_NAME = '조용한상품 의자';

export const ordererOf = (random: Random) => ({
  name: `제갈무질서${random.digits(3)}`,
  phone: '010-7319-0246',
  email: `kanarie.secret${random.digits(4)}@example.com`,
});

/** `mark` tells one wish about a receiver from another. */
export const receiverOf = (mark: string) => ({
  name: '독고혼돈',
  phone: '010-7319-0246',
  zipCode: '06236',
  address1: `은밀난장구 비밀소동로 ${mark}`,
  address2: '909호',
  memo: '비밀소동로 화분 밑',
});
