import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, api, get, type Schemas } from '../../../api/api.ts';

const EVENTS = '/api/bo/v1/events';
export type FeedEvent = Schemas['Event'];

/** Ids of a page; none has a gap, so it has at most so many events. */
const BLOCK = 500;
const LIVE_MS = 3_000;
/** Events that are kept in sight while new ones come. */
const MOST_LIVE = 1_000;
/** One call looks through many more events of a type that hardly is (api/events/feed.ts). */
const RARE = 'webhook.test';

interface Asked {
  after?: string;
  types?: string;
  limit: number;
}
const page = (asked: Asked) => get(api.GET(EVENTS, { params: { query: asked } }));

/** The feed tells no last id, so we go along it by a type that is rare: one call looks through tens of thousands. */
async function lastId(): Promise<number> {
  let { nextAfter } = await page({ types: RARE, limit: BLOCK });
  for (;;) {
    const next = await page({ types: RARE, limit: BLOCK, after: nextAfter });
    // While much happens there is always a little more.
    if (Number(next.nextAfter) - Number(nextAfter) < BLOCK) return Number(next.nextAfter);
    nextAfter = next.nextAfter;
  }
}

/** Events up to an id, some before it; `end` of the next such page, null = older ones are gone. */
async function before(end: number, types: Pick<Asked, 'types'>) {
  const after = Math.max(0, end - BLOCK);
  const asked = { ...types, limit: BLOCK };
  const isOver = (error: unknown) => error instanceof ApiError && error.status === 410;
  const found = await page({ ...asked, after: String(after) }).catch((error: unknown) => {
    if (isOver(error)) return null;
    throw error;
  });
  const { items } = found ?? (await page(asked));
  return { items: items.filter(({ id }) => Number(id) <= end).toReversed(), next: found && after > 0 ? after : null };
}

/** The newest events first: those that come while one looks on, and those before, page after page. `type` absent = all. */
export function useFeed(type: string | undefined) {
  const client = useQueryClient();
  const types = type ? { types: type } : {};
  const start = useQuery({ queryKey: [EVENTS, 'last'], queryFn: lastId, staleTime: Number.POSITIVE_INFINITY, gcTime: 0 });
  const from = start.data;
  const liveKey = [EVENTS, 'live', from, type];
  const live = useQuery({
    queryKey: liveKey,
    enabled: from !== undefined,
    gcTime: 0,
    refetchInterval: LIVE_MS,
    queryFn: async () => {
      const known = client.getQueryData<{ items: FeedEvent[]; nextAfter: string }>(liveKey);
      const { items, nextAfter } = await page({ ...types, limit: BLOCK, after: known?.nextAfter ?? String(from) });
      return { items: [...items.toReversed(), ...(known?.items ?? [])].slice(0, MOST_LIVE), nextAfter };
    },
  });
  const past = useInfiniteQuery({
    queryKey: [EVENTS, 'past', from, type],
    enabled: from !== undefined,
    gcTime: 0,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    initialPageParam: from ?? 0,
    queryFn: ({ pageParam }) => before(pageParam, types),
    getNextPageParam: (last) => last.next,
  });
  return {
    rows: past.data && [...(live.data?.items ?? []), ...past.data.pages.flatMap(({ items }) => items)],
    error: start.error ?? past.error,
    isStale: live.error !== null,
    again: () => void (from === undefined ? start.refetch() : past.refetch()),
    earlier: past.hasNextPage ? () => void past.fetchNextPage() : null,
    isFetching: past.isFetchingNextPage,
  };
}
