import { rmSync, writeFileSync } from 'node:fs';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import proto from '@temporalio/proto';
import { temporalExecutable } from '../../local/servers/temporal-executable.ts';
import { startOwnKeeper } from '../support/processes/own-keeper.ts';
import { type ProcessStack, startProcesses } from '../support/processes/process-stack.ts';
import type { TestServers } from '../support/servers.ts';
import { eventually } from '../support/stack.ts';
import { fileOf, recordedNames } from './recorded.ts';
import { scenarios } from './scenarios.ts';
import type { Scenario, World } from './world.ts';

/*
 * `node test/histories/record.ts [name …]`: leads real workflows through every state and saves their histories in
 * the folders beside this file, for test/workflows/replay.test.ts. A released version's histories stay as they are: only add to them, by name, when a
 * `patched()` branch comes in.
 */
const wanted = process.argv.slice(2);
const stack = await startStack();
try {
  const [api, hasty, short] = await Promise.all([
    stack.startApi({}, false),
    stack.startApi({ LINE_OPEN_DAYS: String(3 / 86_400) }, false),
    stack.startApi({ CONTINUE_AS_NEW_AFTER: '30' }, false),
    stack.startWorker(),
  ]);
  if (wanted.length === 0) for (const name of recordedNames()) rmSync(fileOf(name));
  for (const [name, scenario] of scenarios)
    if (wanted.length === 0 || wanted.includes(name)) await save({ stack, api, hasty, short }, name, scenario);
} finally {
  await stack.stop();
}

/** Servers of its own; `npm test` is not there to lend any. */
async function startStack(): Promise<ProcessStack> {
  const own = await startOwnKeeper('histories');
  const executable = await temporalExecutable(own.keeper, (text) => console.log(text));
  await own.stop();
  process.env.TEST_SERVERS = JSON.stringify({ temporalExecutable: executable } satisfies Partial<TestServers>);
  return startProcesses({ own: ['postgres', 'temporal'] });
}

/** One file a run: a workflow that has continued as new has several. */
async function save(world: World, name: string, scenario: Scenario): Promise<void> {
  const workflowId = await scenario(world);
  const { workflow } = world.stack.temporal;
  // What is listed lags behind by some milliseconds.
  const listed = async () => {
    const found: WorkflowExecutionInfo[] = [];
    for await (const run of workflow.list({ query: `WorkflowId = '${workflowId}'` })) found.push(run);
    return found.length > 0 && found;
  };
  const runs = await eventually(listed);
  runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
  for (const [at, { runId }] of runs.entries()) {
    const history = await workflow.getHandle(workflowId, runId).fetchHistory();
    const plain = proto.temporal.api.history.v1.History.toObject(history as never, {
      enums: String,
      longs: String,
      bytes: String,
    });
    const events = plain.events as object[];
    const text = `{"workflowId":"${workflowId}","events":[\n${events.map((event) => JSON.stringify(trim(event))).join(',\n')}\n]}\n`;
    const recorded = `${name}${runs.length > 1 ? `-${at + 1}` : ''}`;
    writeFileSync(fileOf(recorded), text);
    console.log(`${recorded}: ${events.length} events, ${text.length} bytes`);
  }
}

/** Without what no replay looks at: who polled, from which build and folder, ids of the server's own. */
function trim(event: object): object {
  const noise = new Set([
    'identity',
    'taskId',
    'workerVersion',
    'historySizeBytes',
    'requestId',
    'binaryChecksum',
    'links',
    'stackTrace',
  ]);
  const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return JSON.parse(
    JSON.stringify(event, (key, value) => (noise.has(key) || value === '' || isEmpty(value) ? undefined : value)),
  );
}
