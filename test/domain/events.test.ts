import { describe, expect, test } from '@jest/globals';
import type { DeliveryLine } from '../../domain/deliveries/line.ts';
import { deliveryMachine } from '../../domain/deliveries/machine.ts';
import { deliveryEventOf, eventTypes, pickupEventOf } from '../../domain/events/types.ts';
import { pickupMachine } from '../../domain/pickups/machine.ts';
import type { Pickup } from '../../domain/pickups/pickup.ts';

/** docs/sources/contract.md, typed once more. */
const contract = [
  'delivery.ordered delivery.instructed delivery.released delivery.shipped delivery.delivered delivery.stockout-reported',
  'delivery.stockout-cleared delivery.canceled delivery.waybill-corrected delivery.undone delivery.reopened delivery.split',
  'delivery.merged delivery.delay-noticed delivery.overdue delivery.closed pickup.requested pickup.instructed pickup.arrived',
  'pickup.confirmed pickup.completed pickup.refused pickup.withdrawn pickup.held pickup.resumed pickup.converted',
  'tracking.exception bulk-shipment.completed waybill-range.low webhook.test',
].flatMap((names) => names.split(' '));

/** Steps that are told by nobody, or by another row: docs/events.md says why. */
const untold = ['track', 'reserve-claim', 'release-claim', 'settle-return', 'settle-exchange', 'verify'];

const line = { finishedAt: null } as DeliveryLine;
const pickup = { arrivedAt: null } as Pickup;

describe('types of events', () => {
  test('are those of the contract', () => {
    expect(Object.keys(eventTypes).sort()).toEqual([...contract].sort());
  });

  test.each([...Object.keys(deliveryMachine.commands), 'order', 'close', 'overdue', 'verify'])('a line: %s', (command) => {
    const type = deliveryEventOf(command, line);
    if (untold.includes(command)) expect(type).toBeNull();
    else expect(contract).toContain(type);
  });

  test.each([...Object.keys(pickupMachine.commands), 'claim'])('a pickup: %s', (command) => {
    const type = pickupEventOf(command, pickup);
    if (untold.includes(command)) expect(type).toBeNull();
    else expect(contract).toContain(type);
  });

  test('a line that is wholly returned is closed, a pickup that the tracker has delivered has arrived', () => {
    const at = '2026-11-23T00:00:00.000Z';
    expect(deliveryEventOf('settle-return', { ...line, finishedAt: at })).toBe('delivery.closed');
    expect(pickupEventOf('track', { ...pickup, arrivedAt: at })).toBe('pickup.arrived');
  });

  test('every type of lines and pickups is one that some step is told as', () => {
    const at = '2026-11-23T00:00:00.000Z';
    const steps = [...Object.keys(deliveryMachine.commands), 'order', 'close', 'overdue'];
    const told = new Set<string | null>([
      ...steps.map((command) => deliveryEventOf(command, line)),
      ...[...Object.keys(pickupMachine.commands), 'claim'].map((command) => pickupEventOf(command, { ...pickup, arrivedAt: at })),
    ]);
    expect(contract.filter((type) => /^(delivery|pickup)\./.test(type) && !told.has(type))).toEqual([]);
  });

  test('a command of no machine is told as nothing', () => {
    for (const command of ['', 'toString', 'constructor', 'unknown'])
      expect([deliveryEventOf(command, line), pickupEventOf(command, pickup)]).toEqual([null, null]);
  });
});
