import type { Pickup } from '../../../domain/pickups/pickup.ts';

/** The state machine of the pickup, typed once more from docs/sources/requirements.md#회수처리: nothing here comes from the code. */
export const pickupStateNames = {
  requested: { return: '반품접수', exchange: '교환접수' },
  instructed: { return: '회수지시', exchange: '회수지시' },
  confirmed: { return: '회수확인', exchange: '회수확인' },
  completed: { return: '회수완료', exchange: '회수완료' },
  refused: { return: '반품불가', exchange: '반품불가' },
  withdrawn: { return: '접수철회', exchange: '접수철회' },
} as const;
export type PickupState = keyof typeof pickupStateNames;
export const pickupStates = Object.keys(pickupStateNames) as PickupState[];
export const finishedStates: PickupState[] = ['completed', 'refused', 'withdrawn'];

export interface TypedPickupRule {
  name: string;
  to: Partial<Record<PickupState, PickupState>>;
  who: ('admin' | 'order' | 'tracker' | 'batch' | 'machine')[];
  needs: string[];
}

export const typedPickupTable: Record<string, TypedPickupRule> = {
  instruct: { name: '회수지시', to: { requested: 'instructed' }, who: ['admin'], needs: [] },
  confirm: { name: '회수확인', to: { instructed: 'confirmed' }, who: ['admin', 'tracker'], needs: [] },
  complete: { name: '회수완료', to: { confirmed: 'completed' }, who: ['admin'], needs: [] },
  'convert-to-return': { name: '교환중반품', to: { confirmed: 'confirmed' }, who: ['admin'], needs: ['reason'] },
  'convert-to-exchange': { name: '반품중교환', to: { confirmed: 'confirmed' }, who: ['admin'], needs: ['reason'] },
  refuse: { name: '반품불가', to: { confirmed: 'refused' }, who: ['admin'], needs: ['reason'] },
  withdraw: {
    name: '접수철회',
    to: { requested: 'withdrawn', instructed: 'withdrawn' },
    who: ['order', 'admin'],
    needs: ['reason'],
  },
  hold: { name: '보류', to: { confirmed: 'confirmed' }, who: ['admin'], needs: ['reason'] },
  resume: { name: '보류해제', to: { confirmed: 'confirmed' }, who: ['admin'], needs: [] },
};

/** Buttons of an admin for an exchange; `held` is confirmed with its flag. A return has 반품중교환 in place of 교환중반품. */
export const typedPickupButtons: Record<PickupState | 'held', string[]> = {
  requested: ['instruct', 'withdraw'],
  instructed: ['confirm', 'withdraw'],
  confirmed: ['complete', 'convert-to-return', 'refuse', 'hold'],
  held: ['convert-to-return', 'refuse', 'resume'],
  completed: [],
  refused: [],
  withdrawn: [],
};

const T = (hour: number) => `2026-11-23T${String(hour).padStart(2, '0')}:00:00.000Z`;

/** An exchange of two lines, two and three pieces, in this state, as it would have come there. */
export function pickupRowIn(state: PickupState, more: Partial<Pickup> = {}): Pickup {
  const instructed = !['requested', 'withdrawn'].includes(state);
  const confirmed = instructed && state !== 'instructed';
  const item = { productId: 43_897, restock: null, dispose: null, fault: null };
  return {
    pickupNo: 'P261123000001',
    claimNo: 'C-1',
    orderNo: 'S-1',
    originalDeliveryNo: 'D261123000001',
    exchangeDeliveryNo: state === 'completed' ? 'D261123000002' : null,
    kind: 'exchange',
    convertedFromExchange: false,
    convertedFromReturn: false,
    state,
    held: false,
    revision: 5,
    items: [
      { ...item, lineNo: 1, quantity: 2, reasonCode: 'DEFECT' },
      { ...item, lineNo: 4, quantity: 3, reasonCode: 'CHANGE_OF_MIND' },
    ],
    carrierCode: instructed ? '04' : null,
    waybillNo: instructed ? '123456789012' : null,
    trackingLevel: null,
    arrivedAt: null,
    instructedAt: instructed ? T(1) : null,
    confirmedAt: confirmed ? T(2) : null,
    completedAt: state === 'completed' ? T(3) : null,
    finishedAt: finishedStates.includes(state) ? T(3) : null,
    ...more,
  };
}
