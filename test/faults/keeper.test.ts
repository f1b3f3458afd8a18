import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Connection, WorkflowClient } from '@temporalio/client';
import { descendants, identify, isAlive, type ProcessIdentity } from '../../local/keeper/processes.ts';
import { lastingPorts } from '../../local/servers/ports.ts';
import { withClient } from '../../local/servers/postgres.ts';
import { halt } from '../support/scenes/faults.ts';
import { testServers } from '../support/servers.ts';
import { eventually } from '../support/stack.ts';

const program = join(import.meta.dirname, '..', 'support', 'processes', 'keeper-owner.ts');

/** A process that has started PostgreSQL and Temporal through a keeper. */
interface Owner {
  process: ChildProcess;
  pid: number;
  keeper: number;
  url: string;
  address: string;
  /** Keeper, servers, and the servers' own children. */
  below: ProcessIdentity[];
}

const folder = mkdtempSync(join(tmpdir(), 'delivery-keeper-'));
let ports: string[];
let owner: Owner;

beforeAll(async () => {
  ports = (await lastingPorts(2)).map(String);
  owner = await start();
});
afterAll(async () => {
  if (isAlive(identity(owner.pid))) await kill(owner.pid);
  rmSync(folder, { recursive: true, force: true });
});

/** Always the same data and ports. */
async function start(): Promise<Owner> {
  const args = [program, folder, testServers().temporalExecutable, ...ports];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH } });
  let errors = '';
  child.stderr.on('data', (bytes) => {
    errors += String(bytes);
  });
  const failed = once(child, 'exit').then(() => {
    throw new Error(`the owner has ended: ${errors}`);
  });
  failed.catch(() => {});
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), failed]);
  const { keeper, children, url, address } = JSON.parse(line);
  const below = [keeper, ...children].flatMap((pid: number) => [identity(pid), ...descendants(pid)]);
  return { process: child, pid: child.pid ?? 0, keeper, url, address, below };
}

const identity = (pid: number): ProcessIdentity => identify(pid) ?? { pid, startedAt: '', command: '' };

/** SIGKILL to these, then waits for everything below the owner to be gone. */
async function kill(...pids: number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await eventually(async () => !owner.below.some(isAlive));
}

const remember = async (word: string) => {
  await withClient(owner.url, async (client) => {
    await client.query('create table if not exists words (word text)');
    await client.query('insert into words values ($1)', [word]);
  });
  await onTemporal((client) => client.start('nobody', { taskQueue: 'nobody', workflowId: word }));
};

const remembered = async (word: string): Promise<boolean> => {
  const { rowCount } = await withClient(owner.url, (client) => client.query('select 1 from words where word = $1', [word]));
  const { status } = await onTemporal((client) => client.getHandle(word).describe());
  return rowCount === 1 && status.name === 'RUNNING';
};

async function onTemporal<T>(work: (client: WorkflowClient) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: owner.address });
  try {
    return await work(new WorkflowClient({ connection }));
  } finally {
    await connection.close();
  }
}

describe('children die with their parent, and the next start works on the same data', () => {
  test.each<[string, (owner: Owner) => number[]]>([
    ['the process that started them', ({ pid }) => [pid]],
    ['their keeper, which that process survives', ({ keeper }) => [keeper]],
  ])('kill -9 of %s', async (_, victims) => {
    const word = `word-${performance.now()}`;
    await remember(word);
    await kill(...victims(owner));
    expect(owner.below.some(isAlive)).toBe(false);
    // Whoever is left of the two takes the file away, after the children.
    await eventually(async () => !existsSync(join(folder, 'run.json')));
    if (isAlive(identity(owner.pid))) await end(owner.process);
    owner = await start();
    expect(await remembered(word)).toBe(true);
  });

  test('kill -9 of both: the next start removes what they left, first', async () => {
    const word = `word-${performance.now()}`;
    await remember(word);
    const left = owner.below;
    // Stopped, so that neither can do anything for the children while both are killed.
    for (const pid of [owner.keeper, owner.pid]) await halt({ pid });
    for (const pid of [owner.keeper, owner.pid]) process.kill(pid, 'SIGKILL');
    await eventually(async () => !isAlive(identity(owner.keeper)));
    expect(left.some(isAlive)).toBe(true);
    owner = await start();
    expect(left.some(isAlive)).toBe(false);
    expect(await remembered(word)).toBe(true);
  });
});

async function end(child: ChildProcess): Promise<void> {
  const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  child.kill('SIGKILL');
  await ended;
}
