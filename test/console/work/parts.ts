import type { Page } from 'playwright-core';
import { dialogOf, idOf, placed } from '../../support/browser/console.ts';
import { listedLine, type PlacedLine } from '../../support/scenes/orders.ts';
import type { Stack } from '../../support/stack.ts';

/** A released order, a line of each quantity. */
export const released = (stack: Stack, ...quantities: number[]) =>
  placed(
    stack,
    ['instruct', 'release'],
    quantities.map((quantity) => ({ quantity })),
  );

export const quantityOf = async (stack: Stack, line: PlacedLine) => (await listedLine(stack, line))?.validQuantity;

/** The parts that a line has now. */
export async function partsOf(stack: Stack, line: PlacedLine): Promise<[PlacedLine, ...PlacedLine[]]> {
  const [first, ...others] = ((await listedLine(stack, line))?.splitTo ?? []) as Omit<PlacedLine, 'orderNo'>[];
  if (!first) throw new Error(`${idOf(line)} has no part`);
  const { orderNo } = line;
  return [{ ...first, orderNo }, ...others.map((each) => ({ ...each, orderNo }))];
}

export const quantityField = (page: Page) => dialogOf(page).locator('[name=quantity]');
