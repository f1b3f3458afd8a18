import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Keeper, startKeeper } from '../../../local/keeper/keeper.ts';

export interface OwnKeeper {
  keeper: Keeper;
  /** For files of what the keeper starts. */
  folder: string;
  /** Ends what the keeper has started, and removes the folder. */
  stop: () => Promise<void>;
}

/** A keeper with a folder of its own, `delivery-<name>-…` among the system's temporary ones. */
export async function startOwnKeeper(name: string): Promise<OwnKeeper> {
  const folder = mkdtempSync(join(tmpdir(), `delivery-${name}-`));
  const keeper = await startKeeper({ runFile: join(folder, 'run.json') });
  const stop = async () => {
    await keeper.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { keeper, folder, stop };
}
