import type { TextKey } from '../../ui/texts.ts';

type SortField = Extract<TextKey, 'orderedAt' | 'instructedAt' | 'releasedAt' | 'shippedAt'>;
export interface LineTabSetup {
  tab: string;
  /** '' = every state. */
  state: string;
  command: string;
  /** Oldest first by this date, because the tab is a work queue. */
  sort: SortField;
  hasWaybill: boolean;
  name: TextKey;
  /** What waits there. */
  queue: TextKey;
  empty: TextKey;
}

const tab = (tab: LineTabName, state: string, command: string, sort: SortField, hasWaybill = false): LineTabSetup => ({
  tab,
  state,
  command,
  sort,
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
