import { koreanTime } from '../../domain/korea.ts';
import { picksOf } from '../../domain/printing/picking.ts';
import type { LeftOut, PrintedLine } from '../../domain/printing/print.ts';
import type { PickingPart } from './pdf/picking-list.ts';

/** When it was printed, to the minute. */
export const printedAt = (): string => (koreanTime(new Date()) ?? '').slice(0, 16);

/** The parts of a picking list: one for each place, and one for what is not picked. */
export function pickingParts(printed: readonly PrintedLine[], leftOut: LeftOut[]): PickingPart[] {
  const deliveries = new Set(printed.map(({ deliveryNo }) => deliveryNo)).size;
  const quantity = printed.reduce((sum, line) => sum + line.quantity, 0);
  const at = printedAt();
  const summary = `배송 ${deliveries}건 · 주문내역 ${printed.length}줄 · 수량 ${quantity}개 · ${at}`;
  const part = (place: PickingPart['place'], left: LeftOut[]): PickingPart => ({ printedAt: at, summary, place, leftOut: left });
  const places = picksOf(printed).map((place) => part(place, []));
  return leftOut.length === 0 ? places : [...places, part(null, leftOut)];
}
