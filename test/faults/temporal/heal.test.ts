import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { lastingPorts } from '../../../local/servers/ports.ts';
import { startTemporal } from '../../../local/servers/temporal.ts';
import { healTemporal } from '../../../local/servers/temporal-heal.ts';
import { type OwnKeeper, startOwnKeeper } from '../../support/processes/own-keeper.ts';
import { testServers } from '../../support/servers.ts';
import { eventually } from '../../support/stack.ts';

let own: OwnKeeper;
beforeAll(async () => {
  own = await startOwnKeeper('heal');
});
afterAll(() => own.stop());

test('an embedded Temporal whose database connection stays interrupted is restarted on its file and loses nothing', async () => {
  const [port = 0] = await lastingPorts(1);
  const options = {
    executable: testServers().temporalExecutable,
    port,
    dbFile: join(own.folder, 'temporal.db'),
    logFile: join(own.folder, 'temporal.log'),
  };
  const start = () => startTemporal(own.keeper, options);
  const first = await start();
  const connection = await Connection.connect({ address: first.address });
  const client = new Client({ connection });
  await client.workflow.start('kept', { workflowId: 'kept', taskQueue: 'nobody', args: [] });

  let restarts = 0;
  const ended = healTemporal(first, {
    namespace: 'default',
    start,
    onRestart: () => restarts++,
    isInterrupted: async () => restarts === 0,
  });
  await first.child.exited;
  const { status } = await eventually(() => client.workflow.getHandle('kept').describe());
  expect({ status: status.name, restarts }).toEqual({ status: 'RUNNING', restarts: 1 });

  // Its own end is still an end.
  await connection.close();
  await own.keeper.stop();
  expect(await ended).toHaveProperty('code');
});
