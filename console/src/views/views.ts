import { useQuery } from '@tanstack/react-query';
import { ApiError, api, get, raw, type Schemas } from '../api/api.ts';

type Kept = Schemas['SavedViews'];
export type View = Kept['views'][number];
export const MOST_VIEWS = 50;
export const VIEWS = '/console/views';
const MOST_TRIES = 6;

/** The views of this person. Another tab or machine may change them: they are read again when this one is looked at. */
export const useViews = () =>
  useQuery({ queryKey: [VIEWS], queryFn: () => get(api.GET(VIEWS)), staleTime: 0, refetchOnWindowFocus: 'always' });

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const isLost = (error: unknown) => error instanceof ApiError && (error.status === 0 || error.status >= 502);

async function put(kept: Kept): Promise<Kept> {
  const key = crypto.randomUUID();
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await raw(VIEWS, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(kept),
      });
      return await response.json();
    } catch (error) {
      // Under its key a repetition has its effect once, and tells the first answer.
      if (!isLost(error) || attempt === MOST_TRIES) throw error;
      await pause(300 * attempt);
    }
  }
}

/** Changes the views as they are at the server now; what somebody changed elsewhere at the same time is kept. */
export async function changeViews(change: (views: View[]) => View[]): Promise<Kept> {
  for (let attempt = 1; ; attempt++) {
    const { views, revision } = await get(api.GET(VIEWS));
    try {
      return await put({ views: change(views), revision });
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'REVISION_CONFLICT') || attempt === MOST_TRIES) throw error;
    }
  }
}
