import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCluster } from '../../local/cluster/cluster.ts';
import { freeSettings } from '../../local/cluster/options.ts';
import { type Keeper, startKeeper } from '../../local/keeper/keeper.ts';
import { apiUrl, personaToken } from '../../local/servers/announce.ts';
import { lastLines } from '../../local/servers/progress.ts';
import { programArgs } from '../../local/servers/servers.ts';
import type { Settings } from '../../local/servers/settings.ts';
import { startStack } from '../../local/stack.ts';

/** All of ours and both servers, in a folder of its own. */
export interface Running {
  url: string;
  token: string;
  databaseUrl: string;
  temporalAddress: string;
  /** Runs a program of ours to its end; its lines go to a file. */
  run: (entry: string, args: string[]) => Promise<{ code: number | null; lines: string[] }>;
  stop: () => Promise<void>;
}

/** Where one of the two is to live, with ports of its own. */
export interface Place {
  keeper: Keeper;
  settings: Settings;
}

export async function placeIn(folder: string): Promise<Place> {
  // Sweeps and batches are as in production; nothing is sent to a tracker that is not there.
  const settings = await freeSettings(folder);
  mkdirSync(settings.files.logs, { recursive: true });
  return { settings, keeper: await startKeeper({ runFile: settings.files.run }) };
}

export async function start({ keeper, settings }: Place, onCluster: boolean): Promise<Running> {
  const { files } = settings;
  const up = onCluster ? await onPostgres(keeper, settings) : await onDevServer(keeper, settings);
  return {
    ...up,
    url: apiUrl(settings),
    token: await personaToken(up.environment, 'admin'),
    run: async (entry, args) => {
      const lines: string[] = [];
      const child = await keeper.spawn({
        name: entry,
        command: process.execPath,
        args: [...programArgs(entry), ...args],
        env: up.environment,
        onLine: (line) => lines.push(line),
      });
      const { code } = await child.exited;
      writeFileSync(join(files.logs, `${entry.replaceAll('/', '-')}.log`), lines.join('\n'));
      return { code, lines };
    },
  };
}

async function onPostgres(keeper: Keeper, settings: Settings) {
  const cluster = await startCluster({ settings, keeper });
  const { databaseUrl, temporalAddress, environment, stop } = cluster;
  return { databaseUrl, temporalAddress, environment, stop };
}

async function onDevServer(keeper: Keeper, settings: Settings) {
  const environment = await startStack(keeper, settings, (child, title, logFile) => {
    void child.exited.then(({ code, signal }) => {
      if (!isStopping) console.error(`${title} has ended (${signal ?? code}):\n${lastLines(logFile, 15).join('\n')}`);
    });
  });
  let isStopping = false;
  const stop = async () => {
    isStopping = true;
    await keeper.stop();
  };
  const { DATABASE_URL: databaseUrl = '', TEMPORAL_ADDRESS: temporalAddress = '' } = environment;
  return { databaseUrl, temporalAddress, environment, stop };
}
