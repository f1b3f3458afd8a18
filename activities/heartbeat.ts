import { Context } from '@temporalio/activity';

const EVERY_MS = 2_000;

/** Heartbeats while the work runs; aborts the signal given to it when the run is canceled or this worker shuts down. */
export async function beating<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  context.heartbeat();
  const timer = setInterval(() => context.heartbeat(), EVERY_MS);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(timer);
  }
}
