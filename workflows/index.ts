export { delivery } from './delivery.ts';
export { pickup } from './pickup.ts';
