import { hasTemporalServer } from './local/servers/temporal-server.ts';

/** The full server takes Go minutes to build: where it is not there yet, only `npm run test:cluster` does it. */
const isClusterChosen = hasTemporalServer() || process.env.TEST_CLUSTER === 'on';

/** Real PostgreSQL and a real Temporal, started once (test/support/servers.ts); every file has its own database and task queue. */
export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: isClusterChosen ? ['/node_modules/'] : ['/node_modules/', '/test/cluster/cluster\\.test\\.ts$'],
  // Node imports the test files itself, and keeps what they import for the next one: docs/decisions/tests-in-one-process.md.
  runtime: '<rootDir>/test/support/runner/runtime.js',
  transform: {},
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  // The longest outage lasts 70 s; whatever a test waits for it gives up by itself (test/support/patience.ts).
  testTimeout: 300_000,
  // Fault tests mostly wait for servers that are away: others run beside them, in more workers than cores.
  testSequencer: '<rootDir>/test/support/sequencer.js',
  maxWorkers: 3,
};
