import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fill } from './growth/fill.ts';
import { openGround } from './growth/ground.ts';

/** `npm run grow -- --lines 1000000 [--cluster] [--whole]`: fills a folder that the bench part `growth` measures; goes on where it was. */
const EX_USAGE = 64;
const usage = 'npm run grow -- --lines 100000 [--cluster] [--whole] [--folder .data/growth]';
const { values } = parseArgs({
  options: {
    lines: { type: 'string' },
    cluster: { type: 'boolean', default: false },
    whole: { type: 'boolean', default: false },
    folder: { type: 'string', default: join('.data', 'growth') },
  },
});
const lines = Number(values.lines);
if (!Number.isInteger(lines) || lines < 1) {
  console.error(usage);
  process.exit(EX_USAGE);
}
const name = values.cluster ? 'cluster' : 'dev';
const life = values.whole ? 'whole' : 'delivered';
const ground = await openGround(name, join(values.folder, `${name}-${life}`), console.log);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void ground.stop().finally(() => process.exit(130)));
try {
  await fill(ground, life, lines, console.log);
} finally {
  await ground.stop();
}
process.exit();
