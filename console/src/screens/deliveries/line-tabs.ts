import type { TextKey } from '../../ui/texts.ts';

type SortField = Extract<TextKey, 'orderedAt' | 'instructedAt' | 'releasedAt' | 'shippedAt'>;
export interface LineTabSetup {
  tab: string;
  /** '' = every state. */
  state: string;
  command: string;
  /** The date of its state. */
  date: SortField;
  /** What is due first, or oldest first by its date, because the tab is a work queue. */
  sort: SortField | 'dispatchDueOn';
  /** Its lines have still to leave. */
  isUnshipped: boolean;
  hasWaybill: boolean;
  name: TextKey;
  /** What waits there. */
  queue: TextKey;
  empty: TextKey;
}

const unshipped: ReadonlySet<string> = new Set(['ordered', 'instructed', 'released', 'awaitingShipment']);

const tab = (tab: LineTabName, state: string, command: string, date: SortField, hasWaybill = false): LineTabSetup => ({
  tab,
  state,
  command,
  date,
  sort: unshipped.has(state) ? 'dispatchDueOn' : date,
  isUnshipped: unshipped.has(state),
  hasWaybill,
  name: `tab.${tab}`,
  queue: `queue.${tab}`,
  empty: `empty.${tab}`,
});
type LineTabName = 'instruct' | 'release' | 'ship' | 'deliver' | 'stockout' | 'clear' | 'all';

/** 배송처리: a tab per step, with the state its list shows and its main command. */
export const lineTabs: readonly LineTabSetup[] = [
  tab('instruct', 'ordered', 'instruct', 'orderedAt'),
  tab('release', 'instructed', 'release', 'instructedAt'),
  tab('ship', 'released', 'ship', 'releasedAt', true),
  tab('deliver', 'shipped', 'deliver', 'shippedAt', true),
  tab('stockout', 'released', 'report-stockout', 'releasedAt'),
  tab('clear', 'awaitingShipment', 'clear-stockout', 'releasedAt'),
  tab('all', '', '', 'orderedAt'),
];
