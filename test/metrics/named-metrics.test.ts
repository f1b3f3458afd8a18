import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { startKeeper } from '../../local/keeper/keeper.ts';
import { freePort } from '../../local/servers/ports.ts';
import { programArgs } from '../../local/servers/servers.ts';
import { root } from '../structure/imports.ts';
import { type Exports, exportsIn } from '../support/metrics/exports.ts';
import { type Asked, metricsIn } from '../support/metrics/promql.ts';
import { startTlsGate } from '../support/metrics/tls-gate.ts';
import { startProcesses } from '../support/processes/process-stack.ts';
import { startBatch } from '../support/scenes/batches.ts';
import { command, placeOrder, take } from '../support/scenes/orders.ts';
import { eventually } from '../support/stack.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Alerts as they stand in the file, by name. */
const alertsText = read('deploy/prometheus/alerts.yml');
const alerts = new Map(
  [...alertsText.matchAll(/- alert: (\w+)\n\s+expr: (.+)\n(?:(?!\s+- alert)[\s\S])*?runbook: (\S+)/g)].map(
    ([, name = '', expression = '', runbook = '']) => [name, { expression, runbook }],
  ),
);

/** Every expression of a board, wherever it stands. */
function expressionsIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'expr' ? [String(inner)] : expressionsIn(inner)));
}
const boards = globSync('deploy/grafana/*.json', { cwd: root }).map((file) => ({ file, board: JSON.parse(read(file)) }));

const runbook = read('docs/runbook.md');
const paragraphs = new Map(
  runbook
    .split(/^### /m)
    .slice(1)
    .map((text) => [/^\w+/.exec(text)?.[0] ?? '', text.split(/^## /m)[0] ?? '']),
);

/** Words of PostgreSQL and of Temporal's configuration that the runbook writes as it writes metrics. */
const NOT_METRICS =
  /^(pg_\w+|autovacuum_\w+|archive_command|attempts|body|max_connections|synchronous_commit|idle_in_transaction_\w+|executions_visibility|history_node|timer_tasks|workflow_type|failure_reason)$/;

/** Prometheus's own, and the labels that it adds. */
const OWN = ['up'];
const ADDED = ['job', 'instance'];

const asked: (Asked & { where: string })[] = [
  ...[...alerts].flatMap(([where, { expression }]) => metricsIn(expression).map((each) => ({ ...each, where }))),
  ...boards.flatMap(({ file, board }) =>
    expressionsIn(board).flatMap((expression) => metricsIn(expression).map((each) => ({ ...each, where: file }))),
  ),
  ...[...runbook.matchAll(/`([a-z]+(?:_[a-z0-9]+)+)(?:\{[^`]*\})?`/g)].map(([, metric = '']) => ({
    metric,
    labels: [],
    where: 'docs/runbook.md',
  })),
  ...[
    ...(/## Health and metrics[\s\S]+?\n## /.exec(read('docs/operating.md'))?.[0] ?? '').matchAll(
      /`([a-z]+(?:_[a-z0-9]+)+)[`{]/g,
    ),
  ].map(([, metric = '']) => ({ metric, labels: [], where: 'docs/operating.md' })),
].filter(({ metric }) => !NOT_METRICS.test(metric));

let stack: Awaited<ReturnType<typeof startProcesses>>;
let gate: Awaited<ReturnType<typeof startTlsGate>>;
let keeper: Awaited<ReturnType<typeof startKeeper>>;
let exported: Exports;

beforeAll(async () => {
  stack = await startProcesses({ own: ['temporal'] });
  keeper = await startKeeper({ runFile: join(stack.folder, 'watch.json') });
  gate = await startTlsGate(stack.folder, stack.temporalAddress);
  const tls = { TEMPORAL_ADDRESS: gate.address, TEMPORAL_TLS_CA: gate.ca, TEMPORAL_TLS_SERVER_NAME: 'localhost' };
  const port = String(await freePort());
  await keeper.spawn({
    name: 'watch',
    command: process.execPath,
    args: programArgs('db/watch/main.ts'),
    cwd: root,
    env: { PATH: process.env.PATH, WATCH_PORT: port, WATCH_DATABASES: stack.databaseUrl, WATCH_FOLDERS: stack.folder },
    logFile: join(stack.folder, 'watch.log'),
  });
  // A cache of ten workflows, so that the eleventh puts one out, whose next task misses it.
  const small = { WORKER_SLOTS: '10', WORKFLOW_CACHE: '10' };
  const [worker, api] = await Promise.all([stack.startWorker(small), stack.startApi(tls)]);
  const [line, ...others] = await placeOrder(api, Array(16).fill({}));
  if (!line) throw new Error('no line');
  await take(api, line, ['instruct']);
  await command(api, 'instruct', others);
  await take(api, line, ['release', 'ship']);
  // Its Schedule is made beside the worker's start.
  await eventually(() => startBatch(api, 'auto-complete'));
  // No worker knows it, so that its task fails.
  await stack.temporal.workflow.start('nobodyKnowsIt', { taskQueue: stack.taskQueue, workflowId: `unknown-${stack.taskQueue}` });
  await stack.db.query(sql`vacuum analyze requests`);
  const sources = [
    `${api.url}/metrics`,
    `${worker.url}/metrics`,
    `http://127.0.0.1:${port}/metrics`,
    stack.temporalMetrics ?? '',
  ];
  exported = await eventually(async () => {
    const texts = await Promise.all(sources.map(async (url) => (await fetch(url)).text()));
    const now = exportsIn(texts.join('\n'));
    return missingIn(now).length === 0 && now;
  }).catch(async () => exportsIn((await Promise.all(sources.map(async (url) => (await fetch(url)).text()))).join('\n')));
});
afterAll(async () => {
  gate?.close();
  await keeper?.stop();
  await stack?.stop();
});

const missingIn = ({ names }: Exports) => [
  ...new Set(
    asked.filter(({ metric }) => !names.has(metric) && !OWN.includes(metric)).map(({ metric, where }) => `${where}: ${metric}`),
  ),
];

describe('what is named is there', () => {
  test('every metric of alerts, boards, runbook and operating is exported by a running stack', () => {
    expect(asked.length).toBeGreaterThan(150);
    expect(missingIn(exported)).toEqual([]);
  });

  test('every label by which they choose is one that the metric has', () => {
    const without = asked.flatMap(({ metric, labels, where }) => {
      const known = exported.labels.get(metric);
      return known
        ? labels.filter((label) => !known.has(label) && !ADDED.includes(label)).map((label) => `${where}: ${metric}{${label}}`)
        : [];
    });
    expect(without).toEqual([]);
  });
});

describe('the runbook', () => {
  test('every alert has its paragraph, which it names, and every paragraph its alert', () => {
    expect(alerts.size).toBe(alertsText.match(/- alert:/g)?.length);
    expect([...paragraphs.keys()].sort()).toEqual([...alerts.keys()].sort());
    for (const [name, { runbook: leads }] of alerts) expect(leads).toBe(`docs/runbook.md#${name.toLowerCase()}`);
  });

  test('a paragraph says what it means, what to look at and what to do', () => {
    for (const text of paragraphs.values())
      expect([...text.matchAll(/^\*\*(Means|Look at|Do)\*\*: \S/gm)].map(([, what]) => what)).toEqual(['Means', 'Look at', 'Do']);
  });
});
