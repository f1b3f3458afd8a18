import { z } from 'zod';
import { startReceiver } from './server.ts';

/** `node local/receiver/main.ts`: a receiver of webhooks as a process of its own. */
const environment = z.object({
  RECEIVER_PORT: z.coerce.number().int().min(0).max(65_535).default(8400),
  RECEIVER_SECRET_FILE: z.string().optional(),
});

const set = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
const { data, error } = environment.safeParse(set);
if (!data) {
  for (const { path, message } of error.issues) console.error(`${path.join('.')}: ${message}`);
  process.exit(78);
}
const { RECEIVER_PORT: port, RECEIVER_SECRET_FILE: secretFile } = data;
const receiver = await startReceiver({ port, secretFile }).catch((problem: unknown) => {
  console.error(`RECEIVER_PORT: cannot listen on ${port}: ${problem instanceof Error ? problem.message : problem}`);
  process.exit(1);
});
console.log(`webhook receiver listening on ${receiver.url}`);

let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  await receiver.stop();
  process.exit(0);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
