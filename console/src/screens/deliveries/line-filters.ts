import type { Filter } from '../../list/filters.tsx';
import { named, type TextKey, t } from '../../ui/texts.ts';

const options = (group: string, values: string[]) => values.map((value) => ({ value, label: named(group, value) }));
const dates: TextKey[] = ['orderedAt', 'instructedAt', 'releasedAt', 'shippedAt', 'deliveredAt'];

/** How a line stands against its day (발송기한); each but 'later', which would be all the rest. */
const dues = ['late', 'today', 'tomorrow', 'noticed', 'notice-missed'];
const states = ['ordered', 'instructed', 'released', 'awaitingShipment', 'shipped', 'delivered'];

/** Of the lists of every state. */
export const stateFilter = (): Filter => ({ name: 'state', label: 'state', options: options('state', states) });

/** Filters of the process list and 배송조회; their names are the API's. `place` = 출하지, by name where names are known. */
export const lineFilters = (place: Filter = { name: 'placeNo', label: 'placeNo' }): Filter[] => [
  { name: 'q', label: 'q', kind: 'number', width: 170 },
  { name: 'deliveryNo', label: 'deliveryNo', kind: 'numbers' },
  { name: 'orderNo', label: 'orderNo', kind: 'numbers' },
  { name: 'productId', label: 'productId', width: 76 },
  { name: 'productName', label: 'productName', width: 112 },
  { name: 'waybillNo', label: 'waybillNo', kind: 'numbers' },
  { name: 'methodCode', label: 'methodCode', options: options('method', ['10', '20', '30', '40']) },
  place,
  { name: 'workBatch', label: 'workBatchNo', width: 76 },
  { name: 'kind', label: 'kind', options: options('kind', ['order', 'exchange']) },
  { name: 'due', label: 'due', options: options('due', dues) },
  { name: 'dueFrom', label: 'dueFrom', kind: 'date', width: 116 },
  { name: 'dueTo', label: 'dueTo', kind: 'date', width: 116 },
  { name: 'dateField', label: 'dateField', kind: 'period', options: dates.map((value) => ({ value, label: t(value) })) },
];
