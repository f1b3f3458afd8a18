import type { Filter } from '../../list/filters.tsx';
import { named, type TextKey, t } from '../../ui/texts.ts';

type PickupTabName = 'instruct' | 'confirm' | 'complete' | 'all';
export interface PickupTabSetup {
  tab: PickupTabName;
  /** null = every state. */
  state: string | null;
  name: TextKey;
  /** What waits there; all of them wait for nothing. */
  queue?: TextKey;
  empty: TextKey;
}
const tab = (tab: PickupTabName, state: string | null): PickupTabSetup => ({
  tab,
  state,
  name: `ptab.${tab}`,
  ...(tab === 'all' ? {} : { queue: `pqueue.${tab}` as const }),
  empty: `pempty.${tab}`,
});

/** The states of 회수지시처리, 회수확인처리 and 회수완료처리. */
export const pickupTabs: readonly PickupTabSetup[] = [
  tab('instruct', 'requested'),
  tab('confirm', 'instructed'),
  tab('complete', 'confirmed'),
  tab('all', null),
];

const dates = ['requestedAt', 'instructedAt', 'confirmedAt', 'completedAt'] as const;
const states = ['requested', 'instructed', 'confirmed', 'completed', 'refused', 'withdrawn'];

/** The filters' names are the API's. */
export const pickupFilters = (tab: PickupTabName): Filter[] => [
  { name: 'q', label: 'q', kind: 'number', width: 170 },
  ...(tab === 'all'
    ? [{ name: 'state', label: 'state' as const, options: states.map((value) => ({ value, label: named('pstate', value) })) }]
    : []),
  { name: 'pickupNo', label: 'pickupNo', kind: 'numbers' },
  { name: 'claimNo', label: 'claimNo', kind: 'numbers' },
  { name: 'orderNo', label: 'orderNo', kind: 'numbers' },
  { name: 'waybillNo', label: 'waybillNo', kind: 'numbers' },
  { name: 'kind', label: 'kind', options: ['return', 'exchange'].map((value) => ({ value, label: named('kind', value) })) },
  { name: 'dateField', label: 'dateField', kind: 'period', options: dates.map((value) => ({ value, label: t(value) })) },
];
