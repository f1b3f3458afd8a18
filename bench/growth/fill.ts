import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import pLimit from 'p-limit';
import { z } from 'zod';
import { keywords } from '../../commands/keywords.ts';
import { type DeliveryLineRow, toDeliveryLine } from '../../db/deliveries/row.ts';
import { withClient } from '../../local/servers/postgres.ts';
import { DELIVERY_WORKFLOW, deliveryStartOptions, deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { queueOf, settle, startWorker } from '../harness/programs.ts';
import { startOurs } from '../harness/stack.ts';
import type { TableSizes } from '../measure/table-sizes.ts';
import type { Ground, StoreSizes } from './ground.ts';
import { insertDelivered } from './rows.ts';

/** delivered: set by set, started as delivered, with a short history. whole: every command of a life over HTTP, ten times as slow. */
export const lives = ['delivered', 'whole'] as const;
export type Life = (typeof lives)[number];

/** What a folder holds, kept beside it. */
const filledFile = z.object({
  life: z.enum(lives),
  lines: z.number(),
  empty: z.object({ temporal: z.record(z.string(), z.number()), ours: z.record(z.string(), z.number()) }),
});

export interface Filled {
  lines: number;
  /** Of the stores before the first line. */
  empty: StoreSizes;
}

const STARTS_AT_ONCE = 128;
const SET = 2_000;
const WHOLE_SET = 10_000;
const WHOLE = { perOrder: 10, concurrency: 8 };
/** So that a kept folder may be measured for years. */
const OPEN_DAYS = 3_650;
const FIRST_TASK_EVENTS = 4;
const IDLE_WITHIN_MS = 600_000;

/** Adds lines until the ground has so many. A killed filling goes on with the set that it was at. */
export async function fill(ground: Ground, life: Life, lines: number, say: (text: string) => void): Promise<Filled> {
  const file = join(ground.folder, 'filled.json');
  const known = existsSync(file) ? filledFile.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
  if (known && known.life !== life) throw new Error(`${ground.folder} holds lines of the life "${known.life}"`);
  const empty = known ? mapsOf(known.empty) : await ground.sizes();
  const note = (now: number) => {
    const kept = { life, lines: now, empty: { temporal: plain(empty.temporal), ours: plain(empty.ours) } };
    writeFileSync(`${file}.new`, JSON.stringify(kept));
    renameSync(`${file}.new`, file);
  };
  if (!known) note(0);
  const told = progressOf(known?.lines ?? 0, lines, say);
  const filled = life === 'delivered' ? await fillDelivered(ground, known?.lines ?? 0, lines, (now) => told(now, note)) : 0;
  if (life === 'whole') await fillWhole(ground, lines, (now) => told(now, note));
  // As autovacuum leaves them: without it the first lists pay for hint bits and missing statistics.
  if (filled > 0 || life === 'whole')
    await withClient(ground.servers.urlOf('product'), (client) => client.query('vacuum (analyze)'));
  await settle(ground.pids(), IDLE_WITHIN_MS);
  return { lines: Math.max(lines, known?.lines ?? 0), empty };
}

type Told = (now: number) => void;

async function fillDelivered(ground: Ground, from: number, to: number, told: Told): Promise<number> {
  if (from >= to) return 0;
  const { servers } = ground;
  const worker = await startWorker(servers, { slots: 500, cache: 500 });
  const limit = pLimit(STARTS_AT_ONCE);
  try {
    for (let now = from; now < to; now += SET) {
      const [first, last] = await insertDelivered(servers.urlOf('product'), now, Math.min(SET, to - now));
      const rows = await servers.db.product.query(
        sql<DeliveryLineRow>`select * from delivery_lines where delivery_no between ${first} and ${last} order by delivery_no, line_no`,
      );
      await Promise.all(rows.map((row) => limit(() => start(ground, row))));
      // The queue is first in, first out: when the last has set its timer, so have the others, and the worker is not left behind.
      const newest = rows.at(-1);
      if (newest) await hasBegun(ground, deliveryWorkflowId(newest.delivery_no, newest.line_no));
      told(Math.min(now + SET, to));
    }
    await settle([...ground.pids(), worker.pid], IDLE_WITHIN_MS);
  } finally {
    await worker.stop(6_000);
  }
  return to - from;
}

async function start({ servers }: Ground, row: DeliveryLineRow): Promise<void> {
  const { attributes, ...options } = deliveryStartOptions(toDeliveryLine(row), { openDays: OPEN_DAYS });
  await servers.temporal.workflow.start(DELIVERY_WORKFLOW, {
    ...options,
    taskQueue: queueOf('product'),
    typedSearchAttributes: keywords(attributes),
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
}

async function hasBegun({ servers }: Ground, workflowId: string): Promise<void> {
  const handle = servers.temporal.workflow.getHandle(workflowId);
  while ((await handle.describe()).historyLength < FIRST_TASK_EVENTS) await sleep(50);
}

async function fillWhole(ground: Ground, to: number, told: Told): Promise<void> {
  const { servers } = ground;
  const delivered = async () => {
    const [counted] = await servers.db.product.query(
      sql<{ lines: number }>`select count(*) as lines from delivery_lines where state = 'delivered'`,
    );
    return Number(counted?.lines ?? 0);
  };
  for (let now = await delivered(); now < to; ) {
    const count = Math.ceil(Math.min(WHOLE_SET, to - now) / WHOLE.perOrder) * WHOLE.perOrder;
    // A stack for each set, because its token lasts two hours.
    const stack = await startOurs(servers, { slots: 500, cache: 5_000 });
    try {
      await stack.run({ kind: 'lifecycles', count, ...WHOLE });
      while ((await delivered()) < now + count) await sleep(500);
    } finally {
      await stack.stop();
    }
    now += count;
    told(now);
  }
}

function progressOf(from: number, to: number, say: (text: string) => void) {
  const began = performance.now();
  return (now: number, note: (now: number) => void) => {
    note(now);
    const rate = ((now - from) * 1000) / (performance.now() - began);
    const left = Math.ceil(Math.max(0, to - now) / rate / 60);
    say(`${now.toLocaleString('en')} of ${to.toLocaleString('en')} lines, ${Math.round(rate)}/s, about ${left} min left`);
  };
}

const plain = (sizes: TableSizes) => Object.fromEntries(sizes);
const mapsOf = (kept: z.infer<typeof filledFile>['empty']): StoreSizes => ({
  temporal: new Map(Object.entries(kept.temporal)),
  ours: new Map(Object.entries(kept.ours)),
});
