import { Context } from '@temporalio/activity';

const EVERY_MS = 2_000;

/** Heartbeats while the work goes on, and hands it the signal that ends it when the run was canceled or this worker leaves. */
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
