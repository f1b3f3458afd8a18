import { useQuery, useQueryClient } from '@tanstack/react-query';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { useEffect } from 'react';
import { api, get, raw, type Schemas } from '../../api/api.ts';

export const BULK = '/api/bo/v1/bulk-shipments';
type BulkJobRow = Schemas['BulkShipment'];
export type CheckedJob = Schemas['BulkShipmentValidated'];

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;
/** Queries that shipping changes. */
const changed = ['/api/bo/v1/delivery-lines', '/api/bo/v1/deliveries', '/api/bo/v1/summary'];

/**
 * Reads a job's server-sent events until they end, over fetch, because `EventSource` cannot send a bearer token. Resolves when the
 * server closes the stream (the job has finished, or the server restarts), rejects when the connection breaks.
 */
async function follow(id: string, signal: AbortSignal, onProgress: (job: BulkJobRow) => void): Promise<void> {
  const { body } = await raw(`${BULK}/${id}/events`, { headers: { accept: 'text/event-stream' }, signal });
  const reader = body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read())
    if (next.value.event === 'progress') onProgress(JSON.parse(next.value.data));
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** A job with its faulty rows, followed while it runs; a broken connection is opened again, and missed changes are read. */
export function useBulkJob(id: string) {
  const client = useQueryClient();
  const query = useQuery<CheckedJob>({
    queryKey: [BULK, id],
    queryFn: () => get(api.GET('/api/bo/v1/bulk-shipments/{id}', { params: { path: { id } } })),
  });
  const isRunning = query.data?.state === 'running';
  useEffect(() => {
    if (!isRunning) return;
    const ending = new AbortController();
    const { signal } = ending;
    const watch = async () => {
      for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
        await follow(id, signal, (job) => {
          wait = FIRST_WAIT_MS;
          client.setQueryData<CheckedJob>([BULK, id], (before) => before && { ...before, ...job });
        }).catch(() => undefined);
        if (signal.aborted) return;
        // The last event does not list errors by row, and may be lost when the connection breaks.
        await client.invalidateQueries({ queryKey: [BULK, id] });
        await pause(wait, signal);
      }
    };
    void watch();
    return () => {
      ending.abort();
      for (const name of [[BULK], ...changed.map((path) => [path])]) void client.invalidateQueries({ queryKey: name });
    };
  }, [isRunning, id, client]);
  return query;
}
