import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** Receivers outside, in a process of their own: one that is good, and one that never answers. Asked by messages what has come. */
const seen = new Map<string, number>();
let disordered = 0;
let slow = 0;

const good = createServer(async (incoming, answer) => {
  const { data } = (await json(incoming)) as { data: { subject: string; revision: number } };
  if (data.revision < (seen.get(data.subject) ?? 0)) disordered++;
  seen.set(data.subject, data.revision);
  ids.add(String(incoming.headers['webhook-id']));
  answer.writeHead(204).end();
});
const ids = new Set<string>();
const never = createServer(() => {
  slow++;
});
const portOf = (server: typeof good) =>
  new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

const [goodPort, slowPort] = await Promise.all([portOf(good), portOf(never)]);
const deadServer = createServer();
const deadPort = await portOf(deadServer);
await new Promise((resolve) => deadServer.close(resolve));

export interface Counted {
  came: number;
  /** Events that came after a later one of their line. */
  disordered: number;
  slow: number;
}
process.on('message', () => process.send?.({ came: ids.size, disordered, slow } satisfies Counted));
process.on('disconnect', () => process.exit());
process.send?.({ good: goodPort, slow: slowPort, dead: deadPort });
