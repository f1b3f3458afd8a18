import type { DeliveryState, MethodCode } from '../domain/delivery.ts';

/** How many orders a sample data set has. */
export const SAMPLE_ORDER_COUNT = 200;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SPAN_DAYS = 14;
const KST = 9 * HOUR;

interface Person {
  name: string;
  phone: string;
}

interface Parcel {
  carrierCode: string;
  waybillNo: string;
}

type Receiver = Person & { zipCode: string; address1: string; address2?: string; memo?: string };

/** The body of `POST /api/order/v1/orders`. */
interface OrderBody {
  orderNo: string;
  orderedAt: string;
  channel: string;
  orderer: Person & { email: string };
  receiver: Receiver;
  lines: {
    lineNo: number;
    productId: number;
    productName: string;
    optionName?: string;
    quantity: number;
    unitPrice: number;
    placeNo?: number;
    methodCode: MethodCode;
  }[];
}

/** How far one line is to be taken. */
export interface LinePlan {
  lineNo: number;
  quantity: number;
  /** The state it ends in, or from which all of it is canceled. */
  target: DeliveryState;
  cancel?: { quantity: number; at: DeliveryState };
  /** `cleared`: the goods came, and the line went on. */
  stockout?: { report: { reason: string; expectedAt?: string; autoClear?: boolean }; cleared: boolean };
  parcel?: Parcel;
  /** Leaves in the parcel of an earlier order of the same receiver (합포장). */
  combine?: boolean;
  correction?: Parcel;
}

export interface SampleOrder {
  body: OrderBody;
  plans: LinePlan[];
}

type Product = readonly [
  productId: number,
  name: string,
  unitPrice: number,
  placeNo: number | null,
  method: MethodCode,
  options: string,
];

// Options are separated by |. 43838, 43839 and 43897 are the assembly seed's two materials and its finished product.
const products: readonly Product[] = [
  [43101, '제주 노지 감귤', 18900, 176129, '10', '5kg|10kg'],
  [43102, '유기농 현미', 32500, 176129, '10', '4kg|10kg'],
  [43103, '국내산 볶은 서리태', 12800, 176129, '10', ''],
  [43104, '완도 햇미역 선물세트', 27000, 176129, '10', '200g|400g'],
  [43105, '한우 사골곰탕 10팩', 39800, 176129, '10', ''],
  [43838, '핸드드립 드립백 커피', 15900, 176129, '10', '에티오피아 10입|콜롬비아 10입|디카페인 10입'],
  [43839, '통밀 아몬드 쿠키', 8900, 176129, '10', '12입'],
  [43897, '커피·쿠키 선물세트', 39900, 176129, '10', '기본 포장|보자기 포장'],
  [43201, '순면 호텔 수건 10장', 34900, 176042, '10', '화이트|그레이|네이비'],
  [43202, '3겹 데코 화장지 30롤', 19900, 176042, '10', ''],
  [43203, '저자극 세탁세제 3L', 13900, 176042, '10', '라벤더|무향'],
  [43204, '알러지케어 극세사 이불', 69000, 176042, '10', '싱글 / 아이보리|퀸 / 아이보리|퀸 / 차콜'],
  [43205, '무선 물걸레 청소포 100매', 11500, 176042, '10', ''],
  [43301, '통주물 프라이팬', 42000, 176042, '10', '24cm|28cm|30cm'],
  [43302, '내열유리 밀폐용기 8종', 29900, 176042, '10', ''],
  [43303, '스테인리스 텀블러', 23000, 176042, '10', '473ml 블랙|473ml 크림|591ml 블랙'],
  [43304, '에어프라이어 5.5L', 89000, 176042, '10', '화이트|블랙'],
  [43305, '도자기 밥공기·국그릇 4인 세트', 54000, 176042, '10', ''],
  [43401, '남녀공용 기모 후드 집업', 39000, 176042, '10', '멜란지 / M|멜란지 / L|블랙 / M|블랙 / L|블랙 / XL'],
  [43402, '경량 구스다운 조끼', 59000, 176042, '10', '카키 / 95|카키 / 100|블랙 / 100|블랙 / 105'],
  [43403, '울 혼방 니트 머플러', 28000, 176042, '10', '베이지|버건디'],
  [43404, '쿠션 러닝화', 79000, 176042, '10', '240|250|260|270|280'],
  [43405, '무지 크루 양말 5켤레', 9900, 176042, '10', '화이트|블랙|혼합'],
  [43501, 'USB-C 고속 충전기 65W', 36000, 176042, '10', ''],
  [43502, '블루투스 무선 이어폰', 64900, 176042, '10', '블랙|화이트'],
  [43503, '저소음 무선 마우스', 21900, 176042, '10', '그래파이트|핑크'],
  [43504, 'LED 책상 스탠드', 47000, 176042, '10', ''],
  [43601, '히알루론산 수분 크림', 24500, 176042, '10', '50ml|100ml 대용량'],
  [43602, '약산성 클렌징 폼', 13500, 176042, '10', '150ml|150ml 2개'],
  [43603, '무기자차 선크림 SPF50+', 18000, 176042, '10', ''],
  [43701, '강아지 연어 사료', 33000, 176042, '10', '2kg|6kg'],
  [43702, '벤토나이트 고양이 모래 6kg', 14900, 176042, '10', ''],
  [43801, '원목 6인용 식탁', 489000, 175962, '20', '오크|월넛'],
  [43802, '패브릭 3인 소파', 629000, 175962, '20', '베이지|다크그레이'],
  [43803, '독립 스프링 매트리스', 379000, 175962, '20', '슈퍼싱글|퀸'],
  [43804, '4단 철제 선반', 58000, 175962, '10', '600 화이트|900 화이트|900 블랙'],
  [43805, '접이식 캠핑 의자', 45000, 175962, '10', '샌드|블랙'],
  [43851, '수제 생크림 케이크 2호', 42000, 175962, '30', '딸기|무화과'],
  [43852, '꽃다발 (매장 픽업)', 35000, 175962, '30', '핑크톤|화이트톤'],
  [43901, '아메리카노 모바일 교환권', 4500, null, '40', ''],
  [43902, '베이커리 2만원 금액권', 20000, null, '40', ''],
];
const parcels = products.filter(([, , , , method]) => method === '10');
const others = products.filter(([, , , , method]) => method !== '10');

/** Sold-out products: why, when more comes, and whether arriving stock may clear the line by itself. */
const stockouts = new Map<number, { reason: string; inDays?: number; autoClear?: boolean }>([
  [43897, { reason: '선물세트 가공 대기 (쿠키 재고 소진)', inDays: 3 }],
  [43404, { reason: '인기 사이즈 품절, 제조사 재입고 대기', inDays: 6 }],
  [43304, { reason: '입고 검수 불량으로 전량 반송, 교체품 입고 예정', inDays: 9, autoClear: false }],
  [43102, { reason: '산지 작황 부진으로 도정 지연', inDays: 4 }],
  [43403, { reason: '시즌 종료 단종, 고객 안내 후 취소 또는 대체 예정', autoClear: false }],
]);

const familyNames = '김 김 김 이 이 이 박 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 홍'.split(' ');
const longFamilyNames = '남궁 황보 선우 제갈 독고 사공'.split(' ');
const givenNames = (
  '민준 서연 도윤 지우 서준 하은 예준 수아 시우 지민 주원 채원 지호 다은 은우 유진 현우 소율 건우 나연 준서 예린 우진 가은 성민 혜진 동현 ' +
  '미경 영수 정숙 재현 은정 상훈 보라 태윤 아름 승호 지영 경민 수빈 기훈 현정 민재 선영 용준 미란 찬호 윤서 대성 슬기'
).split(' ');
const shortGivenNames = '산 준 솔 훈 별 건 현 빈'.split(' ');
const mailNames = 'haru bomnal mint dalbit coffee momo ruby sunny noeul byul jelly maru gureum onda pado'.split(' ');

// postal code, road address, and what stands there: an apartment (A), a building with offices (B) or a house (H)
const addresses: readonly (readonly [zipCode: string, address1: string, kind: 'A' | 'B' | 'H'])[] = [
  ['01811', '서울특별시 노원구 공릉로 232', 'A'],
  ['03045', '서울특별시 종로구 사직로 130', 'B'],
  ['03722', '서울특별시 서대문구 연세로 50', 'H'],
  ['03925', '서울특별시 마포구 월드컵북로 396', 'B'],
  ['04524', '서울특별시 중구 세종대로 110', 'B'],
  ['04763', '서울특별시 성동구 왕십리로 222', 'A'],
  ['05507', '서울특별시 송파구 올림픽로 435', 'A'],
  ['06236', '서울특별시 강남구 테헤란로 152', 'B'],
  ['06579', '서울특별시 서초구 반포대로 201', 'A'],
  ['07326', '서울특별시 영등포구 국제금융로 10', 'B'],
  ['08379', '서울특별시 구로구 디지털로 300', 'B'],
  ['08826', '서울특별시 관악구 관악로 1', 'H'],
  ['13494', '경기도 성남시 분당구 판교역로 235', 'B'],
  ['13561', '경기도 성남시 분당구 불정로 6', 'A'],
  ['16677', '경기도 수원시 영통구 삼성로 129', 'A'],
  ['17023', '경기도 용인시 처인구 포곡읍 에버랜드로 199', 'H'],
  ['18448', '경기도 화성시 삼성전자로 1', 'A'],
  ['21998', '인천광역시 연수구 컨벤시아대로 123', 'A'],
  ['23112', '인천광역시 옹진군 백령면 백령로 831', 'H'],
  ['28515', '충청북도 청주시 상당구 상당로 82', 'A'],
  ['30151', '세종특별자치시 한누리대로 2130', 'A'],
  ['34141', '대전광역시 유성구 대학로 291', 'A'],
  ['35242', '대전광역시 서구 둔산로 100', 'B'],
  ['37673', '경상북도 포항시 남구 청암로 77', 'A'],
  ['40221', '경상북도 울릉군 울릉읍 도동길 28', 'H'],
  ['41566', '대구광역시 북구 대학로 80', 'A'],
  ['44675', '울산광역시 남구 중앙로 201', 'A'],
  ['46241', '부산광역시 금정구 부산대학로63번길 2', 'H'],
  ['47545', '부산광역시 연제구 중앙대로 1001', 'A'],
  ['48058', '부산광역시 해운대구 센텀남대로 35', 'B'],
  ['51154', '경상남도 창원시 의창구 중앙대로 300', 'A'],
  ['53096', '경상남도 통영시 욕지면 욕지일주로 74', 'H'],
  ['54968', '전북특별자치도 전주시 완산구 효자로 225', 'A'],
  ['59675', '전라남도 여수시 시청로 1', 'A'],
  ['61186', '광주광역시 북구 용봉로 77', 'A'],
  ['63122', '제주특별자치도 제주시 문연로 6', 'A'],
  ['63365', '제주특별자치도 제주시 우도면 우도로 148', 'H'],
  ['63591', '제주특별자치도 서귀포시 중앙로 105', 'A'],
];
const capital = addresses.filter(([, address1]) => /^(서울|경기)/.test(address1));
const offices = '3층 총무팀|7층 개발팀|11층 1104호|지하 1층 택배보관실|5층 안내데스크'.split('|');
const houses = '1층|2층|201호|302호||'.split('|');

const memos = (
  '문 앞에 놓아주세요|부재 시 경비실에 맡겨주세요|배송 전 연락 부탁드립니다|공동현관 비밀번호 #2580* 입니다|초인종 누르지 말아주세요 (아기가 자요)|' +
  '택배함에 넣어주세요|파손 주의 부탁드립니다|직접 받고 부재 시 문 앞|강아지가 있어요, 문 앞에 두고 문자 주세요'
).split('|');
const channels = '자사몰 자사몰 자사몰 자사몰 스마트스토어 스마트스토어 스마트스토어 쿠팡 G마켓 11번가'.split(' ');
const GIFT_CHANNEL = '카카오 선물하기';

// orders by hour of the day in Seoul: quiet at night, a peak at lunch and a higher one in the evening
const hours = [3, 2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 10, 9, 8, 8, 8, 8, 9, 10, 13, 15, 12, 7].flatMap((weight, hour) =>
  Array<number>(weight).fill(hour),
);

/** mulberry32: a small seeded generator, so that a data set can be made again. */
function createRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    chance: (share: number) => next() < share,
    pick: <T>(list: readonly T[]) => list[between(0, list.length - 1)] as T,
    digits: (count: number) => String(between(0, 10 ** count - 1)).padStart(count, '0'),
  };
}
type Random = ReturnType<typeof createRandom>;

const seoulTime = (instant: number) => new Date(instant + KST).toISOString().replace(/\.\d+Z$/, '+09:00');
const seoulDay = (instant: number) => Math.floor((instant + KST) / DAY) * DAY - KST;

function createName(random: Random): string {
  if (random.chance(0.05)) return random.pick(longFamilyNames) + random.pick(givenNames);
  return random.pick(familyNames) + random.pick(random.chance(0.08) ? shortGivenNames : givenNames);
}

// 010-0000 to 010-1999 are given to nobody (they would collide with numbers such as 112), so no real person is in the sample
function createPhone(random: Random): string {
  const parts = ['010', random.between(0, 1) + random.digits(3), random.digits(4)];
  return parts.join(random.chance(0.1) ? '' : '-');
}

const createPerson = (random: Random): Person => ({ name: createName(random), phone: createPhone(random) });

function createHome(random: Random, person: Person): Receiver {
  const [zipCode, address1, kind] = random.pick(random.chance(0.5) ? capital : addresses);
  const apartment = `${random.between(101, 118)}동 ${random.between(1, 24)}${random.pick(['01', '02', '03', '04'])}호`;
  const address2 = kind === 'A' ? apartment : random.pick(kind === 'B' ? offices : houses);
  return { ...person, zipCode, address1, ...(address2 === '' ? {} : { address2 }) };
}

/** A gift goes to somebody else; only what is brought to a door has a memo. */
function createReceiver(random: Random, home: Receiver, gift: boolean, lines: OrderBody['lines']): Receiver {
  const receiver = gift ? createHome(random, createPerson(random)) : home;
  const brought = lines.some(({ methodCode }) => methodCode === '10' || methodCode === '20');
  return brought && random.chance(0.5) ? { ...receiver, memo: random.pick(memos) } : receiver;
}

interface Customer {
  orderer: OrderBody['orderer'];
  receiver: Receiver;
}

function createCustomers(random: Random, count: number): Customer[] {
  return Array.from({ length: count }, (_, index) => {
    const person = { ...createPerson(random), ...(index === 0 ? { name: 'John Smith' } : {}) };
    const mailName =
      index % 30 === 7
        ? (['jy', 'k', 'sh', 'mj', 'a'][Math.floor(index / 30)] ?? 'b')
        : random.pick(mailNames) + random.digits(random.between(2, 4));
    return { orderer: { ...person, email: `${mailName}@example.com` }, receiver: createHome(random, person) };
  });
}

type NextParcel = (carrierCode?: string) => Parcel;

/** Waybills as each carrier numbers them: rising with gaps, so never the same twice. */
function createParcels(random: Random): NextParcel {
  const last = new Map([
    ['04', 688_214_503_117],
    ['05', 527_730_418_206],
    ['08', 254_096_371_540],
    ['01', 6_894_501_732_448],
    ['06', 931_562_087_701],
    ['99', 700_118_420_035],
  ]);
  const shares = '04 04 04 04 04 04 04 04 04 04 05 05 05 05 08 08 08 08 01 01 01 06 06 99'.split(' ');
  return (carrierCode = random.pick(shares)) => {
    const number = (last.get(carrierCode) ?? 0) + random.between(7, 9_000);
    last.set(carrierCode, number);
    return { carrierCode, waybillNo: String(number) };
  };
}

/** The instants of the orders, oldest first; the first is exactly `SPAN_DAYS` old, which `sampleEnd` relies on. */
function createTimes(random: Random, end: number): number[] {
  const times = Array.from({ length: SAMPLE_ORDER_COUNT - 1 }, () => {
    const time =
      seoulDay(end) - random.between(0, SPAN_DAYS - 1) * DAY + random.pick(hours) * HOUR + random.between(0, 3_599) * 1_000;
    return time > end ? time - SPAN_DAYS * DAY : time;
  });
  return [end - SPAN_DAYS * DAY, ...times.sort((a, b) => a - b)];
}

type Stage = 'ordered' | 'instructed' | 'released' | 'shipped' | 'delivered';
const stages: readonly Stage[] = ['ordered', 'instructed', 'released', 'shipped', 'delivered'];
const stageBefore = (stage: Stage): Stage => stages[Math.max(stages.indexOf(stage) - 1, 0)] as Stage;

/** How far an order of this age (0 oldest, 1 newest) has come. */
function stageOf(age: number): Stage {
  if (age < 0.155) return 'delivered';
  if (age < 0.42) return 'shipped';
  if (age < 0.6) return 'released';
  return age < 0.805 ? 'instructed' : 'ordered';
}

const placeAndMethod = ({ placeNo, methodCode }: OrderBody['lines'][number]) => `${placeNo ?? ''}/${methodCode}`;

/** Distinct products; those of one place and method only when `like` is given. */
function createLines(random: Random, like?: OrderBody['lines'][number]): OrderBody['lines'] {
  const pool = like && products.filter(([, , , placeNo, method]) => `${placeNo ?? ''}/${method}` === placeAndMethod(like));
  const chosen = new Set<Product>();
  for (let left = random.pick([1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4]); left > 0; left--)
    chosen.add(random.pick(pool ?? (random.chance(0.86) ? parcels : others)));
  return [...chosen].map(([productId, productName, unitPrice, placeNo, methodCode, options], index) => ({
    lineNo: index + 1,
    productId,
    productName,
    ...(options === '' ? {} : { optionName: random.pick(options.split('|')) }),
    quantity: unitPrice > 100_000 ? 1 : random.pick([1, 1, 1, 1, 2, 2, 3]),
    unitPrice,
    ...(placeNo === null ? {} : { placeNo }),
    methodCode,
  }));
}

interface Dice {
  random: Random;
  nextParcel: NextParcel;
  /** The day from which new stock is expected. */
  today: number;
}

/** A released line of a sold-out product waits; one of an older order may wait too, or has got its goods meanwhile. */
function planStockout({ random, today }: Dice, productId: number, stage: Stage): Pick<LinePlan, 'target' | 'stockout'> {
  const soldOut = stockouts.get(productId);
  const inDays = soldOut?.inDays;
  if (!soldOut || (stage !== 'released' && (stage !== 'shipped' || inDays === undefined))) return { target: stage };
  const expectedAt = inDays === undefined ? {} : { expectedAt: seoulTime(today + inDays * DAY + 14 * HOUR) };
  const report = { reason: soldOut.reason, ...expectedAt, ...(soldOut.autoClear === false ? { autoClear: false } : {}) };
  const cleared = stage === 'shipped' && random.chance(0.5);
  return { target: cleared ? stage : 'awaitingShipment', stockout: { report, cleared } };
}

/** Before shipping: all of it, one of several, or what waits for goods of which nobody knows when they come. */
function planCancel({ random }: Dice, plan: LinePlan, whole: boolean): LinePlan {
  const { quantity, target, stockout } = plan;
  const at = target === 'ordered' ? 'ordered' : random.pick(['ordered', 'instructed'] as const);
  if (whole) return { lineNo: plan.lineNo, quantity, target: at, cancel: { quantity, at } };
  if (target === 'awaitingShipment' && stockout?.report.autoClear === false && random.chance(0.4))
    return { ...plan, cancel: { quantity, at: target } };
  if (quantity > 1 && random.chance(0.08)) return { ...plan, cancel: { quantity: 1, at } };
  return plan;
}

/** One delivery's lines stay together mostly; now and then a delivery is a step behind, or leaves in two parcels. */
function planOrder(dice: Dice, lines: OrderBody['lines'], stage: Stage): LinePlan[] {
  const { random, nextParcel } = dice;
  const whole = random.chance(0.02);
  const groups = [...new Set(lines.map(placeAndMethod))].map((key, index) => {
    const behind = index > 0 && random.chance(0.3);
    return { key, stage: behind ? stageBefore(stage) : stage, parcel: nextParcel() };
  });
  return lines.map((line, index) => {
    const group = groups.find(({ key }) => key === placeAndMethod(line));
    const planned = planStockout(dice, line.productId, group?.stage ?? stage);
    const parcel = index > 0 && random.chance(0.15) ? nextParcel(group?.parcel.carrierCode) : group?.parcel;
    const leaves = line.methodCode === '10' && ['shipped', 'delivered'].includes(planned.target);
    const plan = { lineNo: line.lineNo, quantity: line.quantity, ...planned, ...(leaves && parcel ? { parcel } : {}) };
    return planCancel(dice, plan, whole || random.chance(0.015));
  });
}

/** The parcel in which another order to the same receiver could leave too: one delivery, one waybill, nothing odd. */
function sharedParcel({ body, plans }: SampleOrder): Parcel | undefined {
  const plain = plans.every((plan) => plan.parcel?.waybillNo === plans[0]?.parcel?.waybillNo && !plan.cancel && !plan.stockout);
  return plain && new Set(body.lines.map(placeAndMethod)).size === 1 ? plans[0]?.parcel : undefined;
}

/** One waybill was typed wrong and is corrected after shipping: that of the newest parcel with a single line. */
function planCorrection(orders: readonly SampleOrder[], nextParcel: NextParcel): void {
  const plans = orders.flatMap((order) => order.plans);
  const alone = ({ parcel }: LinePlan) =>
    plans.filter((plan) => plan.parcel && plan.parcel.waybillNo === parcel?.waybillNo).length === 1;
  const plan = plans.findLast((candidate) => candidate.target === 'shipped' && candidate.parcel && alone(candidate));
  if (plan?.parcel) plan.correction = nextParcel(plan.parcel.carrierCode);
}

/** The instant a data set was made at, from its first order; null when this is no sample order. */
export function sampleEnd({ orderNo, orderedAt }: { orderNo: string; orderedAt: string }): Date | null {
  return /^S\d{8}-0001$/.test(orderNo) ? new Date(Date.parse(orderedAt) + SPAN_DAYS * DAY) : null;
}

/** About two weeks of orders up to `end`, oldest first. The same `end` gives the same orders, byte for byte. */
export function createSampleOrders(end: Date): SampleOrder[] {
  const endAt = Math.floor(end.getTime() / 1_000) * 1_000;
  const times = createTimes(createRandom(14), endAt);
  // a seed whose draw has something of everything: each state, method, carrier, a few stockouts, shared and split parcels
  const random = createRandom(74);
  const dice: Dice = { random, nextParcel: createParcels(random), today: seoulDay(endAt) };
  const customers = createCustomers(random, 150);
  const perDay = new Map<string, number>();
  const orders: SampleOrder[] = [];
  let previous: { order: SampleOrder; stage: Stage } | undefined;
  for (const [index, time] of times.entries()) {
    const day = seoulTime(time).slice(0, 10).replaceAll('-', '');
    const number = (perDay.get(day) ?? 0) + 1;
    perDay.set(day, number);
    const stage = stageOf(index / SAMPLE_ORDER_COUNT + (index === 0 ? 0 : (random.next() - 0.5) * 0.12));
    const shared = previous && random.chance(0.06) ? sharedParcel(previous.order) : undefined;
    const combined = previous && shared ? { ...previous, parcel: shared } : undefined;
    const lines = createLines(random, combined?.order.body.lines[0]);
    const gift = !combined && random.chance(0.1);
    const customer = combined?.order.body ?? random.pick(customers);
    const order: SampleOrder = {
      body: {
        orderNo: `S${day}-${String(number).padStart(4, '0')}`,
        orderedAt: seoulTime(time),
        channel: gift ? GIFT_CHANNEL : random.pick(channels),
        orderer: customer.orderer,
        receiver: combined ? customer.receiver : createReceiver(random, customer.receiver, gift, lines),
        lines,
      },
      plans: combined
        ? lines.map(({ lineNo, quantity }) => ({
            lineNo,
            quantity,
            target: combined.stage,
            parcel: combined.parcel,
            combine: true,
          }))
        : planOrder(dice, lines, stage),
    };
    orders.push(order);
    previous = { order, stage: combined?.stage ?? stage };
  }
  planCorrection(orders, dice.nextParcel);
  return orders;
}
