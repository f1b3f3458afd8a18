import { z } from 'zod';
import { startSimulator } from './server.ts';

/** `node local/simulator/main.ts`: the simulated tracker as a process of its own. */
const environment = z.object({
  SIMULATOR_PORT: z.coerce.number().int().min(0).max(65_535).default(8300),
  HOST: z.string().default('127.0.0.1'),
  SIMULATOR_SPEED: z.coerce.number().min(0).default(1),
  SIMULATOR_STATE_FILE: z.string().optional(),
});

const set = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
const { data, error } = environment.safeParse(set);
if (!data) {
  for (const { path, message } of error.issues) console.error(`${path.join('.')}: ${message}`);
  process.exit(78);
}
const { SIMULATOR_PORT: port, HOST: host, SIMULATOR_SPEED: speed, SIMULATOR_STATE_FILE: stateFile } = data;
const simulator = await startSimulator({ port, host, speed, stateFile }).catch((problem: unknown) => {
  console.error(`SIMULATOR_PORT: cannot listen on ${host}:${port}: ${problem instanceof Error ? problem.message : problem}`);
  process.exit(1);
});
console.log(`tracker simulator listening on ${simulator.url} (speed ${speed})`);

let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  await simulator.stop();
  process.exit(0);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
