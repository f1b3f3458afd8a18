import { rmSync } from 'node:fs';
import { servers, testServers } from './servers.ts';

export default async function globalTeardown(): Promise<void> {
  const { folder } = testServers();
  await servers.stop?.();
  rmSync(folder, { recursive: true, force: true });
}
