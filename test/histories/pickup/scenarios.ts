import { pickupWorkflowId } from '../../../workflows/messages/pickup.ts';
import type { ApiProcess } from '../../support/processes/process-stack.ts';
import { unique } from '../../support/scenes/orders.ts';
import { commandPickup, instructWithWaybill, pickupIn, takePickup } from '../../support/scenes/pickups.ts';
import { eventually } from '../../support/stack.ts';
import { DELIVERED, placed, type Scenario } from '../world.ts';

const exchangeTo = { productId: 43_898, productName: '캠핑 의자', optionName: '베이지' };

const pickups =
  (...[state, kind]: [Parameters<typeof pickupIn>[1], 'return' | 'exchange']): Scenario =>
  async ({ api }) => {
    const more = kind === 'exchange' ? { exchangeTo } : {};
    return pickupWorkflowId(await pickupIn(api, state, await placed(api, DELIVERED), kind, more));
  };

/** As an exchange for another product; asked once more, which is refused. */
async function convertToExchange(api: ApiProcess, pickupNo: string): Promise<void> {
  const named = { items: [{ lineNo: 1, exchangeTo }] };
  const first = await commandPickup(api, 'convert-to-exchange', pickupNo, named, { reason: '시험' });
  if (!first.ok) throw new Error(JSON.stringify(first));
  await commandPickup(api, 'convert-to-exchange', pickupNo, named, { reason: '시험' });
}

/** A pickup in each of its states, and what leads there. */
export const pickupScenarios: Record<string, Scenario> = {
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
  'converted-to-exchange': async ({ api }) => {
    const pickupNo = await pickupIn(api, 'confirmed', await placed(api, DELIVERED), 'return');
    await convertToExchange(api, pickupNo);
    await takePickup(api, pickupNo, ['hold', 'resume', 'complete']);
    return pickupWorkflowId(pickupNo);
  },
  'converted-there-and-back': async ({ api }) => {
    const pickupNo = await pickupIn(api, 'confirmed', await placed(api, DELIVERED), 'return');
    await convertToExchange(api, pickupNo);
    await takePickup(api, pickupNo, ['convert-to-return', 'complete']);
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

/** The steps that act outside, since they ask history first. */
export const askedScenarios: Record<string, Scenario> = {
  'return-completed': pickups('completed', 'return'),
  'exchange-completed': pickups('completed', 'exchange'),
  refused: pickups('refused', 'exchange'),
  withdrawn: pickups('withdrawn', 'return'),
  'refused-before': async ({ api, stack }) => {
    const pickupNo = await pickupIn(api, 'held', await placed(api, DELIVERED), 'return');
    const handle = stack.temporal.workflow.getHandle(pickupWorkflowId(pickupNo));
    const complete = () => handle.signal('submit', { command: 'complete', requestId: 'R1', actor: 'admin' });
    await complete();
    await takePickup(api, pickupNo, ['resume']);
    await complete();
    await takePickup(api, pickupNo, ['hold']);
    return pickupWorkflowId(pickupNo);
  },
};
