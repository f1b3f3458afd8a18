import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
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
/** Longer than any canary in bytes, so that none is missed between two pieces. */
const OVERLAP = 64;

/** No canary in Temporal's histories, in its files, in any log, or among the metrics. */
export async function checkPrivacy(world: World, ledgers: Ledgers): Promise<Finding[]> {
  const findings: Finding[] = [];
  const note = (subject: string, bytes: Buffer) => {
    const found = CANARIES.filter((canary) => bytes.includes(canary));
    if (found.length > 0) findings.push({ book: BOOK, subject, text: `holds ${found.join(', ')}` });
    return found.length > 0;
  };
  for (const file of world.exposed.flatMap(filesIn)) await search(file, note);
  for (const url of world.metrics) {
    const response = await fetch(url).catch(() => undefined);
    if (response) note(url, Buffer.from(await response.text()));
  }
  const ids = [
    ...ledgers.lines.map((line) => deliveryWorkflowId(line.delivery_no, line.line_no)),
    ...ledgers.pickups.map((pickup) => pickupWorkflowId(pickup.pickup_no)),
  ];
  const limit = pLimit(AT_ONCE);
  await Promise.all(ids.map((id) => limit(async () => note(id, await historyOf(world.temporal, id)))));
  return findings;
}

async function historyOf(client: Client, id: string): Promise<Buffer> {
  const history = await client.workflow
    .getHandle(id)
    .fetchHistory()
    .catch(() => undefined);
  return Buffer.concat(history ? bytesIn(history) : []);
}

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
