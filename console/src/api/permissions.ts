// Written by `npm run docs` from the tables in domain/.
export const commandPermissions: Record<string, Record<string, string>> = {
  'delivery-lines': {
    instruct: 'delivery.write',
    release: 'delivery.write',
    ship: 'delivery.write',
    deliver: 'delivery.write',
    'report-stockout': 'delivery.write',
    'clear-stockout': 'delivery.write',
    split: 'delivery.write',
    merge: 'delivery.write',
    'notify-delay': 'delivery.write',
    cancel: 'order.write',
    'correct-waybill': 'delivery.write',
    undo: 'delivery.undo',
    reopen: 'delivery.undo',
  },
  pickups: {
    instruct: 'pickup.write',
    confirm: 'pickup.write',
    complete: 'pickup.write',
    'convert-to-return': 'pickup.write',
    'convert-to-exchange': 'pickup.write',
    refuse: 'pickup.write',
    withdraw: 'pickup.write',
    hold: 'pickup.write',
    resume: 'pickup.write',
  },
};
/** Whose fault a claim's reason implies, unless the inspection says otherwise. */
export const reasonFaults: Record<string, 'buyer' | 'seller'> = {
  CHANGE_OF_MIND: 'buyer',
  DEFECT: 'seller',
  DAMAGED: 'seller',
  WRONG_ITEM: 'seller',
  LATE: 'seller',
};
