import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The SDK version that the fast path was written for and measured with. */
const SDK_VERSION = '1.24.0';

const installedVersion = (): string =>
  JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@temporalio/worker/package.json'), 'utf8')).version;

/** Why this SDK version does not fit the fast path, or null. Loads nothing of the SDK. */
export const versionProblem = (version = installedVersion()): string | null =>
  version === SDK_VERSION ? null : `@temporalio/worker is ${version}, not ${SDK_VERSION}`;
