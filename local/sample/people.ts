import type { Random } from './random.ts';

/** A person with a telephone number. */
export interface Person {
  name: string;
  phone: string;
}

/** Where a parcel is delivered or collected. */
export type Receiver = Person & { zipCode: string; address1: string; address2?: string; memo?: string };

/** A person who orders repeatedly, and where that person lives. */
export interface Customer {
  orderer: Person & { email: string };
  receiver: Receiver;
}

const familyNames = '김 김 김 이 이 이 박 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 홍'.split(' ');
const longFamilyNames = '남궁 황보 선우 제갈 독고 사공'.split(' ');
const givenNames = (
  '민준 서연 도윤 지우 서준 하은 예준 수아 시우 지민 주원 채원 지호 다은 은우 유진 현우 소율 건우 나연 준서 예린 우진 가은 성민 혜진 동현 ' +
  '미경 영수 정숙 재현 은정 상훈 보라 태윤 아름 승호 지영 경민 수빈 기훈 현정 민재 선영 용준 미란 찬호 윤서 대성 슬기'
).split(' ');
const shortGivenNames = '산 준 솔 훈 별 건 현 빈'.split(' ');
const mailNames = 'haru bomnal mint dalbit coffee momo ruby sunny noeul byul jelly maru gureum onda pado'.split(' ');

// Postal code, road address, and the building: an apartment (A), a building with offices (B) or a house (H).
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

function createName(random: Random): string {
  if (random.chance(0.05)) return random.pick(longFamilyNames) + random.pick(givenNames);
  return random.pick(familyNames) + random.pick(random.chance(0.08) ? shortGivenNames : givenNames);
}

// 010-0000 to 010-1999 are never assigned (they would collide with numbers such as 112), so the sample has no real person's number.
function createPhone(random: Random): string {
  const parts = ['010', random.between(0, 1) + random.digits(3), random.digits(4)];
  return parts.join(random.chance(0.1) ? '' : '-');
}

/** A fictitious name and telephone number. */
export const createPerson = (random: Random): Person => ({ name: createName(random), phone: createPhone(random) });

/** An address of this person. */
export function createHome(random: Random, person: Person): Receiver {
  const [zipCode, address1, kind] = random.pick(random.chance(0.5) ? capital : addresses);
  const apartment = `${random.between(101, 118)}동 ${random.between(1, 24)}${random.pick(['01', '02', '03', '04'])}호`;
  const address2 = kind === 'A' ? apartment : random.pick(kind === 'B' ? offices : houses);
  return { ...person, zipCode, address1, ...(address2 === '' ? {} : { address2 }) };
}

/** What this receiver asks of the courier. */
export const createMemo = (random: Random): string => random.pick(memos);

/** Customers of the shop, the first of them with a foreign name. */
export function createCustomers(random: Random, count: number): Customer[] {
  return Array.from({ length: count }, (_, index) => {
    const person = { ...createPerson(random), ...(index === 0 ? { name: 'John Smith' } : {}) };
    const mailName =
      index % 30 === 7
        ? (['jy', 'k', 'sh', 'mj', 'a'][Math.floor(index / 30)] ?? 'b')
        : random.pick(mailNames) + random.digits(random.between(2, 4));
    return { orderer: { ...person, email: `${mailName}@example.com` }, receiver: createHome(random, person) };
  });
}
