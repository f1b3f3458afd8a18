import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSupervisor } from '../../local/cluster/supervisor.ts';
import { type OwnKeeper, startOwnKeeper } from '../support/processes/own-keeper.ts';
import { eventually } from '../support/stack.ts';

let own: OwnKeeper;
beforeAll(async () => {
  own = await startOwnKeeper('supervisor');
});
afterAll(() => own.stop());

const supervised = async (script: string) => {
  const stopping = new AbortController();
  const said: string[] = [];
  const logFile = join(own.folder, 'log');
  const supervisor = createSupervisor(stopping.signal, (text) => said.push(text));
  const spec = { name: 'part', command: process.execPath, args: ['-e', script], logFile };
  const part = await supervisor.supervise({ name: 'part', kind: 'api', logFile, start: () => own.keeper.spawn(spec) });
  return { part, said, stop: () => stopping.abort() };
};

test('what dies at once is started again after longer and longer waits, and its last words are shown once', async () => {
  const { part, said, stop } = await supervised("console.log('no port'); process.exit(7)");
  await eventually(async () => part.restarted >= 4);
  stop();
  const waits = said.slice(0, 4).map((text) => Number(/ ([\d.]+)초 뒤/.exec(text)?.[1]));
  expect(waits).toEqual([0.2, 0.4, 0.8, 1.6]);
  expect(said.every((text) => text.includes('종료 코드 7'))).toBe(true);
  expect(said.filter((text) => text.includes('no port'))).toHaveLength(1);
});

test('a killed part gets another process; after the end it stays away', async () => {
  const { part, said, stop } = await supervised('setInterval(() => {}, 1000)');
  const first = part.pid() ?? 0;
  process.kill(first, 'SIGKILL');
  const second = await eventually(async () => part.restarted === 1 && part.pid());
  expect(second).not.toBe(first);
  stop();
  process.kill(second, 'SIGKILL');
  await eventually(async () => part.pid() === undefined);
  expect({ restarted: part.restarted, said: said.length }).toEqual({ restarted: 1, said: 1 });
});
