import { idOf } from '../../support/browser/console.ts';
import { type PlacedLine, uniqueWaybill } from '../../support/scenes/orders.ts';
import type { Stack } from '../../support/stack.ts';

interface Waybill {
  carrierCode: string;
  waybillNo: string;
}
export interface Kept extends Partial<Waybill> {
  state: string;
}

/** What the operator means each row to have, written down as the day goes on, apart from what any program says. */
export class Meant {
  private readonly rows = new Map<string, Kept>();
  /** Waybills that were typed wrong and corrected: nobody may have them in the evening. */
  readonly taken: Waybill[] = [];

  /** A waybill for these lines, which they will have from now on. */
  parcel(lines: readonly PlacedLine[], carrierCode = '04', state = 'shipped'): string {
    const waybillNo = uniqueWaybill();
    for (const line of lines) this.rows.set(idOf(line), { state, carrierCode, waybillNo });
    return waybillNo;
  }
  /** A waybill that is meant for nobody. */
  wrong(carrierCode = '04'): string {
    const waybillNo = uniqueWaybill();
    this.taken.push({ carrierCode, waybillNo });
    return waybillNo;
  }
  /** The waybill this line has now is given up for another. */
  corrected(line: PlacedLine): string {
    const { carrierCode, waybillNo } = this.rows.get(idOf(line)) ?? {};
    if (carrierCode && waybillNo) this.taken.push({ carrierCode, waybillNo });
    return this.parcel([line], carrierCode);
  }
  state(line: PlacedLine, state: string): void {
    this.rows.set(idOf(line), { ...this.rows.get(idOf(line)), state });
  }
  all = (): Record<string, Kept> => Object.fromEntries([...this.rows].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** All lines there are, as the API lists them, whatever their state. */
export async function kept(stack: Stack): Promise<Record<string, Kept>> {
  const found = new Map<string, Kept>();
  for (let cursor = ''; ; ) {
    const { body } = await stack.get(`/api/bo/v1/delivery-lines?limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    for (const { state, carrierCode, waybillNo, ...line } of body.items)
      found.set(idOf(line), { state, ...(waybillNo === null ? {} : { carrierCode, waybillNo }) });
    if (!body.nextCursor) return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    cursor = body.nextCursor;
  }
}

/** Who has these waybills, by the API. */
export async function holdersOf(stack: Stack, waybills: readonly Waybill[]): Promise<unknown[]> {
  const { body } = await stack.post('/api/bo/v1/waybills/check', { waybills });
  return body.items.map(({ usedBy }: { usedBy: unknown }) => usedBy);
}
