import { carrierOf, isWaybill } from './carriers.ts';
import { DELIVERED, keyOf, kst, levelOf, optionsOf, type Parcel, type Scan, type World } from './model.ts';
import { scansUpTo } from './parcels.ts';
import { hashOf, sceneryOf, stationOf } from './scenery.ts';

const MESSAGES: Record<string, string> = {
  '101': '유효하지 않은 API KEY 입니다.',
  '102': '만료된 API KEY 입니다.',
  '103': '제공된 조회 건수를 모두 사용하였습니다.',
  '104': '유효하지 않은 운송장번호이거나 택배사 코드이거나, 아직 스캔되지 않은 운송장입니다.',
  '105': '해당 운송장번호의 하루 조회 횟수를 초과하였습니다.',
  '106': '조회 중 오류가 발생하였습니다.',
  '500': '서버 오류가 발생하였습니다.',
};

/** An error of trackingInfo: sent with HTTP 200. */
export interface TrackingError {
  status: false;
  msg: string;
  code: string;
}

export interface Question {
  t_key: string;
  t_code: string;
  t_invoice: string;
}

export const trackingError = (code: string, msg = MESSAGES[code] ?? '오류'): TrackingError => ({ status: false, msg, code });

/** `/api/v1/trackingInfo`: the parcel's scans, or an error with status false. */
export function trackingInfo(world: World, { t_key, t_code, t_invoice }: Question): TrackingError | ReturnType<typeof found> {
  const { settings, journal } = world;
  if (t_key === '') return trackingError('101');
  if (settings.keyRefused !== 'off') return trackingError(settings.keyRefused);
  const asked = journal.asked(t_code, t_invoice, world.now());
  if (settings.quotaPerDay !== null && asked.inAll > settings.quotaPerDay) return trackingError('103');
  const carrier = carrierOf(t_code);
  if (!carrier || !isWaybill(carrier, t_invoice)) return trackingError('104');
  if (settings.perWaybillPerDay !== null && asked.waybill > settings.perWaybillPerDay) return trackingError('105');
  const parcel = world.parcels.get(keyOf(t_code, t_invoice)) ?? unknown(world, t_code, t_invoice);
  const options = optionsOf(world, t_invoice);
  if (!parcel || parcel.scans.length === 0 || options.neverScanned) return trackingError('104');
  return { ...found(parcel), ...options.tracking };
}

function unknown({ settings, now }: World, code: string, num: string): Parcel | undefined {
  const { unknownWaybills } = settings;
  if (unknownWaybills === null) return undefined;
  const scans = scansUpTo(unknownWaybills.level, unknownWaybills.at ?? now());
  return { code, num, registration: null, strangers: false, moves: false, scans };
}

function found(parcel: Parcel) {
  const { num, scans } = parcel;
  const { receiver, address, sender, item } = sceneryOf(num);
  const level = levelOf(parcel);
  const byTime = scans.toSorted((a, b) => a.at - b.at || a.level - b.level);
  const details = byTime.map((scan) => detailOf(num, scan));
  const newest = details.at(-1);
  return {
    result: 'Y',
    senderName: sender,
    receiverName: masked(receiver),
    itemName: item,
    invoiceNo: num,
    receiverAddr: address,
    orderNumber: null,
    adUrl: null,
    estimate: byTime.at(-1)?.level === 5 ? stationOf(num, 5).estimate : null,
    level,
    complete: level >= DELIVERED,
    completeYN: level >= DELIVERED ? 'Y' : 'N',
    recipient: '',
    itemImage: '',
    trackingDetails: unsorted(details, num),
    productInfo: null,
    zipCode: null,
    firstDetail: details[0],
    lastDetail: newest,
    lastStateDetail: newest,
  };
}

function detailOf(num: string, { level, at, where }: Scan) {
  const station = stationOf(num, level);
  return {
    time: at,
    timeString: kst(at),
    code: null,
    where: where ?? station.where,
    kind: station.kind,
    telno: station.office,
    telno2: station.mobile,
    remark: null,
    level,
    manName: station.man,
    manPic: '',
  };
}

/** Rotates the scans by the number, never by 0, so that no caller relies on their order. */
function unsorted<T>(details: T[], num: string): T[] {
  if (details.length < 2) return details;
  const turn = 1 + (hashOf(num) % (details.length - 1));
  return [...details.slice(turn), ...details.slice(0, turn)];
}

const masked = (name: string): string => `${name.slice(0, 1)}*${name.slice(2)}`;
