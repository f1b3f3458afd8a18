import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKeeper } from '../../../local/keeper/keeper.ts';
import { apiUrl, personaToken } from '../../../local/servers/announce.ts';
import { freePort } from '../../../local/servers/ports.ts';
import { readSettings } from '../../../local/servers/settings.ts';
import { startStack } from '../../../local/stack.ts';

export interface MeasuredStack {
  url: string;
  databaseUrl: string;
  token: string;
  stop: () => Promise<void>;
}

/** `npm start` without sample data, in a folder and on ports of its own: every program a process, as an operator's machine has it. */
export async function startMeasuredStack(): Promise<MeasuredStack> {
  const folder = mkdtempSync(join(tmpdir(), 'console-measure-'));
  const names = ['PORT', 'PG_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'SIMULATOR_PORT', 'RECEIVER_PORT'];
  const ports = await Promise.all(names.map(async (name) => [name, String(await freePort())] as const));
  const settings = readSettings({ ...process.env, ...Object.fromEntries(ports), DATA_DIR: folder, SAMPLE_DATA: 'off' });
  mkdirSync(settings.files.logs, { recursive: true });
  const keeper = await startKeeper({ runFile: settings.files.run });
  const stop = async () => {
    await keeper.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const env = await startStack(keeper, settings, () => {});
    return { url: apiUrl(settings), databaseUrl: env.DATABASE_URL ?? '', token: await personaToken(env, 'admin'), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
