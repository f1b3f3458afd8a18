export { assemblyPlan } from './assembly-plan.ts';
export { autoComplete, erasePersonalData, waybillRegistration } from './batches.ts';
export { bulkShipment } from './bulk-shipment.ts';
export { delivery } from './delivery.ts';
export { pickup } from './pickup.ts';
