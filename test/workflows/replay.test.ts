import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import proto from '@temporalio/proto';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { openFastPath } from '../../worker/fast-path/open.ts';
import { fileOf, recordedNames } from '../histories/recorded.ts';
import { scenarios } from '../histories/scenarios.ts';
import { testServers } from '../support/servers.ts';

const names = recordedNames();

interface Recorded {
  workflowId: string;
  events: { eventType: string; [attributes: string]: any }[];
}

const read = (name: string): Recorded => JSON.parse(readFileSync(fileOf(name), 'utf8'));

const historyOf = ({ events }: Recorded) => proto.temporal.api.history.v1.History.fromObject({ events });

/** Replays a history on this code; rejects when it does not fit. */
const replay = (recorded: Recorded) =>
  Worker.runReplayHistory({ workflowBundle: { codePath: testServers().bundlePath } }, historyOf(recorded), recorded.workflowId);

/** Replays these one after the other, in the sandbox that the worker has; what is wrong with each, by workflow id. */
async function replayAsWorker(recorded: Recorded[]): Promise<Map<string, string>> {
  const { on } = await openFastPath({ watchdog: null });
  // Absent from the options' type, not from the options.
  const sandbox = { debugMode: on };
  const options = { workflowBundle: { codePath: testServers().bundlePath }, ...sandbox };
  const found = new Map<string, string>();
  const histories = recorded.map((each) => ({ workflowId: each.workflowId, history: historyOf(each) }));
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories))
    found.set(workflowId, String(error ?? ''));
  return found;
}

/** What a payload says, wherever in the history it is. */
const payloadTexts = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'data' && typeof inner === 'string' ? [Buffer.from(inner, 'base64').toString('utf8')] : payloadTexts(inner),
  );
};

/** Changes what a payload says, in place. */
const edit = (payload: { data: string }, change: (said: any) => object) => {
  payload.data = Buffer.from(JSON.stringify(change(JSON.parse(String(Buffer.from(payload.data, 'base64')))))).toString('base64');
};

beforeAll(() => {
  // The failures below are meant.
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => {}),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
});

describe('workflows that were under way go on with this code: their recorded histories replay', () => {
  let found: Map<string, string>;
  beforeAll(async () => {
    const { on } = await openFastPath({ watchdog: null });
    expect(on).toBe(process.env.WORKFLOW_FAST_PATH !== 'off');
    // Of a workflow that went on in a new run both runs have its id.
    const recorded = names.map((name) => ({ ...read(name), workflowId: name }));
    found = await replayAsWorker(recorded);
  });

  test.each(names)('%s', (name) => {
    expect(found.get(name)).toBe('');
  });

  test('every state and way of node test/histories/record.ts is there', () => {
    const recorded = names.map((name) => name.replace(/-\d+$/, ''));
    expect([...new Set(recorded)].sort()).toEqual(scenarios.map(([name]) => name).sort());
  });
});

describe('replay tells what does not fit', () => {
  test('an activity that this code does not call there', async () => {
    const history = read('delivery/course/instructed');
    const marker = history.events.find(({ eventType }) => eventType === 'EVENT_TYPE_MARKER_RECORDED');
    edit(marker?.markerRecordedEventAttributes.details.data.payloads[0], (said) => ({ ...said, activity_type: 'another' }));
    await expect(replay(history)).rejects.toBeInstanceOf(DeterminismViolationError);
    expect((await replayAsWorker([history])).get(history.workflowId)).toContain('DeterminismViolationError');
  });

  test('a command that this code would have refused', async () => {
    const history = read('delivery/course/instructed');
    const start = history.events[0]?.workflowExecutionStartedEventAttributes.input.payloads[0];
    edit(start, (said) => ({ ...said, line: { ...said.line, state: 'released' } }));
    await expect(replay(history)).rejects.toBeInstanceOf(DeterminismViolationError);
  });

  test('a workflow that was changed without patched()', async () => {
    const logger = new DefaultLogger('ERROR');
    const workflowsPath = join(import.meta.dirname, '..', 'histories', 'delivery', 'changed-workflow.ts');
    const { code } = await bundleWorkflowCode({ workflowsPath, logger });
    const history = historyOf(read('delivery/course/instructed'));
    const replayed = Worker.runReplayHistory({ workflowBundle: { code } }, history, 'changed');
    await expect(replayed).rejects.toBeInstanceOf(DeterminismViolationError);
  });
});

test('no personal data: nothing of the people of an order is in any payload', () => {
  const people = ['홍길동', '1234-5678', '테헤란로', '401호', '문 앞에', '김주문', '2345-6789', 'gildong', '시험'];
  for (const name of names) {
    const texts = payloadTexts(read(name).events).join('\n');
    expect(texts.length).toBeGreaterThan(100);
    for (const word of people) expect(texts).not.toContain(word);
  }
});
