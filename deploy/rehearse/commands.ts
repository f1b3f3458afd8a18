import { z } from 'zod';
import type { Line } from './load.ts';

const answer = z.object({
  results: z.array(
    z.object({ ok: z.boolean(), revision: z.number().optional(), error: z.object({ code: z.string() }).optional() }),
  ),
});

/** A command that was answered `ok`: from then on it must never be lost. */
export interface Acknowledged extends Line {
  command: string;
  revision: number;
}

export interface Api {
  url: string;
  token: string;
}

/** Gives one command to one line; the code when it is refused. */
export async function give({ url, token }: Api, line: Line, command: string): Promise<Acknowledged | { refused: string }> {
  const response = await fetch(`${url}/api/bo/v1/delivery-lines/${command}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ lines: [line] }),
  });
  if (!response.ok) throw new Error(`${command}: ${response.status} ${await response.text()}`);
  const [result] = answer.parse(await response.json()).results;
  if (result?.ok && result.revision !== undefined) return { ...line, command, revision: result.revision };
  return { refused: result?.error?.code ?? 'nothing' };
}

const CLIENTS = 4;

/** Clients who take line after line through its first steps until they are stopped; `ledger` grows by what they were told. */
export function startClients(api: Api, lines: Line[]): { ledger: Acknowledged[]; stop: () => Promise<void> } {
  const ledger: Acknowledged[] = [];
  let isStopping = false;
  let next = 0;
  const work = async () => {
    while (!isStopping) {
      const line = lines[next++];
      if (!line) return;
      for (const command of ['instruct', 'release']) {
        const told = await give(api, line, command);
        if ('refused' in told) throw new Error(`${command} of ${line.deliveryNo}/${line.lineNo}: ${told.refused}`);
        ledger.push(told);
      }
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, work));
  // Whoever stops them hears of it.
  clients.catch(() => {});
  return {
    ledger,
    stop: async () => {
      isStopping = true;
      await clients;
    },
  };
}
