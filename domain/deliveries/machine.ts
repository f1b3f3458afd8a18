import { judgeWaybill } from '../carriers.ts';
import { type Actor, allowed, type Decision, decide, type Machine } from '../machine.ts';
import { claimCommands, claimOpen } from './claims.ts';
import type { DeliveryCode, DeliveryCommand, DeliveryInput } from './commands.ts';
import { delayOf, judgeDelay } from './delay.ts';
import { claimableQuantity, type DeliveryLine, type DeliveryState, deliveryStates, validQuantity } from './line.ts';
import {
  finishWhenEmpty,
  judgeDelivered,
  judgeShipment,
  onceShipped,
  quantityWithin,
  undone,
  waybillOf,
  whereItIs,
} from './rules.ts';
import { judgeQuantity, reportStockout, splitCommands, withoutPart } from './split.ts';

/** The rules of the delivery line, drawn in docs/states.md#a-delivery-line-주문내역의-배송. */
export const deliveryMachine: Machine<DeliveryState, DeliveryCommand, DeliveryLine, DeliveryInput, DeliveryCode> = {
  states: deliveryStates,
  finishedCode: 'LINE_FINISHED',
  commands: {
    instruct: {
      name: '배송지시',
      from: { ordered: 'instructed' },
      who: ['admin'],
      permission: 'delivery.write',
      change: (_line, _input, at) => ({ instructedAt: at }),
    },
    release: {
      name: '출고지시',
      from: { instructed: 'released' },
      who: ['admin'],
      permission: 'delivery.write',
      change: (_line, _input, at) => ({ releasedAt: at }),
    },
    ship: {
      name: '출고완료',
      from: { released: 'shipped' },
      who: ['admin'],
      permission: 'delivery.write',
      needs: ['carrierCode', 'waybillNo'],
      judge: (line, input) => judgeShipment(line, input) ?? judgeQuantity(line, 'ship', input),
      change: (line, input, at) => ({
        ...waybillOf(input),
        shippedAt: at,
        trackingLevel: null,
        ...withoutPart(line, 'ship', input),
      }),
    },
    deliver: {
      name: '배송완료',
      from: { shipped: 'delivered' },
      who: ['admin', 'tracker', 'batch'],
      permission: 'delivery.write',
      judge: judgeDelivered,
      change: (line, input, at) => ({ deliveredAt: at, trackingLevel: input.level ?? line.trackingLevel }),
    },
    'report-stockout': {
      name: '결품등록',
      from: { released: 'awaitingShipment' },
      who: ['admin'],
      permission: 'delivery.write',
      needs: ['reason'],
      judge: (line, input) => judgeQuantity(line, 'report-stockout', input),
      change: reportStockout,
    },
    'clear-stockout': {
      name: '결품해제',
      from: { awaitingShipment: 'released' },
      who: ['admin', 'machine'],
      permission: 'delivery.write',
      change: () => ({ stockoutExpectedAt: null, autoClear: true }),
    },
    ...splitCommands,
    'notify-delay': {
      name: '발송지연안내',
      from: whereItIs,
      who: ['admin'],
      permission: 'delivery.write',
      needs: ['expectedOn', 'reasonCode', 'reason'],
      blocked: (line) => (line.delayNoticedAt === null ? null : 'DELAY_NOTICED'),
      judge: judgeDelay,
      change: delayOf,
    },
    cancel: {
      name: '주문취소',
      from: whereItIs,
      elsewhere: onceShipped('ALREADY_SHIPPED'),
      who: ['order'],
      permission: 'order.write',
      needs: ['quantity'],
      judge: (line, input) => (quantityWithin(input.quantity, claimableQuantity(line)) ? null : 'QUANTITY_EXCEEDED'),
      change: (line, input, at) => {
        const canceled = line.canceled + (input.quantity ?? 0);
        const left = validQuantity({ ...line, canceled });
        return { canceled, ...finishWhenEmpty(left, at), ...(left === 0 ? { state: 'canceled' } : {}) };
      },
    },
    'correct-waybill': {
      name: '운송장정정',
      from: { shipped: 'shipped' },
      who: ['admin'],
      permission: 'delivery.write',
      needs: ['carrierCode', 'waybillNo', 'reason'],
      judge: (_line, input) => judgeWaybill(input.carrierCode, input.waybillNo),
      change: (_line, input) => ({ ...waybillOf(input), trackingLevel: null }),
    },
    undo: {
      name: '처리취소',
      from: { instructed: 'ordered', released: 'instructed', shipped: 'released' },
      who: ['admin'],
      permission: 'delivery.undo',
      needs: ['reason'],
      blocked: (line) => (line.state !== 'shipped' ? null : (line.trackingLevel ?? 0) >= 2 ? 'ALREADY_MOVING' : claimOpen(line)),
      change: (line) => undone[line.state]?.(line) ?? {},
    },
    reopen: {
      name: '배송완료취소',
      from: { delivered: 'shipped' },
      who: ['admin'],
      permission: 'delivery.undo',
      needs: ['reason'],
      blocked: claimOpen,
      change: () => ({ deliveredAt: null }),
    },
    track: {
      name: '배송추적',
      from: { shipped: 'shipped' },
      who: ['tracker'],
      change: (line, input) => ((input.level ?? 0) > (line.trackingLevel ?? 0) ? { trackingLevel: input.level ?? null } : null),
    },
    ...claimCommands,
  },
};

/** Judges a command on a line: returns the changed line, or the code that refuses it. Pure; `at` is the instant of the change. */
export function decideDelivery(
  line: DeliveryLine,
  command: DeliveryCommand,
  input: DeliveryInput & { actor: Actor },
  at: string,
): Decision<DeliveryLine, DeliveryCode> {
  return decide(deliveryMachine, line, command, input, at);
}

/** Commands an admin may give this line now. */
export function allowedDeliveryCommands(line: DeliveryLine): DeliveryCommand[] {
  return allowed(deliveryMachine, line);
}

export function isDeliveryCommand(text: string): text is DeliveryCommand {
  return Object.hasOwn(deliveryMachine.commands, text);
}
