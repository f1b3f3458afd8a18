import { judgeWaybill, normalizeWaybill } from '../carriers.ts';
import { type Actor, allowed, type Decision, decide, type Machine } from '../machine.ts';
import type { Exchange, Inspection, PickupCode, PickupCommand, PickupInput } from './commands.ts';
import { faultOf, type Pickup, type PickupItem, type PickupState, pickupStates } from './pickup.ts';

/** The items after inspection. An item without a result is restocked completely; its fault follows from the claim's reason. */
function inspected(items: PickupItem[], inspections: Inspection[] = []): PickupItem[] {
  return items.map((item) => {
    const found = inspections.find(({ lineNo }) => lineNo === item.lineNo);
    const { restock, dispose } = found ?? { restock: item.quantity, dispose: 0 };
    return { ...item, restock, dispose, fault: found?.fault ?? faultOf(item.reasonCode) };
  });
}

function judgeInspection(pickup: Pickup, { items = [] }: PickupInput): PickupCode | null {
  const wrong = items.some(({ lineNo, restock, dispose }, at) => {
    const item = pickup.items.find((each) => each.lineNo === lineNo);
    const twice = items.findIndex((each) => each.lineNo === lineNo) !== at;
    const counts = [restock, dispose].every((count) => Number.isInteger(count) && count >= 0);
    return !item || twice || !counts || restock + dispose !== item.quantity;
  });
  return wrong ? 'QUANTITY_MISMATCH' : null;
}

/** The items as they are exchanged: for the same product again where none is named, whatever an exchange before was for. */
function exchanged(items: PickupItem[], exchanges: Exchange[] = []): PickupItem[] {
  return items.map(({ exchangeProductId: _before, ...item }) => {
    const exchangeProductId = exchanges.find(({ lineNo }) => lineNo === item.lineNo)?.exchangeProductId ?? undefined;
    return exchangeProductId === undefined ? item : { ...item, exchangeProductId };
  });
}

function judgeExchanges({ items }: Pickup, { exchanges = [] }: PickupInput): PickupCode | null {
  const named = new Set(exchanges.map(({ lineNo }) => lineNo));
  const known = items.filter(({ lineNo }) => named.has(lineNo));
  return named.size === exchanges.length && known.length === exchanges.length ? null : 'LINE_NOT_FOUND';
}

/** A pickup may have no waybill (an e-coupon has none); a waybill without a carrier, or the reverse, is an error. */
const judgePickupWaybill = (_pickup: Pickup, { carrierCode, waybillNo }: PickupInput) =>
  carrierCode === undefined && waybillNo === undefined ? null : judgeWaybill(carrierCode, waybillNo);

const held = (pickup: Pickup) => (pickup.held ? 'PICKUP_HELD' : null);
const exchangeOnce = ({ kind, convertedFromExchange }: Pickup) =>
  kind !== 'exchange' ? 'KIND_NOT_EXCHANGE' : convertedFromExchange ? 'TRANSITION_NOT_ALLOWED' : null;
const returnOnce = ({ kind, convertedFromReturn }: Pickup) =>
  kind !== 'return' ? 'KIND_NOT_RETURN' : convertedFromReturn ? 'TRANSITION_NOT_ALLOWED' : null;
const withdrawn: Partial<Record<PickupState, PickupState>> = { requested: 'withdrawn', instructed: 'withdrawn' };

/** The rules of the pickup, drawn in docs/states.md#a-pickup-회수. */
export const pickupMachine: Machine<PickupState, PickupCommand, Pickup, PickupInput, PickupCode> = {
  states: pickupStates,
  finishedCode: 'PICKUP_FINISHED',
  commands: {
    instruct: {
      name: '회수지시',
      from: { requested: 'instructed' },
      who: ['admin'],
      permission: 'pickup.write',
      judge: judgePickupWaybill,
      change: (_pickup, { carrierCode, waybillNo }, at) => ({
        carrierCode: carrierCode ?? null,
        waybillNo: waybillNo === undefined ? null : normalizeWaybill(waybillNo),
        instructedAt: at,
      }),
    },
    confirm: {
      name: '회수확인',
      from: { instructed: 'confirmed' },
      who: ['admin', 'tracker'],
      permission: 'pickup.write',
      change: (_pickup, _input, at) => ({ confirmedAt: at }),
    },
    complete: {
      name: '회수완료',
      from: { confirmed: 'completed' },
      who: ['admin'],
      permission: 'pickup.write',
      blocked: held,
      judge: judgeInspection,
      change: (pickup, { items, exchangeDeliveryNo }, at) => ({
        items: inspected(pickup.items, items),
        exchangeDeliveryNo: exchangeDeliveryNo ?? null,
        completedAt: at,
        finishedAt: at,
      }),
    },
    'convert-to-return': {
      name: '교환중반품',
      from: { confirmed: 'confirmed' },
      who: ['admin'],
      permission: 'pickup.write',
      needs: ['reason'],
      blocked: exchangeOnce,
      change: () => ({ kind: 'return', convertedFromExchange: true }),
    },
    'convert-to-exchange': {
      name: '반품중교환',
      from: { confirmed: 'confirmed' },
      who: ['admin'],
      permission: 'pickup.write',
      needs: ['reason'],
      blocked: returnOnce,
      judge: judgeExchanges,
      change: ({ items }, { exchanges }) => ({
        kind: 'exchange',
        convertedFromReturn: true,
        items: exchanged(items, exchanges),
      }),
    },
    refuse: {
      name: '반품불가',
      from: { confirmed: 'refused' },
      who: ['admin'],
      permission: 'pickup.write',
      needs: ['reason'],
      change: (_pickup, _input, at) => ({ held: false, finishedAt: at }),
    },
    withdraw: {
      name: '접수철회',
      from: withdrawn,
      who: ['admin', 'order'],
      permission: 'pickup.write',
      needs: ['reason'],
      change: (_pickup, _input, at) => ({ finishedAt: at }),
    },
    hold: {
      name: '보류',
      from: { confirmed: 'confirmed' },
      who: ['admin'],
      permission: 'pickup.write',
      needs: ['reason'],
      blocked: (pickup) => (pickup.held ? 'TRANSITION_NOT_ALLOWED' : null),
      change: () => ({ held: true }),
    },
    resume: {
      name: '보류해제',
      from: { confirmed: 'confirmed' },
      who: ['admin'],
      permission: 'pickup.write',
      blocked: (pickup) => (pickup.held ? null : 'TRANSITION_NOT_ALLOWED'),
      change: () => ({ held: false }),
    },
    track: {
      name: '회수추적',
      from: { instructed: 'instructed' },
      who: ['tracker'],
      change: (pickup, { level = 0 }, at) =>
        level > (pickup.trackingLevel ?? 0) ? { trackingLevel: level, ...(level >= 6 ? { arrivedAt: at } : {}) } : null,
    },
  },
};

/** Judges a command on a pickup: returns the changed one, or the code that refuses it. Pure; `at` is the instant of the change. */
export function decidePickup(
  pickup: Pickup,
  command: PickupCommand,
  input: PickupInput & { actor: Actor },
  at: string,
): Decision<Pickup, PickupCode> {
  return decide(pickupMachine, pickup, command, input, at);
}

/** Commands an admin may give this pickup now. */
export function allowedPickupCommands(pickup: Pickup): PickupCommand[] {
  return allowed(pickupMachine, pickup);
}

export function isPickupCommand(text: string): text is PickupCommand {
  return Object.hasOwn(pickupMachine.commands, text);
}
