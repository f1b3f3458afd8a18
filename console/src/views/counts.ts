import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { onSettled } from '../api/jobs.ts';
import { type Params, page } from '../list/list.ts';

/** What a view's list asks the API. */
export interface Asked {
  path: string;
  params: Params;
}
export interface Counted {
  count: number;
  isMinimum: boolean;
}

const EVERY_MS = 60_000;
/** After commands, whose parts are answered one after the other. */
const SETTLE_MS = 2_000;
const AT_ONCE = 2;
const COUNTS = 'view counts';

let running = 0;
const waiting: (() => void)[] = [];

/** Runs a few at a time, in the order they came. */
async function fewAtOnce<T>(run: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await run();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** How many rows each view has now; a hidden tab asks nothing. */
export function useCounts(asked: readonly (Asked | null)[]): (Counted | undefined)[] {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onSettled(() => {
      clearTimeout(timer);
      timer = setTimeout(() => void client.invalidateQueries({ queryKey: [COUNTS] }), SETTLE_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client]);
  return useQueries({
    queries: asked.map((each) => ({
      queryKey: [COUNTS, each?.path, each?.params],
      enabled: each !== null,
      staleTime: EVERY_MS,
      refetchInterval: EVERY_MS,
      queryFn: () =>
        fewAtOnce(async (): Promise<Counted> => {
          const { total = 0, totalIsMinimum = false } = await page(each?.path ?? '', {
            ...each?.params,
            limit: '1',
            count: 'true',
          });
          return { count: total, isMinimum: totalIsMinimum };
        }),
    })),
    combine: (results) => results.map(({ data }) => data),
  });
}
