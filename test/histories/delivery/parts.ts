import { commandLine, type PlacedLine, take, uniqueWaybill } from '../../support/scenes/orders.ts';
import { placed, type Scenario, type World } from '../world.ts';
import { ended, idOf } from './scenarios.ts';

/** Commands a line of three with a quantity, and answers what that split off. */
async function splitOff({ api }: World, line: PlacedLine, name: string, fields: object): Promise<PlacedLine> {
  const { newLine } = await commandLine(api, name, line, fields, { reason: '시험' });
  return { orderNo: line.orderNo, ...newLine };
}

/** Lines that are split, their parts, and what goes back. */
export const parts: Record<string, Scenario> = {
  split: async (world) => {
    const line = await placed(world.api, ['instruct']);
    await splitOff(world, line, 'split', { quantity: 1 });
    await take(world.api, line, ['release', 'ship']);
    return idOf(line);
  },
  part: async (world) => {
    const part = await splitOff(world, await placed(world.api, ['instruct']), 'split', { quantity: 2 });
    await take(world.api, part, ['release', 'ship']);
    return idOf(part);
  },
  merged: async (world) => {
    const part = await splitOff(world, await placed(world.api, ['instruct']), 'split', { quantity: 2 });
    await take(world.api, part, ['merge']);
    return ended(world, part);
  },
  absorbed: async (world) => {
    const line = await placed(world.api, ['instruct', 'release']);
    const part = await splitOff(world, line, 'split', { quantity: 2 });
    await take(world.api, part, ['merge']);
    await take(world.api, line, ['ship']);
    return idOf(line);
  },
  'not-merged': async (world) => {
    const part = await splitOff(world, await placed(world.api, ['instruct']), 'split', { quantity: 2 });
    await take(world.api, part, ['release']);
    await commandLine(world.api, 'merge', part);
    return idOf(part);
  },
  'shipped-in-part': async (world) => {
    const line = await placed(world.api, ['instruct', 'release']);
    await splitOff(world, line, 'ship', { carrierCode: '04', waybillNo: uniqueWaybill(), quantity: 2 });
    return idOf(line);
  },
  'stockout-in-part': async (world) => {
    const part = await splitOff(world, await placed(world.api, ['instruct', 'release']), 'report-stockout', { quantity: 1 });
    await take(world.api, part, ['clear-stockout']);
    return idOf(part);
  },
};
