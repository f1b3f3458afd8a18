/** Names, ids and shapes of everything that is said to a workflow. No personal data and no free text travels in any of them. */
export const DEFAULT_TASK_QUEUE = 'delivery-back-office';

/** Registered before anything else starts; set at the start of a run only (an upsert per step costs a sixth of all CPU). */
export const searchAttributes = { deliveryNo: 'DeliveryNo', orderNo: 'OrderNo', pickupNo: 'PickupNo', kind: 'Kind' } as const;

export const SUBMIT_SIGNAL = 'submit';
export const TRACK_SIGNAL = 'track';
export const STATE_QUERY = 'state';
