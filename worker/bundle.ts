import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BundleOptions, bundleWorkflowCode } from '@temporalio/worker';

const repository = join(import.meta.dirname, '..');
const cache = join(repository, 'node_modules', '.cache', 'workflows');
export const workflowsPath = join(repository, 'workflows', 'index.ts');

/** Files of ours that the bundle is made of, and this one, which says how. */
export const bundleSources = (): string[] =>
  globSync(['workflows/**/*.ts', 'domain/**/*.ts', 'worker/bundle.ts'], { cwd: repository }).sort();

/** Changes with the sources of the bundle and with the SDK's version. */
export function fingerprint(): string {
  const hash = createHash('sha256');
  const require = createRequire(import.meta.url);
  const { version } = require('@temporalio/workflow/package.json') as { version: string };
  hash.update(version);
  for (const file of bundleSources()) hash.update(file).update(readFileSync(join(repository, file)));
  return hash.digest('hex').slice(0, 20);
}

/**
 * Our workflow modules keep no state (workflow-modules.test.ts), so they are evaluated once per worker and not once per run. They
 * are not compiled to an older language, because the same Node runs them.
 */
const bundleOptions: BundleOptions = {
  workflowsPath,
  preloadModules: [workflowsPath],
  webpackConfigHook: (config) => {
    for (const rule of config.module?.rules ?? []) {
      const use = typeof rule === 'object' && rule ? rule.use : undefined;
      if (typeof use === 'object' && use && 'options' in use && typeof use.options === 'object' && use.options.jsc)
        use.options.jsc.target = 'es2024';
    }
    return config;
  },
};

/**
 * The path of the workflow bundle. Bundling takes seconds, so a bundle of the same sources is reused. It is written completely or
 * not at all, and two processes may write it at once. If the checkout is read-only, it goes to the temporary folder.
 */
export async function workflowBundle(): Promise<string> {
  const name = `${fingerprint()}.js`;
  const places = [cache, join(tmpdir(), 'delivery-back-office-workflows')];
  const made = places.map((place) => join(place, name)).find((path) => existsSync(path));
  if (made !== undefined) return made;
  const quiet = () => {};
  const logger = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: console.warn, error: console.error };
  const { code } = await bundleWorkflowCode({ ...bundleOptions, logger });
  for (const place of places) {
    try {
      mkdirSync(place, { recursive: true, mode: 0o700 });
      const unfinished = join(place, `${name}.${process.pid}`);
      writeFileSync(unfinished, code);
      renameSync(unfinished, join(place, name));
      return join(place, name);
    } catch (error) {
      if (place === places.at(-1)) throw error;
    }
  }
  throw new Error('no place for the workflow bundle');
}
