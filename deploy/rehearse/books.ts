import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import type { Db } from '../../db/database.ts';
import type { Acknowledged } from './commands.ts';

export interface Account {
  what: string;
  holds: boolean;
  seen: string;
}

export interface Books {
  db: Db;
  temporal: Client;
  lines: number;
  quantity: number;
  /** Answered before the backup began. */
  before: Acknowledged[];
}

/** Temporal writes what its lists show a moment after the workflow. */
const LISTED_WITHIN_MS = 120_000;

/** What must hold of the restored stores after `rebuild`. */
export async function balance({ db, temporal, lines, quantity, before }: Books): Promise<Account[]> {
  const one = async (query: ReturnType<typeof sql<{ count: number }>>): Promise<number> =>
    (await db.query(query))[0]?.count ?? -1;
  const rows = await one(sql<{ count: number }>`select count(*)::int as count from delivery_lines`);
  const sum = await one(sql<{ count: number }>`select coalesce(sum(quantity), 0)::int as count from delivery_lines`);
  // Each step of a history that counts begins where the last ended, and the row is as its last step left it.
  const broken = await one(sql<{ count: number }>`
    with steps as (
      select delivery_no, line_no, revision, from_state, to_state,
        lag(to_state) over line as before, row_number() over line as position, count(*) over (partition by delivery_no, line_no) as steps
      from delivery_history where voided_at is null and refused is null
      window line as (partition by delivery_no, line_no order by revision))
    select count(*)::int as count from delivery_lines row
      left join steps on steps.delivery_no = row.delivery_no and steps.line_no = row.line_no and position = steps
      where steps.revision is distinct from row.revision or steps.to_state <> row.state or position <> row.revision
        or exists (select from steps other where other.delivery_no = row.delivery_no and other.line_no = row.line_no
                   and other.position > 1 and other.from_state <> other.before)`);
  const found = await db.query(sql<{ key: string }>`
    select delivery_no || '/' || line_no || ' ' || command || ' ' || revision as key from delivery_history
      where voided_at is null and refused is null`);
  const kept = new Set(found.map(({ key }) => key));
  const lost = before.filter(
    ({ deliveryNo, lineNo, command, revision }) => !kept.has(`${deliveryNo}/${lineNo} ${command} ${revision}`),
  );
  const voided = await one(
    sql<{ count: number }>`select count(*)::int as count from delivery_history where voided_at is not null`,
  );
  const running = await listed(temporal, lines);
  return [
    { what: 'every line is there', holds: rows === lines, seen: `${rows} of ${lines}` },
    { what: 'their quantities are as loaded', holds: sum === quantity, seen: `${sum} of ${quantity}` },
    { what: 'Temporal lists a running workflow a line', holds: running === lines, seen: `${running} of ${lines}` },
    {
      what: 'every command answered before the backup is in history',
      holds: lost.length === 0,
      seen: `${before.length - lost.length} of ${before.length}`,
    },
    { what: 'histories have no gap and end in their rows', holds: broken === 0, seen: `${broken} are broken` },
    { what: 'steps of the time of the backup, taken back with a mark', holds: true, seen: String(voided) },
  ];
}

async function listed(temporal: Client, wanted: number): Promise<number> {
  const deadline = performance.now() + LISTED_WITHIN_MS;
  for (;;) {
    const { count } = await temporal.workflow.count("ExecutionStatus = 'Running' and Kind = 'delivery'");
    if (count === wanted || performance.now() > deadline) return count;
    await sleep(500);
  }
}
