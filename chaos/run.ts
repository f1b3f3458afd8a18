import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { balance } from './books/books.ts';
import type { Finding } from './books/finding.ts';
import { type Ledgers, readPending } from './books/ledgers.ts';
import { type Asking, createAsking, isFinal } from './clients/asking.ts';
import { runClient } from './clients/client.ts';
import { PRODUCTS } from './clients/stories.ts';
import { startTracker } from './clients/tracker.ts';
import { type Happened, openHistory } from './history/history.ts';
import { hasDisks } from './nemesis/disk.ts';
import { runFaults } from './nemesis/nemesis.ts';
import { type Fault, planFaults, streamOf } from './nemesis/plan.ts';
import type { World, WorldOptions } from './world/world.ts';

export interface RunOptions {
  seed: number;
  minutes: number;
  clients: number;
  /** Where everything is kept. */
  folder: string;
  /** After the last fault, everything is settled within this time, or it is a finding. */
  settlesWithinMs: number;
  startWorld: (options: WorldOptions) => Promise<World>;
  say: (text: string) => void;
}

export interface Outcome {
  findings: Finding[];
  happened: Happened[];
  ledgers: Ledgers;
  faults: Fault[];
  /** Instant of ms 0. */
  began: number;
  /** From the last fault until nothing was pending. */
  settledMs: number;
  /** How often each part was started again. */
  restarts: Record<string, number>;
}

const LOOK_MS = 500;
const LOOKS_UNTIL_SAID = 10;
const BOOK = 'nothing pending';

/** Starts a world, lets clients, tracker and nemesis at it, waits until all is settled, and balances the books. */
export async function runChaos({
  seed,
  minutes,
  clients,
  folder,
  settlesWithinMs,
  startWorld,
  say,
}: RunOptions): Promise<Outcome> {
  mkdirSync(folder, { recursive: true });
  const history = openHistory(join(folder, 'history.jsonl'));
  const leaving = new AbortController();
  const tracker = await startTracker(history, leaving.signal);
  let world: World | undefined;
  try {
    world = await startWorld({ folder, tracker: tracker.address, say });
    tracker.callTo(world.apis.tracker, world.callbackSecret);
    const asking = createAsking({ urls: world.apis.clients, token: world.token, history, leaving: leaving.signal });
    await prepare(asking, seed);
    const namesOf = (list: { name: string }[]) => list.map(({ name }) => name).sort();
    const names = { parts: namesOf(world.parts), gates: namesOf(world.gates) };
    const faults = planFaults(seed, minutes * 60_000, { ...names, hasDisks: await hasDisks() });
    writeFileSync(join(folder, 'faults.json'), JSON.stringify(faults, null, 2));
    say(`${faults.length} faults in ${minutes} min, ${clients} clients, seed ${seed}`);

    const nemesis = runFaults(faults, world, history, leaving.signal);
    const working = Array.from({ length: clients }, (_, at) =>
      runClient({
        name: `client-${at + 1}`,
        randomOf: (story) => streamOf(seed, `client-${at + 1} ${story}`),
        orderPrefix: `CH${seed}-${at + 1}`,
        waybillPrefix: `6${String(seed % 1000).padStart(3, '0')}${String(at + 1).padStart(2, '0')}`,
        asking,
        tracker,
        leaving: leaving.signal,
      }),
    );
    await Promise.race([Promise.all([nemesis, sleep(minutes * 60_000)]), Promise.all(working)]);
    leaving.abort();
    const healed = performance.now();
    say('the last fault is over');
    await Promise.all(working);
    await tracker.settled();
    const pending = await settle(world, asking, healed + settlesWithinMs, say);
    const settledMs = Math.round(performance.now() - healed);
    const { findings, ledgers } = await balance(world, history.happened);
    const restarts = Object.fromEntries(world.parts.map(({ name, restarted }) => [name, restarted]));
    return {
      findings: [...pending, ...findings],
      happened: history.happened,
      ledgers,
      faults,
      began: Date.now() - performance.now() + history.began,
      settledMs,
      restarts,
    };
  } finally {
    leaving.abort();
    await world?.stop();
    await tracker.close();
  }
}

/** Products whose stock is counted. */
async function prepare(asking: Asking, seed: number): Promise<void> {
  const random = streamOf(seed, 'stock');
  const must = async (act: string, method: 'POST' | 'PUT', path: string, body: object) => {
    const heard = await asking.ask('stock', { key: crypto.randomUUID(), act, method, path, body }, 'patient');
    if (heard?.body?.code !== '9999') throw new Error(`${act}: ${JSON.stringify(heard)}`);
  };
  for (const id of PRODUCTS) {
    await must(`product ${id}`, 'POST', '/v2/shipping/product', { shipping_product_id: id, product_name: '의자' });
    await must(`stock ${id}`, 'PUT', `/v2/shipping/product/${id}/stock`, { quantity: random.between(20, 200), reason: '실사' });
  }
}

/** Waits until nothing is pending, asks once more about every wish whose outcome nobody heard, and waits for what that began. */
async function settle(world: World, asking: Asking, deadline: number, say: (text: string) => void): Promise<Finding[]> {
  const before = await nothingPending(world, deadline, say);
  if (before.length > 0) return before;
  const findings: Finding[] = [];
  for (const key of asking.unheard()) {
    const heard = await asking.again(key);
    if (!heard || !isFinal(heard)) findings.push({ book: BOOK, subject: key, text: `a repeat hears ${JSON.stringify(heard)}` });
  }
  return [...findings, ...(await nothingPending(world, deadline, say))];
}

async function nothingPending(world: World, deadline: number, say: (text: string) => void): Promise<Finding[]> {
  for (let looks = 1; ; looks++) {
    const left = await readPending(world.db).catch(() => ({ 'PostgreSQL does not answer': 1 }));
    const counts = Object.entries(left).filter(([, count]) => count > 0);
    if (counts.length === 0) return [];
    if (performance.now() > deadline) return counts.map(([subject, count]) => ({ book: BOOK, subject, text: `${count} left` }));
    if (looks % LOOKS_UNTIL_SAID === 0) say(`pending: ${counts.map(([what, count]) => `${what} ${count}`).join(', ')}`);
    await sleep(LOOK_MS);
  }
}
