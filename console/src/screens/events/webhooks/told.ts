import { useInfiniteQuery } from '@tanstack/react-query';
import { api, get } from '../../../api/api.ts';
import { type Delivery, WEBHOOKS, type Webhook } from './webhook.ts';

const PAGE = 50;
const EVERY_MS = 5_000;
const SOON_MS = 1_500;

interface Asked {
  state?: Delivery['state'] | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** A page of what an endpoint is told, the newest first. */
export const pageOf = (id: number, asked: Asked) =>
  get(api.GET(`${WEBHOOKS}/{id}/deliveries`, { params: { path: { id: String(id) }, query: asked } }));

/** Whether it is tried in a moment. */
const isMoving = ({ nextAttemptAt }: Delivery): boolean =>
  nextAttemptAt !== null && Date.parse(nextAttemptAt) < Date.now() + EVERY_MS;

/** What an endpoint is told, in one state or all, page after page; looked at again and again. */
export const useTold = ({ id, state: own }: Webhook, state: Delivery['state'] | undefined) =>
  useInfiniteQuery({
    queryKey: [WEBHOOKS, id, 'deliveries', state],
    queryFn: ({ pageParam }) => pageOf(id, { state, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor || undefined,
    refetchInterval: ({ state: { data } }) => (own !== 'disabled' && data?.pages[0]?.items.some(isMoving) ? SOON_MS : EVERY_MS),
  });
