import type { WorkerThreadClient } from '@temporalio/worker/lib/workflow/threaded-vm.js';
import { NO_SINK_CALLS } from './sandbox-shape.ts';

/**
 * The SDK asks a workflow thread twice for each activation: to run it, and for the calls of sinks (log lines of workflows) made in it.
 * Where the first answer says that there were none (sandbox.ts), the second question is answered here and never crosses to the thread.
 */
export function skipEmptySinkCalls(client: WorkerThreadClient): void {
  const silent = new Set<string>();
  const send = client.send.bind(client);
  client.send = async (input) => {
    if (!('runId' in input)) return send(input);
    const wasSilent = silent.delete(input.runId);
    if (wasSilent && input.type === 'extract-sink-calls') return { type: 'sink-calls', calls: [] };
    const output = await send(input);
    if (output?.type === 'activation-completion' && Reflect.get(output.completion, NO_SINK_CALLS) === true)
      silent.add(input.runId);
    return output;
  };
}
