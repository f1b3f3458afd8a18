import { rebuildableLines } from '../../worker/rebuild/lines.ts';
import { rebuildablePickups } from '../../worker/rebuild/pickups.ts';
import { rebuildRows } from '../../worker/rebuild/rows.ts';
import type { World } from '../world/world.ts';
import type { Finding } from './finding.ts';

/** Row = workflow, in every field: what `npm run rebuild -- --dry-run` would repair. */
export async function checkTruth({ db, temporal }: Pick<World, 'db' | 'temporal'>): Promise<Finding[]> {
  const findings: Finding[] = [];
  const print = (text: string) => {
    const [subject = ''] = text.split(': ');
    findings.push({ book: 'row = workflow', subject, text });
  };
  const never = async () => {
    throw new Error('a dry run starts nothing');
  };
  const options = { db, client: temporal, dryRun: true, print };
  await rebuildRows(options, rebuildableLines(never));
  await rebuildRows(options, rebuildablePickups(never));
  return findings;
}
