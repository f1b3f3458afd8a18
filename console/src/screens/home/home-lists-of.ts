import type { Schemas } from '../../api/api.ts';
import type { Late } from './home-tile.tsx';

type Waiting = Schemas['Summary']['deliveries'][number] | Schemas['Summary']['pickups'][number];

/** Where a state's rows are listed; `acts`: those of before today are late, because a person has not done the next step. */
interface ListOf {
  path: string;
  /** The list's own order. */
  sort: string;
  acts: boolean;
}

/** What has still to leave stands in the order of its deadline. */
const DUE = 'dispatchDueOn';

export const lineLists: Record<string, ListOf> = {
  ordered: { path: '/lines/instruct', sort: DUE, acts: true },
  instructed: { path: '/lines/release', sort: DUE, acts: true },
  released: { path: '/lines/ship', sort: DUE, acts: true },
  awaitingShipment: { path: '/lines/clear', sort: DUE, acts: false },
  shipped: { path: '/lines/deliver', sort: 'shippedAt', acts: false },
};
export const pickupLists: Record<string, ListOf> = {
  requested: { path: '/pickups/instruct', sort: 'requestedAt', acts: true },
  instructed: { path: '/pickups/confirm', sort: 'requestedAt', acts: false },
  confirmed: { path: '/pickups/complete', sort: 'requestedAt', acts: true },
};

/** Those of a state since before today: the list by the date since which they wait, up to yesterday. */
export function lateOf({ beforeToday, dateField, waitingSince }: Waiting, list: ListOf, yesterday: string): Late {
  const query = new URLSearchParams({ dateField, to: yesterday, ...(dateField === list.sort ? {} : { sort: dateField }) });
  return { to: `${list.path}?${query}`, count: beforeToday, since: waitingSince, alarm: list.acts };
}

/** Every line of this class that has still to leave, what is due first on top. */
export const dueList = (due: string, more: Record<string, string> = {}): string =>
  `/lines/all?${new URLSearchParams({ due, ...more, sort: DUE })}`;
