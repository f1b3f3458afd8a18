import type { ReasonCode } from '../../domain/pickups/pickup.ts';
import type { Random } from './random.ts';

/** What a buyer asks for: the money back (also for what never arrived), the same product again, or another option of it. */
export type Wish = 'return' | 'undelivered' | 'same' | 'option';

// `any` fits a return and an exchange for the same product; the regular expression selects products by number.
const reasons: readonly (readonly [code: ReasonCode, wish: Wish | 'any', products: RegExp, text: string])[] = [
  ['CHANGE_OF_MIND', 'return', /^4340[1-3]/, '입어 보니 색이 생각보다 어두워요. 택은 떼지 않았습니다'],
  ['CHANGE_OF_MIND', 'return', /^43404/, '발볼이 좁아 신기 어려워요. 실내에서 한 번만 신어 봤습니다'],
  ['CHANGE_OF_MIND', 'return', /^4320[14]/, '방 분위기와 색이 어울리지 않아요'],
  ['CHANGE_OF_MIND', 'return', /^4330[1-5]/, '생각보다 커서 둘 곳이 없어요. 뜯지 않았습니다'],
  ['CHANGE_OF_MIND', 'return', /^4350[1-4]/, '같은 것을 선물 받아 필요 없어졌어요. 미개봉입니다'],
  ['CHANGE_OF_MIND', 'return', /^437/, '먹던 것과 달라 잘 안 써요. 한 봉지는 뜯지 않았습니다'],
  ['CHANGE_OF_MIND', 'return', /^439/, '유효기간 안에 쓸 일이 없어 환불 부탁드려요'],
  ['CHANGE_OF_MIND', 'option', /^43404/, '조금 작아요. 다른 사이즈로 바꾸고 싶어요'],
  ['CHANGE_OF_MIND', 'option', /^4340[12]|^43204/, '사이즈와 색을 잘못 골랐어요. 교환 부탁드려요'],
  ['CHANGE_OF_MIND', 'option', /^43(201|303|304|403|502|503|804|805)/, '생각한 것과 달라 다른 옵션으로 바꾸고 싶어요'],
  ['CHANGE_OF_MIND', 'undelivered', /./, '급하게 필요해 근처에서 샀어요. 오는 대로 돌려보낼게요'],
  ['LATE', 'undelivered', /./, '도착 예정일이 나흘 지났는데 아직도 집하 상태예요'],
  ['LATE', 'undelivered', /./, '행사 날짜가 지나 더는 필요 없습니다'],
  ['DEFECT', 'any', /^43101|^43102/, '상한 것이 절반 가까이 섞여 있어요. 사진 첨부했습니다'],
  ['DEFECT', 'any', /^43201/, '한쪽 끝 올이 풀려 있어요'],
  ['DEFECT', 'any', /^43204/, '솜이 한쪽으로 뭉쳐 있고 박음질이 터져 있어요'],
  ['DEFECT', 'any', /^43301/, '코팅이 동전만큼 벗겨져 있어요'],
  ['DEFECT', 'any', /^43302/, '뚜껑 두 개가 잠기지 않아 국물이 새요'],
  ['DEFECT', 'any', /^43303/, '뜨거운 물을 담으면 겉면까지 뜨거워져요'],
  ['DEFECT', 'any', /^43304/, '예열이 되지 않고 E2가 깜빡여요'],
  ['DEFECT', 'any', /^4340[1-3]/, '소매 박음질이 풀려 있어요'],
  ['DEFECT', 'any', /^43404/, '왼쪽 밑창이 벌어져 있어요'],
  ['DEFECT', 'any', /^43502/, '왼쪽 이어폰이 연결되지 않아요. 초기화해도 같습니다'],
  ['DEFECT', 'any', /^43503/, '휠이 헛돌고 클릭이 두 번씩 눌려요'],
  ['DEFECT', 'any', /^43504/, '스위치를 눌러도 불이 들어오지 않아요'],
  ['DEFECT', 'any', /^43601/, '펌프가 눌리지 않아요'],
  ['DEFECT', 'any', /^4380[145]/, '나사 구멍이 맞지 않아 조립할 수 없어요'],
  ['DAMAGED', 'any', /^43(104|105|838|839|897)/, '상자가 눌려 내용물이 부서지고 터져 있었어요'],
  ['DAMAGED', 'any', /^4320[23]|^4360/, '용기가 터져 내용물이 상자 안에 다 샜어요'],
  ['DAMAGED', 'any', /^4330[25]/, '완충재 없이 와서 두 개가 깨져 있어요'],
  ['DAMAGED', 'any', /^4350/, '상자 모서리가 찢어지고 본체에 금이 가 있어요'],
  ['DAMAGED', 'any', /^4380[23]/, '포장 비닐이 찢어져 얼룩이 묻어 있어요'],
  ['DAMAGED', 'any', /^4380[145]/, '모서리가 찍혀 칠이 벗겨진 채로 왔어요'],
  ['WRONG_ITEM', 'any', /^4340[1-4]/, '주문한 것과 다른 사이즈가 왔어요'],
  ['WRONG_ITEM', 'any', /^4320[134]|^4330[34]|^4350[23]|^43838/, '주문한 것과 다른 옵션이 왔어요. 송장은 제 것이 맞습니다'],
  ['WRONG_ITEM', 'any', /^43(10|30[25]|50[14]|60|70)/, '전혀 다른 상품이 들어 있었어요'],
  ['OTHER', 'any', /^43[1-8]/, '선물 받는 분이 이미 같은 것을 가지고 있대요'],
];

/** Texts of buyers who return this product for this reason; empty if the reason does not fit. */
export function reasonTexts(code: ReasonCode, wish: Wish, productId: number): string[] {
  const open = wish === 'return' || wish === 'same';
  return reasons.flatMap(([ofCode, ofWish, products, text]) =>
    ofCode === code && (ofWish === wish || (open && ofWish === 'any')) && products.test(String(productId)) ? [text] : [],
  );
}

const memos = '문 앞에 내놓을게요|오후 3시 이후에 와 주세요|오시기 전에 전화 주세요|상자에 회수용이라고 적어 두었습니다'.split(
  '|',
);

/** A buyer's message to the courier who collects the goods. */
export const pickupMemo = (random: Random): string => random.pick(memos);
