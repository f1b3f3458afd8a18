import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../local/cluster/cluster.ts';
import { freeSettings } from '../../local/cluster/options.ts';
import type { Part, PartKind } from '../../local/cluster/supervisor.ts';
import { startKeeper } from '../../local/keeper/keeper.ts';
import { descendants, identify, isAlive, type ProcessIdentity } from '../../local/keeper/processes.ts';
import { readRecord } from '../../local/keeper/run-file.ts';
import type { Settings } from '../../local/servers/settings.ts';
import { temporalServer } from '../../local/servers/temporal-server.ts';
import { type Http, httpOf } from '../support/http.ts';
import { command, type PlacedLine, placeOrder, take, unique } from '../support/scenes/orders.ts';
import { eventually } from '../support/stack.ts';

/*
 * The topology of `npm run cluster`, for real. The server it needs is built once per user, by Go: until then `npm test`
 * leaves this file out, and `npm run test:cluster` builds it first.
 */
const BUILD_MS = 1_500_000;
const program = join(import.meta.dirname, '..', '..', 'local', 'cluster', 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'delivery-cluster-'));
/** All processes that any start of this file has had. */
const seen: ProcessIdentity[] = [];
let settings: Settings;
let cluster: Cluster;
let api: Http;
let line: PlacedLine;

const living = () => seen.filter(isAlive).map(({ pid, command }) => `${pid} ${command}`);

/** Remembers what the keeper's file names, and everything below. */
function look(): number {
  const { keeper, children = [] } = readRecord(settings.files.run) ?? {};
  const found = [...(keeper ? [keeper] : []), ...children.map(({ identity }) => identity)];
  for (const { pid } of found) seen.push(...[identify(pid), ...descendants(pid)].filter((each) => each !== undefined));
  return children.length;
}

const partsOf = (kind: PartKind): Part[] => cluster.parts.filter((part) => part.kind === kind);

/** Commands a line as a caller does who repeats what broke or is pending, under its key. */
async function instruct({ deliveryNo, lineNo }: PlacedLine): Promise<object> {
  const key = { 'idempotency-key': unique('cluster') };
  return eventually(async () => {
    const { status, body } = await command(api, 'instruct', [{ deliveryNo, lineNo }], {}, key);
    return status === 200 && body.results[0];
  });
}

/** Kills a part and waits until another process has its place. */
async function kill(part: Part): Promise<void> {
  const before = part.restarted;
  const pid = await eventually(async () => part.pid());
  process.kill(pid, 'SIGKILL');
  await eventually(async () => part.restarted > before && part.pid() !== undefined && part.pid() !== pid);
}

const liveOf = async ({ deliveryNo, lineNo }: PlacedLine) => {
  const { body } = await api.get(`/api/bo/v1/deliveries/${deliveryNo}?live=true`);
  return body.lines.find((each: PlacedLine) => each.lineNo === lineNo).live;
};

describe('the topology of production on one machine', () => {
  beforeAll(async () => {
    const keeper = await startKeeper({ runFile: join(folder, 'build.json') });
    await temporalServer(keeper, (text) => console.log(text)).finally(() => keeper.stop());
    settings = await freeSettings(join(folder, 'data'));
    cluster = await startCluster({ settings, shards: 4, postgresSettings: ['fsync=off'], progress: () => {} });
    api = httpOf(cluster.url, await cluster.token('operator'));
    look();
  }, BUILD_MS);
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('every service is a process of its own', () => {
    const kinds: [PartKind, number][] = [
      ['postgres', 1],
      ['frontend', 1],
      ['history', 2],
      ['matching', 2],
      ['system-worker', 1],
      ['temporal-ui', 1],
      ['simulator', 1],
      ['api', 2],
      ['worker', 2],
    ];
    for (const [kind, count] of kinds) expect([kind, partsOf(kind).length]).toEqual([kind, count]);
    expect(new Set(cluster.parts.map(({ pid }) => pid())).size).toBe(cluster.parts.length);
  });

  test('a line lives its life through the one address', async () => {
    [line] = (await placeOrder(api)) as [PlacedLine];
    await take(api, line, ['instruct', 'release', 'ship', 'deliver']);
    expect(await liveOf(line)).toEqual({ state: 'delivered', revision: 5 });
  });

  for (const kind of ['api', 'worker', 'history', 'matching', 'frontend', 'system-worker', 'postgres'] as const)
    test(`killed: ${kind}. It is started again, and a line goes on`, async () => {
      const [other] = (await eventually(() => placeOrder(api))) as [PlacedLine];
      await kill(partsOf(kind)[0] as Part);
      expect(await instruct(other)).toMatchObject({ ok: true, state: 'instructed' });
      expect(await eventually(() => liveOf(other))).toEqual({ state: 'instructed', revision: 2 });
    });

  test('stopped, nothing of it is left', async () => {
    look();
    await cluster.stop();
    expect(living()).toEqual([]);
    expect(existsSync(settings.files.run)).toBe(false);
  });

  describe('`npm run cluster` on the same data', () => {
    let main: ChildProcess;
    let output = '';

    const begin = (...args: string[]) => {
      const { files, ...given } = settings;
      const env = { ...process.env, ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)])) };
      main = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      output = '';
      for (const stream of [main.stdout, main.stderr])
        stream?.on('data', (bytes) => {
          output += String(bytes);
        });
      return once(main, 'exit');
    };

    test('another number of shards is refused in a sentence', async () => {
      const [code] = await begin('--shards', '8');
      expect(code).toBe(1);
      expect(output).toContain('--shards 8');
      expect(output).toContain('shard 4개');
    });

    test('a second start goes on with the same lines; killed, nothing of it is left', async () => {
      const exited = begin('--apis', '1', '--workers', '1');
      await eventually(async () => main.exitCode !== null || (await fetch(`${cluster.url}/readyz`)).ok);
      expect({ exit: main.exitCode, output }).toMatchObject({ exit: null });
      const back = await eventually(() => command(api, 'reopen', [line], { reason: '시험' }, { 'idempotency-key': 'reopened' }));
      expect(back).toMatchObject({ status: 200 });
      expect(await liveOf(line)).toEqual({ state: 'shipped', revision: 6 });
      // PostgreSQL, four services in six processes, their UI, the simulator, one API and one worker.
      expect(look()).toBe(11);
      main.kill('SIGKILL');
      await exited;
      await eventually(async () => living().length === 0);
    });

    test('Ctrl-C while it starts: it says so, ends with 0 and leaves nothing', async () => {
      const exited = begin();
      await eventually(async () => look() > 3);
      main.kill('SIGINT');
      const [code] = await exited;
      look();
      expect({ code, left: living() }).toEqual({ code: 0, left: [] });
      expect(output).toContain('모두 멈추었습니다');
    });
  });
});
