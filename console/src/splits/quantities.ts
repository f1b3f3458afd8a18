import type { Family } from '../api/jobs.ts';
import { t } from '../ui/texts.ts';

/** The commands that may mean a part of a line's quantity. */
const sentences = {
  split: { part: 'partSplit', all: 'partSplit' },
  ship: { part: 'partShip', all: 'partAllShip' },
  'report-stockout': { part: 'partStockout', all: 'partAllStockout' },
} as const;
export type PartCommand = keyof typeof sentences;

export const asPartCommand = (family: Family, name: string): PartCommand | null =>
  family === 'delivery-lines' && name in sentences ? (name as PartCommand) : null;

/** The most that the command may take of a line: of a split something stays. */
export const mostOf = (command: PartCommand, all: number): number => (command === 'split' ? all - 1 : all);

/** What the command takes of a line unless another number is typed: of a split one, else all. */
const byDefault = (command: PartCommand, all: number): number => (command === 'split' ? 1 : all);

/** What stands in the field. */
export const shownQuantity = (command: PartCommand, all: number, typed: string | undefined): string =>
  typed ?? String(byDefault(command, all));

/** The number that will be sent; null = what is typed is not possible. */
export function quantityOf(command: PartCommand, all: number, typed: string | undefined): number | null {
  const shown = shownQuantity(command, all, typed).trim();
  const quantity = /^\d{1,9}$/.test(shown) ? Number(shown) : 0;
  return quantity >= 1 && quantity <= mostOf(command, all) ? quantity : null;
}

/** What will happen to a line, in numbers. */
export const partSentence = (command: PartCommand, all: number, n: number): string =>
  t(sentences[command][n === all ? 'all' : 'part'], { all, n, left: all - n });

/** The same of several lines. */
export function partsSentence(command: PartCommand, lines: readonly { all: number; n: number }[]): string {
  if (command === 'split') return t('partsSplit', { lines: lines.length, n: lines.reduce((sum, { n }) => sum + n, 0) });
  const some = lines.filter(({ all, n }) => n < all).length;
  return some === 0 ? t('partsAll') : t('partsSome', { lines: some });
}
