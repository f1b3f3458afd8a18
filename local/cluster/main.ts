import { rmSync, writeFileSync } from 'node:fs';
import { announce } from '../servers/announce.ts';
import { progress } from '../servers/progress.ts';
import type { Settings } from '../servers/settings.ts';
import { sampleData } from '../stack.ts';
import { inTerminal, settingsOrExit, type Terminal } from '../terminal.ts';
import { startCluster } from './cluster.ts';
import { readClusterSettings, readTopology, type Topology } from './options.ts';

/** `npm run cluster -- --apis 3 --workers 4 --shards 64`: the topology of production on one machine, in one terminal. */
let topology: Topology | undefined;
const settings = settingsOrExit(() => {
  topology = readTopology(process.argv.slice(2));
  return readClusterSettings(process.env);
});
await inTerminal(settings, (terminal) => run(terminal, settings));

async function run({ keeper, stopping }: Terminal, settings: Settings): Promise<void> {
  const { files } = settings;
  rmSync(files.ready, { force: true });
  progress(`여러 프로세스로 된 배송관리 백오피스를 시작합니다 (데이터 ${files.dataDir})`);
  const cluster = await startCluster({ settings, keeper, stopping, environment: { READY_FILE: files.ready }, ...topology });
  await sampleData(settings, cluster.environment);
  writeFileSync(files.ready, '');
  progress('모두 준비되었습니다');
  console.log('');
  for (const { name, pid, metrics = '' } of cluster.parts)
    console.log(`  ${name.padEnd(14)} ${String(pid() ?? '').padEnd(8)} ${metrics}`.trimEnd());
  await announce(settings, cluster.environment);
}
