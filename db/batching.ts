import { isRefused } from './errors.ts';

/**
 * Does work on single items for many at once under load: items that arrive while a batch is running form the next batch. A single
 * item has no delay; under load one statement and one commit serve up to `most`. Each item gets its own answer, in order; an item
 * that PostgreSQL refuses does not fail the others. With two `lanes`, one batch that hangs does not block everything.
 */
export function together<In, Out>(
  work: (items: In[]) => Promise<Out[]>,
  { most = 50, lanes = 1 }: { most?: number; lanes?: 1 | 2 } = {},
): (item: In) => Promise<Out> {
  interface Waiting {
    item: In;
    resolve: (out: Out) => void;
    reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];
  let busy = 0;

  const run = async (batch: Waiting[]): Promise<void> => {
    try {
      const outs = await work(batch.map(({ item }) => item));
      if (outs.length !== batch.length) throw new Error(`${outs.length} answers for ${batch.length} items`);
      batch.forEach(({ resolve }, at) => {
        resolve(outs[at] as Out);
      });
    } catch (error) {
      if (batch.length > 1 && isRefused(error)) for (const each of batch) await run([each]);
      else for (const { reject } of batch) reject(error);
    }
  };

  const drain = async (): Promise<void> => {
    busy++;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await run(batch);
    }
    busy--;
  };

  return (item) =>
    new Promise<Out>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (busy < lanes) void drain();
    });
}
