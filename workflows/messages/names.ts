/** Names, ids and shapes of all messages to workflows. None of them carries personal data or free text. */
export const DEFAULT_TASK_QUEUE = 'delivery-back-office';

/** Registered before anything starts. Set only when a run starts, because an upsert per step costs a sixth of all CPU. */
export const searchAttributes = { deliveryNo: 'DeliveryNo', orderNo: 'OrderNo', pickupNo: 'PickupNo', kind: 'Kind' } as const;

export const SUBMIT_SIGNAL = 'submit';
export const TRACK_SIGNAL = 'track';
export const STATE_QUERY = 'state';
