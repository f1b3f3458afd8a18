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

export const lineLists: Record<string, ListOf> = {
  ordered: { path: '/lines/instruct', sort: 'orderedAt', acts: true },
  instructed: { path: '/lines/release', sort: 'instructedAt', acts: true },
  released: { path: '/lines/ship', sort: 'releasedAt', acts: true },
  awaitingShipment: { path: '/lines/clear', sort: 'releasedAt', acts: false },
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
