import { LEVEL_NAMES } from './model.ts';

const ORIGINS = ['서울강남', '인천부평', '경기이천', '부산사상', '충북오창', '경기파주'];
const HUBS = ['옥천HUB', '곤지암HUB', '대전HUB', '청원HUB'];
const TOWNS: [branch: string, address: string][] = [
  ['서울마포', '서울특별시 마포구 월드컵북로 21'],
  ['경기수원', '경기도 수원시 영통구 광교로 145'],
  ['부산해운대', '부산광역시 해운대구 센텀중앙로 97'],
  ['대구수성', '대구광역시 수성구 달구벌대로 2450'],
  ['광주서구', '광주광역시 서구 상무중앙로 58'],
  ['제주연동', '제주특별자치도 제주시 연동6길 12'],
];
const SURNAMES = ['김', '이', '박', '최', '정', '강', '조', '윤'];
const GIVEN = ['민준', '서연', '도윤', '하은', '지호', '수빈', '은우', '예린'];
const SHOPS = ['한빛상점', '가온마켓', '누리몰', '다온리빙'];
const GOODS = ['생활용품', '의류', '식품', '도서', '주방용품'];

/** FNV-1a: the same number always gives the same route, so only levels and times have to be stored. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

function pick<T>(list: readonly T[], hash: number): T {
  const found = list[hash % list.length];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

const personOf = (hash: number): string => pick(SURNAMES, hash) + pick(GIVEN, hash >>> 4);
const mobileOf = (hash: number): string => `010-${1000 + (hash % 9000)}-${1000 + ((hash >>> 7) % 9000)}`;
const officeOf = (hash: number): string => `02-${200 + (hash % 700)}-${1000 + ((hash >>> 5) % 9000)}`;

/** People and goods of a parcel, derived from its number. */
export function sceneryOf(num: string) {
  const hash = hashOf(num);
  return {
    receiver: personOf(hash),
    address: `${pick(TOWNS, hash >>> 3)[1]} ${101 + (hash % 20)}동 ${100 + (hash % 900)}호`,
    sender: pick(SHOPS, hash >>> 2),
    item: pick(GOODS, hash >>> 6),
  };
}

/** Where a parcel is at a level, who handles it, and the carrier's text about it. */
export function stationOf(num: string, level: number) {
  const hash = hashOf(num);
  const origin = pick(ORIGINS, hash);
  const [town] = pick(TOWNS, hash >>> 3);
  const where = ['', origin, origin, pick(HUBS, hash >>> 5), town, town, town][level] ?? origin;
  const byMan = level === 2 || level >= 5;
  const man = byMan ? personOf(hash >>> (level === 2 ? 9 : 11)) : '';
  return {
    where,
    kind: LEVEL_NAMES[level as 1] ?? '스캔오류',
    office: officeOf(hashOf(where)),
    man,
    mobile: byMan ? mobileOf(hashOf(man + num)) : '',
    estimate: level === 5 ? `${9 + (hash % 8)}~${11 + (hash % 8)}시` : '',
  };
}
