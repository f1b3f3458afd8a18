import { planWorkflowId } from '../../workflows/messages/assembly-plan.ts';
import { bulkWorkflowId } from '../../workflows/messages/bulk-shipment.ts';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { pickupWorkflowId } from '../../workflows/messages/pickup.ts';
import { assembly, planOf, shippingProduct, shownPlan, takePlan } from '../support/scenes/assembly.ts';
import { handleOf, liveOf } from '../support/scenes/faults.ts';
import { commandLine, type PlacedLine, placeOrder, take, unique, uniqueWaybill } from '../support/scenes/orders.ts';
import { instructWithWaybill, pickupIn, takePickup } from '../support/scenes/pickups.ts';
import type { ApiProcess, ProcessStack } from '../support/process-stack.ts';
import { csv, ended as endOf, start, upload } from '../support/scenes/sheets.ts';
import { eventually, signToken, withoutPii } from '../support/stack.ts';
import { seoulDay } from '../support/clock.ts';

export interface World {
  stack: ProcessStack;
  api: ApiProcess;
  /** Starts lines that close three seconds after they were delivered. */
  hasty: ApiProcess;
  /** Starts lines that continue as new after 30 events. */
  short: ApiProcess;
}

/** Leads one workflow somewhere and answers its id. */
export type Scenario = (world: World) => Promise<string>;

const SHIPPED = ['instruct', 'release', 'ship'];
const DELIVERED = [...SHIPPED, 'deliver'];
const idOf = ({ deliveryNo, lineNo }: PlacedLine) => deliveryWorkflowId(deliveryNo, lineNo);

async function placed(api: ApiProcess, path: string[] = []): Promise<PlacedLine> {
  const [line] = await placeOrder(api, [{ quantity: 3 }]);
  if (!line) throw new Error('no line');
  await take(api, line, path);
  return line;
}

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

const ended = async ({ stack }: World, line: PlacedLine): Promise<string> => {
  await handleOf(stack, line).result();
  return idOf(line);
};

const lineScenarios: Record<string, Scenario> = {
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
  refused: async ({ api }) => {
    // By its validator, which leaves nothing; and by `record`, because another delivery has the waybill.
    const other = await placed(api, SHIPPED);
    const line = await placed(api, ['instruct', 'release']);
    await commandLine(api, 'deliver', line);
    const { waybillNo } = (await api.get(`/api/bo/v1/deliveries/${other.deliveryNo}`)).body;
    await commandLine(api, 'ship', line, { carrierCode: '04', waybillNo });
    return idOf(line);
  },
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
  'closed-by-time': async (world) => ended(world, await placed(world.hasty, DELIVERED)),
  'continued-as-new': async (world) => {
    const line = await placed(world.short, [...SHIPPED, 'undo', 'ship', 'deliver']);
    await eventually(async () => (await world.stack.temporal.workflow.count(`WorkflowId = '${idOf(line)}'`)).count > 1);
    await take(world.short, line, ['reopen']);
    return idOf(line);
  },
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
};

const pickups =
  (...[state, kind]: [Parameters<typeof pickupIn>[1], 'return' | 'exchange']): Scenario =>
  async ({ api }) => {
    const exchangeTo = { productId: 43_898, productName: '캠핑 의자', optionName: '베이지' };
    const more = kind === 'exchange' ? { exchangeTo } : {};
    return pickupWorkflowId(await pickupIn(api, state, await placed(api, DELIVERED), kind, more));
  };

const pickupScenarios: Record<string, Scenario> = {
  requested: pickups('requested', 'return'),
  instructed: pickups('instructed', 'return'),
  confirmed: pickups('confirmed', 'return'),
  held: pickups('held', 'return'),
  'return-completed': pickups('completed', 'return'),
  'exchange-completed': pickups('completed', 'exchange'),
  refused: pickups('refused', 'exchange'),
  withdrawn: pickups('withdrawn', 'return'),
  'converted-to-return': async ({ api }) => {
    const pickupNo = await pickupIn(api, 'confirmed', await placed(api, DELIVERED), 'exchange');
    await takePickup(api, pickupNo, ['convert-to-return', 'hold', 'resume', 'complete']);
    return pickupWorkflowId(pickupNo);
  },
  tracked: async ({ api, stack }) => {
    const pickupNo = await pickupIn(api, 'requested', await placed(api, DELIVERED), 'return');
    const waybillNo = await instructWithWaybill(api, pickupNo);
    const handle = stack.temporal.workflow.getHandle(pickupWorkflowId(pickupNo));
    for (const level of [3, 6]) await handle.signal('track', { requestId: unique('scan'), carrierCode: '04', waybillNo, level });
    await eventually(async () => (await api.get(`/api/bo/v1/pickups/${pickupNo}`)).body.arrivedAt !== null);
    return pickupWorkflowId(pickupNo);
  },
};

const bulkScenarios: Record<string, Scenario> = {
  completed: async ({ api }) => {
    const { deliveryNo, lineNo } = await placed(api, ['instruct', 'release']);
    const sheet = csv([[deliveryNo, lineNo, '04', uniqueWaybill()]]);
    const { body } = await upload({ url: api.url, token: () => signToken(withoutPii) }, sheet, { name: '출고.csv' });
    await start(api, body.id);
    await endOf(api, body.id);
    return bulkWorkflowId(body.id);
  },
  canceled: async ({ api, stack }) => {
    const { deliveryNo, lineNo } = await placed(api, ['instruct', 'release']);
    const sheet = csv([[deliveryNo, lineNo, '04', uniqueWaybill()]]);
    const { body } = await upload({ url: api.url, token: () => signToken(withoutPii) }, sheet, { name: '출고.csv' });
    await stack.db.query('update bulk_shipments set cancel_at = now() where id = $1', [body.id]);
    await start(api, body.id);
    await endOf(api, body.id);
    return bulkWorkflowId(body.id);
  },
};

const plans =
  (...steps: (string | [string, object])[]): Scenario =>
  async ({ api }) => {
    const { uid } = await assembly(api, [[await shippingProduct(api, 10), 1]]);
    const plan = await planOf(api, uid, 5);
    await takePlan(api, plan, ...steps);
    return planWorkflowId(plan);
  };

const planScenarios: Record<string, Scenario> = {
  planned: plans(),
  'in-progress': plans('start'),
  canceled: plans('start', 'cancel'),
  overdue: async ({ api }) => {
    const { uid } = await assembly(api, [[await shippingProduct(api, 10), 1]]);
    const plan = await planOf(api, uid, 5, seoulDay(-30));
    await eventually(async () => (await shownPlan(api, plan)).is_overdue);
    await takePlan(api, plan, 'start');
    return planWorkflowId(plan);
  },
  completed: async ({ api, stack }) => {
    const made = await assembly(api, [[await shippingProduct(api, 10), 1]]);
    const [line] = await placeOrder(api, [{ productId: made.product, quantity: 2 }]);
    if (!line) throw new Error('no line');
    await take(api, line, ['instruct', 'release', 'report-stockout']);
    const plan = await planOf(api, made.uid, 5);
    await takePlan(api, plan, 'start', ['complete', { completed_quantity: 3 }]);
    await stack.temporal.workflow.getHandle(planWorkflowId(plan)).result();
    return planWorkflowId(plan);
  },
};

const named = (kind: string, scenarios: Record<string, Scenario>) =>
  Object.entries(scenarios).map(([name, scenario]): [string, Scenario] => [`${kind}-${name}`, scenario]);

/** Every history's name, and how its workflow comes there. */
export const scenarios: [string, Scenario][] = [
  ...named('delivery', lineScenarios),
  ...named('pickup', pickupScenarios),
  ...named('bulk', bulkScenarios),
  ...named('plan', planScenarios),
];
