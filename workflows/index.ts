export { assemblyPlan } from './assembly-plan.ts';
export { autoComplete, erasePersonalData, markOverdue, waybillRegistration } from './batches.ts';
export { bulkShipment } from './bulk-shipment.ts';
export { delivery } from './delivery.ts';
export { pickup } from './pickup.ts';
export { recalculation } from './recalculation.ts';
