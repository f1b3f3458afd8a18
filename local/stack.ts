import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { buildConsole } from './console.ts';
import type { Keeper } from './keeper/keeper.ts';
import { missPromises } from './missed-promises.ts';
import { loadSampleData } from './sample-data.ts';
import { sampleReceiver } from './sample-receiver.ts';
import { apiUrl, personaToken, signsTokens } from './servers/announce.ts';
import { progress, timed } from './servers/progress.ts';
import { assertPorts, databaseUrl, startProgram, temporalAddress, type Watch } from './servers/servers.ts';
import {
  childEnvironment,
  receiverEnvironment,
  type Settings,
  simulatesNotices,
  simulatorEnvironment,
} from './servers/settings.ts';

const HEALTHY_WITHIN_MS = 60_000;
const readiness = z.object({ missing: z.array(z.string()) });

/**
 * Starts everything and, at the first start, loads the sample data; returns the environment of API and worker. Throws a readable
 * error when something does not start.
 */
export async function startStack(keeper: Keeper, settings: Settings, watch: Watch): Promise<NodeJS.ProcessEnv> {
  await assertPorts(settings, [['RECEIVER_PORT', settings.RECEIVER_PORT]]);
  const [database, temporal] = await Promise.all([
    databaseUrl(keeper, settings, watch),
    temporalAddress(keeper, settings, watch),
    timed('콘솔', buildConsole),
  ]);
  const env = childEnvironment(settings, { databaseUrl: database, temporalAddress: temporal });
  if (!settings.DELIVERY_API_URL || simulatesNotices(settings)) {
    const simulator = { entry: 'local/simulator/main.ts', env: simulatorEnvironment(settings) };
    await startProgram(keeper, settings, watch, { name: 'simulator', title: '추적 시뮬레이터', ...simulator });
  }
  const receiver = { entry: 'local/receiver/main.ts', env: receiverEnvironment(settings) };
  await startProgram(keeper, settings, watch, { name: 'receiver', title: '웹훅 수신기', ...receiver });
  await timed(`worker와 API(${settings.PORT})`, async () => {
    await Promise.all([
      startProgram(keeper, settings, watch, { name: 'worker', title: 'worker', entry: 'worker/main.ts', env }),
      startProgram(keeper, settings, watch, { name: 'api', title: 'API', entry: 'api/main.ts', env }),
    ]);
    await healthy(apiUrl(settings));
  });
  await sampleData(settings, env);
  await sampleReceiver(settings, env);
  return env;
}

/** Once per data folder; after a first start with `off`, later starts load them only with `on`. */
export async function sampleData(settings: Settings, env: NodeJS.ProcessEnv): Promise<void> {
  const { sampleData: marker } = settings.files;
  const settled = existsSync(marker) ? readFileSync(marker, 'utf8') : undefined;
  if (settled === 'loaded' || (settled === 'declined' && settings.SAMPLE_DATA !== 'on')) return;
  if (settings.SAMPLE_DATA === 'off') return writeFileSync(marker, 'declined');
  if (!signsTokens(settings)) {
    return progress('토큰을 다른 서버(AUTH_JWKS_URL)가 만들어 예제 주문을 넣지 않습니다');
  }
  const token = await personaToken(env, 'admin');
  const place = { apiUrl: apiUrl(settings), token };
  await timed('예제 주문', () => loadSampleData({ ...place, progress }));
  await missPromises({ ...place, temporalAddress: env.TEMPORAL_ADDRESS ?? '', namespace: settings.TEMPORAL_NAMESPACE });
  writeFileSync(marker, 'loaded');
}

/** Our own ready file, which comes last, and what no command needs. */
const notAwaited = ['start', 'schedules', 'version'];

/** Waits for API, database, Temporal, a polling worker, and the search attributes that sample orders need. */
export async function healthy(url: string): Promise<void> {
  const deadline = performance.now() + HEALTHY_WITHIN_MS;
  let answer = '';
  while (performance.now() < deadline) {
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) });
      answer = await response.text();
      const { missing } = readiness.parse(JSON.parse(answer));
      if (missing.every((name) => notAwaited.includes(name))) return;
    } catch (error) {
      answer ||= String(error);
    }
    await sleep(100);
  }
  throw new Error(`API가 ${HEALTHY_WITHIN_MS / 1000}초 안에 준비되지 않았습니다: ${answer}`);
}
