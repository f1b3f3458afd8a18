import type { Filter } from '../../list/filters.tsx';
import { named, type TextKey, t } from '../../ui/texts.ts';

const options = (group: string, values: string[]) => values.map((value) => ({ value, label: named(group, value) }));
const dates: TextKey[] = ['orderedAt', 'instructedAt', 'releasedAt', 'shippedAt', 'deliveredAt'];

/** Filters of the process list and 배송조회; their names are the API's. */
export const lineFilters = (): Filter[] => [
  { name: 'deliveryNo', label: 'deliveryNo' },
  { name: 'orderNo', label: 'orderNo' },
  { name: 'productId', label: 'productId', width: 76 },
  { name: 'productName', label: 'productName', width: 112 },
  { name: 'waybillNo', label: 'waybillNo' },
  { name: 'methodCode', label: 'methodCode', options: options('method', ['10', '20', '30', '40']) },
  { name: 'placeNo', label: 'placeNo', width: 70 },
  { name: 'kind', label: 'kind', options: options('kind', ['order', 'exchange']) },
  { name: 'dateField', label: 'dateField', kind: 'period', options: dates.map((value) => ({ value, label: t(value) })) },
];
