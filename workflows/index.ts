export { autoComplete, waybillRegistration } from './batches.ts';
export { delivery } from './delivery.ts';
export { pickup } from './pickup.ts';
