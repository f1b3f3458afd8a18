import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { z } from 'zod';
import { createApp } from '../api/app.ts';
import { createMetrics } from '../api/http/metrics.ts';
import { untraced } from '../commands/tracing.ts';
import { openDb } from '../db/database.ts';
import { deliveryMachine } from '../domain/deliveries/machine.ts';
import { pickupMachine } from '../domain/pickups/machine.ts';
import { faultOf, type ReasonCode, reasonCodes } from '../domain/pickups/pickup.ts';
import { problems } from '../domain/problems.ts';
import { apiConfig } from '../process/config/api.ts';
import { temporalConfig } from '../process/config/temporal.ts';
import { trackerConfig } from '../process/config/tracker.ts';
import { webhookConfig } from '../process/config/webhooks.ts';
import { createTemporalClient } from '../process/temporal.ts';
import { code, commandTable, deliveryChart, diagram, pickupChart, planChart, table } from './parts/charts.ts';
import { eventTable } from './parts/events.ts';
import { statementsSql } from './statements/sql.ts';

/**
 * `npm run docs`: writes the generated parts of the documents and the console's types, from the tables and the API. test/structure/docs.test.ts fails
 * when they are stale.
 */
const ROOT = join(import.meta.dirname, '..');
const CONSOLE_TYPES = join(ROOT, 'console/src/api/api-types.d.ts');
const CONSOLE_PERMISSIONS = join(ROOT, 'console/src/api/permissions.ts');
/** Documents with parts between markers `<!-- generated:NAME -->` and `<!-- /generated -->`; the rest of them is written by hand. */
export const pages = ['docs/states.md', 'docs/http-api.md', 'docs/events.md'];

const operation = z.object({
  summary: z.string().default(''),
  tags: z.array(z.string()).default([]),
  security: z.array(z.record(z.string(), z.array(z.string()))).default([]),
});
const openApi = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) });

/** The served document; nothing is connected to for it. */
async function servedDocument(): Promise<unknown> {
  const { app } = createApp({
    db: openDb({ url: 'postgresql://127.0.0.1/none' }),
    temporal: createTemporalClient(temporalConfig({})).client,
    taskQueue: 'none',
    config: apiConfig({ AUTH_JWT_SECRET: 'x'.repeat(32) }),
    tracker: trackerConfig({ TRACKING_CALLBACK_SECRET: 'x'.repeat(32) }),
    webhooks: webhookConfig({ TRACKING_CALLBACK_SECRET: 'x'.repeat(32) }),
    log: pino({ level: 'silent' }),
    metrics: createMetrics(),
    tracing: untraced,
    pace: { observe: () => {} },
  });
  return (await app.request('/openapi.json')).json();
}

/** The console's types of the API, as openapi-typescript (of the console's own packages) makes them of the served document. */
export async function consoleTypes(): Promise<string> {
  const program = join(ROOT, 'console/node_modules/openapi-typescript/bin/cli.js');
  const input = JSON.stringify(await servedDocument());
  return execFileSync(process.execPath, [program], { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}

/** What each command asks for, by the tables: the console hides the buttons of what would be refused. */
export function consolePermissions(): string {
  const key = (name: string) => (/^[a-z]+$/.test(name) ? name : `'${name}'`);
  const of = (commands: Record<string, { permission?: string | undefined }>) =>
    Object.entries(commands).flatMap(([name, { permission }]) => (permission ? [`    ${key(name)}: '${permission}',`] : []));
  return [
    '// Written by `npm run docs` from the tables in domain/.',
    'export const commandPermissions: Record<string, Record<string, string>> = {',
    ...["  'delivery-lines': {", ...of(deliveryMachine.commands), '  },'],
    ...['  pickups: {', ...of(pickupMachine.commands), '  },'],
    '};',
    "/** Whose fault a claim's reason implies, unless the inspection says otherwise. */",
    "export const reasonFaults: Record<string, 'buyer' | 'seller'> = {",
    ...Object.keys(reasonCodes).flatMap((code) => {
      const fault = faultOf(code as ReasonCode);
      return fault ? [`  ${code}: '${fault}',`] : [];
    }),
    '};\n',
  ].join('\n');
}

async function endpointTable(): Promise<string> {
  const { paths } = openApi.parse(await servedDocument());
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary, tags, security }]) => ({
      tag: tags[0] ?? '',
      call: code(`${method.toUpperCase()} ${path}`),
      summary,
      permission: security.flatMap((way) => Object.values(way).flat().map(code)).join(', '),
    })),
  );
  const withPermission = calls.some(({ permission }) => permission !== '');
  const rows = [...Map.groupBy(calls, ({ tag }) => tag).values()].flat().map(({ tag, call, summary, permission }) => {
    return withPermission ? [tag, call, summary, permission] : [tag, call, summary];
  });
  return table(withPermission ? ['', 'call', 'what', 'permission'] : ['', 'call', 'what'], rows);
}

const errorTable = () =>
  table(
    ['code', 'status', 'title'],
    Object.entries(problems).map(([name, { status, title }]) => [code(name), String(status), title]),
  );

/** By the name in a page's markers. */
export const parts: Record<string, () => string | Promise<string>> = {
  'delivery-diagram': () => diagram(deliveryChart),
  'delivery-commands': () => commandTable(deliveryChart),
  'pickup-diagram': () => diagram(pickupChart),
  'pickup-commands': () => commandTable(pickupChart),
  'plan-diagram': () => diagram(planChart),
  'plan-commands': () => commandTable(planChart),
  endpoints: endpointTable,
  events: eventTable,
  errors: errorTable,
};

/** A page's text with every generated part made anew. */
export async function render(text: string): Promise<string> {
  const made = new Map<string, string>();
  for (const [name, make] of Object.entries(parts)) made.set(name, await make());
  return text.replace(
    /(<!-- generated:([\w-]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (_whole, open: string, name: string, close: string) => {
      const part = made.get(name);
      if (part === undefined) throw new Error(`a marker that nothing fills: ${name}`);
      return `${open}${part}\n${close}`;
    },
  );
}

if (import.meta.main) {
  for (const page of pages) {
    const before = readFileSync(join(ROOT, page), 'utf8');
    const after = await render(before);
    if (after !== before) writeFileSync(join(ROOT, page), after);
    console.log(`${page} ${after === before ? 'is up to date' : 'written'}`);
  }
  writeFileSync(CONSOLE_TYPES, await consoleTypes());
  writeFileSync(CONSOLE_PERMISSIONS, consolePermissions());
  writeFileSync(join(ROOT, 'db/statements.sql'), await statementsSql());
}
