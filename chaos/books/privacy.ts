import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { deliveryWorkflowId } from '../../workflows/messages/delivery.ts';
import { pickupWorkflowId } from '../../workflows/messages/pickup.ts';
import { CANARIES } from '../clients/people.ts';
import type { World } from '../world/world.ts';
import type { Finding } from './finding.ts';
import type { Ledgers } from './ledgers.ts';

const BOOK = 'personal data';
const AT_ONCE = 8;
const TRIES = 20;
const TRY_AFTER_MS = 500;
/** Longer than any canary in bytes, so that none is missed between two pieces. */
const OVERLAP = 64;

/** What is searched: everything outside of PostgreSQL that a run leaves. */
export type Searched = Pick<World, 'exposed' | 'metrics' | 'temporal'>;

/** No canary in what Temporal keeps of any workflow, in its files, in any log, or among the metrics; what cannot be read is a finding. */
export async function checkPrivacy({ exposed, metrics, temporal }: Searched, { lines, pickups }: Ledgers): Promise<Finding[]> {
  const findings: Finding[] = [];
  const finding = (subject: string, text: string) => findings.push({ book: BOOK, subject, text });
  const note = (subject: string, bytes: Buffer) => {
    const found = CANARIES.filter((canary) => bytes.includes(canary));
    if (found.length > 0) finding(subject, `holds ${found.join(', ')}`);
    return found.length > 0;
  };
  const limit = pLimit(AT_ONCE);
  const searched = (subject: string, read: () => Promise<Buffer>) =>
    limit(async () => {
      try {
        note(subject, await patiently(read));
      } catch (error) {
        finding(subject, `cannot be read: ${error instanceof Error ? error.message : error}`);
      }
    });

  for (const file of exposed.flatMap(filesIn)) await search(file, note);
  const reading = metrics.map((url) => searched(url, async () => Buffer.from(await (await fetch(url)).arrayBuffer())));
  // Each run of lines, pickups, sheets and batches, with what the lists of Temporal show of it.
  const listed = new Set<string>();
  for await (const { workflowId, runId, raw } of temporal.workflow.list()) {
    listed.add(workflowId);
    reading.push(
      searched(workflowId, async () => Buffer.concat([...bytesIn(raw), await historyOf(temporal, workflowId, runId)])),
    );
  }
  // Temporal lists a workflow a moment after it has begun.
  const ids = [
    ...lines.map((line) => deliveryWorkflowId(line.delivery_no, line.line_no)),
    ...pickups.map((pickup) => pickupWorkflowId(pickup.pickup_no)),
  ];
  for (const id of ids) if (!listed.has(id)) reading.push(searched(id, () => historyOf(temporal, id)));
  await Promise.all(reading);
  return findings;
}

/** A part may be starting again. */
async function patiently(read: () => Promise<Buffer>): Promise<Buffer> {
  for (let tries = 1; ; tries++) {
    try {
      return await read();
    } catch (error) {
      if (tries === TRIES) throw error;
      await sleep(TRY_AFTER_MS);
    }
  }
}

const historyOf = async ({ workflow }: Pick<Client, 'workflow'>, id: string, runId?: string): Promise<Buffer> =>
  Buffer.concat(bytesIn(await workflow.getHandle(id, runId).fetchHistory()));

/** Every text and payload. */
function bytesIn(value: unknown): Buffer[] {
  if (typeof value === 'string') return [Buffer.from(value)];
  if (value instanceof Uint8Array) return [Buffer.from(value)];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(bytesIn);
}

const filesIn = (path: string): string[] =>
  statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesIn(join(path, name))) : [path];

async function search(file: string, found: (subject: string, bytes: Buffer) => boolean): Promise<void> {
  let last: Buffer = Buffer.alloc(0);
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) {
    const bytes = Buffer.concat([last, piece as Buffer]);
    if (found(file, bytes)) return;
    last = bytes.subarray(-OVERLAP);
  }
}
