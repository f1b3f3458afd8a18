import { z } from 'zod';
import { accept, type Loading } from '../client.ts';

const RANGES = '/api/bo/v1/waybill-ranges';
/** 롯데택배 gives numbers in stretches and adds a check digit; no other parcel of the sample has one of these. */
const lotte = { carrierCode: '08', rule: 'lotte', from: '40123450000', to: '40123459999', autoWaybill: true };

/** Gives a place its stretch of waybill numbers (운송장 대역), unless it has one: what leaves there without a number takes the next. */
export async function loadWaybillRange({ send, progress }: Loading, placeNo: number): Promise<void> {
  const known = await send('GET', `${RANGES}?placeNo=${placeNo}`);
  if (accept('운송장 대역 조회', z.object({ items: z.array(z.object({})) }), known).items.length > 0) return;
  accept('운송장 대역', z.object({ rangeNo: z.int() }), await send('POST', RANGES, { placeNo, ...lotte }));
  progress('예제 운송장 대역 1개');
}
