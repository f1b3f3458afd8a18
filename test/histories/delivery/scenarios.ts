import { deliveryWorkflowId } from '../../../workflows/messages/delivery.ts';
import { scanRequestId } from '../../../workflows/messages/track.ts';
import type { ApiProcess } from '../../support/processes/process-stack.ts';
import { clockStruck, handleOf, holdRows, liveOf, recordsWaiting } from '../../support/scenes/faults.ts';
import { commandLine, type PlacedLine, take, unique, uniqueWaybill } from '../../support/scenes/orders.ts';
import { eventually } from '../../support/stack.ts';
import { DELIVERED, placed, type Scenario, SHIPPED, type World } from '../world.ts';

export const idOf = ({ deliveryNo, lineNo }: PlacedLine) => deliveryWorkflowId(deliveryNo, lineNo);

const along =
  (...path: string[]): Scenario =>
  async ({ api }) =>
    idOf(await placed(api, path));

const cancel = (api: ApiProcess, { orderNo, lineNo }: PlacedLine, quantity: number) =>
  api.post(`/api/order/v1/orders/${orderNo}/cancellations`, { lines: [{ lineNo, quantity }] });

/** What a pickup asks of a line. */
const ask = ({ stack }: World, line: PlacedLine, command: string, fields: object) =>
  handleOf(stack, line).executeUpdate(command, { args: [{ requestId: unique('request'), actor: 'machine', ...fields }] });

async function settled({ stack }: World, line: PlacedLine, revision: number): Promise<string> {
  await eventually(async () => (await liveOf(stack, line)).revision === revision);
  return idOf(line);
}

export const ended = async ({ stack }: World, line: PlacedLine): Promise<string> => {
  await handleOf(stack, line).result();
  return idOf(line);
};

/** The way of a line, and what a person may do on it. */
export const course: Record<string, Scenario> = {
  ordered: along(),
  instructed: along('instruct'),
  released: along('instruct', 'release'),
  'awaiting-shipment': along('instruct', 'release', 'report-stockout'),
  'stockout-cleared': along('instruct', 'release', 'report-stockout', 'clear-stockout'),
  shipped: along(...SHIPPED),
  delivered: along(...DELIVERED),
  'waybill-corrected': along(...SHIPPED, 'correct-waybill'),
  undone: along('instruct', 'release', 'ship', 'undo', 'undo', 'undo'),
  reopened: along(...DELIVERED, 'reopen'),
  refused: async ({ api }) => {
    // By its validator, which leaves nothing; and by `record`, because another delivery has the waybill.
    const other = await placed(api, SHIPPED);
    const line = await placed(api, ['instruct', 'release']);
    await commandLine(api, 'deliver', line);
    const { waybillNo } = (await api.get(`/api/bo/v1/deliveries/${other.deliveryNo}`)).body;
    await commandLine(api, 'ship', line, { carrierCode: '04', waybillNo });
    return idOf(line);
  },
  'closed-by-time': async (world) => ended(world, await placed(world.hasty, DELIVERED)),
  'closed-at-its-new-date': async (world) => {
    const line = await placed(world.hasty, DELIVERED);
    const letGo = await holdRows(world.stack.databaseUrl, [line]);
    const reopened = commandLine(world.hasty, 'reopen', line, {}, { reason: '시험' });
    await recordsWaiting(world.stack, 1);
    await handleOf(world.stack, line).signal('submit', { command: 'deliver', requestId: unique('request'), actor: 'admin' });
    await eventually(() => clockStruck(world.stack, line));
    await letGo();
    await reopened;
    return ended(world, line);
  },
  'continued-as-new': async (world) => {
    const line = await placed(world.short, [...SHIPPED, 'undo', 'ship', 'deliver']);
    await eventually(async () => (await world.stack.temporal.workflow.count(`WorkflowId = '${idOf(line)}'`)).count > 1);
    await take(world.short, line, ['reopen']);
    return idOf(line);
  },
};

/** What is said about the day by which it leaves. */
export const dispatch: Record<string, Scenario> = {
  'delay-noticed': along('instruct', 'notify-delay', 'release', 'ship'),
};

/** What a pickup asks of its line. */
export const claims: Record<string, Scenario> = {
  'claim-reserved': async (world) => {
    const line = await placed(world.api, DELIVERED);
    await ask(world, line, 'reserve-claim', { pickupNo: 'P1', quantity: 1 });
    return idOf(line);
  },
  'claim-released': async (world) => {
    const line = await placed(world.api, DELIVERED);
    await ask(world, line, 'reserve-claim', { pickupNo: 'P1', quantity: 1 });
    await ask(world, line, 'release-claim', { pickupNo: 'P1' });
    return idOf(line);
  },
  'claim-returned': async (world) => {
    const line = await placed(world.api, SHIPPED);
    await ask(world, line, 'reserve-claim', { pickupNo: 'P1', quantity: 1 });
    await ask(world, line, 'settle-return', { pickupNo: 'P1' });
    return idOf(line);
  },
  'claim-exchanged': async (world) => {
    const line = await placed(world.api, DELIVERED);
    await ask(world, line, 'reserve-claim', { pickupNo: 'P1', quantity: 2 });
    await ask(world, line, 'settle-exchange', { pickupNo: 'P1' });
    return idOf(line);
  },
  'wholly-returned': async (world) => {
    const line = await placed(world.api, DELIVERED);
    await ask(world, line, 'reserve-claim', { pickupNo: 'P1', quantity: 3 });
    await ask(world, line, 'settle-return', { pickupNo: 'P1' });
    return ended(world, line);
  },
};

/** What the order side takes back. */
export const cancellations: Record<string, Scenario> = {
  canceled: async (world) => {
    const line = await placed(world.api, ['instruct']);
    await cancel(world.api, line, 3);
    return ended(world, line);
  },
  'partly-canceled': async ({ api }) => {
    const line = await placed(api, ['instruct']);
    await cancel(api, line, 1);
    return idOf(line);
  },
};

/** What comes as a signal: from an operator, from the tracker. */
export const signals: Record<string, Scenario> = {
  submitted: async (world) => {
    const line = await placed(world.api);
    for (const command of ['instruct', 'deliver', 'no-such-command'])
      await handleOf(world.stack, line).signal('submit', { command, requestId: unique('request'), actor: 'admin' });
    return settled(world, line, 2);
  },
  tracked: async (world) => {
    const line = await placed(world.api, ['instruct', 'release']);
    const waybillNo = uniqueWaybill();
    await commandLine(world.api, 'ship', line, { carrierCode: '04', waybillNo });
    // The second is older than the first, the third of another parcel.
    for (const [level, of] of [
      [3, waybillNo],
      [2, waybillNo],
      [6, uniqueWaybill()],
      [6, waybillNo],
    ] as const)
      await handleOf(world.stack, line).signal('track', {
        requestId: unique('scan'),
        carrierCode: '04',
        waybillNo: of,
        level,
      });
    return settled(world, line, 6);
  },
  'handed-back': async (world) => {
    const line = await placed(world.api, [...SHIPPED, 'undo']);
    await handleOf(world.stack, line).signal('track', {
      requestId: scanRequestId(999_999_999),
      carrierCode: '04',
      waybillNo: uniqueWaybill(),
      level: 2,
    });
    await take(world.api, line, ['undo']);
    return idOf(line);
  },
};
