import { useQuery } from '@tanstack/react-query';
import { api, get, type Schemas } from '../api/api.ts';
import { useMay } from './parts.tsx';

export type Summary = Schemas['Summary'];
export interface Waiting {
  count: number;
  isMinimum: boolean;
}

export const SUMMARY_MS = 15_000;

/** What waits in each state: one reading for menu, tabs and home. A hidden tab asks nothing. */
export function useSummary({ isKeptFresh = false } = {}): Summary | undefined {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ['/api/bo/v1/summary'],
    queryFn: () => get(api.GET('/api/bo/v1/summary')),
    refetchInterval: isKeptFresh && SUMMARY_MS,
    enabled: may('delivery.read'),
  });
  // The menu stays usable whatever is answered.
  return Array.isArray(data?.deliveries) && Array.isArray(data.pickups) ? data : undefined;
}

/** How many rows are in a state; nothing while unknown. */
export function waitingIn(summary: Summary | undefined, of: 'deliveries' | 'pickups', state: string | null): Waiting | undefined {
  const found = summary?.[of].find((each) => each.state === state);
  return found && { count: found.count, isMinimum: found.countIsMinimum ?? false };
}

export const shownWaiting = ({ count, isMinimum }: Waiting): string => `${count.toLocaleString()}${isMinimum ? '+' : ''}`;
