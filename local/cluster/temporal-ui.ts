import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STOP_LAST } from '../keeper/processes.ts';
import type { Context } from './context.ts';

/** Starts Temporal's web UI, a program of its own beside the full server, on TEMPORAL_UI_PORT. */
export async function startTemporalUi(
  { keeper, supervisor, settings, through, logOf }: Context,
  { ui, address }: { ui: string; address: string },
): Promise<void> {
  const name = 'temporal-ui';
  const folder = join(settings.files.dataDir, 'temporal', 'ui');
  mkdirSync(folder, { recursive: true });
  const config = {
    temporalGrpcAddress: await through(name, 'frontend', address),
    host: '127.0.0.1',
    port: settings.TEMPORAL_UI_PORT,
    enableUi: true,
    defaultNamespace: settings.TEMPORAL_NAMESPACE,
    // It asks nobody outside for news of itself.
    disableNewsFetch: true,
    notifyOnNewVersion: false,
  };
  writeFileSync(join(folder, 'base.yaml'), JSON.stringify(config, null, 2));
  const logFile = logOf(name);
  const args = ['--root', folder, '--config', '.', '--env', 'base', 'start'];
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  const start = () => keeper.spawn({ name, command: ui, args, env, cwd: folder, logFile, stopOrder: STOP_LAST });
  await supervisor.supervise({ name, kind: 'temporal-ui', logFile, start });
}
