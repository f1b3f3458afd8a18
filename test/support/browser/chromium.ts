import { execFile, execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** A browser program, and what its environment needs besides ours. */
export interface Chromium {
  executablePath: string;
  env: Record<string, string>;
}

const library = createRequire(import.meta.url).resolve('@sparticuz/chromium');
const PACKED = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br'];
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

function onPath(): string | undefined {
  const found = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return found.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The package writes into the folder for temporary files, and takes a half-written one for whole: it gets a folder of its own. */
async function unpackInto(folder: string, bin: string): Promise<void> {
  const script = `import { inflate } from ${JSON.stringify(pathToFileURL(library).href)};
    for (const path of ${JSON.stringify(PACKED.map((name) => join(bin, name)))}) await inflate(path);`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, TMPDIR: folder, NODE_OPTIONS: '' },
  });
}

/** The browser out of the npm package, unpacked once per version and user; whoever comes at the same time finds nothing or all of it. */
async function unpacked(): Promise<string> {
  const root = join(dirname(library), '..');
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const folder = join(tmpdir(), `delivery-chromium-${version}-${process.getuid?.() ?? ''}`);
  if (existsSync(folder)) return folder;
  const part = mkdtempSync(`${folder}-`);
  await unpackInto(part, join(root, 'bin'));
  try {
    renameSync(part, folder);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** A machine with Node alone has no NSS: the package brings it. Where `ldd` cannot say, its own libraries do as well. */
function lacksLibraries(program: string): boolean {
  try {
    return execFileSync('ldd', [program], { encoding: 'utf8', stdio: 'pipe' }).includes('not found');
  } catch {
    return true;
  }
}

/**
 * The browser of the tests: `CHROMIUM_PATH`, else the one inside the npm package (Linux x64, with libraries and a font for machines
 * that have none), else one on the PATH. Throws what to do where there is none.
 */
export function findChromium(): Promise<Chromium> {
  found ??= lookForChromium();
  return found;
}

/** Does not change while a process lives, and asking `ldd` takes as long as half a start of the browser. */
let found: Promise<Chromium> | undefined;

async function lookForChromium(): Promise<Chromium> {
  const named = process.env.CHROMIUM_PATH;
  if (named) return { executablePath: named, env: {} };
  if (process.platform === 'linux' && process.arch === 'x64') {
    const folder = await unpacked();
    const executablePath = join(folder, 'chromium');
    const env = {
      ...(lacksLibraries(executablePath) ? { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') } : {}),
      ...(existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') }),
    };
    return { executablePath, env };
  }
  const installed = onPath();
  if (installed) return { executablePath: installed, env: {} };
  throw new Error(`no browser for ${process.platform} ${process.arch}: install Chromium or Chrome, or set CHROMIUM_PATH to one`);
}
