export { assemblyPlan } from './assembly-plan.ts';
export { delivery } from './delivery.ts';
export { pickup } from './pickup.ts';
