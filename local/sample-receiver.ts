import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { accept, createClient } from './sample/client.ts';
import { apiUrl, personaToken, receiverUrl, signsTokens } from './servers/announce.ts';
import { progress } from './servers/progress.ts';
import type { Settings } from './servers/settings.ts';

const REACHED_WITHIN_MS = 10_000;
const made = z.object({ id: z.int(), secret: z.string() });
const tested = z.object({ eventId: z.string() });

/**
 * The receiver of this stack as an endpoint, once per data folder and only beside sample data: whoever declined them registers his own.
 * Without it everything else works, so a fault of it is said and stops nothing.
 */
export async function sampleReceiver(settings: Settings, env: NodeJS.ProcessEnv): Promise<void> {
  const { sampleData, receiverSecret } = settings.files;
  const isLoaded = existsSync(sampleData) && readFileSync(sampleData, 'utf8') === 'loaded';
  if (!isLoaded || existsSync(receiverSecret) || !signsTokens(settings)) return;
  try {
    await register(apiUrl(settings), receiverUrl(settings), await personaToken(env, 'admin'));
  } catch (error) {
    progress(`웹훅 수신기를 등록하지 못했습니다: ${error instanceof Error ? error.message : error}`);
  }
}

/** Registers it, hands it its secret, and tests it, so that it has something to show. A start that dies in between repeats the call under the same key and gets the same secret. */
async function register(api: string, receiver: string, token: string): Promise<void> {
  const stop = new AbortController();
  const send = createClient(api, token, stop.signal);
  const wish = { url: `${receiver}/hook`, types: ['*'], description: '이 컴퓨터의 웹훅 수신기 (npm start)' };
  const { id, secret } = accept('웹훅', made, await send('POST', '/api/bo/v1/webhooks', wish));
  const until = performance.now() + REACHED_WITHIN_MS;
  for (;;) {
    const fault = await hand(receiver, secret);
    if (fault === null) break;
    if (performance.now() > until) throw new Error(`${receiver}: ${fault}`);
    await sleep(100);
  }
  accept('웹훅 시험', tested, await send('POST', `/api/bo/v1/webhooks/${id}/test`));
}

/** Hands the receiver its secret; why it was not taken, or null. */
async function hand(receiver: string, secret: string): Promise<string | null> {
  try {
    const answer = await fetch(`${receiver}/_control/secret`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret }),
    });
    return answer.ok ? null : `HTTP ${answer.status}`;
  } catch (error) {
    return String(error);
  }
}
